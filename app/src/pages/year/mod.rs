//! A year of assessment: opened, planned, watched, its rules changed, published.

pub mod board;
pub mod data_review;
pub mod deadlines;
pub mod engine;
pub mod exemptions;
pub mod extension;
pub mod late;
pub mod list;
pub mod plan;
pub mod publish;
pub mod quota;
pub mod rule_change;
pub mod settings;
pub mod units;
