//! The business: who may do what, and what is stored.
//!
//! A house of floors; a module imports from the floors below it and never from above (`tests/floors.rs` holds it):
//! `ground` (words, numbers, permissions), `store` and `files` (database, log, cache, bytes), `record` (what is), `act`
//! (what people do), `year` (the conductor), `read` (what is shown across). On each floor one folder per noun: `mod.rs` holds
//! the types a page shows and the pure rules, the other files the use cases. A noun is named without its floor: `crate::sheets`.
//!
//! Use cases are free functions that take a [`store::Tx`] first; a `Tx` exists only for a [`caller::Caller`],
//! and the tenant is read from the caller, never passed.
//! Without the feature `store` only types and pure rules remain, which the browser shares with the server.

mod act;
pub mod files;
mod ground;
mod read;
mod record;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod year;

#[cfg(feature = "store")]
pub use act::workbook;
pub use act::{appraisal, assessments, council, evidence, petitions, ranking, samples, simulation};
pub(crate) use ground::guards;
#[cfg(feature = "store")]
pub(crate) use ground::{apart, collation, spreadsheet, web};
pub use ground::{caller, clock, dates, error, ids, paths, points, policy, typed};
#[cfg(feature = "store")]
pub use read::{history, integrity};
pub use read::{improvement, minutes, publication};
pub use record::{
    calendar, decisions, desk, documents, indicator_sets, members, notices, periods, seats, sheets, tenant, units,
};
#[cfg(feature = "store")]
pub use store::{audit, cache};

pub use caller::Caller;
pub use error::{Error, Problem, Result};
