//! `/lam-viec/ky`: the periods of the authority, and the form that opens a new one.

use std::collections::HashMap;

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use tenants::indicator_sets::{self, SetHead};
use tenants::periods::{self, PeriodHead};
use tenants::policy::{self, Action, Subject};
use tenants::units::{self, UnitHead, UnitKind};
use tenants::year::{self, NewGroup, NewPeriod};
use tenants::{Error, Problem, paths, sheets};
use time::{Date, Month, OffsetDateTime};

use crate::caller::Signed;
use crate::components::{Button, ButtonKind, EmptyState, Field, Lead, ProblemList, Table, stage_tag};
use crate::days::day_of;
use crate::format;
use crate::pages::year::quota::QuotaForm;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result};

type Values = HashMap<String, String>;

/// `GET /lam-viec/ky`
pub async fn show(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    page(&app, &signed, defaults(app.today()), Vec::new()).await
}

/// `POST /lam-viec/ky`: creates a period; what was typed comes back with what to mend.
pub async fn create(State(app): State<App>, signed: Signed, Form(values): Form<Values>) -> Result<Response> {
    policy::allow(&signed.caller, Action::ManagePeriod, Subject::Tenant)?;
    let tx = app.db.begin(&signed.caller).await?;
    let made = match read(&tx, &values).await {
        Ok(new) => year::create(&tx, new).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => {
            tx.commit().await?;
            Ok(Redirect::to(&paths::year(id)).into_response())
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let again = page(&app, &signed, values, problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The year before this one: self-assessment follows the year it is about.
fn defaults(today: Date) -> Values {
    let year = today.year() - 1;
    [
        ("year", year.to_string()),
        ("name", format!("Đánh giá chuyển đổi số năm {year}")),
        ("self_deadline", usual(today, (Month::January, 30), 45)),
        ("publish_deadline", usual(today, (Month::March, 31), 105)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// The usual day of this year, or so many days from now when that has passed; as `<input type="date">` wants it.
fn usual(today: Date, (month, day): (Month, u8), days: i64) -> String {
    let usual = Date::from_calendar_date(today.year(), month, day).ok().filter(|usual| *usual > today);
    let day = usual.unwrap_or(today + time::Duration::days(days));
    format!("{}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

async fn read(tx: &tenants::store::Tx, values: &Values) -> tenants::Result<NewPeriod> {
    let text = |name: &str| values.get(name).map_or("", String::as_str).trim();
    let mut problems = Vec::new();
    let mut deadline = |name: &str| {
        let day = day_of(text(name));
        if day.is_none() {
            problems.push(Problem::new(name, &t("period-bad-date")));
        }
        day.map_or(OffsetDateTime::UNIX_EPOCH, tenants::clock::last_second)
    };
    let (self_deadline, publish_deadline) = (deadline("self_deadline"), deadline("publish_deadline"));
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let known = units::list(tx).await?;
    let groups = indicator_sets::list(tx).await?.into_iter().filter_map(|set| group(&set, values, &known));
    let managing = known.iter().find(|unit| unit.id.to_string() == text("managing_unit"));
    Ok(NewPeriod {
        year: text("year").parse().unwrap_or_default(),
        name: text("name").into(),
        self_deadline,
        publish_deadline,
        managing_unit: managing.map(|unit| unit.id),
        is_sample: false,
        groups: groups.collect(),
    })
}

/// A set chosen for a kind of units: all of them that have no other group.
fn group(set: &SetHead, values: &Values, known: &[UnitHead]) -> Option<NewGroup> {
    let kind = UnitKind::parse(values.get(&format!("kind-{}", set.slug))?)?;
    let version = set.versions.first()?.id;
    let units = known.iter().filter(|unit| unit.kind == kind).map(|unit| unit.id).collect();
    Some(NewGroup { slug: set.slug.clone(), name: t(&format!("kind-{}", kind.as_str())), version, units })
}

async fn page(app: &App, signed: &Signed, values: Values, problems: Vec<Problem>) -> Result<Html<String>> {
    policy::allow(&signed.caller, Action::ViewBoard, Subject::Tenant)?;
    let tx = app.db.read(&signed.caller).await?;
    let known = periods::list(&tx).await?;
    let manages = policy::allows(&signed.caller, Action::ManagePeriod, Subject::Tenant);
    let choices = if manages { Some((indicator_sets::list(&tx).await?, units::list(&tx).await?)) } else { None };
    let quota = if manages { Some(sheets::quota_of_units(&tx).await?) } else { None };
    let open = !problems.is_empty();
    Page::new(t("nav-periods"))
        .staff(app, signed, || {
            view! {
                <Lead title=t("nav-periods") about=t("nav-periods-about")/>
                <Periods known/>
                {choices.map(|(sets, units)| view! { <NewPeriodForm sets units values problems open/> })}
                {quota.map(|bytes| view! { <QuotaForm bytes/> })}
            }
        })
        .await
}

#[component]
fn Periods(known: Vec<PeriodHead>) -> impl IntoView {
    if known.is_empty() {
        return view! { <EmptyState title=t("periods-empty") text=t("periods-empty-text")/> }.into_any();
    }
    let row = |period: PeriodHead| {
        view! {
            <tr>
                <td>
                    <a href=paths::year(period.id)>
                        <strong>{period.name}</strong>
                    </a>
                    {period.is_sample.then(|| view! { <small class="muted block">{t("sample-data")}</small> })}
                </td>
                <td>{stage_tag(period.stage)}</td>
                <td class="num" data-label=t("period-self-deadline")>{format::moment(period.self_deadline)}</td>
                <td class="num" data-label=t("period-publish-deadline")>{format::day(period.publish_deadline)}</td>
            </tr>
        }
    };
    view! {
        <Table label=t("nav-periods")>
            <thead>
                <tr>
                    <th>{t("period-name")}</th>
                    <th>{t("period-stage")}</th>
                    <th class="num">{t("period-self-deadline")}</th>
                    <th class="num">{t("period-publish-deadline")}</th>
                </tr>
            </thead>
            <tbody>{known.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

#[component]
fn NewPeriodForm(
    sets: Vec<SetHead>,
    units: Vec<UnitHead>,
    values: Values,
    problems: Vec<Problem>,
    open: bool,
) -> impl IntoView {
    let value = |name: &str| values.get(name).cloned().unwrap_or_default();
    let input = |name: &'static str, kind: &'static str, label: &str, hint: Option<String>| {
        let typed = value(name);
        view! {
            <Field name=name label=t(label) hint=hint.unwrap_or_default() problems=problems.clone()>
                <input id=name name=name type=kind value=typed required/>
            </Field>
        }
    };
    let managing = value("managing_unit");
    let about_groups: Vec<Problem> = problems.iter().filter(|problem| problem.field == "groups").cloned().collect();
    let unit = |unit: &UnitHead| {
        let chosen = unit.id.to_string() == managing;
        view! { <option value=unit.id.to_string() selected=chosen>{unit.name.clone()}</option> }
    };
    let departments: Vec<_> = units.iter().filter(|unit| unit.kind == UnitKind::Department).map(unit).collect();
    let set = |set: &SetHead| view! { <SetChoice set=set.clone() chosen=value(&format!("kind-{}", set.slug)) units=units.clone()/> };
    let sets: Vec<_> = sets.iter().filter(|set| !set.versions.is_empty()).map(set).collect();
    let columns = vec![
        input("year", "number", "period-year", None),
        input("name", "text", "period-name", None),
        input("self_deadline", "date", "period-self-deadline", Some(t("period-self-deadline-hint"))),
        input("publish_deadline", "date", "period-publish-deadline", Some(t("period-publish-deadline-hint"))),
    ];
    view! {
        <details class="card card-padded" open=open>
            <summary>{t("period-new")}</summary>
            <form class="form" method="post" action=paths::years::PATH>
                <ProblemList problems=about_groups/>
                <div class="form-columns">
                    {columns}
                </div>
                <fieldset>
                    <legend>{t("period-groups")}</legend>
                    {sets}
                </fieldset>
                <Field name="managing_unit" label=t("period-managing") hint=t("period-managing-hint")>
                    <select id="managing_unit" name="managing_unit">
                        <option value="">{t("period-managing-none")}</option>
                        {departments}
                    </select>
                </Field>
                <div>
                    <Button kind=ButtonKind::Primary>{t("period-create")}</Button>
                </div>
            </form>
        </details>
    }
}

#[component]
fn SetChoice(set: SetHead, chosen: String, units: Vec<UnitHead>) -> impl IntoView {
    let name = format!("kind-{}", set.slug);
    let version = set.versions.first().map_or(0, |version| version.number);
    let option = move |kind: UnitKind| {
        let count = units.iter().filter(|unit| unit.kind == kind).count();
        let text = t_with(
            "period-kind-count",
            [("kind", t(&format!("kind-{}", kind.as_str())).into()), ("count", count.into())],
        );
        let selected = chosen == kind.as_str();
        (count > 0).then(|| view! { <option value=kind.as_str() selected=selected>{text}</option> })
    };
    view! {
        <Field name=name.clone() label=t_with("period-set", [("name", set.name.into()), ("version", version.into())])>
            <select id=name.clone() name=name.clone()>
                <option value="">{t("period-set-unused")}</option>
                {UnitKind::ALL.into_iter().map(option).collect_view()}
            </select>
        </Field>
    }
}
