//! What the council's page shows.

use leptos::prelude::*;
use tenants::ids::PeriodId;
use tenants::paths;
use tenants::seats::{Candidate, Council, CouncilDecision, Lacking, Seat, SeatKind};

use super::Refused;
use crate::components::{Breadcrumb, Button, ButtonKind, EmptyState, Field, Lead, Table, Tag, TagKind};
use crate::format;
use crate::render;
use crate::text::{t, t_with};

#[component]
pub(super) fn CouncilPage(council: Council, lacking: Option<Lacking>, refused: Refused) -> impl IntoView {
    let id = council.period.id;
    let steps = vec![(paths::years::PATH.into(), t("nav-periods")), (paths::year(id), council.period.name.clone())];
    let (kind, state) =
        if council.is_draft { (TagKind::Gold, "council-draft") } else { (TagKind::Green, "council-in-force") };
    let lacks = lacking.map(|lacking| {
        view! { <p class="notice notice-gold">{t(&format!("council-lacks-{}", lacking.as_str()))}</p> }
    });
    let (sitting, former): (Vec<Seat>, Vec<Seat>) =
        council.seats.iter().cloned().partition(|seat| seat.ended.is_none());
    let (may, candidates) = (council.may, council.candidates.clone());
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=t("council") about=t("council-about")>
            <Tag kind text=t(state)/>
            <a class="button" href=paths::assignments(id)>{t("duties")}</a>
        </Lead>
        {lacks}
        <Decisions id may decisions=council.decisions refused=refused.clone()/>
        <section class="stack">
            <h2>{t("council-seats")}</h2>
            {sitting.is_empty().then(|| view! { <EmptyState title=t("council-nobody") text=t("council-nobody-text")/> })}
            {council.previous.map(|name| view! { <TakeOver id name/> })}
            {(!sitting.is_empty()).then(|| view! { <Sitting id sitting draft=council.is_draft may candidates=candidates.clone() refused=refused.clone()/> })}
            {may.then(|| view! { <SeatForm id candidates refused/> })}
        </section>
        {(!former.is_empty()).then(|| view! { <Former former/> })}
    }
}

/// The standing decision and those before it, and the form for another one.
#[component]
fn Decisions(id: PeriodId, may: bool, decisions: Vec<CouncilDecision>, refused: Refused) -> impl IntoView {
    let none = decisions.is_empty();
    let wrong = refused.problems.iter().any(|problem| ["number", "date", "file"].contains(&problem.field.as_str()));
    let line = |decision: CouncilDecision| {
        let named = t_with(
            "council-decision-of",
            [("number", decision.number.into()), ("date", format::date(decision.date).into())],
        );
        let file = decision.file.map(|name| {
            view! { " "<a href=paths::council_decision(id, decision.id)>{name}</a> }
        });
        let by = t_with("council-recorded", [("by", decision.by.into()), ("at", format::moment(decision.at).into())]);
        view! { <li><strong>{named}</strong>{file}<small class="muted block">{by}</small></li> }
    };
    let form = may.then(|| {
        let key = if none { "council-decision-record" } else { "council-decision-another" };
        view! {
            <details class="decide" open=none || wrong>
                <summary>{t(key)}</summary>
                <DecisionForm id refused/>
            </details>
        }
    });
    view! {
        <section class="card card-padded stack">
            <h2>{t("council-decision")}</h2>
            {none.then(|| view! { <p class="muted">{t("council-decision-none")}</p> })}
            <ul class="council-decisions" role="list">{decisions.into_iter().map(line).collect_view()}</ul>
            {form}
        </section>
    }
}

#[component]
fn DecisionForm(id: PeriodId, refused: Refused) -> impl IntoView {
    let Refused { typed, problems } = refused;
    let today = render::today();
    let date = if typed.date.is_empty() { today.to_string() } else { typed.date };
    view! {
        <form class="form wide-form" method="post" enctype="multipart/form-data" action=paths::council_decide(id)>
            <div class="form-columns">
                <Field name="number" label=t("council-number") problems=problems.clone()><input id="number" name="number" required maxlength="100" value=typed.number/></Field>
                <Field name="date" label=t("council-date") problems=problems.clone()><input id="date" name="date" type="date" required max=today.to_string() value=date/></Field>
                <Field name="file" label=t("council-file") problems><input id="file" name="file" type="file" accept=".pdf,.doc,.docx"/></Field>
            </div>
            <div><Button kind=ButtonKind::Primary>{t("council-decision-save")}</Button></div>
        </form>
    }
}

