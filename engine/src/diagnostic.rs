//! What is wrong with a script or an answer, said to the person who can mend it. Messages are Vietnamese.

use serde::{Deserialize, Serialize};

/// A mistake in a definition script or a formula. Line and column are 1-based, in characters; 0 means the whole file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable machine name: "unknown-name", "sum-mismatch", "too-complex", …
    pub code: String,
    pub message: String,
    pub severity: Severity,
    pub line: usize,
    pub column: usize,
    /// The indicator concerned, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

/// Why an answer cannot be scored. `kind` is the stable name, `message` is for the clerk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerError {
    pub kind: AnswerErrorKind,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerErrorKind {
    UnknownIndicator,
    UnknownInput,
    MissingInput,
    WrongType,
    NegativeNumber,
    FractionalCount,
    OutOfRange,
    NotApplicableForbidden,
    OwnPointsForbidden,
    ZeroDenominator,
    FormulaFailed,
}
