//! The one place where a `rhai::Engine` is built, with every limit it has.
//!
//! Definitions declare a set and may loop; formulas are single expressions. Neither can define functions, evaluate
//! text, import, print or sleep. Time and memory of a definition are bounded again by the process it runs in.

use std::ops::{Range, RangeInclusive};

use rhai::packages::{ArithmeticPackage, BasicArrayPackage, BasicMathPackage, LogicPackage, Package};
use rhai::{Engine, OptimizationLevel, Token};
use rust_decimal::Decimal;

/// Most bytes of text a definition may declare in all: what it declares leaves its process and is kept.
pub const MAX_DECLARED: usize = 1024 * 1024;
/// Longest definition script, in bytes: three times a set of 68 indicators with all its guidance.
pub const MAX_SOURCE: usize = 256 * 1024;
/// Longest formula, in bytes.
pub const MAX_FORMULA: usize = 8 * 1024;

const NOT_FOR_SCRIPTS: [&str; 14] = [
    "eval",
    "Fn",
    "call",
    "curry",
    "print",
    "debug",
    "import",
    "export",
    "fn",
    "private",
    "is_shared",
    "sleep",
    "this",
    "global",
];

/// For definition scripts.
pub fn definition() -> Engine {
    let mut engine = bare();
    engine.register_global_module(ArithmeticPackage::new().as_shared_module());
    engine.register_global_module(LogicPackage::new().as_shared_module());
    engine.register_global_module(BasicMathPackage::new().as_shared_module());
    engine.register_global_module(BasicArrayPackage::new().as_shared_module());
    engine.register_iterator::<Range<i64>>().register_iterator::<RangeInclusive<i64>>();
    engine.set_max_operations(200_000).set_max_expr_depths(64, 16).set_max_array_size(500).set_max_map_size(200);
    engine.set_max_variables(200).set_max_string_size(4096);
    engine
}

/// For formulas: no looping, no packages (the operators are built in, the vocabulary is registered), and every whole
/// number is a decimal, so that 45 / 50 is nine tenths.
#[allow(deprecated)] // on_parse_token is marked volatile, not deprecated: the version of rhai is pinned
pub fn formula() -> Engine {
    let mut engine = bare();
    engine.set_allow_looping(false).set_allow_statement_expression(false);
    engine.set_max_operations(20_000).set_max_expr_depths(24, 8).set_max_array_size(100).set_max_map_size(20);
    engine.set_max_variables(100).set_max_string_size(1024);
    engine.on_parse_token(|token, _, _| match token {
        Token::IntegerConstant(whole) => {
            Token::DecimalConstant((Decimal::from(whole), whole.to_string().into()).into())
        }
        other => other,
    });
    engine
}

fn bare() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_strict_variables(true).set_allow_shadowing(false).set_allow_anonymous_fn(false);
    engine.set_max_call_levels(8).set_max_functions(0);
    for symbol in NOT_FOR_SCRIPTS {
        engine.disable_symbol(symbol);
    }
    engine
}
