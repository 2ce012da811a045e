//! What can go wrong, for the person who must act. Each variant exists because somebody decides by it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or it is not yours to see: the two are not told apart.
    #[error("not found")]
    NotFound,
    #[error("not allowed")]
    Forbidden,
    /// The role is there, the seat in the council of this period is not. `by`: names of those who can give one.
    #[error("no seat in the council")]
    Unseated { by: Vec<String> },
    /// Somebody saved before you; nothing was written.
    #[error("somebody saved first")]
    Stale,
    /// The stage or the deadline is over.
    #[error("closed")]
    Closed { until: Option<OffsetDateTime> },
    /// What was entered is wrong; each problem says what to do, in Vietnamese.
    #[error("invalid input")]
    Invalid(Vec<Problem>),
    /// The act does not fit the present state; the text says why, in Vietnamese.
    #[error("conflict: {0}")]
    Conflict(String),
    /// What is stored is not what its hash was taken of; the text names it, for the log. It is shown to nobody.
    #[error("{0}")]
    Mismatch(String),
    /// Ours. Logged once, with its chain; the person sees a code.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// One thing to mend, at its field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub field: String,
    pub message: String,
}

impl Problem {
    pub fn new(field: &str, message: &str) -> Problem {
        Problem { field: field.into(), message: message.into() }
    }
}

impl Error {
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Internal(cause.into())
    }
}

#[cfg(feature = "store")]
impl From<sea_orm::DbErr> for Error {
    fn from(cause: sea_orm::DbErr) -> Error {
        match cause.sql_err() {
            // The only unique keys a race can hit are guarded by a revision or a "first one wins".
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Error::Stale,
            // PostgreSQL keeps no NUL character in a text; SQLite would. Nobody types one on purpose.
            _ if cause.to_string().contains("invalid byte sequence") => {
                Error::Invalid(vec![Problem::new("", "Nội dung có ký tự không hợp lệ; hãy xóa rồi nhập lại.")])
            }
            _ => Error::internal(cause),
        }
    }
}
