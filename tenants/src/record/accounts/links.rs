//! Links that let a person choose a password, once and for a while. Only the hash of a link is stored.

use rand::Rng;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::{Password, Purpose};
use crate::audit::{self, Event};
use crate::caller::Caller;
use crate::ids::{AccountId, LinkId, TenantId};
use crate::policy::{Action, Subject};
use crate::store::entities::{accounts, one_time_links};
use crate::store::{Db, Tx, accounts as rows, new_row, operator, sha256_hex};
use crate::{Error, Result};

/// A link just made; its token is shown once and kept nowhere.
#[derive(Clone, Debug)]
pub struct Link {
    pub token: String,
    pub purpose: Purpose,
    pub expires_at: OffsetDateTime,
}

/// What a person is shown who opens a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub purpose: Purpose,
    pub login: String,
    pub name: String,
    pub authority: String,
    pub expires_at: OffsetDateTime,
}

impl Purpose {
    /// Invitations wait for people on leave; a forgotten password does not.
    fn lasts(self) -> Duration {
        match self {
            Purpose::Invitation => Duration::days(14),
            Purpose::Reset => Duration::days(2),
        }
    }
}

/// Makes a link for somebody whose account the authority looks after: an invitation until there is a password, a reset
/// afterwards. Links made before for the same account no longer work. `Err(Forbidden)` where another authority has a say in
/// the account, `Err(Conflict)` while it is disabled.
pub async fn send(tx: &Tx, account: AccountId) -> Result<Link> {
    tx.allow(Action::ManageMembers, Subject::Tenant)?;
    let person = super::store::ours(tx, account).await?;
    if person.disabled_at.is_some() {
        return Err(Error::Conflict("Tài khoản đang bị khóa; hãy mở lại trước khi gửi liên kết.".into()));
    }
    let purpose = if person.password_hash.is_empty() { Purpose::Invitation } else { Purpose::Reset };
    end_all(tx, account).await?;
    let token = new_token();
    let expires_at = tx.now() + purpose.lasts();
    tx.insert(one_time_links::ActiveModel {
        id: Set(LinkId::new()),
        account_id: Set(account),
        purpose: Set(purpose.as_str().into()),
        token_hash: Set(sha256_hex(token.as_bytes())),
        created_at: Set(tx.now()),
        expires_at: Set(expires_at),
        used_at: Set(None),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "until": expires_at.to_string() });
    let action = match purpose {
        Purpose::Invitation => "account.invite",
        Purpose::Reset => "account.reset_link",
    };
    audit::record(tx, Event { action, subject: ("account", account.to_string()), detail }).await?;
    Ok(Link { token, purpose, expires_at })
}

/// Ends what links there are for an account in this authority.
pub(super) async fn end_all(tx: &Tx, account: AccountId) -> Result<()> {
    let open = tx.update_many::<one_time_links::Entity>().filter(one_time_links::Column::AccountId.eq(account));
    let open = open.filter(one_time_links::Column::UsedAt.is_null());
    open.col_expr(one_time_links::Column::UsedAt, Expr::value(tx.now())).exec(tx.conn()).await?;
    Ok(())
}

/// What a link is for. `None` when it is unknown, used, over, or its account is disabled: not told apart.
pub async fn look(db: &Db, token: &str) -> Result<Option<Shown>> {
    let Some((link, person)) = find(db, token).await? else { return Ok(None) };
    let Some(tenant) = operator::tenant(db, link.tenant_id).await? else { return Ok(None) };
    Ok(Purpose::parse(&link.purpose).map(|purpose| Shown {
        purpose,
        login: person.login,
        name: person.display_name,
        authority: tenant.name,
        expires_at: link.expires_at,
    }))
}

async fn find(db: &Db, token: &str) -> Result<Option<(one_time_links::Model, accounts::Model)>> {
    let hash = sha256_hex(token.trim().as_bytes());
    let conn = db.read_link(&hash).await?;
    let link = one_time_links::Entity::find().filter(one_time_links::Column::TokenHash.eq(&hash)).one(&conn).await?;
    drop(conn);
    let open = link.filter(|link| link.used_at.is_none() && link.expires_at > db.clock.now());
    let Some(link) = open else { return Ok(None) };
    let person = operator::account(db, link.account_id).await?;
    Ok(person.filter(|person| person.disabled_at.is_none()).map(|person| (link, person)))
}

/// Chooses a password by a link, which is thereby used. Whoever was signed in with the old one no longer is. `Err(NotFound)`
/// for a link that is none, or no longer; `Err(Invalid)` for a password that may not be one, and the link stays.
pub async fn redeem(db: &Db, token: &str, password: &str) -> Result<(AccountId, TenantId)> {
    let (link, person) = find(db, token).await?.ok_or(Error::NotFound)?;
    let known = [person.login.as_str(), person.display_name.as_str(), person.email.as_deref().unwrap_or_default()];
    let password = Password::choose(password, &known).await?;
    let caller = Caller {
        tenant: link.tenant_id,
        account: Some(person.id),
        name: person.display_name.clone(),
        grants: Vec::new(),
    };
    let tx = db.begin(&caller).await?;
    let mine = tx.update_many::<one_time_links::Entity>().filter(one_time_links::Column::Id.eq(link.id));
    let open = mine.filter(one_time_links::Column::UsedAt.is_null());
    let open = open.filter(one_time_links::Column::ExpiresAt.gt(tx.now()));
    let used = open.col_expr(one_time_links::Column::UsedAt, Expr::value(tx.now())).exec(tx.conn()).await?;
    if used.rows_affected != 1 {
        return Err(Error::NotFound);
    }
    if !rows::set_hash(&tx, person.id, password.0).await? {
        return Err(Error::NotFound);
    }
    rows::end_sessions(&tx, person.id, None).await?;
    let action = match Purpose::parse(&link.purpose) {
        Some(Purpose::Invitation) => "account.accept",
        _ => "account.password",
    };
    let subject = ("account", person.id.to_string());
    audit::record(&tx, Event { action, subject, detail: json!({}) }).await?;
    tx.commit().await?;
    Ok((person.id, link.tenant_id))
}

/// 160 bits in letters and digits nobody confuses, to be read from a printed letter too.
fn new_token() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut random = rand::rng();
    (0..32).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect()
}
