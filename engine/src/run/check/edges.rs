//! What a formula gives at the edges of its inputs: it must give a number, and should stay in 0..max.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::OUT_OF_RANGE;
use crate::diagnostic::Diagnostic;
use crate::run::leaf::ScoredLeaf;
use crate::run::{edges, formula, message, numbers, tell};
use crate::{Value, number};

/// Tries the formula on the edges of its inputs and answers the first finding.
pub fn out_of_range(scored: &ScoredLeaf<'_>) -> Option<Diagnostic> {
    edges::combinations(scored).into_iter().find_map(|figures| edge(scored, &figures))
}

fn edge(scored: &ScoredLeaf<'_>, figures: &BTreeMap<&str, Value>) -> Option<Diagnostic> {
    let max = scored.leaf.max;
    match scored.formula.number(scored.values(figures)) {
        Ok(points) if points < Decimal::ZERO || points > max => {
            let text = format!(
                "Với {}, công thức cho {}, ngoài khoảng 0 đến {}; hãy giới hạn bằng min(1, …) hoặc max(0, …).",
                given(figures),
                tell::shown(&points),
                number::trim(max)
            );
            Some(found(scored, OUT_OF_RANGE, text, (scored.source.line, scored.source.column)))
        }
        Ok(_) => None,
        Err(cause) if numbers::is_zero_denominator(&cause) => None,
        Err(cause) => {
            let (code, text) = message::of_eval(&cause, &words());
            let text = if figures.is_empty() { text } else { format!("{text} (với {})", given(figures)) };
            let place = formula::inside(scored.source, message::place(cause.position()));
            Some(found(scored, code, text, place))
        }
    }
}

fn given(figures: &BTreeMap<&str, Value>) -> String {
    let tell = |(name, value): (&&str, &Value)| match value {
        Value::Bool(yes) => format!("{name} = {}", if *yes { "có" } else { "không" }),
        Value::Number(given) => format!("{name} = {}", number::trim(*given)),
    };
    figures.iter().map(tell).collect::<Vec<_>>().join(", ")
}

fn words() -> Vec<&'static str> {
    crate::run::vocabulary().map(|word| word.name).collect()
}

fn found(scored: &ScoredLeaf<'_>, code: &str, text: String, place: (usize, usize)) -> Diagnostic {
    Diagnostic { indicator: Some(scored.leaf.code.clone()), ..message::error(code, text, place) }
}
