//! Exact numbers in Rhai. A number is a decimal wherever it is exactly one, so that `switch` compares it with the decimals
//! of its arms, and a fraction of its own type otherwise. Every operator and word takes both.

use rhai::{Array, Dynamic, Engine, EvalAltResult, Position};
use rust_decimal::Decimal;

use super::flags;
use super::vocabulary::{Calculation, Word};
use crate::exact::{Exact, Number, Outcome, Trouble};

type Done<T> = Result<T, Box<EvalAltResult>>;

/// What Rhai calls a number that is no decimal.
pub const FRACTION: &str = "fraction";

type Comparison = fn(&Exact, &Exact) -> bool;

const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", |a, b| a == b),
    ("!=", |a, b| a != b),
    ("<", |a, b| a < b),
    ("<=", |a, b| a <= b),
    (">", |a, b| a > b),
    (">=", |a, b| a >= b),
];

type Binary = fn(&Exact, &Exact) -> Outcome<Exact>;
type Unary = fn(&Exact) -> Outcome<Exact>;
type Ternary = fn(&Exact, &Exact, &Exact) -> Outcome<Exact>;

const BINARY: [(&str, Binary); 6] = [
    ("+", Exact::add),
    ("-", Exact::sub),
    ("*", Exact::mul),
    ("/", Exact::div),
    ("%", Exact::remainder),
    ("**", power),
];

/// Teaches an engine exact numbers and the vocabulary. Its fast operators would bypass them and must be off.
pub fn register(engine: &mut Engine) {
    engine.set_fast_operators(false);
    engine.register_type_with_name::<Exact>(FRACTION);
    Word::ALL.iter().for_each(|word| teach(engine, *word));
    unary(engine, "-", Exact::neg);
    BINARY.into_iter().for_each(|(name, apply)| binary(engine, name, apply));
    COMPARISONS.into_iter().for_each(|(name, holds)| comparison(engine, name, holds));
    engine.register_fn("!", |x: bool| !x);
}

fn teach(engine: &mut Engine, word: Word) {
    let name = word.name();
    match word.calculation::<Exact>() {
        Calculation::One(apply) => unary(engine, name, apply),
        Calculation::Two(apply) => binary(engine, name, apply),
        Calculation::Three(apply) => ternary(engine, name, apply),
        Calculation::Table => {
            engine.register_fn(name, |value: Decimal, edges: Array| reached(&value.into(), &edges));
            engine.register_fn(name, |value: Exact, edges: Array| reached(&value, &edges));
        }
    }
}

/// The number of a value that is one.
pub fn of(value: &Dynamic) -> Option<Exact> {
    let decimal = value.as_decimal().map(Exact::from).ok();
    decimal.or_else(|| value.clone().try_cast::<Exact>())
}

/// A number as Rhai holds it.
pub fn given(number: Exact) -> Dynamic {
    number.decimal().map_or_else(|| Dynamic::from(number), Dynamic::from)
}

fn done(outcome: Outcome<Exact>) -> Done<Dynamic> {
    outcome.map(given).map_err(|trouble| {
        let told = match trouble {
            Trouble::ZeroDivision => "Division by zero",
            Trouble::TooLarge => "Overflow",
            Trouble::NotReal => "Not a real number",
        };
        EvalAltResult::ErrorArithmetic(told.into(), Position::NONE).into()
    })
}

/// The error every zero denominator ends in.
pub fn is_zero_denominator(error: &EvalAltResult) -> bool {
    matches!(error.unwrap_inner(), EvalAltResult::ErrorArithmetic(text, _) if text.starts_with("Division by zero"))
}

fn unary(engine: &mut Engine, name: &str, apply: Unary) {
    engine.register_fn(name, move |x: Decimal| done(apply(&x.into())));
    engine.register_fn(name, move |x: Exact| done(apply(&x)));
}

fn binary(engine: &mut Engine, name: &str, apply: Binary) {
    engine.register_fn(name, move |a: Decimal, b: Decimal| done(apply(&a.into(), &b.into())));
    engine.register_fn(name, move |a: Exact, b: Decimal| done(apply(&a, &b.into())));
    engine.register_fn(name, move |a: Decimal, b: Exact| done(apply(&a.into(), &b)));
    engine.register_fn(name, move |a: Exact, b: Exact| done(apply(&a, &b)));
}

/// Two decimals Rhai compares as it always did.
fn comparison(engine: &mut Engine, name: &str, holds: Comparison) {
    engine.register_fn(name, move |a: Exact, b: Decimal| holds(&a, &b.into()));
    engine.register_fn(name, move |a: Decimal, b: Exact| holds(&a.into(), &b));
    engine.register_fn(name, move |a: Exact, b: Exact| holds(&a, &b));
}

fn ternary(engine: &mut Engine, name: &str, apply: Ternary) {
    macro_rules! of_types {
        ($(($a:ty, $b:ty, $c:ty)),*) => { $(
            engine.register_fn(name, move |a: $a, b: $b, c: $c| done(apply(&a.into(), &b.into(), &c.into())));
        )* };
    }
    of_types!(
        (Decimal, Decimal, Decimal),
        (Exact, Decimal, Decimal),
        (Decimal, Exact, Decimal),
        (Decimal, Decimal, Exact),
        (Exact, Exact, Decimal),
        (Exact, Decimal, Exact),
        (Decimal, Exact, Exact),
        (Exact, Exact, Exact)
    );
}

fn power(base: &Exact, exponent: &Exact) -> Outcome<Exact> {
    let (raised, exact) = base.power(exponent)?;
    if !exact {
        flags::approximate();
    }
    Ok(raised)
}

/// What the first edge gives that is reached.
fn reached(value: &Exact, edges: &[Dynamic]) -> Done<Dynamic> {
    for edge in edges {
        let pair = edge.read_lock::<Array>().filter(|pair| pair.len() == 2);
        let pair = pair.ok_or_else(|| wrong("mỗi bậc là một cặp [ngưỡng, tỷ lệ]"))?;
        let from = of(&pair[0]).ok_or_else(|| wrong("ngưỡng phải là số"))?;
        if *value >= from {
            return of(&pair[1]).map(given).ok_or_else(|| wrong("tỷ lệ của bậc phải là số"));
        }
    }
    Ok(Dynamic::from(Decimal::ZERO))
}

fn wrong(message: &str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(message.to_owned().into(), Position::NONE).into()
}
