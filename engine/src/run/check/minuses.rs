//! `-x ** 2`, which two people read in two ways.

use crate::diagnostic::{Diagnostic, Severity};
use crate::run::leaf::ScoredLeaf;
use crate::run::{formula, message};

/// A warning at each power whose base has a minus without brackets.
pub fn ambiguous(scored: &ScoredLeaf<'_>) -> Vec<Diagnostic> {
    let warning = |place: &(usize, usize)| {
        let text = "“-x ** 2” được tính là -(x ** 2); bảng tính lại hiểu là (-x) ** 2. \
                    Hãy viết dấu ngoặc để không ai hiểu khác.";
        let found = message::error("minus-power", text.into(), formula::inside(scored.source, *place));
        Diagnostic { severity: Severity::Warning, indicator: Some(scored.leaf.code.clone()), ..found }
    };
    scored.formula.bare_powers.iter().map(warning).collect()
}
