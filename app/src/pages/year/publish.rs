//! `/lam-viec/ky/{id}/cong-bo`: what is about to be published, and under which decision.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::PeriodId;
use tenants::periods::PeriodHead;
use tenants::publication::{self, Publish};
use tenants::ranking::{self, GroupRanking};
use tenants::store::Tx;
use tenants::{Error, Problem, paths, year};

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead};
use crate::days::day_of;
use crate::form::Submission;
use crate::pages::year::board::RankingTable;
use crate::render::Page;
use crate::text::t;
use crate::{App, Result};

#[derive(Deserialize)]
pub struct Typed {
    decision_number: String,
    decision_date: String,
}

/// `GET /lam-viec/ky/{id}/cong-bo`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    page(&app, &signed, id).await
}

/// `POST /lam-viec/ky/{id}/cong-bo`
pub async fn publish(submission: Submission, Path(id): Path<PeriodId>, Form(typed): Form<Typed>) -> Result<Redirect> {
    let wrong_date = || Error::Invalid(vec![Problem::new("decision_date", &t("period-bad-date"))]);
    let decision_date = day_of(&typed.decision_date).ok_or_else(wrong_date)?;
    let decision = Publish { decision_number: typed.decision_number, decision_date, note: String::new() };
    let act = async |tx: &Tx| publication::publish(tx, id, &decision).await.map(drop);
    submission.submit(t("published-flash"), &paths::year(id), act).await
}

async fn page(app: &App, signed: &Signed, id: PeriodId) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let board = year::board(&tx, id).await?;
    let groups = ranking::read(&tx, &app.cache, id).await?;
    let may = board.can.publish;
    Page::new(t("period-publish")).staff(app, signed, || view! { <PublishPage period=board.period groups may/> }).await
}

#[component]
fn PublishPage(period: PeriodHead, groups: Vec<GroupRanking>, may: bool) -> impl IntoView {
    let address = paths::year(period.id);
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(address.clone(), period.name)]/>
        <Lead title=t("period-publish") about=t("publish-about")/>
        {may.then(|| view! {
            <form class="card card-padded form" method="post" action=format!("{address}/cong-bo")>
                <Field name="decision_number" label=t("decision-number")>
                    <input id="decision_number" name="decision_number" required maxlength="100" placeholder="512/QĐ-UBND"/>
                </Field>
                <Field name="decision_date" label=t("decision-date")>
                    <input id="decision_date" name="decision_date" type="date" required/>
                </Field>
                <p class="muted">{t("publish-warning")}</p>
                <div><Button kind=ButtonKind::Primary>{t("period-publish")}</Button></div>
            </form>
        })}
        {groups.into_iter().map(|group| view! { <RankingTable group/> }).collect_view()}
    }
}
