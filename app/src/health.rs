//! `/healthz`: the process answers. `/readyz`: the parts it needs answer, each by name.

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

pub async fn alive() -> &'static str {
    "ok"
}

/// 503 only when the database is down: without cache or files most pages still work, and without a scanner all of them.
pub async fn ready(State(app): State<App>) -> (StatusCode, Json<Ready>) {
    let part = |up: bool| if up { Part::Up } else { Part::Down };
    let ready = Ready {
        database: part(app.db.ping().await.is_ok()),
        cache: part(app.cache.ping().await),
        files: part(app.blobs.ping().await.is_ok()),
        scanner: match &app.config.clamd {
            Some(scanner) => part(scanner.ping().await),
            None => Part::Off,
        },
    };
    let status = if ready.database == Part::Up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(ready))
}
