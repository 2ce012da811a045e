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
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Up,
    Down,
}

pub async fn alive() -> &'static str {
    "ok"
}

/// 503 only when the database is down: without cache or files most pages still work.
pub async fn ready(State(app): State<App>) -> (StatusCode, Json<Ready>) {
    let part = |up: bool| if up { Part::Up } else { Part::Down };
    let ready = Ready {
        database: part(app.db.ping().await.is_ok()),
        cache: part(app.cache.ping().await),
        files: part(app.blobs.ping().await.is_ok()),
    };
    let status = if ready.database == Part::Up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(ready))
}
