//! Evidence beside an indicator: what is attached, and the form that attaches more.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use tenants::evidence::EvidenceItem;

use super::link;
use super::state::{DeskState, RowState};
use crate::texts::Texts;

#[component]
pub fn Evidence(row: RowState, code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let items = move || {
        let texts = texts.clone();
        row.now
            .with(|row| row.evidence.clone())
            .into_iter()
            .map(|item| view! { <Item row item texts=texts.clone()/> })
            .collect_view()
    };
    view! {
        <ul class="files" role="list">{items}</ul>
        {state.can_add_evidence.then(|| view! { <AttachForm row code/> })}
    }
}

#[component]
fn Item(row: RowState, item: EvidenceItem, texts: Texts) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let id = item.id;
    let about: Vec<String> = [item.card.number, item.page].into_iter().filter(|part| !part.is_empty()).collect();
    let remove = move |_| {
        leptos::task::spawn_local(async move {
            match link::detach(state.sheet, &row.code(), id).await {
                Ok(fresh) => state.refreshed(row, fresh),
                Err(failure) => state.failed(words(failure)),
            }
        });
    };
    view! {
        <li class="file">
            <a href=format!("/lam-viec/tlkc/{id}") target="_blank" rel="noopener noreferrer">{item.name.clone()}</a>
            {(!about.is_empty()).then(|| view! { <small class="muted">{about.join(" · ")}</small> })}
            {item.after_submission.then(|| view! { <span class="tag tag-gold">{texts.get("desk-supplement")}</span> })}
            {state.can_write.then(|| view! {
                <button class="button button-quiet" type="button" aria-label=texts.with("desk-remove-item", &[("name", &item.name)]) on:click=remove>
                    {texts.get("desk-remove")}
                </button>
            })}
        </li>
    }
}

fn words(failure: link::Failure) -> String {
    match failure {
        link::Failure::Refused { message, problems } => {
            let told: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
            if told.is_empty() { message } else { told.join(" ") }
        }
        link::Failure::NoNetwork => "Không có kết nối mạng; hãy thử lại.".into(),
        link::Failure::SignedOut => "Phiên làm việc đã hết; hãy đăng nhập lại.".into(),
        link::Failure::Stale => "Nội dung vừa thay đổi; hãy tải lại trang.".into(),
    }
}

#[component]
fn AttachForm(row: RowState, code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let sending = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        submit(event, state, row, sending, problem);
    };
    let field = |name: &'static str, key: &str, kind: &'static str| {
        let id = format!("tl-{name}-{code}");
        view! {
            <div class="field">
                <label for=id.clone()>{texts.get(key)}</label>
                <input id=id name=name type=kind maxlength="500"/>
            </div>
        }
    };
    let file_id = format!("tl-file-{code}");
    view! {
        <details class="attach">
            <summary class="button button-quiet">{texts.get("desk-attach")}</summary>
            <form class="attach-form" method="post" enctype="multipart/form-data" action=format!("/lam-viec/phieu/{}/chi-so/{code}/tlkc", state.sheet) on:submit=send>
                <div class="field">
                    <label for=file_id.clone()>{texts.get("desk-file")}</label>
                    <input id=file_id name="file" type="file" accept=".pdf,.png,.jpg,.jpeg,.webp,.doc,.docx,.xls,.xlsx,.zip"/>
                </div>
                <div class="form-columns">
                    {field("title", "desk-link-title", "text")}
                    {field("url", "desk-link", "url")}
                    {field("number", "desk-card-number", "text")}
                    {field("issued_on", "desk-card-date", "date")}
                    {field("issuer", "desk-card-issuer", "text")}
                    {field("summary", "desk-card-summary", "text")}
                    {field("page", "desk-card-page", "text")}
                </div>
                <p class="field-problem" role="alert" hidden=move || problem.with(String::is_empty)>{problem}</p>
                <button class="button button-primary" type="submit" disabled=move || sending.get()>{texts.get("desk-attach-send")}</button>
            </form>
        </details>
    }
}

#[cfg(feature = "hydrate")]
fn submit(event: SubmitEvent, state: DeskState, row: RowState, sending: RwSignal<bool>, problem: RwSignal<String>) {
    let form = event_target::<web_sys::HtmlFormElement>(&event);
    let Ok(data) = web_sys::FormData::new_with_form(&form) else { return };
    sending.set(true);
    problem.set(String::new());
    leptos::task::spawn_local(async move {
        let outcome = link::attach(state.sheet, &row.code(), data).await;
        sending.set(false);
        match outcome {
            Ok(fresh) => {
                form.reset();
                state.refreshed(row, fresh);
            }
            Err(failure) => problem.set(words(failure)),
        }
    });
}

/// On the server nobody submits.
#[cfg(not(feature = "hydrate"))]
fn submit(_: SubmitEvent, _: DeskState, _: RowState, _: RwSignal<bool>, _: RwSignal<String>) {}
