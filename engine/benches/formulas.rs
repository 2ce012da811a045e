//! Ratios, measured interleaved in one run: a formula as the engine evaluates it, against bare Rhai on the same
//! expression and against the same arithmetic written by hand; and what compiling a set costs.
//!
//! `cargo bench -p engine --features run --bench formulas`. Absolute times drift with the machine; the ratios count.
#![allow(clippy::unwrap_used, clippy::float_arithmetic)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use engine::run::{Rules, compile};
use engine::{Answers, Value};
use rhai::{Engine, Scope};
use rust_decimal::Decimal;

const ROUNDS: usize = 40;
const PER_ROUND: usize = 4_000;

fn main() {
    formulas();
    sets();
}

/// One formula of Bảng 1 (3.1): a capped share of twenty points.
fn formulas() {
    let (a, b, max) = (Decimal::from(48), Decimal::from(52), Decimal::from(20));
    let formula = engine::run::bench::formula("min(1, a / b) * max", &["a", "b", "max"]);
    let hardened = || {
        let values = [("a", Value::Number(a)), ("b", Value::Number(b)), ("max", Value::Number(max))];
        black_box(formula.number(values.into_iter()).unwrap());
    };

    let bare_engine = Engine::new();
    let mut scope = Scope::new();
    scope.push("a", a).push("b", b).push("max", max).push("one", Decimal::ONE);
    let ast = bare_engine.compile_expression_with_scope(&scope, "min(one, a / b) * max").unwrap();
    let bare = || {
        let mut scope = Scope::new();
        scope.push("a", a).push("b", b).push("max", max).push("one", Decimal::ONE);
        black_box(bare_engine.eval_ast_with_scope::<Decimal>(&mut scope, &ast).unwrap());
    };

    let by_hand = || {
        black_box((black_box(a).checked_div(black_box(b)).unwrap()).min(Decimal::ONE) * black_box(max));
    };

    let [hardened, bare, by_hand] = interleaved([&hardened, &bare, &by_hand]);
    println!("one formula: engine {hardened:?}, bare Rhai {bare:?}, by hand {by_hand:?}");
    println!("  speed against bare Rhai: {:.2} (aim ≥ 0.85)", ratio(bare, hardened));
    println!("  speed against Rust by hand: {:.3}", ratio(by_hand, hardened));
}

/// Median time of one call, each contender in turn in every round.
fn interleaved<const N: usize>(contenders: [&dyn Fn(); N]) -> [Duration; N] {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..ROUNDS {
        for (contender, times) in contenders.iter().zip(&mut times) {
            let started = Instant::now();
            (0..PER_ROUND).for_each(|_| contender());
            times.push(started.elapsed() / u32::try_from(PER_ROUND).unwrap());
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

fn sets() {
    for name in ["so-2022", "huyen-2022"] {
        let source =
            std::fs::read_to_string(format!("{}/../seeds/sets/{name}.rhai", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let compiling = median(15, || drop(black_box(compile(&source).unwrap())));
        let set = compile(&source).unwrap().set;
        let count = set.indicators().count();
        let loading = median(15, || drop(black_box(Rules::new(set.clone()).unwrap())));
        let rules = Rules::new(set).unwrap();
        let scoring = median(50, || drop(black_box(rules.evaluate(&Answers::default()))));
        println!(
            "{name} ({count} indicators): compile and check {compiling:?} (aim ≤ 10 ms), load {loading:?}, empty scorecard {scoring:?}"
        );
    }
}

fn median(rounds: usize, mut act: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let started = Instant::now();
            act();
            started.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}
