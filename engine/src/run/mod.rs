//! Running scripts: definitions once, when a set is saved; formulas whenever an answer changes.

mod arms;
mod branches;
mod cases;
mod check;
mod convert;
mod cut;
mod declaring;
mod definition;
mod edges;
mod evaluate;
mod explain;
mod flags;
mod formula;
mod leaf;
mod lines;
mod message;
mod minus;
mod node;
mod numbers;
mod plan;
mod rewrite;
mod sandbox;
pub mod shapes;
mod suggest;
mod tell;
mod thresholds;
mod types;
mod validate;
mod version;
mod vocabulary;

pub use branches::Coverage;
pub use cases::CaseResult;
pub use check::check;
pub use declaring::definition_words;
pub use definition::{Compiled, Drafted, compile, draft};
pub use evaluate::Rules;
pub use plan::use_plans;
pub use rewrite::{is_plain, rewrite};
pub use version::Version;
pub use vocabulary::{Help, vocabulary};

/// For the benchmark, which measures one formula without the scorecard around it.
pub mod bench {
    pub use super::formula::CompiledFormula;
    pub use super::plan::{Plan, Slot, Slots};

    /// Compiles a formula that may read `names`, all numbers, of an indicator with this maximum.
    pub fn formula(
        text: &str,
        names: &[&str],
        max: rust_decimal::Decimal,
    ) -> Result<CompiledFormula, crate::Diagnostic> {
        let formula = crate::Formula { text: text.into(), line: 1, column: 1 };
        let mut compiled = super::formula::compile(&formula, names)?;
        compiled.plan(&|_| Some(super::types::Type::Number), Some(max));
        Ok(compiled)
    }
}
