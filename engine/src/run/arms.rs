//! The values of a `switch`'s arms. Rhai keeps their hashes only, so they are read from the text once more; as Rhai
//! compares hashes of normalised decimals, an arm is taken exactly where its value equals what is looked at.

use rhai::{Position, SwitchCasesCollection, Token};
use rust_decimal::Decimal;

use super::formula;
use crate::Value;

/// The values of each arm of the `switch` at `position`, in their order; those of the default are none. `None` where an
/// arm has a condition or a value that is neither a number nor yes/no. Ranges are none of Rhai's decimals' literals.
pub fn values(text: &str, position: Position, cases: &SwitchCasesCollection) -> Option<Vec<Vec<Value>>> {
    let arms = patterns(text, position).iter().map(|pattern| of_pattern(pattern)).collect::<Option<Vec<_>>>()?;
    let is_default = |(at, values): (usize, &Vec<Value>)| values.is_empty() == (cases.def_case == Some(at));
    let is_plain = cases.expressions.iter().all(|arm| matches!(arm.lhs, rhai::Expr::BoolConstant(true, _)));
    // The default holds the text and Rhai's tree against each other.
    let agrees = arms.len() == cases.expressions.len() && arms.iter().enumerate().all(is_default);
    (agrees && is_plain && cases.ranges.is_empty()).then_some(arms)
}

/// What stands before each `=>` of the `switch` itself, not of one inside it.
fn patterns(text: &str, position: Position) -> Vec<Vec<Token>> {
    let tokens = formula::tokens(text).into_iter().skip_while(|(_, place)| *place != position);
    let (mut patterns, mut pattern, mut depth, mut is_inside) = (Vec::new(), Vec::new(), 0usize, false);
    for (token, _) in tokens {
        match token {
            Token::LeftBrace if depth == 0 && !is_inside => {
                (is_inside, depth) = (true, 1);
                pattern.clear();
            }
            Token::LeftParen | Token::LeftBracket | Token::LeftBrace | Token::MapStart => depth += 1,
            Token::RightParen | Token::RightBracket | Token::RightBrace => match depth.checked_sub(1) {
                Some(outer) if outer > 0 || !is_inside => depth = outer,
                _ => break,
            },
            Token::DoubleArrow if is_inside && depth == 1 => patterns.push(std::mem::take(&mut pattern)),
            Token::Comma if depth == 1 => pattern.clear(),
            token => pattern.push(token),
        }
    }
    patterns
}

/// `2`, `1 | -0.5`, `true`, and nothing for `_`.
fn of_pattern(pattern: &[Token]) -> Option<Vec<Value>> {
    if let [Token::Underscore] = pattern {
        return Some(Vec::new());
    }
    let value = |alternative: &[Token]| match alternative {
        [Token::IntegerConstant(whole)] => Some(Value::Number(Decimal::from(*whole))),
        [Token::DecimalConstant(constant)] => Some(Value::Number(constant.0)),
        [Token::True] => Some(Value::Bool(true)),
        [Token::False] => Some(Value::Bool(false)),
        _ => None,
    };
    pattern.split(|token| *token == Token::Pipe).map(value).collect()
}
