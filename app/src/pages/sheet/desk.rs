//! `/lam-viec/phieu/{sheet}/{main}`: the score desk of a main index, and the endpoints its island speaks to.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Form, Json};
use islands::score_desk::ScoreDesk;
use leptos::prelude::*;
use tenants::assessments::{self, Explained, SaveAnswer, Saved};
use tenants::desk::{self, Row};
use tenants::ids::AssessmentId;
use tenants::sheets::{Claim, ClaimGround, SheetHead, SheetState};
use tenants::{evidence, paths};
use time::OffsetDateTime;

use crate::caller::Signed;
use crate::render::Page;
use crate::text::{t, t_with, texts};
use crate::{App, Result, format};

/// `GET /lam-viec/phieu/{sheet}/{main}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((id, main)): Path<(AssessmentId, String)>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let desk = desk::desk(&tx, id, &main).await?;
    let known = if desk.head.can.add_evidence { evidence::known(&tx, id).await? } else { Vec::new() };
    let due = due(&desk.head, tx.now());
    Page::new(format!("{} · {}", desk.head.unit_name, main))
        .wide()
        .staff(&app, &signed, || {
            // A unit's own people know how far they are.
            let draft = (desk.head.signature.is_none() && !desk.head.can.plan)
                .then(|| view! { <p class="notice notice-gold">{t("sheet-draft")}</p> });
            view! {
                {draft}
                <ScoreDesk desk known due texts=texts("desk-")/>
            }
        })
        .await
}

/// "hạn 30/01/2026 23:59 · còn 12 ngày"
pub fn due(head: &SheetHead, now: OffsetDateTime) -> String {
    if matches!(head.state, SheetState::Submitted | SheetState::NotSubmitted | SheetState::Concluded) {
        return t_with("sheet-due-was", [("due", format::moment(head.due).into())]);
    }
    let left = (head.due.to_offset(format::HANOI).date() - now.to_offset(format::HANOI).date()).whole_days();
    let until = format::moment(head.due);
    if tenants::periods::is_over(head.due, now) {
        return t_with("sheet-due-past", [("due", until.into())]);
    }
    t_with("sheet-due", [("due", until.into()), ("days", left.into())])
}

/// `POST /lam-viec/phieu/{sheet}/tra-loi`
pub async fn save(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<AssessmentId>,
    Json(answer): Json<SaveAnswer>,
) -> Result<Json<Saved>> {
    let tx = app.db.begin(&signed.caller).await?;
    let saved = assessments::save_answer(&tx, id, &answer).await?;
    tx.commit().await?;
    Ok(Json(saved))
}

/// `GET /lam-viec/phieu/{sheet}/chi-so/{code}`
pub async fn row(
    State(app): State<App>,
    signed: Signed,
    Path((id, code)): Path<(AssessmentId, String)>,
) -> Result<Json<Row>> {
    let tx = app.db.read(&signed.caller).await?;
    Ok(Json(desk::row(&tx, id, &code).await?))
}

/// `GET /lam-viec/phieu/{sheet}/chi-so/{code}/giai-thich`: one score with everything behind it, as JSON.
pub async fn explain(
    State(app): State<App>,
    signed: Signed,
    Path((id, code)): Path<(AssessmentId, String)>,
) -> Result<Json<Explained>> {
    let tx = app.db.read(&signed.caller).await?;
    Ok(Json(assessments::explain(&tx, id, &code).await?))
}

/// `POST /lam-viec/phieu/{sheet}/chi-so/{code}`: the plain form of a row, without JavaScript.
pub async fn save_form(
    State(app): State<App>,
    signed: Signed,
    Path((id, code)): Path<(AssessmentId, String)>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.db.begin(&signed.caller).await?;
    let now = desk::row(&tx, id, &code).await?;
    let answer = answer(&now, &form);
    assessments::save_answer(&tx, id, &answer).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#c{code}", paths::desk(id, &now.section))).into_response())
}

/// Only what differs from what is stored: the form sends every field.
fn answer(now: &Row, form: &HashMap<String, String>) -> SaveAnswer {
    let text = |name: &str| form.get(name).map_or("", String::as_str);
    let typed = |name: &String| form.get(&format!("f-{name}")).cloned();
    // What a figure was when the form was made: only what the person changed is sent on.
    let was = |field: &tenants::sheets::Field| {
        form.get(&format!("was-{}", field.name)).cloned().unwrap_or_else(|| field.value.clone())
    };
    let changed = now.fields.iter().filter_map(|field| Some((field, typed(&field.name)?)));
    let changed: Vec<_> = changed.filter(|(field, typed)| *typed != was(field)).collect();
    let seen = changed.iter().filter(|(field, _)| field.shared).map(|(field, _)| (field.name.clone(), was(field)));
    let seen: BTreeMap<_, _> = seen.collect();
    let fields: BTreeMap<_, _> = changed.into_iter().map(|(field, typed)| (field.name.clone(), typed)).collect();
    let ground = ClaimGround::parse(text("claim_ground"));
    SaveAnswer {
        code: now.code.clone(),
        fields,
        seen,
        explanation: text("explanation").to_owned(),
        confirm: text("confirm") == "true",
        own_points: form.get("own_points").filter(|typed| **typed != now.own_points).cloned(),
        claim: ground.map(|ground| Claim { ground, reason: text("claim_reason").to_owned() }),
        revision: text("revision").parse().unwrap_or_default(),
    }
}

/// The sheet's own tab title.
pub fn title(head: &SheetHead) -> String {
    format!("{} · {}", head.unit_name, t("sheet-title"))
}
