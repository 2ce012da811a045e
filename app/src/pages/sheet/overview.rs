//! `/lam-viec/phieu/{sheet}`: the whole scorecard: how far it is, what is still missing, and whose turn it is.

use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use tenants::desk::{self, Sheet, SheetRow};
use tenants::ids::AssessmentId;
use tenants::sheets::{ReviewAct, RowState, Section, SheetState};
use tenants::year::{self, RuleNote};
use tenants::{Problem, assessments, paths, periods};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, Fact, Lead, StatFacts, Table, Tag, TagKind, head_tags};
use crate::pages::sheet::desk::{due, title};
use crate::pages::sheet::review::{HandInForm, Steps, TakeBackForm};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /lam-viec/phieu/{sheet}`
pub async fn show(State(app): State<App>, signed: Signed, Path(id): Path<AssessmentId>) -> Result<Html<String>> {
    page(&app, &signed, id, (Vec::new(), String::new())).await
}

/// `POST /lam-viec/phieu/{sheet}/nam-truoc`: last year's figures into the rows that have none.
pub async fn prefill(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<AssessmentId>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    let count = assessments::prefill(&tx, id).await?;
    tx.commit().await?;
    set_flash(&session, FlashKind::Done, t_with("sheet-prefilled", [("count", count.into())])).await?;
    Ok(Redirect::to(&paths::sheet(id)))
}

/// `POST /lam-viec/phieu/{sheet}/rut`
pub async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Path(id): Path<AssessmentId>,
) -> Result<Redirect> {
    let tx = app.db.begin(&signed.caller).await?;
    assessments::withdraw(&tx, id).await?;
    tx.commit().await?;
    set_flash(&session, FlashKind::Done, t("sheet-withdrawn")).await?;
    Ok(Redirect::to(&paths::sheet(id)))
}

/// The page, with what was wrong with handing it in and the note as it was typed.
pub async fn page(
    app: &App,
    signed: &Signed,
    id: AssessmentId,
    (problems, note): (Vec<Problem>, String),
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let sheet = desk::sheet(&tx, id).await?;
    let notes = year::rule_notes(&tx, id).await?;
    let due = due(&sheet.head, tx.now());
    Page::new(title(&sheet.head)).staff(app, signed, || view! { <SheetPage sheet due note problems notes/> }).await
}

#[component]
fn SheetPage(sheet: Sheet, due: String, note: String, problems: Vec<Problem>, notes: Vec<RuleNote>) -> impl IntoView {
    let Sheet { head, sections, totals, rows, prefill_from, reviews, to_sign, .. } = sheet;
    let again: Vec<String> = to_sign.into_iter().map(|(code, _)| code).collect();
    let id = head.id;
    let missing: Vec<SheetRow> = rows.iter().filter(|row| !row.state.is_ready()).cloned().collect();
    let of_all = |points| format!("{}/{}", format::points(points, 2), engine::number::trim(totals.maximum));
    // What was signed is the self score, whatever the rules became since.
    let signed = head.signature.as_ref().and_then(|one| one.points).filter(|signed| *signed != totals.points);
    let unsigned = head.signature.is_none();
    let now = match signed {
        _ if unsigned => "sheet-points-draft",
        Some(_) if again.is_empty() => "sheet-points-now",
        // Some of it is not signed again yet.
        Some(_) => "sheet-points-draft",
        None => "self-points",
    };
    let now = t(now);
    let signed = signed.map(|signed| Fact { label: t("sheet-points-signed"), value: of_all(signed) });
    let facts = [
        Some(Fact { label: t("sheet-ready"), value: format!("{}/{}", totals.ready, totals.total) }),
        signed,
        Some(Fact { label: now, value: of_all(totals.points) }),
        Some(Fact { label: t("sheet-missing"), value: missing.len().to_string() }),
    ];
    let facts: Vec<Fact> = facts.into_iter().flatten().collect();
    let about = format!("{} · {due}", head.set_name);
    let (tags, all) = (head_tags(&head), sections.clone());
    let signed_sheet = !unsigned;
    let section = |section: Section| {
        let mine = rows.iter().filter(|row| row.section == section.code).cloned().collect();
        view! { <SectionTable id section rows=mine signed_sheet/> }
    };
    let sections = sections.into_iter().map(section).collect_view();
    let lacking = missing.len();
    let go_on = head.can.write.then(|| next_section(&all, &missing)).flatten();
    let handed_back =
        reviews.last().filter(|step| step.act == ReviewAct::HandedBack && head.state.is_writable()).cloned();
    let council = head.period.stage >= periods::Stage::Appraisal;
    let still_open = head.state.is_with_unit();
    let (guidance, period, colleague) = (head.period.guidance.clone(), head.period.id, head.can.plan);
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(paths::start::PATH.into(), t("nav-desk"))]/>
        <Lead title=format!("{} · {}", head.unit_name, head.period.name) about>
            {tags}
            {go_on.map(|code| view! {
                <a class="button button-primary" href=paths::desk(id, &code)>{t("sheet-go-on")}</a>
            })}
            <a class="button" href=paths::sheet_archive(id)>{t("archive")}</a>
            <a class="button" href=paths::sheet_improvement(id)>{t("improve")}</a>
            <a class="button" href=paths::sheet_not_assessed(id)>{t("annex-short")}</a>
            <a class="button" href=format!("{}?don-vi={id}", paths::year_data_review(period))>{t("scan")}</a>
            {colleague.then(|| view! {
                <a class="button" href=paths::sheet_workbook(id)>{t("workbook")}</a>
                <a class="button" href=paths::sheet_team(id)>{t("team")}</a>
            })}
        </Lead>
        {head.return_reason.map(|reason| view! { <p class="notice notice-gold">{t_with("sheet-returned-reason", [("reason", reason.into())])}</p> })}
        {head.signature.map(|one| view! { <p class="notice notice-green">{t_with("sheet-signed", [("name", one.name.into()), ("at", format::moment(one.at).into())])}</p> })}
        {handed_back.map(|step| view! { <p class="notice notice-gold said">{t_with("review-handed-back-reason", [("by", step.by.into()), ("reason", step.note.into())])}</p> })}
        {(head.state == SheetState::InternalReview).then(|| view! { <p class="notice">{t("review-in-review")}</p> })}
        {(unsigned && !colleague).then(|| view! { <p class="notice notice-gold">{t("sheet-draft")}</p> })}
        {(!again.is_empty()).then(|| view! { <p class="notice notice-gold">{t_with("sheet-to-sign", [("codes", again.join(", ").into())])}</p> })}
        {council.then(|| view! { <p class="notice notice-gold"><a href=paths::sheet_discussion(id)>{t("dialogue")}</a>": "{t("dialogue-about")}</p> })}
        {notes.into_iter().map(rule_note).collect_view()}
        {(!head.set_note.is_empty()).then(|| view! { <p class="muted">{head.set_note}</p> })}
        {guidance.map(|name| view! { <p><a href=paths::year_guidance(period)>{t_with("sheet-guidance", [("name", name.into())])}</a></p> })}
        <StatFacts facts/>
        {prefill_from.map(|year| view! { <PrefillForm id year/> })}
        {still_open.then(|| view! { <Missing id missing/> })}
        <Warnings id rows=rows.clone()/>
        {head.can.withdraw.then(|| view! {
            <form class="card card-padded next-step" method="post" action=paths::sheet_withdraw(id)>
                <p>{t("sheet-withdraw-explain")}</p>
                <Button>{t("sheet-withdraw")}</Button>
            </form>
        })}
        {head.can.submit.then(|| view! { <ToSigning id/> })}
        {head.can.hand_in.then(|| view! { <HandInForm id missing=lacking note problems/> })}
        {head.can.take_back.then(|| view! { <TakeBackForm id/> })}
        <Steps reviews/>
        {sections}
    }
}

/// The main index to go on with: the first with something missing, anchored there, else the first of the set.
fn next_section(sections: &[Section], missing: &[SheetRow]) -> Option<String> {
    missing.first().map(|row| format!("{}#c{}", row.section, row.code)).or_else(|| Some(sections.first()?.code.clone()))
}

/// The head's way to the signature.
#[component]
fn ToSigning(id: AssessmentId) -> impl IntoView {
    view! {
        <div class="card card-padded next-step">
            <p>{t("sign-about")}</p>
            <a class="button button-primary" href=paths::sheet_signing(id)>{t("sign-open")}</a>
        </div>
    }
}

/// What a change of rules inside the period meant for this unit.
fn rule_note(note: RuleNote) -> impl IntoView {
    let points = |points: rust_decimal::Decimal| format::points(points, 2);
    let told = [
        ("rules", note.new_label.into()),
        ("at", format::moment(note.at).into()),
        ("reason", note.reason.into()),
        ("old", points(note.old_points).into()),
        ("new", points(note.new_points).into()),
    ];
    view! {
        <details class="notice notice-gold">
            <summary>{t_with("sheet-rules-changed", told)}</summary>
            <ul>{note.changes.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
        </details>
    }
}

#[component]
fn Missing(id: AssessmentId, missing: Vec<SheetRow>) -> impl IntoView {
    if missing.is_empty() {
        return view! { <p class="notice notice-green" id="thieu">{t("sheet-nothing-missing")}</p> }.into_any();
    }
    let count = missing.len();
    let line = |row: SheetRow| {
        view! {
            <li>
                <a href=format!("{}#c{}", paths::desk(id, &row.section), row.code)>{format!("{} {}", row.code, row.name)}</a>
                " " <span class="muted">{t(&format!("desk-row-{}", row.state.as_str()))}</span>
            </li>
        }
    };
    view! {
        <details class="card card-padded" id="thieu" open=count <= 15>
            <summary>{t_with("sheet-missing-count", [("count", count.into())])}</summary>
            <ul class="missing">{missing.into_iter().map(line).collect_view()}</ul>
        </details>
    }
    .into_any()
}

/// Last year's figures, where the unit has some.
#[component]
fn PrefillForm(id: AssessmentId, year: i32) -> impl IntoView {
    view! {
        <form class="card card-padded next-step" method="post" action=paths::sheet_prefill(id)>
            <p>{t_with("sheet-prefill-explain", [("year", year.to_string().into())])}</p>
            <Button>{t_with("sheet-prefill", [("year", year.to_string().into())])}</Button>
        </form>
    }
}

/// What looks wrong, before the head signs.
#[component]
fn Warnings(id: AssessmentId, rows: Vec<SheetRow>) -> impl IntoView {
    let count: usize = rows.iter().map(|row| row.warnings.len()).sum();
    let line = |row: SheetRow| {
        let address = format!("{}#c{}", paths::desk(id, &row.section), row.code);
        let told =
            row.warnings.into_iter().map(|text| view! { <span class="block muted">{text}</span> }).collect_view();
        view! { <li><a href=address>{format!("{} {}", row.code, row.name)}</a>{told}</li> }
    };
    let lines = rows.into_iter().filter(|row| !row.warnings.is_empty()).map(line).collect_view();
    (count > 0).then(|| {
        view! {
            <details class="card card-padded">
                <summary>{t_with("sheet-warnings", [("count", count.into())])}</summary>
                <ul class="missing">{lines}</ul>
            </details>
        }
    })
}

#[component]
fn SectionTable(id: AssessmentId, section: Section, rows: Vec<SheetRow>, signed_sheet: bool) -> impl IntoView {
    let desk = paths::desk(id, &section.code);
    let row = |row: SheetRow| {
        let kind = match row.state {
            RowState::Done => TagKind::Green,
            RowState::Claimed => TagKind::Plain,
            RowState::Empty => TagKind::Quiet,
            RowState::Incomplete | RowState::Unproven | RowState::Unexplained | RowState::Unconfirmed => TagKind::Gold,
        };
        let points = row.points.map_or_else(|| "–".to_owned(), |points| format::points(points, points.scale()));
        let signed = row.signed_points.map(|signed| {
            let told = t_with("sheet-row-signed", [("points", format::points(signed, signed.scale()).into())]);
            view! { <small class="muted block">{told}</small> }
        });
        let draft = (signed_sheet && row.draft).then(|| view! { " "<Tag kind=TagKind::Gold text=t("not-signed")/> });
        let proof = t_with("sheet-evidence-count", [("count", row.evidence_count.into())]);
        let course = crate::pages::sheet::history::address(id, &row.code);
        let course_label = t_with("history-of", [("code", row.code.clone().into())]);
        view! {
            <tr>
                <td class="code">{row.code.clone()}</td>
                <td>
                    <a href=format!("{desk}#c{}", row.code)>{row.name}</a>
                    <small class="muted block">{row.sentence}</small>
                    {row.clerk.map(|clerk| view! { <Tag kind=TagKind::Quiet text=clerk.name/> })}
                </td>
                <td data-label=t("evidence")><small class="muted">{proof}<br/><a href=course aria-label=course_label>{t("history")}</a></small></td>
                <td data-label=t("state")><Tag kind text=t(&format!("desk-row-{}", row.state.as_str()))/>{draft}</td>
                <td class="num nowrap"><strong>{points}</strong><span class="muted">"/"{engine::number::trim(row.maximum)}</span>{signed}</td>
            </tr>
        }
    };
    let rows = rows.into_iter().map(row).collect_view();
    let total =
        format!("{}/{}", format::points(section.totals.points, 2), engine::number::trim(section.totals.maximum));
    view! {
        <section class="stack">
            <div class="section-head">
                <h2><a href=desk>{format!("{}. {}", section.code, section.name)}</a></h2>
                <strong class="num">{total}</strong>
            </div>
            <Table label=section.name.clone()>
                <thead>
                    <tr>
                        <th>{t("code")}</th>
                        <th>{t("indicator")}</th>
                        <th>{t("evidence")}</th>
                        <th>{t("state")}</th>
                        <th class="num">{t("points")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </section>
    }
}
