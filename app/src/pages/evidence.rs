//! Evidence: upload beside an indicator, download for whoever may see the sheet.

use axum::Json;
use axum::extract::{Multipart, Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_LENGTH};
use axum::response::{IntoResponse, Redirect, Response};
use futures::{StreamExt, TryStreamExt};
use islands::score_desk::evidence::Preview;
use leptos::prelude::*;
use tenants::assessments::Row;
use tenants::evidence::{self, Attach, DocumentCard, EvidenceItem, Replaces, Scan, Side, Source, StoredFile};
use tenants::ids::{AssessmentId, EvidenceId};
use tenants::{Error, Problem};

use super::periods::optional_day;
use crate::caller::Signed;
use crate::components::{Tag, TagKind};
use crate::download::serve_file;
use crate::format;
use crate::text::{t, t_with};
use crate::{App, AppError, Result, typed, uploads};

/// Bytes that the texts of a form may take beside its file: no file is refused for them.
const WORDS: u64 = 64 * 1024;
/// Bytes.
const LONGEST_TEXT: usize = 8 * 1024;

/// A form of one file or link with its document card.
#[derive(Default)]
struct Sent {
    file: Option<StoredFile>,
    title: String,
    url: String,
    card: DocumentCard,
    page: String,
    /// A file sent before in pieces: their hashes in order, and its name.
    pieces: String,
    file_name: String,
    known: String,
    replaces: String,
    replace_reason: String,
    back: String,
}

/// `POST /lam-viec/phieu/{sheet}/chi-so/{code}/tlkc`: JSON for scripts, back to the page for forms.
pub async fn attach(
    State(app): State<App>,
    signed: Signed,
    Path((sheet, code)): Path<(AssessmentId, String)>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response> {
    evidence::may_attach(&app.db.read(&signed.caller).await?, sheet, &code, coming(&headers)).await?;
    let link = format!("/lam-viec/phieu/{sheet}");
    let sent = receive(&app, &signed, form, &link).await?;
    let source = source(&app, &signed, &sent, &link).await?;
    let replaces = sent.replaces.parse().ok().map(|old| Replaces { old, reason: sent.replace_reason });
    let attach = Attach { source, card: sent.card, page: sent.page, replaces };
    let tx = app.db.begin(&signed.caller).await?;
    let row = evidence::attach(&tx, sheet, &code, attach).await?;
    tx.commit().await?;
    Ok(answer(&headers, row, &sent.back, sheet))
}

/// Bytes that are about to be sent beside the words of a form.
fn coming(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    length.unwrap_or(0).saturating_sub(WORDS)
}

/// What the form brings: a file beats a known document, which beats a link.
async fn source(app: &App, signed: &Signed, sent: &Sent, link: &str) -> Result<Source> {
    if let Some(file) = &sent.file {
        return Ok(Source::File(file.clone()));
    }
    if !sent.pieces.is_empty() {
        return Ok(Source::File(super::pieces::assemble(app, signed, (&sent.pieces, &sent.file_name), link).await?));
    }
    if let Ok(id) = sent.known.parse() {
        return Ok(Source::Known(id));
    }
    if !sent.url.is_empty() {
        return Ok(Source::Link { title: sent.title.clone(), url: sent.url.clone() });
    }
    Err(Error::Invalid(vec![Problem::new("file", &t("evidence-nothing"))]).into())
}

/// `POST /lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/go`
pub async fn detach(
    State(app): State<App>,
    signed: Signed,
    Path((sheet, code, id)): Path<(AssessmentId, String, EvidenceId)>,
    headers: HeaderMap,
) -> Result<Response> {
    let tx = app.db.begin(&signed.caller).await?;
    let row = evidence::detach(&tx, sheet, &code, id).await?;
    tx.commit().await?;
    Ok(answer(&headers, row, "", sheet))
}

fn answer(headers: &HeaderMap, row: Row, back: &str, sheet: AssessmentId) -> Response {
    let json = headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    if json {
        return Json(row).into_response();
    }
    let own = back.starts_with("/lam-viec/");
    let target = if own { back.to_owned() } else { format!("/lam-viec/phieu/{sheet}/{}#c{}", row.section, row.code) };
    Redirect::to(&target).into_response()
}

async fn receive(app: &App, signed: &Signed, mut form: Multipart, link: &str) -> Result<Sent> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" && sent.file.is_none() {
            sent.file = receive_file(app, signed, field, link).await?;
            continue;
        }
        let text = receive_text(field).await?;
        match name.as_str() {
            "title" => sent.title = text,
            "url" => sent.url = text,
            "number" => sent.card.number = text,
            "issued_on" => sent.card.issued_on = optional_day("issued_on", &text)?,
            "issuer" => sent.card.issuer = text,
            "summary" => sent.card.summary = text,
            "signer" => sent.card.signer = text,
            "page" => sent.page = text,
            "pieces" => sent.pieces = text,
            "file_name" => sent.file_name = text,
            "known" => sent.known = text,
            "replaces" => sent.replaces = text,
            "replace_reason" => sent.replace_reason = text,
            "back" => sent.back = text,
            _ => {}
        }
    }
    Ok(sent)
}

