//! Telling people, and reading what one was told.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use time::{Duration, OffsetDateTime, Time};

use super::{Kind, Notice};
use crate::caller::Role;
use crate::clock;
use crate::ids::{AccountId, NoticeId, UnitId};
use crate::store::entities::{accounts, members, notices};
use crate::store::{Tx, new_row};
use crate::{Error, Result};

/// Notices an inbox shows.
const SHOWN: u64 = 100;

/// Whom a notice is for. Whoever causes it is not told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To {
    /// The specialists and the head of a unit.
    Unit(UnitId),
    /// Those with one role in a unit.
    OfUnit(Role, UnitId),
    Role(Role),
    Account(AccountId),
}

/// What is to be told.
pub(crate) struct News<'a> {
    pub kind: Kind,
    pub link: String,
    /// Values the text is filled with.
    pub detail: &'a [(&'a str, String)],
    /// Names what must be told once only; a fresh name each time when `None`.
    pub occasion: Option<String>,
}

/// Puts a notice into the inbox of everybody it is for, in the transaction of the deed itself.
pub(crate) async fn tell(tx: &Tx, to: To, news: News<'_>) -> Result<()> {
    let detail: BTreeMap<&str, &str> = news.detail.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let told = recipients(tx, to).await?;
    let daily = daily_among(tx, &told).await?;
    let row = |account: AccountId| {
        let id = NoticeId::new();
        notices::ActiveModel {
            id: Set(id),
            account_id: Set(account),
            kind: Set(news.kind.as_str().into()),
            occasion: Set(news.occasion.clone().unwrap_or_else(|| id.to_string())),
            detail: Set(json!(detail)),
            link: Set(news.link.clone()),
            created_at: Set(tx.now()),
            read_at: Set(None),
            mail_due_at: Set(Some(if daily.contains(&account) { next_morning(tx.now()) } else { tx.now() })),
            mail_attempts: Set(0),
            mailed_at: Set(None),
            ..new_row(tx)
        }
    };
    let rows: Vec<_> = told.iter().copied().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    use notices::Column;
    // Told already: nothing changes.
    let once = OnConflict::columns([Column::TenantId, Column::AccountId, Column::Occasion])
        .update_column(Column::Kind)
        .to_owned();
    tx.upsert(rows, once).await
}

/// Those who want one letter a day.
async fn daily_among(tx: &Tx, told: &BTreeSet<AccountId>) -> Result<BTreeSet<AccountId>> {
    let daily = accounts::Entity::find()
        .filter(accounts::Column::Id.is_in(told.iter().copied()))
        .filter(accounts::Column::MailDaily.eq(true));
    Ok(daily.all(tx.conn()).await?.into_iter().map(|account| account.id).collect())
}

/// Seven o'clock, today or tomorrow.
fn next_morning(now: OffsetDateTime) -> OffsetDateTime {
    let local = now.to_offset(clock::VIETNAM);
    let seven = Time::from_hms(7, 0, 0).unwrap_or(Time::MIDNIGHT);
    let today = local.replace_time(seven);
    if local < today { today } else { today.saturating_add(Duration::DAY) }
}

/// Whether the caller wants one letter a day.
pub async fn wants_daily(tx: &Tx) -> Result<bool> {
    let account = tx.caller().account.ok_or(Error::Forbidden)?;
    let found = accounts::Entity::find_by_id(account).one(tx.conn()).await?;
    Ok(found.is_some_and(|account| account.mail_daily))
}

/// From now on one letter each morning, or one whenever something happens.
pub async fn set_daily(tx: &Tx, daily: bool) -> Result<()> {
    let account = tx.caller().account.ok_or(Error::Forbidden)?;
    accounts::Entity::update_many()
        .col_expr(accounts::Column::MailDaily, Expr::value(daily))
        .filter(accounts::Column::Id.eq(account))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn recipients(tx: &Tx, to: To) -> Result<BTreeSet<AccountId>> {
    use members::Column;
    let current = tx.scoped::<members::Entity>().filter(Column::ValidTo.is_null());
    let unit_roles = [Role::UnitEditor, Role::UnitApprover].map(Role::as_str);
    let found = match to {
        To::Account(account) => {
            return Ok([account].into_iter().filter(|account| Some(*account) != tx.caller().account).collect());
        }
        To::Unit(unit) => current.filter(Column::UnitId.eq(unit)).filter(Column::Role.is_in(unit_roles)),
        To::OfUnit(role, unit) => current.filter(Column::UnitId.eq(unit)).filter(Column::Role.eq(role.as_str())),
        To::Role(role) => current.filter(Column::Role.eq(role.as_str())),
    };
    let all = found.all(tx.conn()).await?.into_iter().map(|member| member.account_id);
    Ok(all.filter(|account| Some(*account) != tx.caller().account).collect())
}

/// The caller's own notices, newest first.
pub async fn inbox(tx: &Tx) -> Result<Vec<Notice>> {
    let account = tx.caller().account.ok_or(Error::Forbidden)?;
    let own = tx.scoped::<notices::Entity>().filter(notices::Column::AccountId.eq(account));
    let newest = own.order_by_desc(notices::Column::CreatedAt).order_by_desc(notices::Column::Id).limit(SHOWN);
    Ok(newest.all(tx.conn()).await?.into_iter().filter_map(notices::Model::notice).collect())
}

/// How many of them have not been read.
pub async fn unread(tx: &Tx) -> Result<u64> {
    let account = tx.caller().account.ok_or(Error::Forbidden)?;
    let own = tx.scoped::<notices::Entity>().filter(notices::Column::AccountId.eq(account));
    Ok(own.filter(notices::Column::ReadAt.is_null()).count(tx.conn()).await?)
}

/// Marks the caller's notices as read: one, or all.
pub async fn mark_read(tx: &Tx, one: Option<NoticeId>) -> Result<()> {
    let account = tx.caller().account.ok_or(Error::Forbidden)?;
    let mut unread = tx
        .update_many::<notices::Entity>()
        .col_expr(notices::Column::ReadAt, Expr::value(tx.now()))
        .filter(notices::Column::AccountId.eq(account))
        .filter(notices::Column::ReadAt.is_null());
    if let Some(id) = one {
        unread = unread.filter(notices::Column::Id.eq(id));
    }
    unread.exec(tx.conn()).await?;
    Ok(())
}

impl notices::Model {
    /// `None` for a kind this version does not know.
    pub(super) fn notice(self) -> Option<Notice> {
        Some(Notice {
            id: self.id,
            kind: Kind::parse(&self.kind)?,
            detail: serde_json::from_value(self.detail).ok()?,
            link: self.link,
            at: self.created_at,
            is_read: self.read_at.is_some(),
        })
    }
}
