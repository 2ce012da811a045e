//! What people do to what is.

pub mod appraisal;
pub mod assessments;
pub mod council;
pub mod evidence;
pub mod petitions;
pub mod ranking;
pub mod samples;
pub mod simulation;
#[cfg(feature = "store")]
pub mod workbook;
