//! How much evidence a unit may bring in a period. A document counts once, however many indicators it proves; what the
//! council adds counts for nobody.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::audit::{self, Event};
use crate::files::MAX_FILE;
use crate::policy::{Action, Subject};
use crate::sheets::{Loaded, brought, quota_of_units};
use crate::store::Tx;
use crate::store::entities::tenants;
use crate::{Error, Problem, Result};

/// What an authority may set, in bytes.
const LEAST: u64 = 64 << 20;

const MOST: u64 = 1 << 40;

/// Sets it. What units have brought already stays, also beyond it.
pub async fn set_quota(tx: &Tx, bytes: u64) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let stored = i64::try_from(bytes).ok().filter(|_| (LEAST..=MOST).contains(&bytes));
    let Some(stored) = stored else {
        let told = "Dung lượng cho mỗi đơn vị phải từ 64 MB đến 1.048.576 MB.";
        return Err(Error::Invalid(vec![Problem::new("quota", told)]));
    };
    tenants::Entity::update_many()
        .col_expr(tenants::Column::EvidenceQuota, Expr::value(stored))
        .filter(tenants::Column::Id.eq(tx.tenant()))
        .exec(tx.conn())
        .await?;
    let subject = ("tenant", tx.tenant().to_string());
    audit::record(tx, Event { action: "tenant.evidence_quota", subject, detail: json!({ "bytes": bytes }) }).await
}

/// How many bytes a file may have at most: what is left of the quota, or as many as a file has that is there already
/// and costs nothing a second time.
pub(super) async fn longest(tx: &Tx, loaded: &Loaded) -> Result<u64> {
    let known = brought(loaded);
    let (used, largest) = (known.values().sum::<u64>(), known.values().copied().max().unwrap_or(0));
    let left = quota_of_units(tx).await?.saturating_sub(used);
    Ok(left.max(largest).min(MAX_FILE))
}

/// `Err(Invalid)` when so many bytes more are too many. Content the sheet has already costs nothing.
pub(super) async fn refuse_beyond(tx: &Tx, loaded: &Loaded, sha256: &str, coming: u64) -> Result<()> {
    let known = brought(loaded);
    if coming == 0 || known.contains_key(sha256) {
        return Ok(());
    }
    let (used, allowed) = (known.into_values().sum::<u64>(), quota_of_units(tx).await?);
    if used.saturating_add(coming) <= allowed {
        return Ok(());
    }
    let told = format!(
        "Đơn vị đã dùng {} trong {} dành cho tài liệu của kỳ này, tệp này cần thêm {}. Hãy gỡ tài liệu không còn cần, nén tệp nhỏ lại hoặc đề nghị quản lý kỳ tăng dung lượng.",
        shown(used),
        shown(allowed),
        shown(coming)
    );
    Err(Error::Invalid(vec![Problem::new("file", &told)]))
}

/// Megabytes as they are written here, rounded up: "1.234 MB".
fn shown(bytes: u64) -> String {
    let whole = bytes.div_ceil(1 << 20).to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped} MB")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn sizes_are_written_as_offices_write_them() {
        assert_eq!(shown(1), "1 MB");
        assert_eq!(shown(50 << 20), "50 MB");
        assert_eq!(shown(2 << 30), "2.048 MB");
        assert_eq!(shown(1 << 40), "1.048.576 MB");
    }
}
