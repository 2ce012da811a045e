//! Ratios, measured interleaved in one run: from figures to recorded points as the engine evaluates them, against bare Rhai
//! on the same expressions, and against the same arithmetic written by hand in rust_decimal; what compiling a formula, a set
//! and a score costs; and 11,000 units scored again. A plan knows the maximum of its indicator, as it always does; `engine/peers`
//! compares it with other engines.
//!
//! `cargo bench -p engine --features run --bench formulas`. Absolute times drift with the machine; the ratios count.
#![allow(clippy::unwrap_used, clippy::float_arithmetic)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use engine::run::{Rules, bench, compile};
use engine::{Answers, Value, round};
use rhai::{Engine, Scope};
use rust_decimal::Decimal;

const ROUNDS: usize = 30;
const PER_ROUND: usize = 3_000;
/// Of the points that are recorded.
const PLACES: u32 = 2;

/// Figures of the formulas below.
const FIGURES: [(&str, Decimal); 4] =
    [("a", decimal(48, 0)), ("b", decimal(52, 0)), ("goal", decimal(95, 2)), ("max", decimal(20, 0))];

const fn decimal(digits: u32, scale: u32) -> Decimal {
    Decimal::from_parts(digits, 0, 0, false, scale)
}

/// A formula, the same in Rhai without our reading of whole numbers, and by hand; both of these cut every quotient.
type Shape = (&'static str, &'static str, fn(Decimal, Decimal, Decimal, Decimal) -> Decimal);

const SHAPES: [Shape; 3] = [
    ("min(1, a / b) * max", "min(1.0, a / b) * max", |a, b, _, max| (a / b).min(Decimal::ONE) * max),
    ("min(1, a / b / goal) * max", "min(1.0, a / b / goal) * max", |a, b, goal, max| {
        (a / b / goal).min(Decimal::ONE) * max
    }),
    (
        "if a >= 50 { max } else if a >= 10 { max / 2 } else { 0 }",
        "if a >= 50.0 { max } else if a >= 10.0 { max / 2.0 } else { 0.0 }",
        |a, _, _, max| {
            if a >= decimal(50, 0) {
                max
            } else if a >= decimal(10, 0) {
                max / Decimal::TWO
            } else {
                Decimal::ZERO
            }
        },
    ),
];

fn main() {
    SHAPES.iter().for_each(formula);
    compiling();
    ["so-2022", "huyen-2022"].into_iter().for_each(set);
    recompute();
}

fn formula((text, in_rhai, by_hand): &Shape) {
    let names = FIGURES.map(|(name, _)| name);
    let compiled = bench::formula(text, &names, FIGURES[3].1).unwrap();
    let plan = compiled.plan.as_ref().expect("these formulas have plans");
    let figure =
        |name: &str| FIGURES.iter().find(|(known, _)| *known == name).map(|(_, figure)| Value::Number(*figure));
    let slots = plan.slots(figure).unwrap();
    let planned = || round::fraction(plan.run(black_box(&slots)).unwrap(), PLACES).unwrap();
    let ours = || {
        let number = compiled.number(FIGURES.map(|(name, value)| (name, Value::Number(value))).into_iter()).unwrap();
        round::exact(&number, PLACES).unwrap()
    };

    let rhai = Engine::new();
    let scope = || {
        let mut scope = Scope::new();
        for (name, value) in FIGURES {
            scope.push(name, value);
        }
        scope
    };
    let ast = rhai.compile_expression_with_scope(&scope(), in_rhai).unwrap();
    let bare = || round::half_up(rhai.eval_ast_with_scope::<Decimal>(&mut scope(), &ast).unwrap(), PLACES);

    let [a, b, goal, max] = FIGURES.map(|(_, value)| value);
    let hand = || round::half_up(by_hand(black_box(a), black_box(b), black_box(goal), black_box(max)), PLACES);

    assert_eq!((ours(), bare(), planned()), (hand(), hand(), hand()), "all give the same points");
    let [ours, bare, hand, planned] = interleaved([&ours, &bare, &hand, &planned]);
    println!("{text}\n  interpreted {ours:?}, plan {planned:?}, bare Rhai {bare:?}, by hand {hand:?}");
    println!("  interpreted: {:.2} of bare Rhai, {:.3} of Rust by hand", ratio(bare, ours), ratio(hand, ours));
    println!("  plan: {:.2} × Rust by hand (aim ≥ 3), {:.1} × bare Rhai", ratio(hand, planned), ratio(bare, planned));
}

