//! `/lam-viec/ky/{period}/phan-cong`: which member of the council judges what, who stands in where, and what is closed to
//! the reader.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::appraisal::{self, CouncilMember, Duty, Gap, NewDuty, OwnPart};
use tenants::decisions::{Closed, Part};
use tenants::ids::{AccountId, AssessmentId, DutyId, GroupId, PeriodId};
use tenants::periods::PeriodHead;
use tenants::{Error, Problem, indicator_sets, paths, year};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead, Table};
use crate::form::Submission;
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result};

/// Before the code of one indicator, where a main index has its code alone.
const INDICATOR: &str = "chi-so:";

/// A group, the tree of its set, and its units.
#[derive(Clone)]
struct Group {
    id: GroupId,
    name: String,
    mains: Vec<Main>,
    units: Vec<(AssessmentId, String)>,
}

#[derive(Clone)]
struct Main {
    code: String,
    name: String,
    /// Code and name.
    indicators: Vec<(String, String)>,
}

impl Group {
    fn title(&self, part: &Part) -> String {
        match part {
            Part::All => t("duties-all"),
            Part::Main(code) => {
                let main = self.mains.iter().find(|main| main.code == *code);
                main.map_or_else(|| code.clone(), |main| format!("{code}. {}", main.name))
            }
            Part::Indicator(code) => {
                let leaf = self.mains.iter().flat_map(|main| &main.indicators).find(|(known, _)| known == code);
                leaf.map_or_else(|| code.clone(), |(_, name)| format!("{code} {name}"))
            }
        }
    }

    fn unit(&self, sheet: AssessmentId) -> String {
        let unit = self.units.iter().find(|(known, _)| *known == sheet);
        unit.map(|(_, name)| name.clone()).unwrap_or_default()
    }
}

/// An assignment as the form sends it.
#[derive(Clone, Deserialize)]
pub struct Given {
    group: GroupId,
    account: AccountId,
    #[serde(default)]
    main: String,
    /// Empty for every unit of the group.
    #[serde(default)]
    sheet: String,
}

impl Given {
    fn part(&self) -> Part {
        match (self.main.as_str(), self.main.strip_prefix(INDICATOR)) {
            ("", _) => Part::All,
            (_, Some(code)) => Part::Indicator(code.into()),
            (main, None) => Part::Main(main.into()),
        }
    }
}

/// An assignment that was refused, and why.
type Refused = Option<(Given, Vec<Problem>)>;

/// `GET /lam-viec/ky/{period}/phan-cong`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    page(&app, &signed, id, None).await
}

async fn page(app: &App, signed: &Signed, id: PeriodId, refused: Refused) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let board = year::board(&tx, id).await?;
    let duties = appraisal::duties(&tx, id).await?;
    let council = appraisal::judges(&tx, id).await?;
    let (gaps, own) = (appraisal::gaps(&tx, id).await?, appraisal::own_part(&tx, id).await?);
    let may = appraisal::may_assign(&tx, id).await?;
    let mut groups = Vec::new();
    for group in &board.groups {
        let rules = indicator_sets::rules(&tx, group.version).await?;
        let main = |main: &engine::MainIndex| Main {
            code: main.code.clone(),
            name: main.name.clone(),
            indicators: main.indicators.iter().map(|leaf| (leaf.code.clone(), leaf.name.clone())).collect(),
        };
        let mains = rules.set().main_indexes().map(main).collect();
        let units = group.units.iter().map(|unit| (unit.assessment, unit.unit_name.clone())).collect();
        groups.push(Group { id: group.id, name: group.name.clone(), mains, units });
    }
    drop(tx);
    let period = board.period;
    Page::new(t("duties"))
        .staff(app, signed, || view! { <Duties period duties council gaps own groups may refused/> })
        .await
}

