//! Ratios, measured interleaved in one run: the engine's formulas as they are interpreted and as typed plans, against
//! evalexpr, which calculates with binary floating point. Absolute times drift with the machine; the ratios count.

use std::hint::black_box;
use std::time::{Duration, Instant};

use engine::Value;
use engine::run::bench;
use evalexpr::{ContextWithMutableVariables, DefaultNumericTypes, HashMapContext, Value as Float};
use rust_decimal::Decimal;

const ROUNDS: usize = 30;
const PER_ROUND: usize = 3_000;

const FIGURES: [(&str, &str); 4] = [("a", "48"), ("b", "52"), ("goal", "0.95"), ("max", "20")];

/// The formulas of the engine's own benchmark, and the same in evalexpr, where `max` is a function.
const FORMULAS: [(&str, &str); 3] = [
    ("min(1, a / b) * max", "min(1.0, a / b) * most"),
    ("min(1, a / b / goal) * max", "min(1.0, a / b / goal) * most"),
    (
        "if a >= 50 { max } else if a >= 10 { max / 2 } else { 0 }",
        "if(a >= 50.0, most, if(a >= 10.0, most / 2.0, 0.0))",
    ),
];

fn main() {
    FORMULAS.iter().for_each(formula);
}

fn formula((text, in_evalexpr): &(&str, &str)) {
    let figures = FIGURES.map(|(name, number)| (name, number.parse::<Decimal>().expect("a number")));
    let compiled = bench::formula(text, &FIGURES.map(|(name, _)| name));
    let plan = compiled.plan.as_ref().expect("these formulas have plans");
    let figure = |name: &str| figures.iter().find(|(known, _)| *known == name).map(|(_, figure)| Value::Number(*figure));
    let slots = plan.slots(figure).expect("a figure for each name");
    let planned = || engine::round::fraction(plan.run(black_box(&slots)).expect("a number"), 2).expect("points");
    let ours = || {
        let values = black_box(figures).map(|(name, value)| (name, Value::Number(value)));
        engine::round::exact(&compiled.number(values.into_iter()).expect("a number"), 2).expect("points")
    };

    let parsed = evalexpr::build_operator_tree::<DefaultNumericTypes>(in_evalexpr).expect("evalexpr reads it");
    let floats = figures.map(|(name, value)| (name.replace("max", "most"), f64::try_from(value).expect("a float")));
    let context = || {
        let mut context = HashMapContext::<DefaultNumericTypes>::new();
        for (name, float) in black_box(&floats) {
            context.set_value(name.clone(), Float::from_float(*float)).expect("a figure");
        }
        context
    };
    let ready = context();
    let evalexpr = |context: &HashMapContext| parsed.eval_number_with_context(context).expect("a number");

    let near = Decimal::try_from(evalexpr(&ready)).expect("a decimal") - planned();
    assert!(ours() == planned() && near.abs() <= Decimal::new(5, 3), "both give nearly the same: {near}");
    let [ours, planned, entered, ready] = interleaved([
        &|| _ = black_box(ours()),
        &|| _ = black_box(planned()),
        &|| _ = black_box(evalexpr(&context())),
        &|| _ = black_box(evalexpr(black_box(&ready))),
    ]);
    println!("{text}\n  interpreted {ours:?}, plan {planned:?}, evalexpr {ready:?}, its figures entered {entered:?}");
    // The interpreted formula is given its figures by name each time, the plan finds them in their slots.
    println!("  interpreted: {:.2} × evalexpr, its figures entered", ratio(entered, ours));
    println!("  plan: {:.1} × evalexpr", ratio(ready, planned));
}

/// Median time of one call; the order turns round in every other round, so that drift hits all alike.
fn interleaved<const N: usize>(contenders: [&dyn Fn(); N]) -> [Duration; N] {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    for round in 0..ROUNDS {
        for turn in 0..N {
            let turn = if round % 2 == 0 { turn } else { N - 1 - turn };
            let started = Instant::now();
            (0..PER_ROUND).for_each(|_| contenders[turn]());
            times[turn].push(started.elapsed() / PER_ROUND as u32);
        }
    }
    times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    })
}

fn ratio(reference: Duration, ours: Duration) -> f64 {
    reference.as_secs_f64() / ours.as_secs_f64()
}