/// A text of the form; longer than any title or abstract is refused before it is read to its end.
pub async fn receive_text(mut field: axum::extract::multipart::Field<'_>) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|_| AppError::Malformed)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST_TEXT {
            return Err(Error::Invalid(vec![Problem::new("", &t("evidence-long-text"))]).into());
        }
    }
    typed::text(&bytes)
}

/// A file of the form, judged by its content, stored and scanned; `None` when none was chosen. `link` is the page it is
/// brought to.
pub async fn receive_file(
    app: &App,
    signed: &Signed,
    field: axum::extract::multipart::Field<'_>,
    link: &str,
) -> Result<Option<StoredFile>> {
    let name = safe_name(&engine::text::clean(field.file_name().unwrap_or_default()));
    if name.is_empty() {
        return Ok(None);
    }
    let mut bytes = Box::pin(field.map_err(std::io::Error::other));
    // Judged by its first bytes before anything of it is kept.
    let mut head = Vec::new();
    while head.len() < 16 {
        match bytes.try_next().await.map_err(|_| AppError::Malformed)? {
            Some(piece) => head.extend_from_slice(&piece),
            None => break,
        }
    }
    let Some(media_type) = media_type(&head, &name) else {
        return Err(Error::Invalid(vec![Problem::new("file", &t("evidence-bad-type"))]).into());
    };
    let whole = futures::stream::once(std::future::ready(Ok(head.into()))).chain(bytes);
    uploads::keep(app, signed, Box::pin(whole), (media_type, name), link).await.map(Some)
}

/// The last part of the path, without control and direction characters, at most 200 characters.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: &char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let plain: String = last.chars().filter(|c| !hidden(c)).take(200).collect();
    plain.trim().trim_start_matches('.').to_owned()
}

/// The type by content; `None` for what is not accepted as evidence.
pub fn media_type(head: &[u8], name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let ends = |suffix: &str| lower.ends_with(suffix);
    match head {
        [b'%', b'P', b'D', b'F', ..] => Some("application/pdf"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'P', b'K', 3, 4, ..] if ends(".docx") => {
            Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        }
        [b'P', b'K', 3, 4, ..] if ends(".xlsx") => {
            Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        [b'P', b'K', 3, 4, ..] if ends(".zip") => Some("application/zip"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] if ends(".doc") => Some("application/msword"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] if ends(".xls") => Some("application/vnd.ms-excel"),
        _ => None,
    }
}

/// `GET /lam-viec/tlkc/{evidence}`: the file, whole or a range, or the link.
pub async fn download(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<EvidenceId>,
    headers: HeaderMap,
) -> Result<Response> {
    let tx = app.db.read(&signed.caller).await?;
    let (item, hash) = evidence::open(&tx, id).await?;
    drop(tx);
    let Some(hash) = hash else {
        return Ok(Redirect::to(&item.link.unwrap_or_default()).into_response());
    };
    serve_file(&app, &signed, &hash, &item.name, item.media_type.as_deref(), Some(&headers)).await
}

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
                <a href=format!("/lam-viec/tlkc/{}", item.id) target="_blank" rel="noopener noreferrer">{item.name}</a>
                {(!about.is_empty()).then(|| view! { <small class="muted">{about.join(" · ")}</small> })}
                {item.length.map(|length| view! { <small class="muted">{format::size(length)}</small> })}
                {item.after_submission.then(|| view! { <Tag kind=TagKind::Gold text=t("evidence-supplement")/> })}
                {item.scan.is_open().then(|| view! { <Tag kind=TagKind::Gold text=t("desk-unscanned")/> })}
                {infected.then(|| view! { <Tag kind=TagKind::Red text=t("desk-infected")/> })}
                {(item.side == Side::Council).then(|| view! { <Tag text=t("evidence-by-council")/> })}
                {item.replaced.map(|replaced| view! {
                    <small class="muted block">{t_with("desk-replaced", [("reason", replaced.reason.into())])}</small>
                })}
                <Preview id=item.id.to_string() media_type=item.media_type.filter(|_| !infected) short=t("desk-preview-short") label=preview/>
            </li>
        }
    };
    view! { <ul class="files" role="list">{items.into_iter().map(item).collect_view()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\Users\\a\\Báo cáo.pdf"), "Báo cáo.pdf");
        assert_eq!(safe_name("bao\u{202e}fdp.exe\0"), "baofdp.exe");
        assert_eq!(safe_name(".htaccess"), "htaccess");
    }

    #[test]
    fn types_are_told_by_content() {
        assert_eq!(media_type(b"%PDF-1.7", "x.txt"), Some("application/pdf"));
        assert_eq!(media_type(b"<svg xmlns", "x.png"), None);
        assert_eq!(media_type(b"<html>", "x.pdf"), None);
        assert_eq!(media_type(b"PK\x03\x04", "x.html"), None);
    }
}
