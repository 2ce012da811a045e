//! Pages by what they are about: one file per page, its actions on top, its component below; a folder when it grows.

pub mod account;
pub mod council;
pub mod home;
pub mod log;
pub mod people;
pub mod portal;
pub mod sets;
pub mod sheet;
pub mod start;
pub mod year;
