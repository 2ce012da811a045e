//! `/lam-viec/ky/{period}/phan-cong`: which member of the council judges what.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::appraisal::{self, CouncilMember, Duty, NewDuty};
use tenants::ids::{AccountId, DutyId, GroupId, PeriodId};
use tenants::indicator_sets;
use tenants::periods::{self, Board};
use tenants::policy::{self, Action, Subject};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Lead, Table};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result};

/// A group and the main indexes of its set.
struct Group {
    id: GroupId,
    name: String,
    /// Code and name.
    mains: Vec<(String, String)>,
}

/// `GET /lam-viec/ky/{period}/phan-cong`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<PeriodId>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let board = periods::board(&tx, id).await?;
    let duties = appraisal::duties(&tx, id).await?;
    let council = appraisal::council(&tx).await?;
    let mut groups = Vec::new();
    for group in &board.groups {
        let rules = indicator_sets::rules(&tx, group.version).await?;
        let mains = rules.set().main_indexes().map(|main| (main.code.clone(), main.name.clone())).collect();
        groups.push(Group { id: group.id, name: group.name.clone(), mains });
    }
    drop(tx);
    let may = policy::allows(&signed.caller, Action::Assign, Subject::Tenant);
    Page::new(t("duties")).staff(&app, &signed, || view! { <Duties board duties council groups may/> }).await
}

#[derive(Deserialize)]
pub struct Given {
    group: GroupId,
    account: AccountId,
    #[serde(default)]
    main: String,
}

/// `POST /lam-viec/ky/{period}/phan-cong`
pub async fn assign(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(period): Path<PeriodId>,
    Form(given): Form<Given>,
) -> Result<Redirect> {
    let Given { group, account, main } = given;
    let tx = app.db.begin(&signed.caller).await?;
    appraisal::assign(&tx, &NewDuty { period, group, account, main }).await?;
    tx.commit().await?;
    back(&session, period, "duty-given").await
}

#[derive(Deserialize)]
pub struct Taken {
    duty: DutyId,
}

/// `POST /lam-viec/ky/{period}/phan-cong/bo`
pub async fn unassign(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(period): Path<PeriodId>,
    Form(taken): Form<Taken>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    appraisal::unassign(&tx, period, taken.duty).await?;
    tx.commit().await?;
    back(&session, period, "duty-taken").await
}

async fn back(session: &Session, period: PeriodId, key: &str) -> Result<Redirect> {
    set_flash(session, FlashKind::Done, t(key)).await?;
    Ok(Redirect::to(&format!("/lam-viec/ky/{period}/phan-cong")))
}

#[component]
fn Duties(
    board: Board,
    duties: Vec<Duty>,
    council: Vec<CouncilMember>,
    groups: Vec<Group>,
    may: bool,
) -> impl IntoView {
    let id = board.period.id;
    let steps =
        vec![("/lam-viec/ky".into(), t("nav-periods")), (format!("/lam-viec/ky/{id}"), board.period.name.clone())];
    let group = move |group: Group| {
        let mine: Vec<Duty> = duties.iter().filter(|duty| duty.group == group.id).cloned().collect();
        view! { <GroupDuties period=id group duties=mine council=council.clone() may/> }
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=t("duties") about=t("duties-about")/>
        {groups.into_iter().map(group).collect_view()}
    }
}

#[component]
fn GroupDuties(
    period: PeriodId,
    group: Group,
    duties: Vec<Duty>,
    council: Vec<CouncilMember>,
    may: bool,
) -> impl IntoView {
    let Group { id, name, mains } = group;
    let everybody = duties.is_empty();
    // A main index nobody was given, once anything was given at all.
    let is_covered = |code: &str| duties.iter().any(|duty| duty.main.is_empty() || duty.main == code);
    let uncovered: Vec<String> =
        mains.iter().filter(|(code, _)| !is_covered(code)).map(|(code, name)| format!("{code}. {name}")).collect();
    let uncovered = (!everybody && !uncovered.is_empty())
        .then(|| view! { <p class="notice notice-gold">{t_with("duties-uncovered", [("mains", uncovered.join("; ").into())])}</p> });
    let title = |code: &str| match mains.iter().find(|(main, _)| main == code) {
        Some((code, name)) => format!("{code}. {name}"),
        None => t("duties-all"),
    };
    let row = |duty: Duty| {
        let remove = may.then(|| {
            view! {
                <form method="post" action=format!("/lam-viec/ky/{period}/phan-cong/bo")>
                    <input type="hidden" name="duty" value=duty.id.to_string()/>
                    <button class="button button-quiet">{t("duty-take")}</button>
                </form>
            }
        });
        view! { <tr><td>{title(&duty.main)}</td><td>{duty.name}</td><td>{remove}</td></tr> }
    };
    let rows = duties.into_iter().map(row).collect_view();
    let [main_id, account_id] = ["main", "account"].map(|field| format!("{field}-{id}"));
    let form = may.then(|| {
        view! {
            <form class="decide-form" method="post" action=format!("/lam-viec/ky/{period}/phan-cong")>
                <input type="hidden" name="group" value=id.to_string()/>
                <div class="field">
                    <label for=account_id.clone()>{t("duty-member")}</label>
                    <select id=account_id name="account">{council.into_iter().map(|member| view! { <option value=member.account.to_string()>{member.name}</option> }).collect_view()}</select>
                </div>
                <div class="field grow">
                    <label for=main_id.clone()>{t("duty-what")}</label>
                    <select id=main_id name="main">
                        <option value="">{t("duties-all")}</option>
                        {mains.iter().map(|(code, name)| view! { <option value=code.clone()>{format!("{code}. {name}")}</option> }).collect_view()}
                    </select>
                </div>
                <Button kind=ButtonKind::Primary>{t("duty-give")}</Button>
            </form>
        }
    });
    view! {
        <section class="card card-padded stack">
            <h2>{name.clone()}</h2>
            {uncovered}
            {everybody.then(|| view! { <p class="muted">{t("duties-everybody")}</p> })}
            {(!everybody).then(|| view! {
                <Table label=name>
                    <thead><tr><th>{t("duty-what")}</th><th>{t("duty-member")}</th><th></th></tr></thead>
                    <tbody>{rows}</tbody>
                </Table>
            })}
            {form}
        </section>
    }
}
