//! The web application: pages rendered on the server, their routes, sessions, and the command line.
//!
//! `server::site` lists every route. A handler authenticates, calls one use case of `tenants` and renders a
//! component from plain data. Nothing outside this crate knows HTTP, cookies or leptos (the islands aside).

pub mod assets;
pub mod audit_wording;
pub mod caller;
mod cells;
pub mod components;
pub mod config;
mod days;
pub mod documents;
mod download;
pub mod error;
mod file_names;
pub mod form;
pub mod format;
pub mod health;
pub mod logs;
pub mod mailer;
pub mod maintenance;
pub mod maintenance_commands;
mod multipart;
pub mod operator;
pub mod page_cache;
pub mod page_front;
pub mod pages;
pub mod refill;
pub mod refused_form;
pub mod render;
mod retry;
pub mod rules;
pub mod security;
pub mod serve;
pub mod server;
pub mod session;
pub mod site;
pub mod spelling;
pub mod state;
pub mod text;
pub mod typed;
mod uploads;
pub mod verify;

pub use config::Config;
pub use error::{AppError, Result};
pub use state::App;