#[component]
fn TakeOver(id: PeriodId, name: String) -> impl IntoView {
    view! {
        <form class="card card-padded next-step" method="post" action=paths::council_take_over(id)>
            <p>{t_with("council-take-explain", [("period", name.into())])}</p>
            <Button>{t("council-take")}</Button>
        </form>
    }
}

/// Those who sit, each with the way out for those who may.
#[component]
fn Sitting(
    id: PeriodId,
    sitting: Vec<Seat>,
    draft: bool,
    may: bool,
    candidates: Vec<Candidate>,
    refused: Refused,
) -> impl IntoView {
    let row = move |seat: Seat| {
        let act = may.then(|| match draft {
            true => view! { <WithdrawForm id seat=seat.clone()/> }.into_any(),
            false => {
                let refused = Some(refused.clone()).filter(|refused| refused.typed.seat == seat.id.to_string());
                let candidates = candidates.clone();
                view! { <EndForm id seat=seat.clone() candidates refused/> }.into_any()
            }
        });
        view! {
            <tr>
                <td class="nowrap">{t(&format!("seat-{}", seat.kind.as_str()))}</td>
                <td><strong>{seat.name}</strong>{seat.unit_name.map(|unit| view! { <small class="muted block">{unit}</small> })}</td>
                <td>{seat.field}</td>
                <td class="nowrap" data-label=t("council-since")>{format::date(seat.since)}</td>
                {act.map(|act| view! { <td>{act}</td> })}
            </tr>
        }
    };
    view! {
        <div class="seats">
            <Table label=t("council-seats")>
                <thead>
                    <tr>
                        <th>{t("council-kind")}</th>
                        <th>{t("council-person")}</th>
                        <th>{t("council-field")}</th>
                        <th>{t("council-since")}</th>
                        {may.then(|| view! { <th><span class="visually-hidden">{t("council-change")}</span></th> })}
                    </tr>
                </thead>
                <tbody>{sitting.into_iter().map(row).collect_view()}</tbody>
            </Table>
        </div>
    }
}

#[component]
fn WithdrawForm(id: PeriodId, seat: Seat) -> impl IntoView {
    let label = t_with("council-withdraw-of", [("name", seat.name.into())]);
    view! {
        <form method="post" action=paths::council_withdraw(id)>
            <input type="hidden" name="seat" value=seat.id.to_string()/>
            <button class="button button-quiet" type="submit" aria-label=label>{t("council-withdraw")}</button>
        </form>
    }
}

#[component]
fn EndForm(id: PeriodId, seat: Seat, candidates: Vec<Candidate>, refused: Option<Refused>) -> impl IntoView {
    let open = refused.is_some();
    let Refused { typed, problems } = refused.unwrap_or_default();
    let today = render::today();
    let on = if typed.on.is_empty() { today.to_string() } else { typed.on };
    let [on_id, reason_id, successor_id] = ["on", "reason", "successor"].map(|name| format!("{name}-{}", seat.id));
    let at = |field: &str| {
        let mine = problems.iter().filter(|problem| problem.field == field);
        mine.map(|problem| view! { <p class="field-problem">{problem.message.clone()}</p> }).collect_view()
    };
    let others = candidates.into_iter().filter(|one| one.account != seat.account && one.may_sit_as(seat.kind));
    let option = |one: Candidate| {
        let account = one.account.to_string();
        let selected = account == typed.successor;
        view! { <option value=account selected=selected>{one.name}</option> }
    };
    view! {
        <details class="inline-form" open=open>
            <summary aria-label=t_with("council-end-of", [("name", seat.name.clone().into())])>{t("council-end")}</summary>
            <form class="form" method="post" action=paths::council_end_seat(id)>
                <input type="hidden" name="seat" value=seat.id.to_string()/>
                <div class="field">
                    <label for=on_id.clone()>{t("council-end-on")}</label>
                    <input id=on_id name="on" type="date" required max=today.to_string() value=on/>
                    {at("on")}
                </div>
                <div class="field">
                    <label for=reason_id.clone()>{t("reason")}</label>
                    <input id=reason_id name="reason" required maxlength="500" value=typed.reason.clone()/>
                    {at("reason")}
                </div>
                <div class="field">
                    <label for=successor_id.clone()>{t("council-successor")}</label>
                    <select id=successor_id name="successor">
                        <option value="">{t("council-successor-none")}</option>
                        {others.map(option).collect_view()}
                    </select>
                    {at("successor")}
                </div>
                <Button>{t("council-end")}</Button>
            </form>
        </details>
    }
}

