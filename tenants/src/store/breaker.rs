//! The breaker before PostgreSQL: once it is found not to answer, nobody waits for it until it does.
//!
//! A failure, or a wait of more than a moment, is a doubt: the breaker then asks the server on a connection of its own,
//! because a pool may be exhausted while the server is well. Without an answer it opens, refuses at once, and goes on
//! asking; the first answer closes it. SQLite has none: its file does not go away.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::DbErr;
use sea_orm::sqlx::{self, Connection, PgConnection};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::error::Part;
use crate::{Error, Result};

/// Waiting longer than this raises a doubt.
const DOUBT: Duration = Duration::from_millis(800);
/// Longest wait for the breaker's own question.
const ANSWER: Duration = Duration::from_secs(1);
/// Between two questions to a server that is away.
const INTERVAL: Duration = Duration::from_millis(500);

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Breaker(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    url: String,
    open: watch::Sender<bool>,
    asking: AtomicBool,
}

impl Breaker {
    /// For the database at `url`.
    pub fn new(url: &str) -> Breaker {
        let inner = || Inner { url: url.into(), open: watch::Sender::new(false), asking: AtomicBool::new(false) };
        Breaker((!url.starts_with("sqlite:")).then(|| Arc::new(inner())))
    }

    /// What the database answers. `Err(Away)` at once while it is known to be away, and as soon as that is found out.
    pub async fn ask<T>(&self, question: impl Future<Output = std::result::Result<T, DbErr>>) -> Result<T> {
        let Some(inner) = &self.0 else { return Ok(question.await?) };
        let mut open = inner.open.subscribe();
        if *open.borrow() {
            return Err(away());
        }
        let mut question = pin!(question);
        let waited = tokio::select! {
            answer = &mut question => Some(answer),
            () = sleep(DOUBT) => None,
        };
        let answer = match waited {
            Some(answer) => answer,
            None => {
                inner.doubt();
                tokio::select! {
                    answer = &mut question => answer,
                    _ = open.wait_for(|open| *open) => return Err(away()),
                }
            }
        };
        answer.map_err(|cause| {
            let error = Error::from(cause);
            if matches!(error, Error::Away { .. }) {
                inner.doubt();
            }
            error
        })
    }
}

fn away() -> Error {
    Error::Away { part: Part::Database, cause: None }
}

impl Inner {
    /// Finds out in the background, unless somebody is at it.
    fn doubt(self: &Arc<Self>) {
        if !self.asking.swap(true, Ordering::AcqRel) {
            tokio::spawn(Arc::clone(self).watch());
        }
    }

    async fn watch(self: Arc<Self>) {
        if !self.answers().await {
            tracing::warn!("the database does not answer; refusing what needs it until it does");
            self.open.send_replace(true);
            while !self.answers().await {
                sleep(INTERVAL).await;
            }
            tracing::info!("the database answers again");
            self.open.send_replace(false);
        }
        self.asking.store(false, Ordering::Release);
    }

    async fn answers(&self) -> bool {
        let question = async {
            let mut connection = PgConnection::connect(&self.url).await?;
            sqlx::query("SELECT 1").execute(&mut connection).await?;
            connection.close().await
        };
        matches!(timeout(ANSWER, question).await, Ok(Ok(())))
    }
}
