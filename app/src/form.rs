//! The one way a form is submitted: begin, act, commit, say so and lead on. Whatever refuses it, on the way or in the act,
//! is the error the handler ends with; `refused_form` leads back with what was typed and what is wrong with it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Redirect;
use tenants::policy::{self, Action, Subject};
use tenants::store::Tx;
use tower_sessions::Session;

use crate::caller::Signed;
use crate::session::{FlashKind, set_flash};
use crate::{App, AppError, Result};

/// A form that somebody signed in has sent.
pub struct Submission {
    pub app: App,
    pub signed: Signed,
    pub session: Session,
}

impl Submission {
    /// What the permission table says of something the caller wants to do in the authority, before anything is begun.
    pub fn allow(&self, action: Action) -> Result<()> {
        Ok(policy::allow(&self.signed.caller, action, Subject::Tenant)?)
    }

    /// One act, whole or not at all, in its tenant's turn.
    pub async fn act<T>(&self, act: impl AsyncFnOnce(&Tx) -> tenants::Result<T>) -> Result<T> {
        let tx = self.app.db.begin(&self.signed.caller).await?;
        let done = act(&tx).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Whether an act would be refused: done and given up.
    pub async fn attempt<T>(&self, act: impl AsyncFnOnce(&Tx) -> tenants::Result<T>) -> Result<()> {
        let tx = self.app.db.begin(&self.signed.caller).await?;
        act(&tx).await?;
        Ok(())
    }

    /// Says on the next page what was done, and leads there.
    pub async fn done(&self, said: String, target: &str) -> Result<Redirect> {
        set_flash(&self.session, FlashKind::Done, said).await?;
        Ok(Redirect::to(target))
    }

    /// One act, what is said of it, and where it leads.
    pub async fn submit(
        &self,
        said: String,
        target: &str,
        act: impl AsyncFnOnce(&Tx) -> tenants::Result<()>,
    ) -> Result<Redirect> {
        self.act(act).await?;
        self.done(said, target).await
    }
}

impl FromRequestParts<App> for Submission {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Submission> {
        let signed = Signed::from_request_parts(parts, app).await?;
        let session = Session::from_request_parts(parts, app).await;
        let session = session.map_err(|(_, told)| AppError::internal(told))?;
        Ok(Submission { app: app.clone(), signed, session })
    }
}
