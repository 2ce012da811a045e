//! The arithmetic of engine version 1: decimals of 28 digits, so that a quotient was cut before it was multiplied. Periods
//! concluded under it keep their scores; nothing else calculates this way.

use rhai::{Array, Dynamic, Engine, EvalAltResult, Position};
use rust_decimal::Decimal;

use super::flags;

type Answer = Result<Decimal, Box<EvalAltResult>>;

fn trouble(told: &str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorArithmetic(told.into(), Position::NONE).into()
}

fn divide(a: Decimal, b: Decimal) -> Answer {
    if b.is_zero() {
        return Err(trouble("Division by zero"));
    }
    a.checked_div(b).ok_or_else(|| trouble("Division overflow"))
}

/// Teaches an engine the words as they were; the operators are Rhai's own.
pub fn register(engine: &mut Engine) {
    engine.register_fn("ratio", |a: Decimal, b: Decimal| -> Answer {
        let exact = divide(a, b)?;
        if exact > Decimal::ONE {
            flags::capped();
        }
        Ok(exact.min(Decimal::ONE))
    });
    engine.register_fn("target", |a: Decimal, goal: Decimal| -> Answer { Ok(divide(a, goal)?.min(Decimal::ONE)) });
    engine.register_fn("share", |a: Decimal, b: Decimal, goal: Decimal| -> Answer {
        Ok(divide(divide(a, b)?, goal)?.min(Decimal::ONE))
    });
    engine.register_fn("survey", |rate: Decimal, responses: Decimal| -> Answer {
        let of = if responses.is_zero() { responses } else { Decimal::ONE_HUNDRED };
        divide(rate.min(Decimal::ONE_HUNDRED), of)
    });
    engine.register_fn("steps", |value: Decimal, edges: Array| steps(value, &edges));
    engine.register_fn("half", |x: Decimal| x / Decimal::TWO);
    engine.register_fn("min", |a: Decimal, b: Decimal| a.min(b));
    engine.register_fn("max", |a: Decimal, b: Decimal| a.max(b));
    engine.register_fn("abs", |x: Decimal| x.abs());
    engine.register_fn("floor", |x: Decimal| x.floor());
    engine.register_fn("ceiling", |x: Decimal| x.ceil());
    engine.register_fn("-", |x: Decimal| -x);
    engine.register_fn("!", |x: bool| !x);
}

fn steps(value: Decimal, edges: &[Dynamic]) -> Answer {
    let wrong = || trouble("steps");
    for edge in edges {
        let pair = edge.read_lock::<Array>().filter(|pair| pair.len() == 2).ok_or_else(wrong)?;
        if value >= pair[0].as_decimal().map_err(|_| wrong())? {
            return pair[1].as_decimal().map_err(|_| wrong());
        }
    }
    Ok(Decimal::ZERO)
}
