//! `POST /lam-viec/ky/dung-luong`: how much evidence a unit may bring in a period, for every period of the authority.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::{evidence, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Button, ButtonKind, Field};
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result};

const MEGABYTE: u64 = 1 << 20;

#[derive(Deserialize)]
pub struct Wanted {
    /// Megabytes.
    quota: String,
}

/// `POST /lam-viec/ky/dung-luong`
pub async fn set(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Form(wanted): Form<Wanted>,
) -> Result<Redirect> {
    let megabytes = wanted.quota.replace(['.', ' '], "").parse::<u64>().unwrap_or(0);
    let tx = app.db.begin(&signed.caller).await?;
    evidence::set_quota(&tx, megabytes.saturating_mul(MEGABYTE)).await?;
    tx.commit().await?;
    set_flash(&session, FlashKind::Done, t_with("allowance-set", [("quota", wanted.quota.into())])).await?;
    Ok(Redirect::to(paths::years::PATH))
}

/// The setting, for whoever manages periods. `bytes` is what holds now.
#[component]
pub fn QuotaForm(bytes: u64) -> impl IntoView {
    let megabytes = bytes / MEGABYTE;
    view! {
        <details class="card card-padded">
            <summary>{t_with("allowance", [("quota", megabytes.to_string().into())])}</summary>
            <form class="form" method="post" action=paths::quota::PATH>
                <Field name="quota" label=t("allowance-label") hint=t("allowance-hint")>
                    <input id="quota" class="num" name="quota" inputmode="numeric" required value=megabytes.to_string()/>
                </Field>
                <Button kind=ButtonKind::Plain>{t("allowance-save")}</Button>
            </form>
        </details>
    }
}
