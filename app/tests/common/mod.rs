//! The whole service over a folder of its own, asked without a socket.
#![allow(clippy::unwrap_used, dead_code)]

pub mod authority;
pub mod forms;
pub mod later;
pub mod mail;
pub mod published;

use std::net::SocketAddr;
use std::sync::Arc;

use app::{App, Config, server, state};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use tempfile::TempDir;
use tenants::indicator_sets::sandbox::WorkerCommand;
use tower::ServiceExt;

pub struct Service {
    pub app: App,
    _data: TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Service {
    pub async fn start() -> Service {
        Service::with(|_| ()).await
    }

    pub async fn with(settings: impl FnOnce(&mut Config)) -> Service {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::embedded(data.path().into());
        // The test itself is no worker.
        config.rules_worker = Some(env!("CARGO_BIN_EXE_thuoc").into());
        settings(&mut config);
        let mut app = state::connect(config).await.unwrap();
        // Scripts are run by the real program: this process is a test.
        let program = env!("CARGO_BIN_EXE_thuoc").into();
        Arc::get_mut(&mut app).unwrap().worker = WorkerCommand { program, args: vec!["rules".into(), "worker".into()] };
        Service { app, _data: data }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4000))));
        let response = server::service(&self.app).oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        Answer { status: head.status, headers: head.headers, body: text, bytes: body.to_vec() }
    }

    /// A page as a signed-in person asks for it.
    pub async fn page(&self, path: &str, cookie: &str) -> Answer {
        self.send(ours(Method::GET, path, Some(cookie)).body(Body::empty()).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A form sent from one of our own pages.
    pub async fn post(&self, path: &str, form: &str, cookie: Option<&str>) -> Answer {
        self.send(ours(Method::POST, path, cookie).body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Signs in and answers the session cookie.
    pub async fn sign_in(&self, login: &str, password: &str) -> String {
        let answer = self.post("/dang-nhap", &format!("login={login}&password={password}"), None).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.cookie()
    }
}

/// A request as a browser sends it from our own page.
pub fn ours(method: Method, path: &str, cookie: Option<&str>) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    match cookie {
        Some(cookie) => request.header(COOKIE, cookie),
        None => request,
    }
}

impl Answer {
    pub fn cookie(&self) -> String {
        let set = self.headers.get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok()?.split(';').next());
        let set: Vec<&str> = set.collect();
        // The session's, where others come with it.
        let session = set.iter().find(|set| set.starts_with("thuoc=")).or(set.first());
        (*session.expect("no cookie")).to_owned()
    }

    /// All that was set, as a browser sends it back.
    pub fn cookies(&self) -> String {
        let set = self.headers.get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok()?.split(';').next());
        set.collect::<Vec<_>>().join("; ")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }
}
