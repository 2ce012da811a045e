//! `/lam-viec/tham-dinh`: the sheets before the council.

use axum::extract::State;
use axum::response::Html;
use leptos::prelude::*;
use tenants::appraisal::{self, CouncilLine};
use tenants::ids::GroupId;
use tenants::{paths, samples};

use crate::caller::Signed;
use crate::components::{EmptyState, Lead, Progress, Table, sheet_tag};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

/// `GET /lam-viec/tham-dinh`
pub async fn show(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let lines = appraisal::list(&tx).await?;
    let open = samples::mine(&tx).await?.iter().filter(|line| !line.scored).count();
    Page::new(t("nav-appraisal")).staff(&app, &signed, || view! { <Sheets lines open/> }).await
}

#[component]
fn Sheets(lines: Vec<CouncilLine>, open: usize) -> impl IntoView {
    let mut groups: Vec<(GroupId, String)> = Vec::new();
    for CouncilLine { line, .. } in &lines {
        if !groups.iter().any(|(id, _)| *id == line.group) {
            groups.push((line.group, format!("{} · {}", line.group_name, line.period.name)));
        }
    }
    let columns = groups.into_iter().map(|(id, name)| view! { <a href=paths::appraise_group(id)>{name}</a> });
    let columns = columns.collect_view();
    let lead = view! { <Lead title=t("nav-appraisal") about=t("nav-appraisal-about")/> };
    if lines.is_empty() {
        return view! { {lead} <EmptyState title=t("appraisal-empty") text=t("appraisal-empty-text")/> }.into_any();
    }
    let row = |CouncilLine { line, closed }: CouncilLine| {
        let closed = closed.map(|closed| t(&format!("closed-{}", closed.as_str())));
        let size = |count: u32| usize::try_from(count).unwrap_or(0);
        let text = t_with("board-decided", [("done", line.decided.into()), ("total", line.total.into())]);
        let points = format::of_maximum(line.self_points, line.maximum);
        view! {
            <tr>
                <td>
                    <a href=paths::appraise(line.id)><strong>{line.unit_name}</strong></a>
                    <small class="muted block">{format!("{} · {}", line.group_name, line.period.name)}</small>
                    {closed.map(|closed| view! { <small class="closed block">{closed}</small> })}
                </td>
                <td data-label=t("state")>{sheet_tag(line.state, false)}</td>
                <td class="num" data-label=t("self-points")>{points}</td>
                <td><Progress done=size(line.decided) of=size(line.total) text/></td>
            </tr>
        }
    };
    view! {
        {lead}
        {(open > 0).then(|| view! { <p class="notice notice-gold">{t_with("sample-open", [("count", open.into())])}" "<a href=paths::second_scores::PATH>{t("sample-mine")}</a></p> })}
        <nav class="section-links" aria-label=t("column")><span class="muted">{t("column")}": "</span>{columns}</nav>
        <Table label=t("nav-appraisal")>
            <thead>
                <tr>
                    <th>{t("unit")}</th>
                    <th>{t("state")}</th>
                    <th class="num">{t("self-points")}</th>
                    <th>{t("board-progress")}</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}
