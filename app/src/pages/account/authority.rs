//! `/lam-viec/co-quan`: a person with roles in several authorities goes to work for another one.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;
use tenants::ids::TenantId;
use tenants::store::sign_in;
use tenants::{Error, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::{App, Result, session};

#[derive(Deserialize)]
pub struct Chosen {
    tenant: TenantId,
}

/// `POST /lam-viec/co-quan`. An authority in which the person has no role is not found.
pub async fn change(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Form(chosen): Form<Chosen>,
) -> Result<Redirect> {
    let account = signed.caller.account.ok_or(Error::NotFound)?;
    sign_in::caller_of(&app.db, account, chosen.tenant, None).await?.ok_or(Error::NotFound)?;
    session::sit_in(&session, account, chosen.tenant, app.now()).await?;
    Ok(Redirect::to(paths::start::PATH))
}
