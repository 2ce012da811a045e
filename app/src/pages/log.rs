//! `/lam-viec/nhat-ky`: what happened, newest first, and whether the chain holds.

use axum::extract::{Query, State};
use axum::response::Html;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::audit::{self, Entry};
use tenants::{history, paths};

use crate::audit_wording::{self, Names};
use crate::caller::Signed;
use crate::components::{Lead, Table, Tag, TagKind};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

#[derive(Deserialize)]
pub struct PageNumber {
    #[serde(default)]
    trang: u64,
    /// Present: check the chain.
    kiem: Option<String>,
}

/// `GET /lam-viec/nhat-ky?trang=0`
pub async fn show(State(app): State<App>, signed: Signed, Query(page): Query<PageNumber>) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let entries = history::logged(&tx, page.trang.min(1_000_000)).await?;
    let state = match page.kiem {
        // Walking the whole chain takes its time: only when asked.
        None => None,
        Some(_) => Some(match audit::verify(&tx).await? {
            None => (TagKind::Green, t("audit-whole")),
            Some(broken) => (TagKind::Red, t_with("audit-broken", [("seq", broken.seq.into())])),
        }),
    };
    let names = history::names(&tx, &entries).await?;
    drop(tx);
    let older = (entries.len() == 50).then_some(page.trang + 1);
    Page::new(t("nav-audit"))
        .staff(&app, &signed, || {
            view! {
                <Lead title=t("nav-audit") about=t("nav-audit-about")>
                    {match state {
                        Some((kind, text)) => view! { <Tag kind text/> }.into_any(),
                        None => view! { <a class="button" href=format!("{}?kiem=1", paths::log::PATH)>{t("audit-check")}</a> }.into_any(),
                    }}
                </Lead>
                <Entries entries names/>
                {older.map(|page| view! { <a class="button" href=format!("{}?trang={page}", paths::log::PATH)>{t("audit-older")}</a> })}
            }
        })
        .await
}

#[component]
fn Entries(entries: Vec<Entry>, names: Names) -> impl IntoView {
    let row = move |entry: Entry| {
        let about = audit_wording::subject(&entry, &names).map(|(name, link)| match link {
            Some(link) => view! { <a class="block" href=link>{name}</a> }.into_any(),
            None => view! { <span class="block">{name}</span> }.into_any(),
        });
        let fact = |(label, text): (String, String)| view! { <div><dt>{label}</dt><dd>{text}</dd></div> };
        let facts = audit_wording::facts(&entry.detail, &names).into_iter().map(fact).collect_view();
        view! {
            <tr>
                <td class="num">{entry.seq}</td>
                <td class="nowrap">{format::moment(entry.at)}</td>
                <td>{entry.account_name}</td>
                <td>{t(&format!("audit-{}", entry.action.replace('.', "-")))}{about}</td>
                <td data-label=t("audit-detail")><dl class="told">{facts}</dl></td>
            </tr>
        }
    };
    view! {
        <Table label=t("nav-audit")>
            <thead>
                <tr>
                    <th class="num">"#"</th>
                    <th>{t("audit-at")}</th>
                    <th>{t("audit-who")}</th>
                    <th>{t("audit-what")}</th>
                    <th>{t("audit-detail")}</th>
                </tr>
            </thead>
            <tbody>{entries.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}
