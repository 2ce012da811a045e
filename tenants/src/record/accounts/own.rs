//! A person's own password, changed by who knows the old one.

use serde_json::json;

use super::Password;
use crate::audit::{self, Event};
use crate::cache::Cache;
use crate::caller::Caller;
use crate::store::sign_in::{self, Place, SignIn};
use crate::store::{Db, accounts as rows, operator};
use crate::{Error, Problem, Result};

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    Yes,
    /// The old one is not right.
    Refused,
    /// Too many were tried.
    Throttled {
        wait: std::time::Duration,
    },
}

/// Changes the caller's password; every session but the one named ends. The old one is looked at as at the sign-in, with the
/// same slowing down.
pub async fn change_password(
    db: &Db,
    cache: &Cache,
    caller: &Caller,
    (old, new): (&str, &str),
    place: Place<'_>,
    session: Option<&str>,
) -> Result<Changed> {
    let account = caller.account.ok_or(Error::Forbidden)?;
    let person = operator::account(db, account).await?.ok_or(Error::NotFound)?;
    match sign_in::prove(db, cache, &person.login, old, place).await? {
        SignIn::Welcome { .. } => (),
        SignIn::Refused => return Ok(Changed::Refused),
        SignIn::Throttled { wait } => return Ok(Changed::Throttled { wait }),
    }
    if old == new {
        let message = "Mật khẩu mới giống mật khẩu hiện tại; hãy chọn mật khẩu khác.";
        return Err(Error::Invalid(vec![Problem::new("password", message)]));
    }
    let known = [person.login.as_str(), person.display_name.as_str(), person.email.as_deref().unwrap_or_default()];
    let password = Password::choose(new, &known).await?;
    let tx = db.begin(caller).await?;
    if !rows::set_hash(&tx, account, password.0).await? {
        return Err(Error::NotFound);
    }
    rows::end_sessions(&tx, account, session).await?;
    let subject = ("account", account.to_string());
    audit::record(&tx, Event { action: "account.password", subject, detail: json!({}) }).await?;
    tx.commit().await?;
    Ok(Changed::Yes)
}
