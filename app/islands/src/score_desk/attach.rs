//! The form that attaches: a file (chosen, dropped or pasted), a link, or a document the unit has already brought.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use tenants::documents::Quota;
use tenants::paths;

use super::state::{DeskState, RowState};
use crate::texts::Texts;

/// How far a sending is, for the person who waits.
#[derive(Clone, Copy)]
pub struct Sending {
    /// Per cent of the file; `None` while nothing is sent.
    pub done: RwSignal<Option<u32>>,
    pub problem: RwSignal<String>,
    pub cancelled: RwSignal<bool>,
}

#[component]
pub fn AttachForm(row: RowState, code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let sending =
        Sending { done: RwSignal::new(None), problem: RwSignal::new(String::new()), cancelled: RwSignal::new(false) };
    let words = texts.clone();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        submit(event, state, row, (sending, words.clone()));
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
    let over = RwSignal::new(false);
    view! {
        <details class="attach">
            <summary class="button button-quiet">{texts.get("desk-attach")}</summary>
            <form
                class="attach-form"
                class:over=move || over.get()
                method="post"
                enctype="multipart/form-data"
                action=paths::evidence_attach(state.sheet, &code)
                on:submit=send
                on:dragover=move |event| { event.prevent_default(); over.set(true); }
                on:dragleave=move |_| over.set(false)
                on:drop=move |event| { over.set(false); drop_into(event); }
                on:paste=paste_into
            >
                <div class="field">
                    <label for=file_id.clone()>{texts.get("desk-file")}</label>
                    <input id=file_id name="file" type="file" multiple=true accept=".pdf,.png,.jpg,.jpeg,.webp,.doc,.docx,.xls,.xlsx,.zip"/>
                    <small class="muted">{texts.get("desk-file-hint")}</small>
                    <RoomLeft state/>
                </div>
                <Known state code=code.clone()/>
                <div class="form-columns">
                    {field("url", "desk-link", "url")}
                    {field("title", "desk-link-title", "text")}
                    {field("number", "desk-card-number", "text")}
                    {field("issued_on", "desk-card-date", "date")}
                    {field("issuer", "desk-card-issuer", "text")}
                    {field("signer", "desk-card-signer", "text")}
                    {field("summary", "desk-card-summary", "text")}
                    {field("page", "desk-card-page", "text")}
                </div>
                <Replaces row code=code.clone()/>
                <Progress sending/>
                <p class="field-problem" role="alert" hidden=move || sending.problem.with(String::is_empty)>{sending.problem}</p>
                <button class="button button-primary" type="submit" disabled=move || sending.done.with(Option::is_some)>{texts.get("desk-attach-send")}</button>
            </form>
        </details>
    }
}

/// How much the unit has brought in this period, of what it may.
#[component]
fn RoomLeft(state: DeskState) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let megabytes = |bytes: u64| engine::number::format(bytes.div_ceil(1 << 20).into(), 0);
    let told = move || {
        let Quota { used, allowed } = state.quota.get();
        texts.with("desk-room", &[("used", &megabytes(used)), ("allowed", &megabytes(allowed))])
    };
    view! { <small class="muted block">{told}</small> }
}

