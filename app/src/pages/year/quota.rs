//! `POST /lam-viec/ky/dung-luong`: how much evidence a unit may bring in a period, for every period of the authority.

use axum::Form;
use axum::response::Redirect;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::{evidence, paths};

use crate::Result;
use crate::components::{Button, ButtonKind, Field};
use crate::form::Submission;
use crate::text::{t, t_with};

const MEGABYTE: u64 = 1 << 20;

#[derive(Deserialize)]
pub struct Wanted {
    /// Megabytes.
    quota: String,
}

/// `POST /lam-viec/ky/dung-luong`
pub async fn set(submission: Submission, Form(wanted): Form<Wanted>) -> Result<Redirect> {
    let megabytes = wanted.quota.replace(['.', ' '], "").parse::<u64>().unwrap_or(0);
    submission
        .submit(t_with("allowance-set", [("quota", wanted.quota.into())]), paths::years::PATH, async |tx| {
            evidence::set_quota(tx, megabytes.saturating_mul(MEGABYTE)).await
        })
        .await
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
