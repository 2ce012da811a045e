//! `/lam-viec/nguoi-dung/{account}`: one person: roles, links for a password, and whether the account may be used.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::accounts::{self, AccountState, HeldRole, Link, Person, Purpose};
use tenants::ids::{AccountId, MemberId};
use tenants::members::{self, NewMember};
use tenants::paths;
use tenants::units::{self, UnitHead};
use tower_sessions::Session;

use super::list::{RoleFields, chosen, state_tag};
use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Lead};
use crate::render::Page;
use crate::session::{self, FlashKind};
use crate::text::{t, t_with};
use crate::{App, Result, format};

#[derive(Deserialize)]
pub struct Given {
    role: String,
    unit: String,
}

#[derive(Deserialize)]
pub struct Ended {
    member: MemberId,
}

/// `GET /lam-viec/nguoi-dung/{account}`
pub async fn show(State(app): State<App>, signed: Signed, Path(account): Path<AccountId>) -> Result<Html<String>> {
    page(&app, &signed, account, None).await
}

/// `POST …/vai-tro`
pub async fn give(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(account): Path<AccountId>,
    Form(given): Form<Given>,
) -> Result<Redirect> {
    let (role, unit) = chosen(&given.role, &given.unit)?;
    let tx = app.db.begin(&signed.caller).await?;
    // Only for somebody who is here; others are invited by their sign-in name.
    accounts::get(&tx, account).await?;
    members::give(&tx, NewMember { account, role, unit }).await?;
    tx.commit().await?;
    back(&session, account, "people-role-given").await
}

/// `POST …/vai-tro/thoi`
pub async fn end(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(account): Path<AccountId>,
    Form(ended): Form<Ended>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    members::end(&tx, ended.member).await?;
    tx.commit().await?;
    back(&session, account, "people-role-ended").await
}

/// `POST …/lien-ket`: a new link; shown once.
pub async fn link(State(app): State<App>, signed: Signed, Path(account): Path<AccountId>) -> Result<Html<String>> {
    let tx = app.db.begin(&signed.caller).await?;
    let link = accounts::send(&tx, account).await?;
    tx.commit().await?;
    sent(&app, &signed, account, link).await
}

/// `POST …/khoa`
pub async fn disable(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(account): Path<AccountId>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    accounts::disable(&tx, account).await?;
    tx.commit().await?;
    app.sessions.delete_all_of(account).await?;
    back(&session, account, "people-disabled").await
}

/// `POST …/mo`
pub async fn enable(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(account): Path<AccountId>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    accounts::enable(&tx, account).await?;
    tx.commit().await?;
    back(&session, account, "people-enabled").await
}

/// `POST …/bo-gioi-han`
pub async fn unlock(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(account): Path<AccountId>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    accounts::unlock(&tx, account).await?;
    tx.commit().await?;
    back(&session, account, "people-unlocked").await
}

async fn back(session: &Session, account: AccountId, said: &str) -> Result<Redirect> {
    session::set_flash(session, FlashKind::Done, t(said)).await?;
    Ok(Redirect::to(&paths::person(account)))
}

/// The person's page with a link that was just made.
pub async fn sent(app: &App, signed: &Signed, account: AccountId, link: Link) -> Result<Html<String>> {
    page(app, signed, account, Some(link)).await
}

async fn page(app: &App, signed: &Signed, account: AccountId, link: Option<Link>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let (person, is_ours) = accounts::get(&tx, account).await?;
    let units = units::list(&tx).await?;
    drop(tx);
    let base = app.config.public_url.clone().unwrap_or_else(|| format!("http://{}", app.config.listen));
    let link = link.map(|link| (format!("{base}{}?ma={}", paths::link::PATH, link.token), link));
    Page::new(person.name.clone()).staff(app, signed, || view! { <PersonPage person is_ours units link/> }).await
}

#[component]
fn PersonPage(person: Person, is_ours: bool, units: Vec<UnitHead>, link: Option<(String, Link)>) -> impl IntoView {
    let id = person.id;
    let about = match &person.email {
        Some(email) => format!("{} · {email}", person.login),
        None => person.login.clone(),
    };
    let held = |held: HeldRole| view! { <Held account=id held/> };
    let roles = person.roles.into_iter().map(held).collect_view();
    let last = person.last_sign_in.map_or_else(|| t("people-never"), format::moment);
    let account = match is_ours {
        true => view! { <AccountForms id state=person.state/> }.into_any(),
        false => view! { <p class="muted">{t("people-not-ours")}</p> }.into_any(),
    };
    view! {
        <Breadcrumb label=t("nav-people") steps=vec![(paths::people::PATH.to_owned(), t("nav-people"))]/>
        <Lead title=person.name about>{state_tag(person.state)}</Lead>
        {link.map(|(address, link)| view! { <SentLink address link/> })}
        <p class="muted">{format!("{}: {last}", t("people-last"))}</p>
        <section aria-labelledby="vai-tro">
            <h2 id="vai-tro">{t("people-roles")}</h2>
            <ul class="card held-roles" role="list">{roles}</ul>
            <form class="card form" method="post" action=paths::person_role(id)>
                <RoleFields units/>
                <Button>{t("people-role-give")}</Button>
            </form>
        </section>
        <section aria-labelledby="tai-khoan">
            <h2 id="tai-khoan">{t("people-account")}</h2>
            {account}
        </section>
    }
}

#[component]
fn Held(account: AccountId, held: HeldRole) -> impl IntoView {
    let role = t(&format!("role-{}", held.role.as_str()));
    let text = match held.unit {
        Some((_, unit)) => format!("{role} · {unit}"),
        None => role,
    };
    view! {
        <li>
            <form class="form-row" method="post" action=paths::person_role_end(account)>
                <input type="hidden" name="member" value=held.id.to_string()/>
                <span>{text}</span>
                <Button kind=ButtonKind::Quiet>{t("people-role-end")}</Button>
            </form>
        </li>
    }
}

#[component]
fn SentLink(address: String, link: Link) -> impl IntoView {
    let title = match link.purpose {
        Purpose::Invitation => t("people-link-invitation"),
        Purpose::Reset => t("people-link-reset"),
    };
    let until = t_with("people-link-until", [("until", format::moment(link.expires_at).into())]);
    view! {
        <section class="card" aria-labelledby="lien-ket" role="status">
            <h2 id="lien-ket">{title}</h2>
            <p><code class="link-once">{address}</code></p>
            <p class="muted">{until}</p>
        </section>
    }
}

#[component]
fn AccountForms(id: AccountId, state: AccountState) -> impl IntoView {
    let act = |action: String, kind: ButtonKind, key: &'static str| {
        view! {
            <form method="post" action=action>
                <Button kind>{t(key)}</Button>
            </form>
        }
    };
    let forms = match state {
        AccountState::Disabled => vec![act(paths::person_enable(id), ButtonKind::Plain, "people-enable")],
        AccountState::Invited => vec![
            act(paths::person_link(id), ButtonKind::Plain, "people-link-again"),
            act(paths::person_disable(id), ButtonKind::Danger, "people-disable"),
        ],
        AccountState::Active => vec![
            act(paths::person_link(id), ButtonKind::Plain, "people-reset"),
            act(paths::person_unlock(id), ButtonKind::Plain, "people-unlock"),
            act(paths::person_disable(id), ButtonKind::Danger, "people-disable"),
        ],
    };
    view! { <div class="actions">{forms}</div> }
}
