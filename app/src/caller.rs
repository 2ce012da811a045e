//! Who is behind a staff request: [`Signed`]. Citizens are nobody in particular, see `page_cache::Portal`.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts as Head;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tenants::Caller;
use tenants::sheets::VIEWER;
use tenants::store::sign_in;
use tower_sessions::Session;

use crate::session::{self, Flash};
use crate::{App, AppError, Result, typed};

/// A signed-in person in one tenant, read from the database for each request.
#[derive(Clone, Debug)]
pub struct Signed {
    pub caller: Caller,
    /// Shown on the page that answers this request.
    pub flash: Option<Flash>,
    /// The path asked for, so that the navigation can mark it.
    pub path: String,
}

/// Guards the routes of `Access::Signed`: finds the person, or sends them to sign in.
pub async fn require_signed(State(app): State<App>, session: Session, mut request: Request, next: Next) -> Response {
    let (reads, path) = (request.method().is_safe(), request.uri().path().to_owned());
    match signed(&app, &session, reads, path).await {
        Ok(signed) if !is_for(request.headers(), &signed) => AppError::SignedOut.into_response(),
        Ok(signed) => {
            request.extensions_mut().insert(signed);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Whether a page that says for whom it was made was made for this person.
fn is_for(headers: &HeaderMap, signed: &Signed) -> bool {
    let account = signed.caller.account.map(|account| account.to_string());
    headers.get(VIEWER).is_none_or(|viewer| Some(viewer.as_bytes()) == account.as_deref().map(str::as_bytes))
}

async fn signed(app: &App, session: &Session, reads: bool, path: String) -> Result<Signed> {
    let seat = session::seat(session).await?.ok_or(AppError::SignedOut)?;
    session::prolong(session, seat, app.now()).await?;
    let key = session::key(session).ok_or(AppError::SignedOut)?;
    let caller = sign_in::caller_of(&app.db, seat.account, seat.tenant, Some(&key)).await?;
    let caller = caller.ok_or(AppError::SignedOut)?;
    let flash = if reads { session::take_flash(session).await? } else { None };
    if let Some(kept) = flash.as_ref().and_then(|flash| flash.kept.as_ref()) {
        // Where the page it belongs to cannot be shown, the error page shows it.
        kept.fields.iter().for_each(|(name, text)| typed::note(name, text));
    }
    Ok(Signed { caller, flash, path })
}

impl FromRequestParts<App> for Signed {
    type Rejection = AppError;

    async fn from_request_parts(head: &mut Head, _: &App) -> Result<Signed> {
        // Absent only on a route that the site map calls open: then nobody is let in.
        head.extensions.get::<Signed>().cloned().ok_or(AppError::SignedOut)
    }
}
