//! Sending a file over a slow or broken line: in pieces, each tried again until it arrives, so that a break costs one
//! piece and not the whole file.

use tenants::assessments::Row;
use tenants::evidence::{MAX_FILE, PIECE};
use tenants::ids::AssessmentId;
use wasm_bindgen::JsCast;

use super::attach::Sending;
use super::link::{self, Failure};
use leptos::prelude::*;

/// Tries of one piece, with growing waits: about five minutes without a line.
const TRIES: u32 = 30;
/// Milliseconds.
const LONGEST_WAIT: u64 = 15_000;

/// Sends the form; a large file goes before it in pieces. `Ok(None)` when the person cancelled.
pub async fn attach(
    sheet: AssessmentId,
    code: &str,
    form: web_sys::FormData,
    sending: Sending,
) -> Result<Option<Row>, Failure> {
    let file = form.get("file").dyn_into::<web_sys::File>().ok();
    if let Some(file) = file.filter(|file| bytes(file) > PIECE) {
        let Some(pieces) = pieces(sheet, code, &file, sending).await? else { return Ok(None) };
        form.delete("file");
        let _ = form.append_with_str("pieces", &pieces.join(","));
        let _ = form.append_with_str("file_name", &file.name());
    }
    if sending.cancelled.get_untracked() {
        return Ok(None);
    }
    link::attach(sheet, code, form).await.map(Some)
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