/// Median time of one call; the order turns round in every other round, so that drift hits all alike.
fn interleaved<const N: usize>(contenders: [&dyn Fn() -> Decimal; N]) -> [Duration; N] {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    for round in 0..ROUNDS {
        for turn in 0..N {
            let turn = if round % 2 == 0 { turn } else { N - 1 - turn };
            let started = Instant::now();
            for _ in 0..PER_ROUND {
                black_box(contenders[turn]());
            }
            times[turn].push(started.elapsed() / u32::try_from(PER_ROUND).unwrap());
        }
    }
    times.map(middle)
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ratio(reference: Duration, ours: Duration) -> f64 {
    reference.as_secs_f64() / ours.as_secs_f64()
}

fn compiling() {
    let names = FIGURES.map(|(name, _)| name);
    let time = median(200, || drop(black_box(bench::formula(SHAPES[1].0, &names, FIGURES[3].1).unwrap())));
    println!("compile and check one formula: {time:?} (aim ≤ 100 µs)");
}

fn set(name: &str) {
    let path = format!("{}/../seeds/sets/{name}.rhai", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(path).unwrap();
    let compiled = median(15, || drop(black_box(compile(&source).unwrap())));
    let set = compile(&source).unwrap().set;
    let loaded = median(15, || drop(black_box(Rules::new(set.clone()).unwrap())));
    let (count, rules) = (set.indicators().count(), Rules::new(set).unwrap());
    let cases = rules.run_cases().len();
    let cased = median(15, || drop(black_box(rules.run_cases()))) / u32::try_from(cases).unwrap();
    let empty = median(50, || drop(black_box(rules.evaluate(&Answers::default()))));
    println!("{name} ({count} indicators): compile and check {compiled:?} (aim ≤ 10 ms), load {loaded:?}");
    println!("  one score with its explanation {cased:?}, an empty scorecard {empty:?}");
}

/// 11,000 units of the 68-indicator set: everything again, and one formula changed.
fn recompute() {
    const UNITS: usize = 11_000;
    let path = format!("{}/../seeds/sets/huyen-2022.rhai", env!("CARGO_MANIFEST_DIR"));
    let rules = Rules::new(compile(&std::fs::read_to_string(path).unwrap()).unwrap().set).unwrap();
    let answers = answered(&rules);
    let code = rules.set().indicators().nth(10).unwrap().code.clone();
    let started = Instant::now();
    (0..UNITS).for_each(|_| drop(black_box(rules.evaluate(black_box(&answers)))));
    let all = started.elapsed();
    let started = Instant::now();
    (0..UNITS).for_each(|_| drop(black_box(rules.score(&code, black_box(&answers)))));
    let one = started.elapsed();
    println!("{UNITS} units × 68: everything {all:?}, one formula {one:?}: {:.3} of it (aim ≤ 0.1)", ratio(one, all));
}

/// Every indicator answered with the figures of its first case.
fn answered(rules: &Rules) -> Answers {
    let mut answers = Answers::default();
    for leaf in rules.set().indicators() {
        let Some(case) = leaf.cases.first() else { continue };
        let (own, shared): (Vec<_>, Vec<_>) =
            case.inputs.iter().partition(|(name, _)| leaf.inputs.iter().any(|input| &input.name == *name));
        let own = own.into_iter().map(|(name, value)| (name.clone(), *value)).collect();
        answers.facts.extend(shared.into_iter().map(|(name, value)| (name.clone(), *value)));
        answers.answers.insert(leaf.code.clone(), engine::Answer { inputs: own, ..engine::Answer::default() });
    }
    answers
}

fn median(rounds: usize, mut act: impl FnMut()) -> Duration {
    let timed = |_| {
        let started = Instant::now();
        act();
        started.elapsed()
    };
    middle((0..rounds).map(timed).collect())
}
