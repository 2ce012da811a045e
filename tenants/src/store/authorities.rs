//! The authorities of an installation, as whoever runs it creates and lists them. Everything here may be done twice.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use time::Date;

use super::Db;
use super::entities::tenants;
use super::operator::{self, NewTenant};
use crate::audit::{self, Event};
use crate::caller::Caller;
use crate::ids::TenantId;
use crate::tenant::TenantKind;
use crate::{Error, Problem, Result};

/// An authority as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    pub slug: String,
    pub name: String,
    /// Empty: the name.
    pub short_name: String,
    pub kind: TenantKind,
    /// Address of the authority above.
    pub parent: Option<String>,
    pub valid_from: Date,
}

/// An authority as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    /// Unsaid for those from before it was asked.
    pub kind: Option<TenantKind>,
    pub parent: Option<TenantId>,
    pub is_sample: bool,
}

/// What became of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Created,
    Changed,
    Unchanged,
}

/// Creates the authority, or gives the one at this address the name and kind. `Err(Invalid)` for an empty name, an address
/// that cannot be one or is a sample's, a parent that is not there; `Err(Conflict)` for one that stands elsewhere.
pub async fn ensure(db: &Db, wanted: &Authority) -> Result<(TenantId, Done)> {
    let name = wanted.name.trim();
    if name.is_empty() {
        return Err(invalid("name", "Hãy nhập tên cơ quan."));
    }
    let parent = match &wanted.parent {
        None => None,
        Some(slug) => Some(operator::tenant_by_slug(db, slug).await?.ok_or_else(|| {
            invalid("parent", &format!("Không có cơ quan cấp trên nào ở địa chỉ “{slug}”; hãy tạo cơ quan đó trước."))
        })?),
    };
    let parent = parent.map(|parent| parent.id);
    let short = Some(wanted.short_name.trim()).filter(|short| !short.is_empty());
    let found = tenants::Entity::find().filter(tenants::Column::Slug.eq(&wanted.slug));
    let Some(found) = db.ask(found.one(db.outside())).await? else {
        let new = NewTenant {
            parent,
            slug: wanted.slug.clone(),
            name: name.into(),
            short_name: short.unwrap_or(name).into(),
            is_sample: false,
            valid_from: wanted.valid_from,
        };
        let id = operator::insert_tenant(db, new, Some(wanted.kind)).await?;
        log(db, id, "tenant.create", wanted).await?;
        return Ok((id, Done::Created));
    };
    if found.is_sample {
        return Err(invalid("slug", "Địa chỉ này là của một cơ quan mẫu; hãy chọn địa chỉ khác."));
    }
    if found.parent_id != parent {
        return Err(Error::Conflict(
            "Cơ quan ở địa chỉ này thuộc một cơ quan cấp trên khác; cấp trên của một cơ quan không đổi được.".into(),
        ));
    }
    let short = short.unwrap_or(if found.short_name == found.name { name } else { &found.short_name });
    if found.name == name && found.short_name == short && found.kind.as_deref() == Some(wanted.kind.as_str()) {
        return Ok((found.id, Done::Unchanged));
    }
    let changed = tenants::Entity::update_many()
        .col_expr(tenants::Column::Name, Expr::value(name))
        .col_expr(tenants::Column::ShortName, Expr::value(short))
        .col_expr(tenants::Column::Kind, Expr::value(wanted.kind.as_str()))
        .filter(tenants::Column::Id.eq(found.id));
    db.ask(changed.exec(db.outside())).await?;
    log(db, found.id, "tenant.change", wanted).await?;
    Ok((found.id, Done::Changed))
}

async fn log(db: &Db, tenant: TenantId, action: &'static str, wanted: &Authority) -> Result<()> {
    let tx = db.begin(&Caller::operator(tenant)).await?;
    let detail = json!({ "name": wanted.name.trim(), "authority_kind": wanted.kind });
    audit::record(&tx, Event { action, subject: ("tenant", tenant.to_string()), detail }).await?;
    tx.commit().await
}

/// All authorities, by address.
pub async fn list(db: &Db) -> Result<Vec<Listed>> {
    let mut rows = db.ask(tenants::Entity::find().all(db.outside_read())).await?;
    rows.sort_by(|a, b| a.slug.cmp(&b.slug));
    let listed = |row: tenants::Model| Listed {
        id: row.id,
        slug: row.slug,
        name: row.name,
        kind: row.kind.as_deref().and_then(TenantKind::parse),
        parent: row.parent_id,
        is_sample: row.is_sample,
    };
    Ok(rows.into_iter().map(listed).collect())
}

fn invalid(field: &str, message: &str) -> Error {
    Error::Invalid(vec![Problem::new(field, message)])
}
