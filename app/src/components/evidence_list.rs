//! Documents beside an indicator.

use islands::score_desk::evidence::Preview;
use leptos::prelude::*;
use tenants::documents::{EvidenceItem, Side};
use tenants::files::Scan;
use tenants::paths;

use super::{Tag, TagKind};
use crate::format;
use crate::text::{t, t_with};

/// Evidence as links with their document cards.
#[component]
pub fn EvidenceList(items: Vec<EvidenceItem>) -> impl IntoView {
    if items.is_empty() {
        return view! { <p class="muted">{t("evidence-none")}</p> }.into_any();
    }
    let item = |item: EvidenceItem| {
        let about =
            [item.card.number.clone(), item.card.issued_on.map(format::date).unwrap_or_default(), item.page.clone()];
        let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
        let infected = item.scan == Scan::Infected;
        let gone = !item.proves();
        let preview = t_with("desk-preview", [("name", item.name.clone().into())]);
        view! {
            <li class="file" class:replaced=gone>
                <a href=paths::evidence(item.id) target="_blank" rel="noopener noreferrer">{item.name}</a>
                {(!about.is_empty()).then(|| view! { <small class="muted">{about.join(" · ")}</small> })}
                {item.length.map(|length| view! { <small class="muted">{format::size(length)}</small> })}
                {item.after_submission.then(|| view! { <Tag kind=TagKind::Gold text=t("evidence-supplement")/> })}
                {item.scan.is_open().then(|| view! { <Tag kind=TagKind::Gold text=t("desk-unscanned")/> })}
                {infected.then(|| view! { <Tag kind=TagKind::Red text=t("desk-infected")/> })}
                {item.unreadable.map(|why| view! { <Tag kind=TagKind::Red text=t(&format!("desk-unreadable-{}", why.as_str()))/> })}
                {(item.side == Side::Council).then(|| view! { <Tag text=t("evidence-by-council")/> })}
                {item.replaced.map(|replaced| view! {
                    <small class="muted block">{t_with("desk-replaced", [("reason", replaced.reason.into())])}</small>
                })}
                <Preview id=item.id media_type=item.media_type.filter(|_| !infected) short=t("desk-preview-short") label=preview/>
            </li>
        }
    };
    view! { <ul class="files" role="list">{items.into_iter().map(item).collect_view()}</ul> }.into_any()
}
