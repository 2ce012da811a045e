//! A person: signing in, the language, the authority worked for, what one was told.

pub mod authority;
pub mod inbox;
pub mod language;
pub mod sign_in;
