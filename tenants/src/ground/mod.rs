//! Ground floor: words, numbers and permissions everything else speaks in. Knows no table.

#[cfg(feature = "store")]
pub(crate) mod apart;
pub mod caller;
pub mod clock;
#[cfg(feature = "store")]
pub(crate) mod collation;
pub mod dates;
pub mod error;
pub(crate) mod guards;
pub mod ids;
pub mod paths;
pub mod points;
pub mod policy;
#[cfg(feature = "store")]
pub(crate) mod spreadsheet;
pub mod typed;
#[cfg(feature = "store")]
pub(crate) mod web;
