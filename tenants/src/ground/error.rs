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
    /// Something underneath does not answer. Nothing is broken: the same works again when it is back.
    #[error("{part} does not answer")]
    Away {
        part: Part,
        #[source]
        cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// What is stored is not what its hash was taken of; the text names it, for the log. It is shown to nobody.
    #[error("{0}")]
    Mismatch(String),
    /// Ours. Logged once, with its chain; the person sees a code.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What the application stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Database,
    /// Where evidence lies.
    Files,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Part::Database => "the database",
            Part::Files => "the store of files",
        })
    }
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

    /// The part does not answer; `cause` is for the log.
    pub fn away(part: Part, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Away { part, cause: Some(cause.into()) }
    }
}

#[cfg(feature = "store")]
impl Error {
    /// The database gave this up so that something else could go on, and wrote nothing: the same work may succeed now.
    pub fn may_be_tried_again(&self) -> bool {
        use sea_orm::{DbErr, RuntimeErr};
        let Error::Internal(cause) = self else { return false };
        let Some(DbErr::Exec(RuntimeErr::SqlxError(told)) | DbErr::Query(RuntimeErr::SqlxError(told))) =
            cause.downcast_ref::<DbErr>()
        else {
            return false;
        };
        let code = told.as_database_error().and_then(|told| told.code());
        // Serialisation failure, deadlock, lock not available; SQLite: busy, busy because of an older snapshot.
        code.is_some_and(|code| ["40001", "40P01", "55P03", "5", "517"].contains(&code.as_ref()))
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
            _ if is_away(&cause) => Error::away(Part::Database, cause),
            _ => Error::internal(cause),
        }
    }
}

/// Whether the connection failed rather than the statement.
#[cfg(feature = "store")]
fn is_away(cause: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr, SqlxError};
    let (DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))) = cause
    else {
        return matches!(cause, DbErr::ConnectionAcquire(_));
    };
    match &**cause {
        SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::WorkerCrashed => true,
        SqlxError::Io(_) | SqlxError::Tls(_) | SqlxError::Protocol(_) => true,
        // Connection exceptions, shutdown and start-up, too many connections, a full disk (SQLite's is 13): nothing was
        // written, and it works again when there is room.
        SqlxError::Database(told) => told.code().is_some_and(|code| {
            let away = ["53300", "53100", "13"].contains(&code.as_ref());
            away || code.starts_with("08") || code.starts_with("57P0")
        }),
        _ => false,
    }
}
