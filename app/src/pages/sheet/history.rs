//! `/lam-viec/phieu/{sheet}/chi-so/{code}/qua-trinh`: everything that happened to one indicator of one unit, newest last.

use axum::extract::{Path, State};
use axum::response::Html;
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::decisions::Decided;
use tenants::history::{self, Deed, Figure, Happened, History, Save, Side};
use tenants::ids::AssessmentId;
use tenants::paths;
use tenants::sheets::Claim;

use crate::caller::Signed;
use crate::components::{Breadcrumb, EmptyState, Lead, Tag, TagKind, figure};
use crate::pages::council::row::Standing;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /lam-viec/phieu/{sheet}/chi-so/{code}/qua-trinh`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((id, code)): Path<(AssessmentId, String)>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let history = history::of_indicator(&tx, id, &code).await?;
    drop(tx);
    let title = t_with("history-title", [("code", code.into())]);
    Page::new(title).staff(&app, &signed, || view! { <Course history/> }).await
}

/// The address of an indicator's course.
pub fn address(sheet: AssessmentId, code: &str) -> String {
    paths::row_history(sheet, code)
}

#[component]
fn Course(history: History) -> impl IntoView {
    let History { head, code, name, section, maximum, events } = history;
    let id = head.id;
    let steps = vec![(paths::start::PATH.into(), t("nav-desk")), (paths::sheet(id), head.unit_name.clone())];
    let explained = paths::row_explain(id, &code);
    let about = format!("{code} {name} · {}", head.period.name);
    let none = events.is_empty().then(|| view! { <EmptyState title=t("history-none") text=t("history-none-text")/> });
    let event = |event: Happened| view! { <Event event maximum/> };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=t("history") about>
            <a class="button" href=format!("{}#c{code}", paths::desk(id, &section))>{t("history-desk")}</a>
        </Lead>
        {none}
        <ol class="history">{events.into_iter().map(event).collect_view()}</ol>
        <p class="muted"><a href=explained>{t("history-data")}</a></p>
    }
}

#[component]
fn Event(event: Happened, maximum: Decimal) -> impl IntoView {
    let Happened { at, by, side, deed, points, rules } = event;
    let class = format!("history-{}", side.as_str());
    let kind = match side {
        Side::Unit => TagKind::Plain,
        Side::Council => TagKind::Gold,
        Side::Authority => TagKind::Quiet,
    };
    let scored = points.filter(|_| !matches!(deed, Deed::Decided(_)));
    let scored = scored.map(|points| {
        let shown = format!("{}/{}", format::points(points, points.scale()), engine::number::trim(maximum));
        view! { <span class="history-points">{t_with("history-points", [("points", shown.into())])}</span> }
    });
    let iso = at.to_offset(format::HANOI).format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
    view! {
        <li class=class>
            <p class="history-head">
                <time datetime=iso>{format::moment(at)}</time>
                <Tag kind text=t(&format!("history-side-{}", side.as_str()))/>
                <span>{by}</span>
                <small class="muted">{t_with("history-rules-used", [("rules", rules.into())])}</small>
            </p>
            <div class="history-body">
                <strong>{title(&deed)}</strong>
                {scored}
                <Detail deed maximum/>
            </div>
        </li>
    }
}

/// What was done, in a few words.
fn title(deed: &Deed) -> String {
    let key = match deed {
        Deed::Saved(_) => "saved",
        Deed::Moved { elsewhere } => return t_with("history-moved", [("code", elsewhere.clone().into())]),
        Deed::Prefilled { from } => return t_with("history-prefilled", [("from", from.clone().into())]),
        Deed::Attached { instead: None, .. } => "attached",
        Deed::Attached { .. } => "replaced",
        Deed::Detached { .. } => "detached",
        Deed::Corrected { .. } => "corrected",
        Deed::Exempted(Some(_)) => "exempted",
        Deed::Exempted(None) => "exempted-no-more",
        Deed::Submitted { .. } => "submitted",
        Deed::Withdrawn => "withdrawn",
        Deed::SentBack { .. } => "sent-back",
        Deed::Reopened { until, .. } => return t_with("history-reopened", [("until", format::moment(*until).into())]),
        Deed::Remarked { .. } => "remarked",
        Deed::Asked { due: Some(due), .. } => {
            return t_with("history-asked-until", [("due", format::date(*due).into())]);
        }
        Deed::Asked { .. } => "asked",
        Deed::Answered { .. } => "answered",
        Deed::Decided(_) => "decided",
        Deed::Announced => "announced",
        Deed::Petitioned { .. } => "petitioned",
        Deed::PetitionAnswered { .. } => "petition-answered",
        Deed::Rules { to, .. } => return t_with("history-rules", [("rules", to.clone().into())]),
        Deed::Minuted { held_on, .. } => return t_with("history-minuted", [("day", format::date(*held_on).into())]),
        Deed::Concluded => "concluded",
        Deed::TakenBack { .. } => "taken-back",
        Deed::Published => "published",
    };
    t(&format!("history-{key}"))
}

/// Parts of a document's card and the texts of the desk that name them.
const CARD: [(&str, &str); 6] = [
    ("number", "number"),
    ("issued_on", "date"),
    ("issuer", "issuer"),
    ("summary", "summary"),
    ("signer", "signer"),
    ("page", "page"),
];

/// A day as people write it, anything else as it is.
fn day(text: &str) -> String {
    crate::days::day_of(text).map_or_else(|| text.to_owned(), format::date)
}

/// The words and figures of it.
#[component]
fn Detail(deed: Deed, maximum: Decimal) -> impl IntoView {
    let said = |text: String| (!text.is_empty()).then(|| view! { <p class="said">{text}</p> });
    match deed {
        Deed::Saved(save) => view! { <SaveDetail save/> }.into_any(),
        Deed::Attached { name, number, instead } => {
            let number = (!number.is_empty()).then(|| view! { " "<span class="muted">{number}</span> });
            let instead = instead.map(|instead| {
                let values = [("of", instead.of.into()), ("reason", instead.reason.into())];
                view! { <p>{t_with("history-instead", values)}</p> }
            });
            view! { <p>{name}{number}</p>{instead} }.into_any()
        }
        Deed::Detached { name } => view! { <p>{name}</p> }.into_any(),
        Deed::Corrected { name, parts } => {
            let part = |(part, was, now): (String, String, String)| {
                let label =
                    t(&format!("desk-card-{}", CARD.iter().find(|(of, _)| *of == part).map_or("page", |(_, key)| key)));
                let shown = |text: String| if part == "issued_on" { day(&text) } else { text };
                let values = [("part", label.into()), ("was", shown(was).into()), ("now", shown(now).into())];
                view! { <li>{t_with("history-part", values)}</li> }
            };
            view! { <p>{name}</p><ul>{parts.into_iter().map(part).collect_view()}</ul> }.into_any()
        }
        Deed::Exempted(claim) => said(claim.as_ref().map(told).unwrap_or_default()).into_any(),
        Deed::Submitted { signed } => said(t_with("history-signed", [("name", signed.into())])).into_any(),
        Deed::SentBack { reason } | Deed::Reopened { reason, .. } | Deed::Rules { reason, .. } => {
            said(reason).into_any()
        }
        Deed::Remarked { text }
        | Deed::Asked { text, .. }
        | Deed::Answered { text }
        | Deed::Petitioned { text }
        | Deed::PetitionAnswered { text } => said(text).into_any(),
        Deed::Minuted { conclusion: text, .. } | Deed::TakenBack { opinion: text } => said(text).into_any(),
        Deed::Decided(decided) => {
            // Who and when stand in the line's head already.
            let decided = Decided { stale: false, ..*decided };
            view! { <Standing decided=Some(decided) maximum/> }.into_any()
        }
        Deed::Moved { .. }
        | Deed::Prefilled { .. }
        | Deed::Withdrawn
        | Deed::Announced
        | Deed::Concluded
        | Deed::Published => ().into_any(),
    }
}

#[component]
fn SaveDetail(save: Save) -> impl IntoView {
    let line = |one: Figure| view! { <li>{one.label}": "<b>{figure(&one.value)}</b></li> };
    let own = save.own_points.map(|text| view! { <li>{t("desk-own-points-short")}": "<b>{figure(&text)}</b></li> });
    let explanation = save.explanation.map(|text| {
        let text = if text.is_empty() { t("history-taken-out") } else { text };
        view! { <p class="said"><span class="muted">{t("explanation")}": "</span>{text}</p> }
    });
    let claim = save.claim.map(|claim| {
        let text = claim.as_ref().map_or_else(|| t("history-taken-out"), told);
        view! { <p class="said"><span class="muted">{t("history-claim")}": "</span>{text}</p> }
    });
    view! {
        <ul class="history-figures" role="list">{save.figures.into_iter().map(line).collect_view()}{own}</ul>
        {explanation}
        {claim}
    }
}

fn told(claim: &Claim) -> String {
    format!("{}. {}", t(&format!("claim-{}", claim.ground.as_str())), claim.reason)
}
