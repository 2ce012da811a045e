//! One file per page: its actions on top, its component below; a folder when it grows.

pub mod desk;
pub mod home;
pub mod language;
pub mod sign_in;
