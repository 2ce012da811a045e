//! Forms with files, part by part: texts bounded and in one spelling, files judged by their content.

use axum::extract::Multipart;
use futures::TryStreamExt;
use tenants::policy::{self, Action, Subject};
use tenants::{Error, Problem};

use crate::caller::Signed;
use crate::file_names::safe_name;
use crate::text::t;
use crate::uploads::{self, Received};
use crate::{App, AppError, Result, spelling, typed};

/// Bytes.
const LONGEST_TEXT: usize = 8 * 1024;

/// Reads a form to its end whatever happens on the way: what refuses a part, such as a file, loses nothing that was typed
/// behind it. Texts in an old encoding are refused like all others.
pub async fn whole<T>(mut form: Multipart, read: impl AsyncFnOnce(&mut Multipart) -> Result<T>) -> Result<T> {
    let read = read(&mut form).await;
    if read.is_err() {
        typed::read_texts(form).await;
    }
    let read = read?;
    spelling::in_unicode(typed::current())?;
    Ok(read)
}

/// The form of an act that the caller may do; its texts are read before it is refused.
pub async fn allowed(signed: &Signed, action: Action, form: Multipart) -> Result<Multipart> {
    if policy::allows(&signed.caller, action, Subject::Tenant) {
        return Ok(form);
    }
    typed::read_texts(form).await;
    Err(Error::Forbidden.into())
}

/// A text of the form; longer than any title or abstract is refused before it is read to its end.
pub async fn receive_text(mut field: axum::extract::multipart::Field<'_>) -> Result<String> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|_| AppError::Malformed)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST_TEXT {
            return Err(Error::Invalid(vec![Problem::new("", &t("evidence-long-text"))]).into());
        }
    }
    let text = spelling::text(&bytes)?;
    typed::note(&name, &text);
    Ok(text)
}

/// A file of the form, judged by its content, scanned and not stored yet; `None` when none was chosen. It may have
/// `longest` bytes; `link` is the page it is brought to.
pub async fn receive_file(
    app: &App,
    signed: &Signed,
    field: axum::extract::multipart::Field<'_>,
    (longest, link): (u64, &str),
) -> Result<Option<Received>> {
    // A browser sends a field without a name where nothing was chosen.
    let Some(name) = field.file_name().filter(|name| !name.is_empty()) else { return Ok(None) };
    let name = safe_name(&engine::text::clean(name));
    let name = if name.is_empty() { t("evidence-unnamed") } else { name };
    let bytes = Box::pin(field.map_err(std::io::Error::other));
    uploads::receive(app, signed, bytes, (name, longest), link).await.map(Some)
}
