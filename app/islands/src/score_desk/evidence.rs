//! Evidence beside an indicator: what is attached, to look at without leaving, and the form that attaches more.

use leptos::prelude::*;
use tenants::documents::{EvidenceItem, Side};
use tenants::files::Scan;
use tenants::ids::EvidenceId;
use tenants::paths;

use super::attach::AttachForm;
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
    let about: Vec<String> =
        [item.card.number.clone(), item.page.clone()].into_iter().filter(|part| !part.is_empty()).collect();
    let remove = move |_| {
        leptos::task::spawn_local(async move {
            match link::detach(state.sheet, &row.code(), id).await {
                Ok(fresh) => state.refreshed(row, fresh),
                Err(failure) => state.failed(words(failure)),
            }
        });
    };
    let removable = state.removes() && item.replaced.is_none();
    let card = (removable && item.side == Side::Unit).then(|| view! { <CardForm item=item.clone() code=row.code()/> });
    let (unscanned, infected) = (item.scan.is_open(), item.scan == Scan::Infected);
    let unreadable = item.unreadable;
    let replaced = item.replaced.map(|replaced| {
        view! { <small class="muted block">{texts.with("desk-replaced", &[("reason", &replaced.reason)])}</small> }
    });
    let gone = replaced.is_some() || infected;
    let preview = texts.with("desk-preview", &[("name", &item.name)]);
    view! {
        <li class="file" class:replaced=gone>
            <a href=paths::evidence(id) target="_blank" rel="noopener noreferrer">{item.name.clone()}</a>
            {(!about.is_empty()).then(|| view! { <small class="muted">{about.join(" · ")}</small> })}
            {item.after_submission.then(|| view! { <span class="tag tag-gold">{texts.get("desk-supplement")}</span> })}
            {unscanned.then(|| view! { <span class="tag tag-gold">{texts.get("desk-unscanned")}</span> })}
            {infected.then(|| view! { <span class="tag tag-red">{texts.get("desk-infected")}</span> })}
            {unreadable.map(|why| view! { <span class="tag tag-red">{texts.get(&format!("desk-unreadable-{}", why.as_str()))}</span> })}
            {removable.then(|| view! {
                <button class="button button-quiet" type="button" aria-label=texts.with("desk-remove-item", &[("name", &item.name)]) on:click=remove>
                    {texts.get("desk-remove")}
                </button>
            })}
            {replaced}
            {card}
            <Preview id media_type=item.media_type.filter(|_| !infected) short=texts.get("desk-preview-short") label=preview/>
        </li>
    }
}

/// What is said of a document, to be corrected before signing.
#[component]
fn CardForm(item: EvidenceItem, code: String) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let texts = expect_context::<Texts>();
    let id = item.id;
    let action = paths::evidence_card(state.sheet, &code, id);
    let about = texts.with("desk-card-correct-item", &[("name", &item.name)]);
    let day = item.card.issued_on.map(|day| day.to_string()).unwrap_or_default();
    let field = |name: &'static str, key: &str, kind: &'static str, value: String| {
        let field = format!("the-{name}-{code}-{id}");
        view! {
            <div class="field">
                <label for=field.clone()>{texts.get(key)}</label>
                <input id=field name=name type=kind maxlength="500" value=value/>
            </div>
        }
    };
    view! {
        <details class="block">
            <summary aria-label=about>{texts.get("desk-card-correct")}</summary>
            <form class="attach-form" method="post" action=action>
                <div class="form-columns">
                    {field("number", "desk-card-number", "text", item.card.number)}
                    {field("issued_on", "desk-card-date", "date", day)}
                    {field("issuer", "desk-card-issuer", "text", item.card.issuer)}
                    {field("signer", "desk-card-signer", "text", item.card.signer)}
                    {field("summary", "desk-card-summary", "text", item.card.summary)}
                    {field("page", "desk-card-page", "text", item.page)}
                </div>
                <button class="button" type="submit">{texts.get("desk-save")}</button>
            </form>
        </details>
    }
}

/// A PDF or an image, shown in place once it is asked for.
#[component]
pub fn Preview(id: EvidenceId, media_type: Option<String>, short: String, label: String) -> impl IntoView {
    let address = paths::evidence(id);
    let shown = match media_type.as_deref() {
        Some("application/pdf") => {
            let frame = leptos::html::iframe().class("preview").src(address).title(label.clone());
            // Not fetched before the fold is opened; the macro does not know the attribute on frames.
            frame.attr("loading", "lazy").into_any()
        }
        Some(kind) if kind.starts_with("image/") => {
            view! { <img class="preview" src=address alt=label.clone() loading="lazy"/> }.into_any()
        }
        _ => return ().into_any(),
    };
    view! {
        <details class="block">
            <summary aria-label=label>{short}</summary>
            {shown}
        </details>
    }
    .into_any()
}

pub fn words(failure: link::Failure) -> String {
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
