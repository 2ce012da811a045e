//! `/lam-viec/don-vi`: the units of the authority, and the form that adds one.

use axum::Form;
use axum::extract::State;
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::policy::{Action, Subject};
use tenants::units::{self, NewUnit, UnitHead, UnitKind};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Button, ButtonKind, EmptyState, Field, Lead, Table};
use crate::days::day_of;
use crate::render::Page;
use crate::session::{self, FlashKind};
use crate::text::{t, t_with};
use crate::{App, Result, format};

#[derive(Deserialize)]
pub struct Typed {
    name: String,
    short_name: String,
    official_code: String,
    kind: String,
    valid_from: String,
    parent: String,
}

/// `GET /lam-viec/don-vi`
pub async fn show(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    tx.allow(Action::ManageUnits, Subject::Tenant)?;
    let all = units::list(&tx).await?;
    drop(tx);
    let today = app.db.clock.now().to_offset(format::HANOI).date();
    let today = format!("{}-{:02}-{:02}", today.year(), u8::from(today.month()), today.day());
    let count = t_with("units-count", [("count", all.len().into())]);
    Page::new(t("nav-units"))
        .staff(&app, &signed, || {
            view! {
                <Lead title=t("nav-units") about=count>
                    <a class="button" href=paths::units_import::PATH>{t("units-import")}</a>
                </Lead>
                <Units all=all.clone()/>
                <UnitForm all today/>
            }
        })
        .await
}

/// `POST /lam-viec/don-vi`
pub async fn create(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Form(typed): Form<Typed>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    tx.allow(Action::ManageUnits, Subject::Tenant)?;
    let kind = UnitKind::parse(&typed.kind).ok_or(Error::NotFound)?;
    let bad_date = || Error::Invalid(vec![Problem::new("valid_from", &t("period-bad-date"))]);
    let parent = match typed.parent.as_str() {
        "" => None,
        id => Some(id.parse::<tenants::ids::UnitId>().map_err(|_| Error::NotFound)?),
    };
    let new = NewUnit {
        kind,
        official_code: typed.official_code,
        name: typed.name,
        short_name: typed.short_name,
        valid_from: day_of(&typed.valid_from).ok_or_else(bad_date)?,
        parent,
    };
    units::create(&tx, new).await?;
    tx.commit().await?;
    session::set_flash(&session, FlashKind::Done, t("units-added")).await?;
    Ok(Redirect::to(paths::units::PATH))
}

#[component]
fn Units(all: Vec<UnitHead>) -> impl IntoView {
    if all.is_empty() {
        return view! { <EmptyState title=t("units-empty") text=t("units-empty-text")/> }.into_any();
    }
    let row = |unit: UnitHead| {
        view! {
            <tr>
                <td>{unit.name}</td>
                <td>{unit.official_code}</td>
                <td data-label=t("units-kind")>{t(&format!("kind-{}", unit.kind.as_str()))}</td>
            </tr>
        }
    };
    view! {
        <Table label=t("nav-units") blocks=true>
            <thead>
                <tr>
                    <th>{t("units-name")}</th>
                    <th>{t("units-code")}</th>
                    <th>{t("units-kind")}</th>
                </tr>
            </thead>
            <tbody>{all.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

#[component]
fn UnitForm(all: Vec<UnitHead>, today: String) -> impl IntoView {
    let kind = |kind: UnitKind| view! { <option value=kind.as_str()>{t(&format!("kind-{}", kind.as_str()))}</option> };
    let above = |unit: UnitHead| view! { <option value=unit.id.to_string()>{unit.name}</option> };
    view! {
        <section aria-labelledby="them-don-vi">
            <h2 id="them-don-vi">{t("units-add")}</h2>
            <form class="card form" method="post" action=paths::units::PATH>
                <Field name="name" label=t("units-name")>
                    <input id="name" name="name" required maxlength="300"/>
                </Field>
                <Field name="short_name" label=t("units-short")>
                    <input id="short_name" name="short_name" maxlength="200"/>
                </Field>
                <Field name="official_code" label=t("units-code")>
                    <input id="official_code" name="official_code" required maxlength="50"/>
                </Field>
                <Field name="kind" label=t("units-kind")>
                    <select id="kind" name="kind">{UnitKind::ALL.into_iter().map(kind).collect_view()}</select>
                </Field>
                <Field name="parent" label=t("units-parent")>
                    <select id="parent" name="parent">
                        <option value="">{t("people-unit-none")}</option>
                        {all.into_iter().map(above).collect_view()}
                    </select>
                </Field>
                <Field name="valid_from" label=t("units-from")>
                    <input id="valid_from" name="valid_from" type="date" value=today required/>
                </Field>
                <Button kind=ButtonKind::Primary>{t("units-add-act")}</Button>
            </form>
        </section>
    }
}
