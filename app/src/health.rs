//! `/healthz`: the process answers. `/readyz`: the parts it needs answer, each by name.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::App;

#[derive(Serialize)]
pub struct Ready {
    database: Part,
    cache: Part,
    files: Part,
    /// The virus scanner.
    scanner: Part,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Up,
    Down,
    /// None is set up.
    Off,
}

/// Longest wait for a part; all are asked at the same time.
const ANSWER: Duration = Duration::from_secs(1);

/// A part that does not answer in time is down.
async fn asked(question: impl Future<Output = bool>) -> Part {
    match tokio::time::timeout(ANSWER, question).await {
        Ok(true) => Part::Up,
        _ => Part::Down,
    }
}

pub async fn alive() -> &'static str {
    "ok"
}

/// 503 only when the database is down: without cache or files most pages still work, and without a scanner all of them.
pub async fn ready(State(app): State<App>) -> (StatusCode, Json<Ready>) {
    let scanner = async {
        match &app.config.clamd {
            Some(scanner) => asked(scanner.ping()).await,
            None => Part::Off,
        }
    };
    let (database, cache, files, scanner) = tokio::join!(
        asked(async { app.db.ping().await.is_ok() }),
        asked(app.cache.ping()),
        asked(async { app.blobs.ping().await.is_ok() }),
        scanner,
    );
    let ready = Ready { database, cache, files, scanner };
    let status = if ready.database == Part::Up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(ready))
}
