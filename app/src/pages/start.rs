//! `/lam-viec`: where a signed-in person starts: the scorecards to fill in or sign, and the doors to other work.

use axum::extract::State;
use axum::response::Html;
use leptos::prelude::*;
use tenants::paths;
use tenants::sheets::{self, SheetLine};

use crate::caller::Signed;
use crate::components::nav::{self, Item};
use crate::components::{Button, ButtonKind, Lead, Progress, sheet_tag};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

pub async fn show(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let mine = if signed.caller.own_units().is_empty() { Vec::new() } else { sheets::mine(&tx).await? };
    drop(tx);
    let doors: Vec<_> = nav::items_for(&signed.caller).filter(|item| item.href != paths::start::PATH).collect();
    let name = signed.caller.name.clone();
    Page::new(t("nav-desk")).staff(&app, &signed, || view! { <Start name mine doors/> }).await
}

#[component]
fn Start(name: String, mine: Vec<SheetLine>, doors: Vec<&'static Item>) -> impl IntoView {
    let door = |item: &Item| {
        view! {
            <li>
                <a class="card duty" href=item.href>
                    <strong>{t(item.key)}</strong>
                    <span class="muted">{t(&format!("{}-about", item.key))}</span>
                </a>
            </li>
        }
    };
    view! {
        <Lead title=t_with("start-welcome", [("name", name.into())]) about=t("start-about")/>
        <ul class="duties" role="list">
            {mine.into_iter().map(|line| view! { <SheetDoor line/> }).collect_view()}
            {doors.into_iter().map(door).collect_view()}
        </ul>
        <p><a href=paths::password::PATH>{t("password-title")}</a></p>
        <form method="post" action=paths::sign_out_everywhere::PATH>
            <Button kind=ButtonKind::Quiet>{t("sign-out-everywhere")}</Button>
        </form>
    }
}

#[component]
fn SheetDoor(line: SheetLine) -> impl IntoView {
    let size = |count: u32| usize::try_from(count).unwrap_or(0);
    let text = t_with("board-entered", [("done", line.ready.into()), ("total", line.total.into())]);
    view! {
        <li>
            <a class="card duty" href=paths::sheet(line.id)>
                <strong>{line.period.name}</strong>
                <span class="muted">{format!("{} · {}", line.unit_name, t_with("start-due", [("due", format::moment(line.due).into())]))}</span>
                <Progress done=size(line.ready) of=size(line.total) text/>
                <span>{sheet_tag(line.state, false)}</span>
            </a>
        </li>
    }
}
