//! Ratios, measured interleaved in one run: the engine's formulas as they are interpreted and as typed plans, against cel,
//! fasteval and evalexpr, which calculate with binary floating point and do not round. Absolute times drift with the
//! machine; the ratios count.

use std::hint::black_box;
use std::time::{Duration, Instant};

use engine::Value;
use engine::run::bench;
use evalexpr::{ContextWithMutableVariables, DefaultNumericTypes, HashMapContext, Value as Float};
use fasteval::{Compiler, Evaler};
use rust_decimal::Decimal;

const ROUNDS: usize = 30;
const PER_ROUND: usize = 3_000;

const FIGURES: [(&str, Decimal); 4] =
    [("a", decimal(48, 0)), ("b", decimal(52, 0)), ("goal", decimal(95, 2)), ("max", decimal(20, 0))];

const fn decimal(digits: u32, scale: u32) -> Decimal {
    Decimal::from_parts(digits, 0, 0, false, scale)
}

/// A formula of the engine's own benchmark, and the same as the others spell it.
struct Spelled {
    ours: &'static str,
    cel: &'static str,
    fasteval: &'static str,
    evalexpr: &'static str,
}

const FORMULAS: [Spelled; 3] = [
    Spelled {
        ours: "min(1, a / b) * max",
        cel: "((a / b) > 1.0 ? 1.0 : (a / b)) * most",
        fasteval: "min(1, a / b) * most",
        evalexpr: "min(1.0, a / b) * most",
    },
    Spelled {
        ours: "min(1, a / b / goal) * max",
        cel: "((a / b / goal) > 1.0 ? 1.0 : (a / b / goal)) * most",
        fasteval: "min(1, a / b / goal) * most",
        evalexpr: "min(1.0, a / b / goal) * most",
    },
    Spelled {
        ours: "if a >= 50 { max } else if a >= 10 { max / 2 } else { 0 }",
        cel: "a >= 50.0 ? most : (a >= 10.0 ? most / 2.0 : 0.0)",
        fasteval: "(a >= 50) * most + (a < 50 && a >= 10) * most / 2",
        evalexpr: "if(a >= 50.0, most, if(a >= 10.0, most / 2.0, 0.0))",
    },
];

fn main() {
    FORMULAS.iter().for_each(formula);
}

/// Each figure as the others take it; in some of them `max` is a function.
fn floats() -> [(&'static str, f64); 4] {
    FIGURES.map(|(name, value)| (if name == "max" { "most" } else { name }, f64::try_from(value).expect("a float")))
}

fn formula(spelled: &Spelled) {
    let compiled = bench::formula(spelled.ours, &FIGURES.map(|(name, _)| name), FIGURES[3].1).expect("a formula");
    let plan = compiled.plan.as_ref().expect("these formulas have plans");
    let figure = |name: &str| FIGURES.iter().find(|(known, _)| *known == name).map(|(_, value)| Value::Number(*value));
    let slots = plan.slots(figure).expect("a figure for each name");
    let planned = || engine::round::fraction(plan.run(black_box(&slots)).expect("a number"), 2).expect("points");
    let ours = || {
        let values = black_box(FIGURES).map(|(name, value)| (name, Value::Number(value)));
        engine::round::exact(&compiled.number(values.into_iter()).expect("a number"), 2).expect("points")
    };

    let program = cel_interpreter::Program::compile(spelled.cel).expect("cel reads it");
    let entered = || {
        let mut context = cel_interpreter::Context::default();
        black_box(floats()).into_iter().for_each(|(name, value)| context.add_variable_from_value(name, value));
        context
    };
    let in_cel = |context: &cel_interpreter::Context| match program.execute(context).expect("a number") {
        cel_interpreter::Value::Float(float) => float,
        other => panic!("{other:?}"),
    };
    let cel_ready = entered();

    let mut slab = fasteval::Slab::new();
    let parsed = fasteval::Parser::new().parse(spelled.fasteval, &mut slab.ps).expect("fasteval reads it");
    let instruction = parsed.from(&slab.ps).compile(&slab.ps, &mut slab.cs);
    let values = floats();
    let in_fasteval = || {
        let mut known =
            |name: &str, _: Vec<f64>| values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        instruction.eval(&slab, &mut known).expect("a number")
    };

    let tree = evalexpr::build_operator_tree::<DefaultNumericTypes>(spelled.evalexpr).expect("evalexpr reads it");
    let mut context = HashMapContext::<DefaultNumericTypes>::new();
    for (name, value) in floats() {
        context.set_value(name.into(), Float::from_float(value)).expect("a figure");
    }
    let converting = || {
        let mut known = |name: &str, _: Vec<f64>| {
            let name = if name == "most" { "max" } else { name };
            FIGURES.iter().find(|(known, _)| *known == name).map(|(_, value)| f64::try_from(*value).expect("a float"))
        };
        instruction.eval(&slab, &mut known).expect("a number")
    };
    let in_evalexpr = |context: &HashMapContext| tree.eval_number_with_context(context).expect("a number");

    let points = planned();
    let near = |float: f64| (Decimal::try_from(float).expect("a decimal") - points).abs() <= decimal(5, 3);
    assert_eq!(ours(), points);
    assert!(
        [in_cel(&cel_ready), in_fasteval(), in_evalexpr(&context)].into_iter().all(near),
        "all give nearly the same"
    );
    let [ours, planned, cel, cel_entered, fasteval, fasteval_entered, evalexpr] = interleaved([
        &|| _ = black_box(ours()),
        &|| _ = black_box(planned()),
        &|| _ = black_box(in_cel(black_box(&cel_ready))),
        &|| _ = black_box(in_cel(&entered())),
        &|| _ = black_box(in_fasteval()),
        &|| _ = black_box(converting()),
        &|| _ = black_box(in_evalexpr(black_box(&context))),
    ]);
    println!("{}\n  interpreted {ours:?}, plan {planned:?}", spelled.ours);
    let peers = [
        ("cel", cel),
        ("cel, its figures entered", cel_entered),
        ("fasteval", fasteval),
        ("fasteval, its figures converted", fasteval_entered),
        ("evalexpr", evalexpr),
    ];
    for (name, time) in peers {
        println!("  plan: {:.1} × {name} ({time:?})", time.as_secs_f64() / planned.as_secs_f64());
    }
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
