//! Looking once at files that were stored before a look was part of taking them in.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Unreadable;
use super::look::Look;
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::evidence_files;
use crate::{Error, Result};

/// What is kept of a file that opens, or whose kind is not looked into.
const OPENS: &str = "opens";
/// What is kept where a look came to no end within its limits.
const UNKNOWN: &str = "unknown";

/// Hashes and lengths of files nobody has looked into, oldest first.
pub async fn unlooked(tx: &Tx, limit: u64) -> Result<Vec<(String, u64)>> {
    tx.allow(Action::KeepFiles, Subject::Tenant)?;
    use evidence_files::Column;
    let found = tx.scoped::<evidence_files::Entity>().filter(Column::Look.is_null());
    let found = found.order_by_asc(Column::CreatedAt).limit(limit).all(tx.conn()).await?;
    Ok(found.into_iter().map(|file| (file.sha256, u64::try_from(file.length).unwrap_or(0))).collect())
}

/// Keeps what a look at a file's content found. `None`: it came to no end. Answers why the file does not open, if so.
pub async fn keep_look(tx: &Tx, sha256: &str, look: Option<Look>) -> Result<Option<Unreadable>> {
    tx.allow(Action::KeepFiles, Subject::Tenant)?;
    let why = look.and_then(unreadable);
    let word = why.map_or(if look.is_some() { OPENS } else { UNKNOWN }, Unreadable::as_str);
    let known = tx.update_aside::<evidence_files::Entity>().filter(evidence_files::Column::Sha256.eq(sha256));
    let known = known.col_expr(evidence_files::Column::Look, Expr::value(word)).exec(tx.conn()).await?;
    if known.rows_affected == 0 { Err(Error::NotFound) } else { Ok(why) }
}

fn unreadable(look: Look) -> Option<Unreadable> {
    match look {
        Look::Locked(_) => Some(Unreadable::Locked),
        Look::CutShort => Some(Unreadable::CutShort),
        Look::NoPages => Some(Unreadable::NoPages),
        Look::Broken => Some(Unreadable::Broken),
        Look::Pdf | Look::Word | Look::Excel | Look::Archive | Look::Compound | Look::Other => None,
    }
}