/// Documents of the unit, of this year or an earlier one.
#[component]
fn Known(state: DeskState, code: String) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let known = state.known.get_value();
    if known.is_empty() {
        return ().into_any();
    }
    let id = format!("tl-known-{code}");
    let option = |document: tenants::evidence::KnownDocument| {
        let parts: Vec<String> = [document.number, document.name].into_iter().filter(|part| !part.is_empty()).collect();
        view! { <option value=document.id.to_string()>{parts.join(" · ")}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{texts.get("desk-known")}</label>
            <select id=id name="known">
                <option value="">{texts.get("desk-known-none")}</option>
                {known.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// Which of the attached documents the new one stands in for, and why.
#[component]
fn Replaces(row: RowState, code: String) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let [id, reason] = ["tl-thay", "tl-ly-do-thay"].map(|name| format!("{name}-{code}"));
    let standing = move || {
        let items = row.now.with(|row| row.evidence.clone());
        items.into_iter().filter(|item| item.replaced.is_none()).collect::<Vec<_>>()
    };
    let nothing = move || standing().is_empty();
    let options = move || {
        standing()
            .into_iter()
            .map(|item| view! { <option value=item.id.to_string()>{item.name}</option> })
            .collect_view()
    };
    view! {
        <div class="form-columns" hidden=nothing>
            <div class="field">
                <label for=id.clone()>{texts.get("desk-replaces")}</label>
                <select id=id name="replaces"><option value="">{texts.get("desk-replaces-none")}</option>{options}</select>
            </div>
            <div class="field">
                <label for=reason.clone()>{texts.get("desk-replace-reason")}</label>
                <input id=reason name="replace_reason" maxlength="500"/>
            </div>
        </div>
    }
}

#[component]
fn Progress(sending: Sending) -> impl IntoView {
    let texts = expect_context::<Texts>();
    let told = {
        let texts = texts.clone();
        move || sending.done.get().map(|done| texts.with("desk-sending", &[("done", &done.to_string())]))
    };
    let done = move || sending.done.get().unwrap_or_default().to_string();
    view! {
        <div class="sending" hidden=move || sending.done.with(Option::is_none)>
            <progress max="100" value=done aria-label=texts.get("desk-attach-send")></progress>
            <small class="muted" role="status">{told}</small>
            <button class="button button-quiet" type="button" on:click=move |_| sending.cancelled.set(true)>{texts.get("desk-cancel")}</button>
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn submit(event: SubmitEvent, state: DeskState, row: RowState, (sending, texts): (Sending, Texts)) {
    let form = event_target::<web_sys::HtmlFormElement>(&event);
    let Ok(data) = web_sys::FormData::new_with_form(&form) else { return };
    sending.done.set(Some(0));
    sending.problem.set(String::new());
    sending.cancelled.set(false);
    leptos::task::spawn_local(async move {
        let sent = super::upload::attach_all(state.sheet, &row.code(), data, sending).await;
        sending.done.set(None);
        if let Some(fresh) = sent.row {
            state.refreshed(row, fresh);
        }
        // What did not arrive stays in the form, so that it can be sent again: all of it after a cancelled sending.
        if sent.left.is_empty() && sent.problems.is_empty() && !sent.cancelled {
            form.reset();
        } else if let Some(input) = file_input(&form) {
            choose(&input, &sent.left);
        }
        let told = |(name, failure): (String, super::link::Failure)| {
            let problem = super::evidence::words(failure);
            if name.is_empty() {
                problem
            } else {
                texts.with("desk-file-problem", &[("name", &name), ("problem", &problem)])
            }
        };
        let told: Vec<String> = sent.problems.into_iter().map(told).collect();
        sending.problem.set(told.join(" "));
    });
}

/// On the server nobody submits.
#[cfg(not(feature = "hydrate"))]
fn submit(_: SubmitEvent, _: DeskState, _: RowState, _: (Sending, Texts)) {}

/// Files dropped anywhere on the form are as good as chosen ones.
fn drop_into(event: web_sys::DragEvent) {
    event.prevent_default();
    put(&event, event.data_transfer().and_then(|data| data.files()));
}

/// A picture or file pasted while the form is in use; pasted text goes where it was pasted.
fn paste_into(event: web_sys::ClipboardEvent) {
    let files = event.clipboard_data().and_then(|data| data.files()).filter(|files| files.length() > 0);
    if files.is_some() {
        event.prevent_default();
        put(&event, files);
    }
}

/// Adds files to those chosen already: what was dropped first is not lost to what is dropped next.
fn put(event: &web_sys::Event, files: Option<web_sys::FileList>) {
    let form = event.current_target().and_then(|form| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(form).ok());
    if let (Some(input), Some(files)) = (form.and_then(|form| file_input(&form)), files) {
        let all: Vec<web_sys::File> =
            input.files().map(|chosen| listed(&chosen)).into_iter().flatten().chain(listed(&files)).collect();
        choose(&input, &all);
    }
}

fn file_input(form: &web_sys::Element) -> Option<web_sys::HtmlInputElement> {
    let input = form.query_selector("input[type=file]").ok().flatten()?;
    wasm_bindgen::JsCast::dyn_into(input).ok()
}

fn listed(files: &web_sys::FileList) -> Vec<web_sys::File> {
    (0..files.length()).filter_map(|at| files.get(at)).collect()
}

/// Makes these the chosen files.
fn choose(input: &web_sys::HtmlInputElement, files: &[web_sys::File]) {
    let Ok(chosen) = web_sys::DataTransfer::new() else { return };
    for file in files {
        let _ = chosen.items().add_with_file(file);
    }
    input.set_files(chosen.files().as_ref());
}
