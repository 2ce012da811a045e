//! Evidence: upload beside an indicator, download for whoever may see the sheet.

use axum::extract::{Multipart, Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_LENGTH};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use tenants::desk::Row;
use tenants::documents::DocumentCard;
use tenants::evidence::{self, Attach, Replaces, Source};
use tenants::ids::{AssessmentId, EvidenceId};
use tenants::store::Tx;
use tenants::{Error, Problem, paths};

use crate::caller::Signed;
use crate::days::optional_day;
use crate::download::serve_file;
use crate::form::Submission;
use crate::multipart::{receive_file, receive_text, whole};
use crate::text::t;
use crate::uploads::Received;
use crate::{App, AppError, Result, typed};

/// Bytes that the texts of a form may take beside its file: no file is refused for them.
const WORDS: u64 = 64 * 1024;
/// Files of one form.
const MOST_FILES: usize = 20;

/// A form of files or a link with their document card.
#[derive(Default)]
struct Sent {
    files: Vec<Received>,
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
    let may = evidence::may_attach(&app.db.read(&signed.caller).await?, sheet, &code, coming(&headers)).await;
    let longest = match may {
        Ok(longest) => longest,
        Err(refused) => {
            typed::read_texts(form).await;
            return Err(refused.into());
        }
    };
    let link = paths::sheet(sheet);
    let read = async |form: &mut Multipart| receive(&app, &signed, form, (longest, &link)).await;
    let mut sent = whole(form, read).await?;
    if !sent.pieces.is_empty() {
        let pieces = (sent.pieces.as_str(), sent.file_name.as_str());
        sent.files.push(crate::pages::sheet::pieces::assemble(&app, &signed, pieces, (longest, &link)).await?);
    }
    let wanted = sent.wanted()?;
    // Tried before anything is stored: what is refused leaves nothing behind.
    if !sent.files.is_empty() {
        attach_all(&app.db.begin(&signed.caller).await?, sheet, &code, wanted.clone()).await?;
        for received in sent.files {
            received.store(&app, &signed).await?;
        }
    }
    let tx = app.db.begin(&signed.caller).await?;
    let row = attach_all(&tx, sheet, &code, wanted).await?;
    tx.commit().await?;
    Ok(answer(&headers, row, &sent.back, sheet))
}

async fn attach_all(tx: &Tx, sheet: AssessmentId, code: &str, all: Vec<Attach>) -> tenants::Result<Row> {
    let mut row = Err(Error::NotFound);
    for attach in all {
        row = Ok(evidence::attach(tx, sheet, code, attach).await?);
    }
    row
}

/// Bytes that are about to be sent beside the words of a form.
fn coming(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    length.unwrap_or(0).saturating_sub(WORDS)
}

impl Sent {
    /// What the form brings, each file a document with the same card: files beat a known document, which beats a link.
    fn wanted(&self) -> Result<Vec<Attach>> {
        let invalid = |field: &str, key: &str| Err(Error::Invalid(vec![Problem::new(field, &t(key))]).into());
        let replaces = self.replaces.parse().ok().map(|old| Replaces { old, reason: self.replace_reason.clone() });
        if replaces.is_some() && self.files.len() > 1 {
            return invalid("file", "evidence-one-replaces");
        }
        let mut sources: Vec<Source> = self.files.iter().map(|received| Source::File(received.file.clone())).collect();
        if sources.is_empty() {
            sources.extend(self.known.parse().ok().map(Source::Known));
        }
        if sources.is_empty() && !self.url.trim().is_empty() {
            sources.push(Source::Link { title: self.title.clone(), url: self.url.clone() });
        }
        if sources.is_empty() {
            return invalid("file", "evidence-nothing");
        }
        let attach =
            |source| Attach { source, card: self.card.clone(), page: self.page.clone(), replaces: replaces.clone() };
        Ok(sources.into_iter().map(attach).collect())
    }
}

#[derive(Deserialize)]
pub struct Corrected {
    #[serde(default)]
    number: String,
    #[serde(default)]
    issued_on: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    signer: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    back: String,
}

/// `POST /lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/the`: the card of a document, corrected before signing.
pub async fn correct(
    submission: Submission,
    Path((sheet, code, id)): Path<(AssessmentId, String, EvidenceId)>,
    headers: HeaderMap,
    Form(typed): Form<Corrected>,
) -> Result<Response> {
    let card = DocumentCard {
        number: typed.number,
        issued_on: optional_day("issued_on", &typed.issued_on)?,
        issuer: typed.issuer,
        summary: typed.summary,
        signer: typed.signer,
    };
    let row =
        submission.act(async |tx| evidence::correct_card(tx, sheet, &code, id, (card, &typed.page)).await).await?;
    Ok(answer(&headers, row, &typed.back, sheet))
}

/// `POST /lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/go`
pub async fn detach(
    submission: Submission,
    Path((sheet, code, id)): Path<(AssessmentId, String, EvidenceId)>,
    headers: HeaderMap,
) -> Result<Response> {
    let row = submission.act(async |tx| evidence::detach(tx, sheet, &code, id).await).await?;
    Ok(answer(&headers, row, "", sheet))
}

fn answer(headers: &HeaderMap, row: Row, back: &str, sheet: AssessmentId) -> Response {
    let json = headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    if json {
        return Json(row).into_response();
    }
    let own = back.starts_with("/lam-viec/");
    let target = if own { back.to_owned() } else { format!("{}#c{}", paths::desk(sheet, &row.section), row.code) };
    Redirect::to(&target).into_response()
}

async fn receive(app: &App, signed: &Signed, form: &mut Multipart, (longest, link): (u64, &str)) -> Result<Sent> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            if sent.files.len() == MOST_FILES {
                return Err(Error::Invalid(vec![Problem::new("file", &t("evidence-many-files"))]).into());
            }
            sent.files.extend(receive_file(app, signed, field, (longest, link)).await?);
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
