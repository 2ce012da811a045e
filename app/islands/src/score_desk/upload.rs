//! Sending a file over a slow or broken line: in pieces, each tried again until it arrives, so that a break costs one
//! piece and not the whole file.

use tenants::desk::Row;
use tenants::files::{MAX_FILE, PIECE};
use tenants::ids::AssessmentId;
use wasm_bindgen::JsCast;

use super::attach::Sending;
use super::link::{self, Failure};
use leptos::prelude::*;

/// Tries of one piece, with growing waits: about five minutes without a line.
const TRIES: u32 = 30;
/// Milliseconds.
const LONGEST_WAIT: u64 = 15_000;

/// What came of a form that may hold several files, each of which is sent alone.
#[derive(Default)]
pub struct Sent {
    /// The row as it is after the last that arrived.
    pub row: Option<Row>,
    /// Files that did not arrive.
    pub left: Vec<web_sys::File>,
    /// By the name of the file; without one for a form without files.
    pub problems: Vec<(String, Failure)>,
    pub cancelled: bool,
}

/// Sends the form once for each of its files, or once where it has none.
pub async fn attach_all(sheet: AssessmentId, code: &str, form: web_sys::FormData, sending: Sending) -> Sent {
    let mut sent = Sent::default();
    // A browser sends a file without name and content where none was chosen.
    let all = form.get_all("file");
    let chosen = all.iter().filter_map(|file| file.dyn_into::<web_sys::File>().ok());
    let files: Vec<web_sys::File> = chosen.filter(|file| !file.name().is_empty()).collect();
    if files.is_empty() {
        match link::attach(sheet, code, form).await {
            Ok(row) => sent.row = Some(row),
            Err(failure) => sent.problems.push((String::new(), failure)),
        }
        return sent;
    }
    for file in files {
        if sent.cancelled {
            sent.left.push(file);
            continue;
        }
        sending.done.set(Some(0));
        match attach(sheet, code, (&form, &file), sending).await {
            Ok(Some(row)) => sent.row = Some(row),
            Ok(None) => {
                sent.cancelled = true;
                sent.left.push(file);
            }
            Err(failure) => {
                sent.problems.push((file.name(), failure));
                sent.left.push(file);
            }
        }
    }
    sent
}

/// Sends the form with one file; a large one goes before it in pieces. `Ok(None)` when the person cancelled.
async fn attach(
    sheet: AssessmentId,
    code: &str,
    (form, file): (&web_sys::FormData, &web_sys::File),
    sending: Sending,
) -> Result<Option<Row>, Failure> {
    let failed = |_| Failure::NoNetwork;
    let alone = web_sys::FormData::new().map_err(failed)?;
    for entry in form.entries().into_iter().flatten() {
        let entry = js_sys::Array::from(&entry);
        if let (Some(name), Some(text)) = (entry.get(0).as_string(), entry.get(1).as_string()) {
            alone.append_with_str(&name, &text).map_err(failed)?;
        }
    }
    if bytes(file) > PIECE {
        let Some(pieces) = pieces(sheet, code, file, sending).await? else { return Ok(None) };
        alone.append_with_str("pieces", &pieces.join(",")).map_err(failed)?;
        alone.append_with_str("file_name", &file.name()).map_err(failed)?;
    } else {
        alone.append_with_blob_and_filename("file", file, &file.name()).map_err(failed)?;
    }
    if sending.cancelled.get_untracked() {
        return Ok(None);
    }
    link::attach(sheet, code, alone).await.map(Some)
}

/// The size of a file; browsers count in floating point, and what is larger than this can tell is refused anyway.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn bytes(file: &web_sys::File) -> u32 {
    file.size() as u32
}

/// The hashes of the pieces in their order.
async fn pieces(
    sheet: AssessmentId,
    code: &str,
    file: &web_sys::File,
    sending: Sending,
) -> Result<Option<Vec<String>>, Failure> {
    let (mut from, size) = (0, bytes(file));
    if u64::from(size) > MAX_FILE {
        let message = format!("Tệp lớn hơn {} MB; hãy nén hoặc tách tệp.", MAX_FILE / 1024 / 1024);
        return Err(Failure::Refused { message, problems: Vec::new() });
    }
    let mut hashes = Vec::new();
    while from < size {
        let to = from.saturating_add(PIECE).min(size);
        let piece = file.slice_with_f64_and_f64(from.into(), to.into()).map_err(|_| Failure::NoNetwork)?;
        let Some(hash) = patiently(sheet, code, (&piece, size), sending).await? else { return Ok(None) };
        hashes.push(hash);
        from = to;
        sending.done.set(Some(from / (size / 100).max(1)));
    }
    Ok(Some(hashes))
}

async fn patiently(
    sheet: AssessmentId,
    code: &str,
    (piece, whole): (&web_sys::Blob, u32),
    sending: Sending,
) -> Result<Option<String>, Failure> {
    for attempt in 0..TRIES {
        if sending.cancelled.get_untracked() {
            return Ok(None);
        }
        match link::piece(sheet, code, piece, whole).await {
            Err(Failure::NoNetwork) => link::pause((u64::from(attempt) * 1_000).min(LONGEST_WAIT)).await,
            other => return other.map(Some),
        }
    }
    Err(Failure::NoNetwork)
}
