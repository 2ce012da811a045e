//! Formulas as their authors think of them: the common shapes as forms, and any formula in words.

mod clause;
mod form;
mod read;
mod switch;
mod words;

pub(super) use clause::Speaker;
pub use form::{Entry, Field, FieldKind, Form, Shape, forms};
pub(super) use form::{figure, goal, steps};
pub(super) use words::percent;
pub use words::words;
