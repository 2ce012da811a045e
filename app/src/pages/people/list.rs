//! `/lam-viec/nguoi-dung`: everybody with a role in the authority, found by name, and the form that invites another.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::accounts::{self, AccountState, NewPerson, Person};
use tenants::caller::Role;
use tenants::members::{self, NewMember};
use tenants::paths;
use tenants::units::{self, Search, UnitHead};
use tower_sessions::Session;

use super::person::sent;
use crate::caller::Signed;
use crate::components::{Button, ButtonKind, EmptyState, Field, Lead, Table, Tag, TagKind};
use crate::render::Page;
use crate::session::{self, FlashKind};
use crate::text::{t, t_with};
use crate::{App, Result, format};

#[derive(Deserialize)]
pub struct Sought {
    #[serde(default)]
    tim: String,
}

#[derive(Deserialize)]
pub struct Invited {
    name: String,
    login: String,
    email: String,
    role: String,
    unit: String,
}

/// `GET /lam-viec/nguoi-dung?tim=…`
pub async fn show(State(app): State<App>, signed: Signed, Query(sought): Query<Sought>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let mut people = accounts::list(&tx).await?;
    let units = units::list(&tx).await?;
    drop(tx);
    let all = people.len();
    let search = Search::new(&sought.tim);
    if !search.is_empty() {
        people.retain(|person| search.finds(&person.name) || person.login.contains(&sought.tim.trim().to_lowercase()));
    }
    let found = t_with("people-found", [("found", people.len().into()), ("all", all.into())]);
    Page::new(t("nav-people"))
        .staff(&app, &signed, || {
            view! {
                <Lead title=t("nav-people") about=found/>
                <form class="form-row" method="get" action=paths::people::PATH role="search">
                    <Field name="tim" label=t("people-search")>
                        <input id="tim" name="tim" type="search" value=sought.tim maxlength="200"/>
                    </Field>
                    <Button>{t("people-search-act")}</Button>
                </form>
                <People people/>
                <InviteForm units/>
            }
        })
        .await
}

/// `POST /lam-viec/nguoi-dung`: an account with its role, and the link by which its person chooses a password. Somebody who
/// has an account gets the role.
pub async fn invite(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Form(form): Form<Invited>,
) -> Result<Response> {
    let (role, unit) = chosen(&form.role, &form.unit)?;
    let tx = app.db.begin(&signed.caller).await?;
    let new = NewPerson { login: form.login, name: form.name, email: Some(form.email) };
    let (account, created) = accounts::create(&tx, &new, None).await?;
    members::give(&tx, NewMember { account, role, unit }).await?;
    if created {
        let link = accounts::send(&tx, account).await?;
        tx.commit().await?;
        return Ok(sent(&app, &signed, account, link).await?.into_response());
    }
    tx.commit().await?;
    session::set_flash(&session, FlashKind::Done, t("people-role-given")).await?;
    Ok(Redirect::to(&paths::person(account)).into_response())
}

/// The role and unit of a form. What a browser cannot have sent is not found.
pub fn chosen(role: &str, unit: &str) -> Result<(Role, Option<tenants::ids::UnitId>)> {
    let role = Role::parse(role).ok_or(tenants::Error::NotFound)?;
    let unit = match unit {
        "" => None,
        id => Some(id.parse::<tenants::ids::UnitId>().map_err(|_| tenants::Error::NotFound)?),
    };
    Ok((role, unit))
}

pub fn state_tag(state: AccountState) -> impl IntoView {
    let kind = match state {
        AccountState::Active => TagKind::Green,
        AccountState::Invited => TagKind::Gold,
        AccountState::Disabled => TagKind::Red,
    };
    view! { <Tag kind text=t(&format!("account-{}", state.as_str()))/> }
}

#[component]
fn People(people: Vec<Person>) -> impl IntoView {
    if people.is_empty() {
        return view! { <EmptyState title=t("people-empty") text=t("people-empty-text")/> }.into_any();
    }
    let row = |person: Person| {
        let role = |held: accounts::HeldRole| {
            let role = t(&format!("role-{}", held.role.as_str()));
            let text = match held.unit {
                Some((_, unit)) => format!("{role} · {unit}"),
                None => role,
            };
            view! { <span class="block">{text}</span> }
        };
        let roles = match person.roles.is_empty() {
            true => view! { <span class="muted">{t("people-no-role")}</span> }.into_any(),
            false => person.roles.into_iter().map(role).collect_view().into_any(),
        };
        let last = person.last_sign_in.map_or_else(|| t("people-never"), format::moment);
        view! {
            <tr>
                <td>
                    <a href=paths::person(person.id)>{person.name}</a>
                    <span class="block muted">{person.login}</span>
                </td>
                <td>{state_tag(person.state)}</td>
                <td data-label=t("people-roles")>{roles}</td>
                <td data-label=t("people-last")>{last}</td>
            </tr>
        }
    };
    view! {
        <Table label=t("nav-people") blocks=true>
            <thead>
                <tr>
                    <th>{t("people-name")}</th>
                    <th>{t("people-state")}</th>
                    <th>{t("people-roles")}</th>
                    <th>{t("people-last")}</th>
                </tr>
            </thead>
            <tbody>{people.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

#[component]
fn InviteForm(units: Vec<UnitHead>) -> impl IntoView {
    view! {
        <section aria-labelledby="moi-nguoi">
            <h2 id="moi-nguoi">{t("people-invite")}</h2>
            <form class="card form" method="post" action=paths::people::PATH>
                <Field name="name" label=t("people-name")>
                    <input id="name" name="name" required maxlength="200" autocomplete="off"/>
                </Field>
                <Field name="login" label=t("sign-in-login") hint=t("people-login-hint")>
                    <input id="login" name="login" required maxlength="200" autocomplete="off" autocapitalize="none"/>
                </Field>
                <Field name="email" label=t("people-email")>
                    <input id="email" name="email" type="email" maxlength="200" autocomplete="off"/>
                </Field>
                <RoleFields units/>
                <Button kind=ButtonKind::Primary>{t("people-invite-act")}</Button>
            </form>
        </section>
    }
}

/// A role and, where it wants one, a unit.
#[component]
pub fn RoleFields(units: Vec<UnitHead>) -> impl IntoView {
    let role = |role: Role| view! { <option value=role.as_str()>{t(&format!("role-{}", role.as_str()))}</option> };
    let unit = |unit: UnitHead| view! { <option value=unit.id.to_string()>{unit.name}</option> };
    view! {
        <Field name="role" label=t("people-role")>
            <select id="role" name="role">{Role::ALL.into_iter().map(role).collect_view()}</select>
        </Field>
        <Field name="unit" label=t("people-unit") hint=t("people-unit-hint")>
            <select id="unit" name="unit">
                <option value="">{t("people-unit-none")}</option>
                {units.into_iter().map(unit).collect_view()}
            </select>
        </Field>
    }
}
