//! The council: who sits in it, what each judges, its decisions and its minutes.

pub mod assignments;
pub mod differences;
pub mod indicator;
pub mod list;
pub mod minutes;
pub mod row;
pub mod seats;
pub mod second_scores;
pub mod unit;