#[component]
fn SeatForm(id: PeriodId, candidates: Vec<Candidate>, refused: Refused) -> impl IntoView {
    if candidates.is_empty() {
        return view! { <p class="notice notice-gold">{t("council-no-candidates")}</p> }.into_any();
    }
    let Refused { typed, problems } = refused;
    let person = |one: Candidate| {
        let account = one.account.to_string();
        let selected = account == typed.account;
        let roles: Vec<String> = one.roles.iter().map(|role| t(&format!("role-{}", role.as_str()))).collect();
        view! { <option value=account selected=selected>{format!("{} ({})", one.name, roles.join(", "))}</option> }
    };
    let kind = |kind: SeatKind| {
        let selected = typed.kind == kind.as_str() || typed.kind.is_empty() && kind == SeatKind::Member;
        view! { <option value=kind.as_str() selected=selected>{t(&format!("seat-{}", kind.as_str()))}</option> }
    };
    let people = candidates.into_iter().map(person).collect_view();
    let kinds = SeatKind::ALL.into_iter().map(kind).collect_view();
    view! {
        <form class="card card-padded form wide-form" method="post" action=paths::council(id)>
            <h3>{t("council-add")}</h3>
            <div class="form-columns">
                <Field name="account" label=t("council-person") problems=problems.clone()>
                    <select id="account" name="account">{people}</select>
                </Field>
                <Field name="kind" label=t("council-kind") problems=problems.clone()>
                    <select id="kind" name="kind">{kinds}</select>
                </Field>
                <Field name="field" label=t("council-field") problems>
                    <input id="field" name="field" maxlength="200" value=typed.field.clone()/>
                </Field>
            </div>
            <div><Button>{t("council-add-save")}</Button></div>
        </form>
    }
    .into_any()
}

/// Seats that ended stay to be read.
#[component]
fn Former(former: Vec<Seat>) -> impl IntoView {
    let row = |seat: Seat| {
        let (until, reason) = seat.ended.map(|ended| (format::date(ended.on), ended.reason)).unwrap_or_default();
        view! {
            <tr>
                <td class="nowrap">{t(&format!("seat-{}", seat.kind.as_str()))}</td>
                <td>{seat.name}</td>
                <td class="nowrap">{format!("{} – {until}", format::date(seat.since))}</td>
                <td>{reason}</td>
            </tr>
        }
    };
    view! {
        <section class="stack">
            <h2>{t("council-former")}</h2>
            <Table label=t("council-former")>
                <thead><tr><th>{t("council-kind")}</th><th>{t("council-person")}</th><th>{t("council-time")}</th><th>{t("reason")}</th></tr></thead>
                <tbody>{former.into_iter().map(row).collect_view()}</tbody>
            </Table>
        </section>
    }
}

/// On the board of the period: what the council lacks before the appraisal can start.
#[component]
pub fn CouncilStep(id: PeriodId, lacking: Lacking) -> impl IntoView {
    view! {
        <div class="card card-padded next-step">
            <p>{t(&format!("council-lacks-{}", lacking.as_str()))}</p>
            <a class="button button-primary" href=paths::council(id)>{t("council")}</a>
        </div>
    }
}
