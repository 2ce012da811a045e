//! The platform operator: creates tenants, accounts and a tenant's first administrator. Sees no scores.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::Date;

use super::entities::{accounts, members, tenants};
use super::{Db, Tx, hashing};
use crate::audit::{self, Event};
use crate::caller::{Caller, Grant, Role};
use crate::ids::{AccountId, MemberId, TenantId};
use crate::tenant::{TenantHead, TenantKind};
use crate::{Error, Problem, Result};

/// First parts of addresses that are no authority's.
const RESERVED: [&str; 12] = [
    "lam-viec",
    "dang-nhap",
    "dang-xuat",
    "ngon-ngu",
    "moi",
    "quen-mat-khau",
    "thiet-lap",
    "assets",
    "healthz",
    "readyz",
    "metrics",
    "api",
];

/// A new authority. `slug` is its public address and unique.
#[derive(Clone, Debug)]
pub struct NewTenant {
    pub parent: Option<TenantId>,
    pub slug: String,
    pub name: String,
    pub short_name: String,
    pub is_sample: bool,
    pub valid_from: Date,
}

/// A new account. `login` is unique, whatever its case.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub login: String,
    pub display_name: String,
    pub email: Option<String>,
    pub password: String,
}

/// `Err(Invalid)` when the slug is taken or not made of a–z, 0–9 and hyphens.
pub async fn create_tenant(db: &Db, new: NewTenant) -> Result<TenantId> {
    insert_tenant(db, new, None).await
}

pub(super) async fn insert_tenant(db: &Db, new: NewTenant, kind: Option<TenantKind>) -> Result<TenantId> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if new.slug.is_empty() || !new.slug.chars().all(plain) {
        return Err(invalid("slug", "Địa chỉ chỉ gồm chữ thường không dấu, chữ số và dấu gạch ngang."));
    }
    if RESERVED.contains(&new.slug.as_str()) {
        return Err(invalid("slug", "Địa chỉ này dành cho các trang chung của hệ thống; hãy chọn địa chỉ khác."));
    }
    if tenant_by_slug(db, &new.slug).await?.is_some() {
        return Err(invalid("slug", "Địa chỉ này đã có cơ quan khác dùng."));
    }
    let id = TenantId::new();
    let tenant = tenants::ActiveModel {
        id: Set(id),
        parent_id: Set(new.parent),
        slug: Set(new.slug),
        name: Set(new.name),
        short_name: Set(new.short_name),
        host: Set(None),
        branding: Set(serde_json::json!({})),
        is_sample: Set(new.is_sample),
        valid_from: Set(new.valid_from),
        valid_to: Set(None),
        created_at: Set(db.clock.now()),
        four_eyes: Set(false),
        evidence_quota: Set(None),
        kind: Set(kind.map(|kind| kind.as_str().into())),
    };
    tenants::Entity::insert(tenant).exec_without_returning(db.outside()).await?;
    Ok(id)
}

/// All tenants, by slug.
pub async fn list_tenants(db: &Db) -> Result<Vec<(TenantHead, Option<TenantId>)>> {
    let rows = tenants::Entity::find().order_by_asc(tenants::Column::Slug);
    let rows = db.ask(rows.all(db.outside_read())).await?;
    Ok(rows.into_iter().map(|tenant| (tenant.parent_id, tenant)).map(|(parent, t)| (head(t), parent)).collect())
}

/// Every account, those disabled too.
pub(crate) async fn accounts(db: &Db) -> Result<Vec<AccountId>> {
    let ids = accounts::Entity::find().select_only().column(accounts::Column::Id).order_by_asc(accounts::Column::Id);
    Ok(ids.into_tuple().all(db.outside_read()).await?)
}

/// An account by its id.
pub(crate) async fn account(db: &Db, id: AccountId) -> Result<Option<accounts::Model>> {
    db.ask(accounts::Entity::find_by_id(id).one(db.outside_read())).await
}

/// An account by its sign-in name, whatever its case.
pub(crate) async fn account_by_login(db: &Db, login: &str) -> Result<Option<accounts::Model>> {
    let found = accounts::Entity::find().filter(accounts::Column::Login.eq(login.trim().to_lowercase()));
    db.ask(found.one(db.outside_read())).await
}

/// A tenant by its id.
pub(crate) async fn tenant(db: &Db, id: TenantId) -> Result<Option<TenantHead>> {
    Ok(db.ask(tenants::Entity::find_by_id(id).one(db.outside_read())).await?.map(head))
}

/// The tenant behind a public address.
pub async fn tenant_by_slug(db: &Db, slug: &str) -> Result<Option<TenantHead>> {
    let found = tenants::Entity::find().filter(tenants::Column::Slug.eq(slug));
    let found = db.ask(found.one(db.outside_read())).await?;
    Ok(found.map(head))
}

pub(super) fn head(tenant: tenants::Model) -> TenantHead {
    TenantHead {
        id: tenant.id,
        slug: tenant.slug,
        name: tenant.name,
        short_name: tenant.short_name,
        is_sample: tenant.is_sample,
    }
}

/// `Err(Invalid)` when the login is taken or the password is shorter than ten characters.
pub async fn create_account(db: &Db, new: NewAccount) -> Result<AccountId> {
    let login = new.login.trim().to_lowercase();
    if new.password.chars().count() < 10 {
        return Err(invalid("password", "Mật khẩu phải có ít nhất 10 ký tự."));
    }
    let taken = accounts::Entity::find().filter(accounts::Column::Login.eq(&login)).one(db.outside()).await?;
    if login.is_empty() || taken.is_some() {
        return Err(invalid("login", "Tên đăng nhập trống hoặc đã có người dùng."));
    }
    let id = AccountId::new();
    let account = accounts::ActiveModel {
        mail_daily: Set(false),
        id: Set(id),
        login: Set(login),
        email: Set(new.email),
        display_name: Set(new.display_name),
        password_hash: Set(hashing::hash(new.password).await?),
        created_at: Set(db.clock.now()),
        disabled_at: Set(None),
        unlocked_at: Set(None),
    };
    accounts::Entity::insert(account).exec_without_returning(db.outside()).await?;
    Ok(id)
}

/// Makes an account the tenant's administrator, who then gives all other roles.
pub async fn appoint_admin(db: &Db, tenant: TenantId, account: AccountId) -> Result<Caller> {
    let grants = vec![Grant { role: Role::TenantAdmin, unit: None }];
    let found = accounts::Entity::find_by_id(account).one(db.outside()).await?.ok_or(Error::NotFound)?;
    let caller = Caller { tenant, account: Some(account), name: found.display_name, grants };
    let tx: Tx = db.begin(&caller).await?;
    let id = MemberId::new();
    tx.insert(members::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        role: Set(Role::TenantAdmin.as_str().into()),
        unit_id: Set(None),
        valid_from: Set(tx.now()),
        valid_to: Set(None),
        ..super::tx::new_row(&tx)
    })
    .await?;
    let detail = serde_json::json!({ "account": account, "role": Role::TenantAdmin, "unit": null });
    audit::record(&tx, Event { action: "member.create", subject: ("member", id.to_string()), detail }).await?;
    tx.commit().await?;
    Ok(caller)
}

fn invalid(field: &str, message: &str) -> Error {
    Error::Invalid(vec![Problem::new(field, message)])
}
