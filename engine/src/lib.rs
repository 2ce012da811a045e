//! Indicator sets, formulas, scorecards and ranks: the rules of a digital transformation index as data.
//!
//! A definition script declares a set; its formulas are single expressions over exact numbers. The crate has no I/O, clock,
//! randomness or async: the same script and the same answers give the same scorecard on every machine.
//!
//! ```
//! # #[cfg(feature = "run")] {
//! use engine::{Answers, run};
//!
//! let compiled = run::compile(r#"
//!     indicator_set("vi-du", #{ name: "Ví dụ", total: 20 });
//!     group("chung", "Nhóm chung", 20);
//!     main_index("1", "Hạ tầng số", 20);
//!     indicator("1.1", "Tỷ lệ CCVC có máy tính", 20)
//!         .input("co_may", count("Số CCVC có máy tính"))
//!         .input("tong", count("Tổng số CCVC"))
//!         .formula("ratio(co_may, tong) * max");
//! "#).unwrap();
//! let rules = run::Rules::new(compiled.set).unwrap();
//! let answers: Answers =
//!     serde_json::from_str(r#"{ "answers": { "1.1": { "inputs": { "co_may": 48, "tong": 52 } } } }"#).unwrap();
//! assert_eq!(rules.evaluate(&answers).index.unwrap().to_string(), "92.30");
//! # }
//! ```

mod answers;
pub mod by_code;
pub mod code;
mod diagnostic;
pub mod diff;
pub mod exact;
pub mod number;
mod print;
pub mod rank;
pub mod round;
mod scorecard;
mod set;
pub mod table;
pub mod text;

#[cfg(feature = "run")]
pub mod run;

pub use answers::{Answer, Answers, Value};
pub use diagnostic::{AnswerError, AnswerErrorKind, Diagnostic, Severity};
pub use print::print;
pub use scorecard::{Explanation, IndicatorScore, MainIndexScore, OwnPoints, Read, ReadSource, ScoreState, Scorecard};
pub use set::*;

/// Kept with every score. It changes whenever the same script and answers might score otherwise.
pub const ENGINE_VERSION: &str = "2";
