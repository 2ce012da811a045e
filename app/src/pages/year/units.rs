//! `/lam-viec/ky/{period}/don-vi`: which units take part, in which ranking group, and who is assessed without a rank.

use std::collections::{BTreeMap, HashMap};

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use tenants::ids::{GroupId, PeriodId, UnitId};
use tenants::periods::Stage;
use tenants::year::{self, EnrolledUnit, Enrolment, Place};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Lead, ProblemList, Table};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, AppError, Result};

/// The form as sent: `group-{unit}` names a group or nothing, `ranked-{unit}` is there when ticked.
type Values = HashMap<String, String>;

/// `GET /lam-viec/ky/{period}/don-vi`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let enrolment = year::enrolment(&tx, id).await?;
    drop(tx);
    page(&app, &signed, enrolment, Vec::new()).await
}

/// `POST /lam-viec/ky/{period}/don-vi`
pub async fn save(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<PeriodId>,
    Form(values): Form<Values>,
) -> Result<Response> {
    let wanted = read(&values)?;
    let tx = app.db.begin(&signed.caller).await?;
    match year::enrol(&tx, id, &wanted).await {
        Ok(()) => tx.commit().await?,
        Err(Error::Invalid(problems)) => {
            let mut typed = year::enrolment(&tx, id).await?;
            drop(tx);
            for unit in &mut typed.units {
                unit.place = wanted.get(&unit.unit).copied().unwrap_or(unit.place);
            }
            let again = page(&app, &signed, typed, problems).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
        Err(error) => return Err(error.into()),
    }
    set_flash(&session, FlashKind::Done, t("enrol-saved")).await?;
    Ok(Redirect::to(&paths::year(id)).into_response())
}

fn read(values: &Values) -> Result<BTreeMap<UnitId, Option<Place>>> {
    let mut wanted = BTreeMap::new();
    for (name, text) in values {
        let Some(unit) = name.strip_prefix("group-") else { continue };
        let unit: UnitId = unit.parse().map_err(|_| AppError::Malformed)?;
        let group = Some(text).filter(|text| !text.is_empty()).map(|text| text.parse::<GroupId>());
        let group = group.transpose().map_err(|_| AppError::Malformed)?;
        let ranked = values.contains_key(&format!("ranked-{unit}"));
        wanted.insert(unit, group.map(|group| Place { group, ranked }));
    }
    Ok(wanted)
}

async fn page(app: &App, signed: &Signed, enrolment: Enrolment, problems: Vec<Problem>) -> Result<Html<String>> {
    Page::new(t("enrol")).staff(app, signed, || view! { <Enrol enrolment problems/> }).await
}

#[component]
fn Enrol(enrolment: Enrolment, problems: Vec<Problem>) -> impl IntoView {
    let Enrolment { period, groups, units } = enrolment;
    let id = period.id;
    let steps = vec![(paths::years::PATH.into(), t("nav-periods")), (paths::year(id), period.name)];
    let (draft, may) = (period.stage == Stage::Draft, period.stage <= Stage::SelfAssessment);
    let about = match period.stage {
        Stage::Draft => t("enrol-about-draft"),
        Stage::SelfAssessment => t("enrol-about-open"),
        _ => t("enrol-about-closed"),
    };
    let line = move |unit: EnrolledUnit| view! { <Line unit groups=groups.clone() draft may/> };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=t("enrol") about/>
        <ProblemList problems/>
        <form class="stack" method="post" action=paths::year_units(id)>
            <Table label=t("enrol")>
                <thead>
                    <tr>
                        <th>{t("unit")}</th>
                        <th>{t("enrol-group")}</th>
                        <th>{t("enrol-ranked")}</th>
                    </tr>
                </thead>
                <tbody>{units.into_iter().map(line).collect_view()}</tbody>
            </Table>
            {may.then(|| view! { <div><Button kind=ButtonKind::Primary>{t("save")}</Button></div> })}
        </form>
    }
}

/// One unit. In an open period a unit that takes part keeps its group; only its ranking may change.
#[component]
fn Line(unit: EnrolledUnit, groups: Vec<(GroupId, String)>, draft: bool, may: bool) -> impl IntoView {
    let EnrolledUnit { unit: id, name, place } = unit;
    let [group_id, ranked_id] = ["group", "ranked"].map(|field| format!("{field}-{id}"));
    let here = place.map(|place| place.group);
    let fixed = here.filter(|_| !draft || !may);
    let name_of = |group: GroupId| groups.iter().find(|(known, _)| *known == group).map(|(_, name)| name.clone());
    let group = match fixed {
        Some(group) => view! {
            {name_of(group)}
            <input type="hidden" name=group_id value=group.to_string()/>
        }
        .into_any(),
        None if !may => view! { <span class="muted">{t("enrol-none")}</span> }.into_any(),
        None => {
            let option = |(group, name): (GroupId, String)| view! { <option value=group.to_string() selected=here == Some(group)>{name}</option> };
            view! {
                <label class="visually-hidden" for=group_id.clone()>{t_with("enrol-group-of", [("unit", name.clone().into())])}</label>
                <select id=group_id.clone() name=group_id>
                    <option value="" selected=here.is_none()>{t("enrol-none")}</option>
                    {groups.into_iter().map(option).collect_view()}
                </select>
            }
            .into_any()
        }
    };
    let ranked = place.is_none_or(|place| place.ranked);
    let label = t_with("enrol-ranked-of", [("unit", name.clone().into())]);
    view! {
        <tr>
            <td>{name}</td>
            <td>{group}</td>
            <td><input type="checkbox" id=ranked_id.clone() name=ranked_id value="1" checked=ranked disabled=!may aria-label=label/></td>
        </tr>
    }
}
