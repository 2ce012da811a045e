//! Running scripts: definitions once, when a set is saved; formulas whenever an answer changes.

mod cases;
mod check;
mod definition;
mod evaluate;
mod explain;
mod formula;
mod message;
mod sandbox;
mod validate;
mod vocabulary;

pub use cases::CaseResult;
pub use check::check;
pub use definition::{Compiled, compile};
pub use evaluate::Rules;
pub use vocabulary::{Word, vocabulary};
