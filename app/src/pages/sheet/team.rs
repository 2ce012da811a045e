//! `/lam-viec/phieu/{sheet}/phan-viec`: the unit's indicators split among its clerks; and what they say to each other.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::desk::{self, Sheet, SheetRow};
use tenants::ids::{AccountId, AssessmentId};
use tenants::sheets::{Colleague, Section, Team};
use tenants::store::Tx;
use tenants::{assessments, paths};

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Lead};
use crate::form::Submission;
use crate::render::Page;
use crate::text::t;
use crate::{App, Result};

/// `GET /lam-viec/phieu/{sheet}/phan-viec`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    page(&app, &signed, id).await
}

/// `POST /lam-viec/phieu/{sheet}/phan-viec`: the ticked indicators to one clerk, or to nobody.
pub async fn split(
    submission: Submission,
    Path(id): Path<AssessmentId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Redirect> {
    let codes: Vec<String> = form.iter().filter(|(name, _)| name == "code").map(|(_, code)| code.clone()).collect();
    let clerk = form.iter().find(|(name, _)| name == "clerk").and_then(|(_, text)| text.parse::<AccountId>().ok());
    let act = async |tx: &Tx| assessments::split(tx, id, &codes, clerk).await;
    submission.submit(t("team-saved"), &paths::sheet_team(id), act).await
}

#[derive(Deserialize)]
pub struct Said {
    text: String,
}

/// `POST /lam-viec/phieu/{sheet}/chi-so/{code}/trao-doi`
pub async fn remark(
    submission: Submission,
    Path((id, code)): Path<(AssessmentId, String)>,
    Form(said): Form<Said>,
) -> Result<Redirect> {
    let section = submission
        .act(async |tx| {
            assessments::remark(tx, id, &code, &said.text).await?;
            let section = desk::row(tx, id, &code).await?.section;
            Ok(section)
        })
        .await?;
    Ok(Redirect::to(&format!("{}#c{code}", paths::desk(id, &section))))
}

async fn page(app: &App, signed: &Signed, id: AssessmentId) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let (team, sheet) = (assessments::team(&tx, id).await?, desk::sheet(&tx, id).await?);
    drop(tx);
    Page::new(t("team")).staff(app, signed, || view! { <TeamPage team sheet/> }).await
}

#[component]
fn TeamPage(team: Team, sheet: Sheet) -> impl IntoView {
    let Sheet { head, sections, rows, .. } = sheet;
    let id = head.id;
    let steps = vec![(paths::start::PATH.into(), t("nav-desk")), (paths::sheet(id), head.unit_name.clone())];
    let clerks = team.clerks;
    let section = |section: Section| {
        let line = |row: &SheetRow| {
            let clerk = clerks.get(&row.code).map(|clerk| clerk.name.clone());
            view! {
                <li>
                    <label class="choice"><input type="checkbox" name="code" value=row.code.clone()/>{format!("{} {}", row.code, row.name)}</label>
                    {clerk.map(|name| view! { " "<span class="tag">{name}</span> })}
                </li>
            }
        };
        let lines = rows.iter().filter(|row| row.section == section.code).map(line).collect_view();
        view! {
            <fieldset class="plain">
                <legend>{format!("{}. {}", section.code, section.name)}</legend>
                <ul class="team-rows" role="list">{lines}</ul>
            </fieldset>
        }
    };
    let sections = sections.into_iter().map(section).collect_view();
    let option = |person: Colleague| view! { <option value=person.account.to_string()>{person.name}</option> };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{} · {}", t("team"), head.unit_name) about=t("team-about")/>
        <form class="card card-padded stack" method="post" action=paths::sheet_team(id)>
            {sections}
            <div class="team-give">
                <label for="clerk">{t("team-clerk")}</label>
                <select id="clerk" name="clerk">
                    {team.people.into_iter().map(option).collect_view()}
                    <option value="">{t("team-nobody")}</option>
                </select>
                <Button kind=ButtonKind::Primary>{t("team-give")}</Button>
            </div>
        </form>
    }
}
