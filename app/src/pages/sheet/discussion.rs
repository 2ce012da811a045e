//! `/lam-viec/phieu/{sheet}/hoi-dong`: the council and the unit: questions to answer, provisional scores, petitions.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::appraisal::{self, AppraisalRow, UnitView};
use tenants::ids::AssessmentId;
use tenants::{paths, petitions};

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, EmptyState, Lead, Tag, TagKind, TextArea};
use crate::form::Submission;
use crate::pages::council::row::{PetitionText, Standing, Talks, signed_note};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /lam-viec/phieu/{sheet}/hoi-dong`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let seen = appraisal::unit_view(&tx, id).await?;
    drop(tx);
    Page::new(t("dialogue")).staff(&app, &signed, || view! { <Dialogue seen/> }).await
}

#[derive(Deserialize)]
pub struct Words {
    text: String,
}

/// `POST /lam-viec/phieu/{sheet}/hoi-dong/{code}/tra-loi`
pub async fn reply(
    submission: Submission,
    Path((id, code)): Path<(AssessmentId, String)>,
    Form(words): Form<Words>,
) -> Result<Redirect> {
    submission
        .submit(t("dialogue-replied"), &format!("{}#c{code}", paths::sheet_discussion(id)), async |tx| {
            appraisal::reply(tx, id, &code, &words.text).await
        })
        .await
}

/// `POST /lam-viec/phieu/{sheet}/hoi-dong/{code}/kien-nghi`
pub async fn petition(
    submission: Submission,
    Path((id, code)): Path<(AssessmentId, String)>,
    Form(words): Form<Words>,
) -> Result<Redirect> {
    submission
        .submit(t("petition-made"), &format!("{}#c{code}", paths::sheet_discussion(id)), async |tx| {
            petitions::make(tx, id, &code, &words.text).await
        })
        .await
}

#[component]
fn Dialogue(seen: UnitView) -> impl IntoView {
    let UnitView { head, rows, provisional, may_reply, may_petition } = seen;
    let id = head.id;
    let until = head.period.petition_until.filter(|_| may_petition);
    let until = until.map(|until| t_with("petition-until", [("until", format::moment(until).into())]));
    let steps = vec![(paths::start::PATH.into(), t("nav-desk")), (paths::sheet(id), head.unit_name.clone())];
    let none = rows.is_empty().then(|| view! { <EmptyState title=t("dialogue-none") text=t("dialogue-none-text")/> });
    // What waits for the unit comes first.
    let (asked, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_asked);
    let card = move |row: AppraisalRow| view! { <Card id row provisional may_reply may_petition/> };
    let asked_title = (!asked.is_empty()).then(|| view! { <h2>{t("dialogue-asked")}</h2> });
    let others_title = (!asked.is_empty() && !others.is_empty()).then(|| view! { <h2>{t("dialogue-others")}</h2> });
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=t("dialogue") about=format!("{} · {}", head.unit_name, head.period.name)/>
        {provisional.then(|| view! { <p class="notice notice-gold">{t("dialogue-provisional")}" "{until}</p> })}
        {none}
        {asked_title}
        {asked.into_iter().map(card).collect_view()}
        {others_title}
        {others.into_iter().map(card).collect_view()}
    }
}

#[component]
fn Card(id: AssessmentId, row: AppraisalRow, provisional: bool, may_reply: bool, may_petition: bool) -> impl IntoView {
    let code = row.code.clone();
    let [answer, petition] = ["reply", "petition"].map(|name| format!("{name}-{code}"));
    let own = row.self_points.map_or_else(|| "–".to_owned(), |points| format::points(points, points.scale()));
    let open = row.is_asked;
    let reply = (may_reply && !row.talks.is_empty()).then(|| {
        view! {
            <details class="decide" open=open>
            <summary>{if row.is_asked { t("dialogue-answer") } else { t("dialogue-answer-more") }}</summary>
            <form class="decide-form" method="post" action=paths::sheet_reply(id, &code)>
                <div class="field grow">
                    <label for=answer.clone()>{t("dialogue-answer")}</label>
                    <TextArea id=answer.clone() name="text" rows=3 required=true maxlength=4000/>
                    <p class="field-hint">{t("dialogue-answer-hint")}</p>
                </div>
                <div><Button>{t("dialogue-send")}</Button></div>
            </form>
            </details>
        }
    });
    let evidence = (may_reply && !row.talks.is_empty()).then(
        || view! { <p><a href=format!("{}#c{code}", paths::desk(id, &row.main))>{t("dialogue-evidence")}</a></p> },
    );
    let object = (may_petition && row.petition.is_none()).then(|| {
        view! {
            <details class="decide">
                <summary>{t("petition-make")}</summary>
                <form class="decide-form" method="post" action=paths::sheet_petition(id, &code)>
                    <div class="field grow">
                        <label for=petition.clone()>{t("petition-text")}</label>
                        <TextArea id=petition.clone() name="text" rows=3 required=true maxlength=4000/>
                    </div>
                    <div><Button>{t("petition-send")}</Button></div>
                </form>
            </details>
        }
    });
    view! {
        <article class="card card-padded appraise-row" id=format!("c{code}")>
            <header class="indicator-head">
                <span class="code">{row.code.clone()}</span>
                <h3>{row.name.clone()}</h3>
                <div class="indicator-points"><span class="muted">{t("self-points")}</span><b>{own}</b><span class="muted">"/"{engine::number::trim(row.maximum)}</span></div>
            </header>
            <div class="indicator-body">
                {signed_note(&row).map(|text| view! { <p class="notice notice-gold">{text}</p> })}
                {row.is_asked.then(|| view! { <p><Tag kind=TagKind::Red text=t("dialogue-waits")/></p> })}
                <Talks talks=row.talks.clone()/>
                {reply}
                {evidence}
                {provisional.then(|| view! { <Standing decided=row.decided.clone() maximum=row.maximum/> })}
                {row.petition.clone().map(|petition| view! { <PetitionText petition/> })}
                {object}
            </div>
        </article>
    }
}
