//! A person: signing in, the language, the authority worked for, what one was told.

pub mod authority;
mod choose;
pub mod inbox;
pub mod language;
pub mod link;
pub mod password;
pub mod sign_in;
