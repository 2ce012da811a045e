//! The people of an authority and their roles, and its units: what the administrator looks after.

pub mod list;
pub mod person;
pub mod units;
pub mod units_import;
