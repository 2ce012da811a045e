//! What every handler can reach: the stores, the settings, the built assets.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tenants::cache::Cache;
use tenants::files::blobs::{BlobStore, S3Settings};
use tenants::ids::{AccountId, TenantId};
use tenants::indicator_sets::sandbox::WorkerCommand;
use tenants::store::sessions::Sessions;
use tenants::store::{Db, DbSettings, sign_in};
use tenants::tenant::{self, TenantHead};
use tenants::{Caller, notices};
use time::{Date, OffsetDateTime};

use crate::assets::Assets;
use crate::page_cache::PageCache;
use crate::{Config, format};

const MINUTE: Duration = Duration::from_secs(60);

/// Shared by all requests; cheap to clone.
pub type App = Arc<Parts>;

pub struct Parts {
    pub config: Config,
    pub db: Db,
    pub cache: Cache,
    pub sessions: Sessions,
    pub blobs: BlobStore,
    /// Runs definition scripts in a process of their own.
    pub worker: WorkerCommand,
    pub assets: Assets,
    pub pages: PageCache,
    /// How far each person's running simulation is: units read, of all. Never waited for, so never out of order.
    pub simulating: moka::sync::Cache<AccountId, (usize, usize)>,
    /// The name and address of a tenant stand on each of its pages and hardly ever change.
    heads: moka::future::Cache<TenantId, TenantHead>,
    /// Where a person works, for the choice in the head of staff pages.
    seats: moka::future::Cache<AccountId, Vec<TenantHead>>,
}

/// Connects to everything the settings name. Migrates only the embedded database.
pub async fn connect(config: Config) -> anyhow::Result<App> {
    engine::run::use_plans(config.formula_plans);
    let db = database(&config).await?;
    if config.database_is_embedded() {
        db.migrate().await.context("migrating the embedded database")?;
    }
    db.schema().await?.refuse_other().map_err(words)?;
    let (cache, sessions) = match &config.redis_url {
        None => (Cache::memory(), Sessions::database(&db)),
        Some(url) => {
            let cache = Cache::redis(url).context("reading REDIS_URL")?;
            (cache.clone(), Sessions::behind(cache, &db))
        }
    };
    let heads = moka::future::Cache::builder().time_to_live(MINUTE).max_capacity(10_000).build();
    let seats = moka::future::Cache::builder().time_to_live(MINUTE).max_capacity(10_000).build();
    let (blobs, worker) = (files(&config), worker(config.rules_worker.clone())?);
    Ok(Arc::new(Parts {
        assets: Assets::load()?,
        pages: PageCache::default(),
        simulating: moka::sync::Cache::builder().time_to_live(MINUTE).max_capacity(1_000).build(),
        config,
        db,
        cache,
        sessions,
        blobs,
        worker,
        heads,
        seats,
    }))
}

/// Where evidence lies: a folder, or S3 when one is named.
pub fn files(config: &Config) -> BlobStore {
    let Some(s3) = &config.s3 else { return BlobStore::folder(config.data.join("evidence")) };
    BlobStore::s3(&S3Settings {
        endpoint: s3.endpoint.clone(),
        region: s3.region.clone(),
        bucket: s3.bucket.clone(),
        access_key: s3.access_key.clone(),
        secret_key: s3.secret_key.clone(),
    })
}

/// The program that runs definition scripts: this one with its hidden verb, unless another is named.
pub fn worker(program: Option<PathBuf>) -> anyhow::Result<WorkerCommand> {
    let program = program.map_or_else(|| std::env::current_exe().context("finding this program"), Ok)?;
    Ok(WorkerCommand { program, args: vec!["rules".into(), "worker".into()] })
}

/// The database alone, for verbs that need nothing else.
pub async fn database(config: &Config) -> anyhow::Result<Db> {
    if config.database_is_embedded() {
        std::fs::create_dir_all(&config.data).with_context(|| format!("creating {}", config.data.display()))?;
    }
    let settings = DbSettings {
        url: config.database_url(),
        owner_url: config.database_owner_url.clone(),
        max_connections: config.database_connections,
    };
    Db::connect(&settings).await.context("connecting to the database")
}

/// The same, refused in words where its schema is not this version's.
pub async fn migrated_database(config: &Config) -> anyhow::Result<Db> {
    let db = database(config).await?;
    db.schema().await?.refuse_other().map_err(words)?;
    Ok(db)
}

/// What an error of ours says of itself, for whoever runs the server.
pub fn words(error: tenants::Error) -> anyhow::Error {
    match error {
        tenants::Error::Internal(cause) => anyhow::anyhow!(cause),
        other => other.into(),
    }
}

impl Parts {
    /// What time it is, by the clock everybody's deadlines run on.
    pub fn now(&self) -> OffsetDateTime {
        self.db.clock.now()
    }

    /// The day it is in Viet Nam, by the same clock.
    pub fn today(&self) -> Date {
        format::day_of(self.now())
    }

    /// The authorities the caller holds a role in, by name; at most a minute old, so nothing is decided by it.
    pub async fn seats(&self, caller: &Caller) -> tenants::Result<Vec<TenantHead>> {
        let Some(account) = caller.account else { return Ok(Vec::new()) };
        if let Some(seats) = self.seats.get(&account).await {
            return Ok(seats);
        }
        let seats = sign_in::tenants_of(&self.db, account).await?;
        self.seats.insert(account, seats.clone()).await;
        Ok(seats)
    }

    /// How many notices of the caller have not been read.
    pub async fn unread(&self, caller: &Caller) -> tenants::Result<u64> {
        notices::unread(&self.db.read(caller).await?).await
    }

    /// The caller's tenant as page heads show it; at most a minute old.
    pub async fn tenant_head(&self, caller: &Caller) -> tenants::Result<TenantHead> {
        if let Some(head) = self.heads.get(&caller.tenant).await {
            return Ok(head);
        }
        let head = tenant::head(&self.db.read(caller).await?).await?;
        self.heads.insert(caller.tenant, head.clone()).await;
        Ok(head)
    }
}
