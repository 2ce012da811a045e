//! `/lam-viec/ky/nhom/{group}/khong-danh-gia`: from which indicators which units are exempt, decided before they fill them in.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::assessments::{self, Claim, ClaimGround, ExemptIndicator, ExemptUnit, Exemption};
use tenants::ids::{AssessmentId, GroupId, PeriodId};
use tenants::periods::{self, Stage};
use tenants::policy::{self, Action, Subject};
use tenants::{Error, Problem};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, EmptyState, Field, Lead, ProblemList};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result};

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(rename = "chi-so")]
    code: Option<String>,
}

/// `GET /lam-viec/ky/nhom/{group}/khong-danh-gia?chi-so=6.3`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(group): Path<GroupId>,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>> {
    page(&app, &signed, group, wanted.code, None).await
}

/// What was typed and could not be done.
struct Refused {
    sheets: Vec<AssessmentId>,
    ground: ClaimGround,
    reason: String,
    problems: Vec<Problem>,
}

/// `POST /lam-viec/ky/nhom/{group}/khong-danh-gia`: exactly the units ticked are exempt from the indicator.
pub async fn save(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(group): Path<GroupId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let typed = |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let (code, reason) = (typed("code").to_owned(), typed("reason").to_owned());
    let ground = ClaimGround::parse(typed("ground")).unwrap_or(ClaimGround::NoFunction);
    let sheets: Vec<AssessmentId> =
        form.iter().filter(|(name, _)| name == "unit").filter_map(|(_, id)| id.parse().ok()).collect();
    let claim = Claim { ground, reason: reason.clone() };
    let wanted = Exemption { group, code: code.clone(), sheets: sheets.clone(), claim };
    let tx = app.db.begin(&signed.caller).await?;
    match assessments::exempt(&tx, &wanted).await {
        Ok(changed) => {
            tx.commit().await?;
            let told = t_with("exempt-saved", [("count", changed.into()), ("code", code.clone().into())]);
            set_flash(&session, FlashKind::Done, told).await?;
            Ok(Redirect::to(&format!("/lam-viec/ky/nhom/{group}/khong-danh-gia?chi-so={code}")).into_response())
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let refused = Refused { sheets, ground, reason, problems };
            let again = page(&app, &signed, group, Some(code), Some(refused)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

struct Shown {
    period: PeriodId,
    period_name: String,
    group: GroupId,
    group_name: String,
    indicators: Vec<ExemptIndicator>,
    chosen: Option<(ExemptIndicator, Vec<ExemptUnit>)>,
    may: bool,
}

async fn page(
    app: &App,
    signed: &Signed,
    group: GroupId,
    code: Option<String>,
    refused: Option<Refused>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let indicators = assessments::exemptions(&tx, group).await?;
    let (period, group_name) = periods::of_group(&tx, group).await?;
    let wanted = code.and_then(|code| indicators.iter().find(|indicator| indicator.code == code));
    let chosen = match wanted.or(indicators.first()).cloned() {
        Some(indicator) => {
            let units = assessments::exempt_units(&tx, group, &indicator.code).await?;
            Some((indicator, units))
        }
        None => None,
    };
    drop(tx);
    let manages = policy::allows(&signed.caller, Action::ManagePeriod, Subject::Tenant);
    let may = manages && period.stage <= Stage::SelfAssessment;
    let shown = Shown { period: period.id, period_name: period.name, group, group_name, indicators, chosen, may };
    Page::new(t("exempt")).staff(app, signed, || view! { <Exemptions shown refused/> }).await
}

#[component]
fn Exemptions(shown: Shown, refused: Option<Refused>) -> impl IntoView {
    let Shown { period, period_name, group, group_name, indicators, chosen, may } = shown;
    let steps = vec![("/lam-viec/ky".into(), t("nav-periods")), (format!("/lam-viec/ky/{period}"), period_name)];
    let head = view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{} · {group_name}", t("exempt")) about=t("exempt-about")/>
    };
    let Some((indicator, units)) = chosen else {
        return view! { {head}<EmptyState title=t("exempt-none") text=t("exempt-none-text")/> }.into_any();
    };
    let current = indicator.code.clone();
    let link = |other: ExemptIndicator| {
        let here = (other.code == current).then_some("page");
        let count = (other.units > 0).then(|| view! { <small>{other.units}</small> });
        view! { <a href=format!("/lam-viec/ky/nhom/{group}/khong-danh-gia?chi-so={}", other.code) title=other.name aria-current=here>{other.code.clone()}{count}</a> }
    };
    let links = indicators.into_iter().map(link).collect_view();
    view! {
        {head}
        <nav class="section-links column-links" aria-label=t("exempt-indicators")>{links}</nav>
        <UnitsForm group indicator units may refused/>
    }
    .into_any()
}

#[component]
fn UnitsForm(
    group: GroupId,
    indicator: ExemptIndicator,
    units: Vec<ExemptUnit>,
    may: bool,
    refused: Option<Refused>,
) -> impl IntoView {
    let first = units.iter().find_map(|unit| unit.exempt.clone());
    let (ground, reason) = match &refused {
        Some(refused) => (Some(refused.ground), refused.reason.clone()),
        None => (first.as_ref().map(|claim| claim.ground), first.map(|claim| claim.reason).unwrap_or_default()),
    };
    let ticked = refused.as_ref().map(|refused| refused.sheets.clone());
    let problems = refused.map(|refused| refused.problems).unwrap_or_default();
    let option = move |one: ClaimGround| {
        let selected = ground == Some(one);
        view! { <option value=one.as_str() selected=selected>{t(&format!("claim-{}", one.as_str()))}</option> }
    };
    let unit = move |unit: ExemptUnit| {
        let checked = ticked.as_ref().map_or(unit.exempt.is_some(), |ticked| ticked.contains(&unit.sheet));
        let sent = (!unit.open).then(|| view! { " "<small class="muted">{t("sheet-submitted")}</small> });
        // What has been submitted keeps its value: a disabled box would not be sent.
        let kept =
            (!unit.open && checked).then(|| view! { <input type="hidden" name="unit" value=unit.sheet.to_string()/> });
        view! {
            <li>
                <label class="choice"><input type="checkbox" name="unit" value=unit.sheet.to_string() checked=checked disabled=!unit.open/>{unit.unit_name}{sent}</label>
                {kept}
            </li>
        }
    };
    view! {
        <form class="card card-padded stack" method="post" action=format!("/lam-viec/ky/nhom/{group}/khong-danh-gia")>
            <h2>{format!("{} {}", indicator.code, indicator.name)}</h2>
            <ProblemList problems=problems.clone()/>
            <input type="hidden" name="code" value=indicator.code/>
            <fieldset disabled=!may class="plain stack">
                <legend>{t("exempt-units")}</legend>
                <ul class="exempt-units" role="list">{units.into_iter().map(unit).collect_view()}</ul>
                <Field name="ground" label=t("exempt-ground")><select id="ground" name="ground">{ClaimGround::ALL.into_iter().map(option).collect_view()}</select></Field>
                <Field name="reason" label=t("reason") problems=problems><textarea id="reason" name="reason" rows="2" maxlength="2000">{reason}</textarea></Field>
                {may.then(|| view! { <div><Button kind=ButtonKind::Primary>{t("save")}</Button></div> })}
            </fieldset>
        </form>
    }
}
