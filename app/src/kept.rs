//! A small form that was refused, of the many a page may hold: the page comes back with what was typed in its place and
//! what to mend. It waits in the session beside the message, so that reloading sends nothing again.

use std::collections::BTreeMap;

use axum::response::Redirect;
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};
use tenants::{Error, Problem};
use tower_sessions::Session;

use crate::Result;
use crate::session::{self, Flash, FlashKind};
use crate::text::t;

/// What one form held when it was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The form's name, unique on its page.
    form: String,
    values: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Kept {
    /// What the page being rendered keeps for this form; empty when the form was not refused.
    pub fn of(form: &str) -> Kept {
        use_context::<Kept>().filter(|kept| kept.form == form).unwrap_or_default()
    }

    pub fn is_refused(&self) -> bool {
        !self.form.is_empty()
    }

    /// The text typed into a field, or what the field begins with.
    pub fn value(&self, field: &str, otherwise: impl Into<String>) -> String {
        self.values.get(field).cloned().unwrap_or_else(|| otherwise.into())
    }

    /// What to mend at a field.
    pub fn at(&self, field: &str) -> Vec<String> {
        let mine = self.problems.iter().filter(|problem| problem.field == field);
        mine.map(|problem| problem.message.clone()).collect()
    }
}

/// Leads back to the form's place, with what was typed, where the act was refused for what was typed or because somebody
/// was faster; any other error is the caller's.
pub async fn lead_back(
    session: &Session,
    form: String,
    values: &[(&str, &str)],
    target: &str,
    error: Error,
) -> Result<Redirect> {
    let (text, problems) = match error {
        Error::Invalid(problems) => {
            let told = problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ");
            (told, problems)
        }
        Error::Stale => (t("form-stale"), Vec::new()),
        other => return Err(other.into()),
    };
    let values = values.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect();
    let kept = Some(Kept { form, values, problems });
    session::leave(session, Flash { kind: FlashKind::Problem, text, kept }).await?;
    Ok(Redirect::to(target))
}