/// `POST /lam-viec/ky/{period}/phan-cong`
pub async fn assign(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(period): Path<PeriodId>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let tx = app.db.begin(&signed.caller).await?;
    let sheet = given.sheet.parse().ok();
    let new = NewDuty { period, group: given.group, account: given.account, part: given.part(), sheet };
    match appraisal::assign(&tx, &new).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(back(&session, period, "duty-given").await?.into_response())
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let again = page(&app, &signed, period, Some((given, problems))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub struct Taken {
    duty: DutyId,
}

/// `POST /lam-viec/ky/{period}/phan-cong/bo`
pub async fn unassign(
    submission: Submission,
    Path(period): Path<PeriodId>,
    Form(taken): Form<Taken>,
) -> Result<Redirect> {
    submission
        .submit(t("duty-taken"), &paths::assignments(period), async |tx| {
            appraisal::unassign(tx, period, taken.duty).await
        })
        .await
}

async fn back(session: &Session, period: PeriodId, key: &str) -> Result<Redirect> {
    set_flash(session, FlashKind::Done, t(key)).await?;
    Ok(Redirect::to(&paths::assignments(period)))
}

#[component]
fn Duties(
    period: PeriodHead,
    duties: Vec<Duty>,
    council: Vec<CouncilMember>,
    gaps: Vec<Gap>,
    own: OwnPart,
    groups: Vec<Group>,
    may: bool,
    refused: Refused,
) -> impl IntoView {
    let id = period.id;
    let steps = vec![(paths::years::PATH.into(), t("nav-periods")), (paths::year(id), period.name)];
    let (nobody, mine) = (council.is_empty(), groups.clone());
    let group = move |group: Group| {
        let given: Vec<Duty> = duties.iter().filter(|duty| duty.group == group.id).cloned().collect();
        let gaps: Vec<Gap> = gaps.iter().filter(|gap| gap.group == group.id).cloned().collect();
        let refused = refused.clone().filter(|(given, _)| given.group == group.id);
        view! { <GroupDuties period=id group duties=given gaps council=council.clone() may refused/> }
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=t("duties") about=t("duties-about")>
            <a class="button" href=paths::council(id)>{t("council")}</a>
        </Lead>
        {nobody.then(|| view! { <p class="notice notice-gold">{t("duties-no-council")}</p> })}
        <Own own groups=mine/>
        {groups.into_iter().map(group).collect_view()}
    }
}

/// What the reader was given, and what is closed to them.
#[component]
fn Own(own: OwnPart, groups: Vec<Group>) -> impl IntoView {
    let unseated = own.closed.iter().any(|(_, closed)| *closed == Closed::Unseated);
    if unseated {
        return view! { <p class="notice notice-gold">{t("closed-unseated")}</p> }.into_any();
    }
    if own.duties.is_empty() && own.closed.is_empty() {
        return ().into_any();
    }
    let given = own.duties.into_iter().filter_map(|duty| {
        let group = groups.iter().find(|group| group.id == duty.group)?;
        let place = duty.sheet.map_or_else(|| group.name.clone(), |sheet| group.unit(sheet));
        Some(view! { <li>{format!("{} · {place}", group.title(&duty.part))}</li> })
    });
    let given: Vec<_> = given.collect();
    let none = given.is_empty();
    let closed = own.closed.into_iter().map(|(unit, closed)| {
        view! { <li><strong>{unit}</strong>{format!(": {}", t(&format!("closed-{}", closed.as_str())))}</li> }
    });
    let closed: Vec<_> = closed.collect();
    let closed = (!closed.is_empty()).then(|| view! { <h3>{t("duties-closed")}</h3><ul class="points">{closed}</ul> });
    view! {
        <section class="card card-padded stack">
            <h2>{t("duties-own")}</h2>
            {none.then(|| view! { <p class="muted">{t("duties-own-everything")}</p> })}
            {(!none).then(|| view! { <ul class="points">{given}</ul> })}
            {closed}
        </section>
    }
    .into_any()
}

#[component]
fn GroupDuties(
    period: PeriodId,
    group: Group,
    duties: Vec<Duty>,
    gaps: Vec<Gap>,
    council: Vec<CouncilMember>,
    may: bool,
    refused: Refused,
) -> impl IntoView {
    let common: Vec<&Duty> = duties.iter().filter(|duty| duty.sheet.is_none()).collect();
    let everybody = common.is_empty();
    // What nobody was given, once anything was given at all.
    let is_covered = |main: &Main, leaf: &str| {
        common.iter().any(|duty| match &duty.part {
            Part::All => true,
            Part::Main(code) => *code == main.code,
            Part::Indicator(code) => code == leaf,
        })
    };
    let is_open = |main: &&Main| main.indicators.iter().any(|(leaf, _)| !is_covered(main, leaf));
    let uncovered: Vec<String> =
        group.mains.iter().filter(is_open).map(|main| format!("{}. {}", main.code, main.name)).collect();
    let uncovered = (!everybody && !uncovered.is_empty())
        .then(|| view! { <p class="notice notice-gold">{t_with("duties-uncovered", [("mains", uncovered.join("; ").into())])}</p> });
    let gap = |gap: Gap| {
        let parts: Vec<String> = gap.parts.iter().map(|part| group.title(part)).collect();
        let told = [
            ("unit", gap.unit_name.into()),
            ("members", gap.members.join(", ").into()),
            ("parts", parts.join("; ").into()),
        ];
        view! { <li>{t_with("duties-gap", told)}</li> }
    };
    let waiting = (!gaps.is_empty()).then(|| {
        view! {
            <div class="notice notice-gold">
                <p>{t("duties-gaps")}</p>
                <ul class="points">{gaps.into_iter().map(gap).collect_view()}</ul>
            </div>
        }
    });
    let row = |duty: &Duty| {
        let place = duty.sheet.map_or_else(|| t("duties-all-units"), |sheet| group.unit(sheet));
        view! {
            <tr>
                <td>{group.title(&duty.part)}</td>
                <td>{place}</td>
                <td>{duty.name.clone()}</td>
                {may.then(|| view! { <td><TakeForm period id=duty.id/></td> })}
            </tr>
        }
    };
    let rows = duties.iter().map(row).collect_view();
    let none = duties.is_empty();
    let name = group.name.clone();
    view! {
        <section class="card card-padded stack">
            <h2>{name.clone()}</h2>
            {uncovered}
            {waiting}
            {everybody.then(|| view! { <p class="muted">{t("duties-everybody")}</p> })}
            {(!none).then(|| view! {
                <Table label=name>
                    <thead>
                        <tr>
                            <th>{t("duty-what")}</th>
                            <th>{t("unit")}</th>
                            <th>{t("duty-member")}</th>
                            {may.then(|| view! { <th><span class="visually-hidden">{t("duty-take")}</span></th> })}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </Table>
            })}
            {(may && !council.is_empty()).then(|| view! { <GiveForm period group=group.clone() council refused/> })}
        </section>
    }
}

#[component]
fn TakeForm(period: PeriodId, id: DutyId) -> impl IntoView {
    view! {
        <form method="post" action=paths::assignments_remove(period)>
            <input type="hidden" name="duty" value=id.to_string()/>
            <button class="button button-quiet">{t("duty-take")}</button>
        </form>
    }
}

#[component]
fn GiveForm(period: PeriodId, group: Group, council: Vec<CouncilMember>, refused: Refused) -> impl IntoView {
    let (given, problems) = refused.map_or_else(|| (None, Vec::new()), |(given, problems)| (Some(given), problems));
    let [main_id, account_id, sheet_id] = ["main", "account", "sheet"].map(|field| format!("{field}-{}", group.id));
    // The problems name fields, the ids name fields of this group.
    let problems: Vec<Problem> =
        problems.iter().map(|one| Problem::new(&format!("{}-{}", one.field, group.id), &one.message)).collect();
    let chosen = given.as_ref().map(|given| given.account);
    let member = |member: CouncilMember| {
        let name = if member.field.is_empty() { member.name } else { format!("{} ({})", member.name, member.field) };
        view! { <option value=member.account.to_string() selected=Some(member.account) == chosen>{name}</option> }
    };
    let members = council.into_iter().map(member).collect_view();
    let (part, sheet) = given.map(|given| (given.main, given.sheet)).unwrap_or_default();
    let option = |value: String, text: String| {
        let selected = value == part;
        view! { <option value=value selected=selected>{text}</option> }
    };
    let mains = group.mains.iter().map(|main| option(main.code.clone(), format!("{}. {}", main.code, main.name)));
    let mains = mains.collect_view();
    let leaves = group.mains.iter().flat_map(|main| &main.indicators);
    let leaves =
        leaves.map(|(code, name)| option(format!("{INDICATOR}{code}"), format!("{code} {name}"))).collect_view();
    let units = group.units.iter().map(|(id, name)| {
        let selected = id.to_string() == sheet;
        view! { <option value=id.to_string() selected=selected>{name.clone()}</option> }
    });
    let units = units.collect_view();
    view! {
        <form class="form wide-form give-form" method="post" action=paths::assignments(period)>
            <input type="hidden" name="group" value=group.id.to_string()/>
            <div class="form-columns">
            <Field name=account_id.clone() label=t("duty-member") problems>
                <select id=account_id name="account">{members}</select>
            </Field>
            <Field name=main_id.clone() label=t("duty-what")>
                <select id=main_id name="main">
                    <option value="">{t("duties-all")}</option>
                    <optgroup label=t("main-indexes")>{mains}</optgroup>
                    <optgroup label=t("duties-indicators")>{leaves}</optgroup>
                </select>
            </Field>
            <Field name=sheet_id.clone() label=t("duty-unit")>
                <select id=sheet_id name="sheet">
                    <option value="">{t("duties-all-units")}</option>
                    {units}
                </select>
            </Field>
            </div>
            <div><Button kind=ButtonKind::Primary>{t("duty-give")}</Button></div>
        </form>
    }
}
