//! Logs on standard error: readable lines, or JSON for machines. `RUST_LOG` chooses what is logged.

use tracing_subscriber::EnvFilter;

use crate::Config;

const USUAL: &str = "info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn,aws=warn";

/// To be called once, before anything logs.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(USUAL));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start (two servers in one test) keeps the first subscriber.
    let _ = if config.log_json { lines.json().try_init() } else { lines.with_target(false).compact().try_init() };
}
