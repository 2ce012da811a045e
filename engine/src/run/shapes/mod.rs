//! Formulas as their authors think of them: the common shapes as forms, and any formula in words.

mod clause;
mod read;
mod switch;
mod words;

pub use crate::shape::{Field, FieldKind, Kind, Shape, Term};
pub use words::words;
