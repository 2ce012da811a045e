//! `/lam-viec/thong-bao`: what the person was told, newest first.

use axum::Form;
use axum::extract::State;
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::NoticeId;
use tenants::notices::{self, Notice};
use tenants::paths;

use crate::caller::Signed;
use crate::components::{Button, EmptyState, Lead};
use crate::form::Submission;
use crate::render::Page;
use crate::text::{t, t_filled};
use crate::{App, AppError, Result, format};

/// `GET /lam-viec/thong-bao`
pub async fn show(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let all = notices::inbox(&tx).await?;
    let daily = match &app.config.mail {
        Some(_) => Some(notices::wants_daily(&tx).await?),
        None => None,
    };
    drop(tx);
    Page::new(t("inbox")).staff(&app, &signed, || view! { <Inbox all daily/> }).await
}

#[derive(Deserialize)]
pub struct Read {
    /// The notice to open; all are marked as read when empty.
    #[serde(default)]
    notice: String,
}

/// `POST /lam-viec/thong-bao`: marks one notice as read and goes where it leads, or marks all.
pub async fn read(submission: Submission, Form(form): Form<Read>) -> Result<Redirect> {
    let one: Option<NoticeId> = match form.notice.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::Malformed)?),
    };
    let all = submission
        .act(async |tx| {
            let all = notices::inbox(tx).await?;
            notices::mark_read(tx, one).await?;
            Ok(all)
        })
        .await?;
    let opened = one.and_then(|one| all.into_iter().find(|notice| notice.id == one));
    Ok(Redirect::to(opened.as_ref().map_or(paths::inbox::PATH, |notice| notice.link.as_str())))
}

#[derive(Deserialize)]
pub struct Wish {
    daily: bool,
}

/// `POST /lam-viec/thong-bao/thu`: one letter a day, or one whenever something happens.
pub async fn wish(submission: Submission, Form(wish): Form<Wish>) -> Result<Redirect> {
    submission.act(async |tx| notices::set_daily(tx, wish.daily).await).await?;
    Ok(Redirect::to(paths::inbox::PATH))
}

/// A notice in words, also for mail.
pub fn words(notice: &Notice) -> String {
    t_filled(&format!("notice-{}", notice.kind.as_str()), &notice.detail)
}

#[component]
fn Inbox(
    all: Vec<Notice>,
    /// Whether the person gets one letter a day; `None` where no mail is sent.
    daily: Option<bool>,
) -> impl IntoView {
    let unread = all.iter().any(|notice| !notice.is_read);
    let none = all.is_empty().then(|| view! { <EmptyState title=t("inbox-none") text=t("inbox-none-text")/> });
    let line = |notice: Notice| {
        let class = if notice.is_read { "card" } else { "card new" };
        view! {
            <li class=class>
                <p>
                    {words(&notice)}
                    <small class="muted block">{format::moment(notice.at)}</small>
                </p>
                <form method="post" action=paths::inbox::PATH>
                    <input type="hidden" name="notice" value=notice.id.to_string()/>
                    <Button>{t("inbox-open")}</Button>
                </form>
            </li>
        }
    };
    view! {
        <Lead title=t("inbox") about=t("inbox-about")>
            {unread.then(|| view! { <form method="post" action=paths::inbox::PATH><Button>{t("inbox-read-all")}</Button></form> })}
        </Lead>
        {daily.map(|daily| view! {
            <form class="row" method="post" action=paths::inbox_letters::PATH>
                <input type="hidden" name="daily" value=(!daily).to_string()/>
                <span class="muted">{t(if daily { "inbox-daily" } else { "inbox-at-once" })}</span>
                <Button>{t(if daily { "inbox-want-at-once" } else { "inbox-want-daily" })}</Button>
            </form>
        })}
        {none}
        <ul class="notices" role="list">{all.into_iter().map(line).collect_view()}</ul>
    }
}
