//! A scorecard, from the first figure to what its result says could be better.

pub mod archive;
pub mod desk;
pub mod discussion;
pub mod evidence;
pub mod history;
pub mod improvement;
pub mod not_assessed;
pub mod overview;
pub mod pieces;
pub mod reopen;
pub mod review;
pub mod signing;
pub mod team;
pub mod workbook;
