//! The outbox: what is due to be mailed, and what became of it. A letter that cannot be sent is tried again, later each time.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::Duration;

use super::Letter;
use crate::Result;
use crate::ids::{AccountId, NoticeId};
use crate::policy::{Action, Subject};
use crate::store::Tx;
use crate::store::entities::{accounts, notices};

/// Taken for one attempt; a sender that dies leaves its letters to the next.
const LEASE: Duration = Duration::minutes(10);
/// After these the inbox alone has to do.
const ATTEMPTS: i32 = 8;
/// Older notices are left to the inbox, e.g. when mail was not set up for a while.
const FRESH: Duration = Duration::days(3);
/// Notices looked at in one go.
const BATCH: u64 = 500;

/// Takes the letters that are due: nobody else gets them until the lease ends. Commit before sending.
pub async fn letters(tx: &Tx) -> Result<Vec<Letter>> {
    tx.allow(Action::Deliver, Subject::Tenant)?;
    let due = tx.scoped::<notices::Entity>().filter(notices::Column::MailDueAt.lte(tx.now()));
    let due = due.order_by_asc(notices::Column::CreatedAt).order_by_asc(notices::Column::Id).limit(BATCH);
    let due = due.all(tx.conn()).await?;
    let mut by_account: BTreeMap<AccountId, Vec<notices::Model>> = BTreeMap::new();
    for notice in due {
        by_account.entry(notice.account_id).or_default().push(notice);
    }
    let mut letters = Vec::new();
    for (account, notices) in by_account {
        let ids: Vec<NoticeId> = notices.iter().map(|notice| notice.id).collect();
        let found = accounts::Entity::find_by_id(account).one(tx.conn()).await?;
        // Who has read a notice, left or has no address is not mailed; neither is what has long been news.
        let reader = found.filter(|account| account.disabled_at.is_none());
        let address = reader.and_then(|account| Some((account.display_name, account.email?)));
        let unread: Vec<_> = notices
            .into_iter()
            .filter(|notice| notice.read_at.is_none() && notice.created_at > tx.now() - FRESH)
            .collect();
        match address {
            Some((name, address)) if !unread.is_empty() => {
                // Another server was faster: it has the letter.
                if lease(tx, &ids).await? {
                    let notices = unread.into_iter().filter_map(notices::Model::notice).collect();
                    letters.push(Letter { account, name, address, notices });
                }
            }
            _ => drop_mail(tx, &ids).await?,
        }
    }
    Ok(letters)
}

/// Takes the notices for one attempt; `false` when somebody else holds one of them.
async fn lease(tx: &Tx, ids: &[NoticeId]) -> Result<bool> {
    let taken = tx
        .update_many::<notices::Entity>()
        .col_expr(notices::Column::MailDueAt, Expr::value(tx.now() + LEASE))
        .col_expr(notices::Column::MailAttempts, Expr::col(notices::Column::MailAttempts).add(1))
        .filter(notices::Column::Id.is_in(ids.iter().copied()))
        .filter(notices::Column::MailDueAt.lte(tx.now()))
        .exec(tx.conn())
        .await?;
    Ok(usize::try_from(taken.rows_affected).is_ok_and(|taken| taken == ids.len()))
}

async fn drop_mail(tx: &Tx, ids: &[NoticeId]) -> Result<()> {
    tx.update_many::<notices::Entity>()
        .col_expr(notices::Column::MailDueAt, Expr::value(Option::<time::OffsetDateTime>::None))
        .filter(notices::Column::Id.is_in(ids.iter().copied()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The letter was handed to the mail server.
pub async fn close(tx: &Tx, letter: &Letter) -> Result<()> {
    tx.allow(Action::Deliver, Subject::Tenant)?;
    tx.update_many::<notices::Entity>()
        .col_expr(notices::Column::MailDueAt, Expr::value(Option::<time::OffsetDateTime>::None))
        .col_expr(notices::Column::MailedAt, Expr::value(tx.now()))
        .filter(notices::Column::Id.is_in(letter.notices.iter().map(|notice| notice.id)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The letter could not be sent: it waits a minute, then two, four … and is given up in the end.
pub async fn retry(tx: &Tx, letter: &Letter) -> Result<()> {
    tx.allow(Action::Deliver, Subject::Tenant)?;
    let mine = tx.scoped::<notices::Entity>();
    let mine = mine.filter(notices::Column::Id.is_in(letter.notices.iter().map(|notice| notice.id)));
    for notice in mine.all(tx.conn()).await? {
        let wait = Duration::minutes(1 << notice.mail_attempts.clamp(0, 10));
        let next = (notice.mail_attempts < ATTEMPTS).then(|| tx.now() + wait);
        tx.update_many::<notices::Entity>()
            .col_expr(notices::Column::MailDueAt, Expr::value(next))
            .filter(notices::Column::Id.eq(notice.id))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}
