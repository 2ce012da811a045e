//! Settings, read once from the environment. Nothing is required: without any variable the embedded stores are used.
//!
//! | variable | default | meaning |
//! |---|---|---|
//! | `THUOC_LISTEN` | `127.0.0.1:8080` | address and port |
//! | `THUOC_DATA` | `./data` | folder of the embedded database and files |
//! | `PUBLIC_URL` | none | address people type; `https://…` turns on secure cookies and HSTS |
//! | `THUOC_TRUST_PROXY` | off | `1`: the caller's address is the last one in `X-Forwarded-For` |
//! | `LOG_FORMAT` | `text` | `json` for machines; `RUST_LOG` chooses what is logged |
//! | `DATABASE_URL` | SQLite file in the data folder | `postgres://…` with the application's role |
//! | `DATABASE_OWNER_URL` | `DATABASE_URL` | PostgreSQL role that owns the tables and migrates |
//! | `DATABASE_CONNECTIONS` | `10` | size of the pool |
//! | `S3_ENDPOINT`, `S3_BUCKET`, `S3_REGION`, `S3_ACCESS_KEY`, `S3_SECRET_KEY` | folder in the data folder | evidence files |
//! | `REDIS_URL` | in process | cache and sessions |
//! | `SMTP_URL`, `MAIL_FROM` | none: the inbox alone | mail server, `smtps://name:password@host`, and the sender's address |
//! | `CLAMD` | none: files are not scanned | virus scanner, `tcp://host:port` or the path of its socket |
//! | `THUOC_FORMULA_PLANS` | on | `off`: formulas run in Rhai alone; scores are the same |
//! | `THUOC_RULES_WORKER` | this program | program that runs definition scripts, called with `rules worker` |

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use tenants::files::scanner::Scanner;

#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    /// Without a slash at the end.
    pub public_url: Option<String>,
    pub trust_proxy: bool,
    pub log_json: bool,
    pub database_url: Option<String>,
    pub database_owner_url: Option<String>,
    pub database_connections: u32,
    pub s3: Option<S3>,
    pub redis_url: Option<String>,
    pub rules_worker: Option<PathBuf>,
    pub mail: Option<Mail>,
    /// The virus scanner every file that comes in is sent through.
    pub clamd: Option<Scanner>,
    /// Whether formulas may run as typed plans; scores are the same either way.
    pub formula_plans: bool,
}

#[derive(Clone)]
pub struct S3 {
    pub endpoint: String,
    pub bucket: String,
    pub region: String,
    pub access_key: String,
    pub secret_key: String,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3 {{ {}/{} }}", self.endpoint, self.bucket)
    }
}

/// The mail server, and whom mail comes from: `Chuyển đổi số <cds@example.vn>`.
#[derive(Clone, Debug)]
pub struct Mail {
    pub url: String,
    pub from: String,
}

impl Config {
    pub fn from_env() -> Result<Config> {
        let listen = variable("THUOC_LISTEN").unwrap_or_else(|| "127.0.0.1:8080".into());
        let connections = variable("DATABASE_CONNECTIONS").unwrap_or_else(|| "10".into());
        Ok(Config {
            listen: listen.parse().with_context(|| format!("THUOC_LISTEN is not address:port: {listen}"))?,
            data: variable("THUOC_DATA").unwrap_or_else(|| "data".into()).into(),
            public_url: variable("PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned()),
            trust_proxy: variable("THUOC_TRUST_PROXY").is_some_and(|value| value == "1"),
            log_json: variable("LOG_FORMAT").is_some_and(|value| value == "json"),
            database_url: variable("DATABASE_URL"),
            database_owner_url: variable("DATABASE_OWNER_URL"),
            database_connections: connections.parse().context("DATABASE_CONNECTIONS is not a number")?,
            s3: s3()?,
            redis_url: variable("REDIS_URL"),
            rules_worker: variable("THUOC_RULES_WORKER").map(Into::into),
            mail: mail()?,
            clamd: clamd()?,
            formula_plans: variable("THUOC_FORMULA_PLANS").is_none_or(|value| value != "off"),
        })
    }

    /// Everything embedded, in one folder; port 0 lets the system choose.
    pub fn embedded(data: PathBuf) -> Config {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data,
            public_url: None,
            trust_proxy: false,
            log_json: false,
            database_url: None,
            database_owner_url: None,
            database_connections: 4,
            s3: None,
            redis_url: None,
            rules_worker: None,
            mail: None,
            clamd: None,
            formula_plans: true,
        }
    }

    /// Whether people reach us over https.
    pub fn https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }

    pub fn database_url(&self) -> String {
        let embedded = || format!("sqlite://{}?mode=rwc", self.data.join("thuoc.sqlite").display());
        self.database_url.clone().unwrap_or_else(embedded)
    }

    /// The embedded database belongs to this process alone, which therefore also migrates it.
    pub fn database_is_embedded(&self) -> bool {
        self.database_url().starts_with("sqlite:")
    }
}

/// An empty variable counts as absent, as in `.env` files with nothing after the sign.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn mail() -> Result<Option<Mail>> {
    match (variable("SMTP_URL"), variable("MAIL_FROM")) {
        (None, None) => Ok(None),
        (Some(url), Some(from)) => Ok(Some(Mail { url, from })),
        _ => bail!("SMTP_URL and MAIL_FROM are needed together"),
    }
}

fn clamd() -> Result<Option<Scanner>> {
    let Some(address) = variable("CLAMD") else { return Ok(None) };
    let scanner = Scanner::parse(&address);
    scanner.map(Some).with_context(|| format!("CLAMD is neither tcp://host:port nor the path of a socket: {address}"))
}

fn s3() -> Result<Option<S3>> {
    let names = ["S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"];
    let [endpoint, bucket, access_key, secret_key] = names.map(variable);
    match (endpoint, bucket, access_key, secret_key) {
        (None, None, None, None) => Ok(None),
        (Some(endpoint), Some(bucket), Some(access_key), Some(secret_key)) => {
            let region = variable("S3_REGION").unwrap_or_else(|| "us-east-1".into());
            Ok(Some(S3 { endpoint, bucket, region, access_key, secret_key }))
        }
        _ => bail!("{} are needed together", names.join(", ")),
    }
}
