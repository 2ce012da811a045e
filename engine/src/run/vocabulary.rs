//! The functions a formula may use, each with its help, and what they leave behind for the explanation.

use std::cell::Cell;

use rhai::{Array, Dynamic, Engine, EvalAltResult, Position};
use rust_decimal::Decimal;

type Answer = Result<Decimal, Box<EvalAltResult>>;

/// A function of the vocabulary, for completion, hover and the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub name: &'static str,
    pub signature: &'static str,
    /// Vietnamese.
    pub help: &'static str,
}

impl Word {
    /// How many arguments it takes.
    pub fn arity(&self) -> usize {
        let parameters = self.signature.split_once('[').map_or(self.signature, |(before, _)| before);
        parameters.matches(',').count() + 1
    }
}

/// All words, in the order a newcomer should meet them.
pub const fn vocabulary() -> &'static [Word] {
    &WORDS
}

const WORDS: [Word; 11] = [
    Word {
        name: "ratio",
        signature: "ratio(a, b)",
        help: "Tỷ lệ a/b, không quá 1. Khi a lớn hơn b có cảnh báo số liệu.",
    },
    Word {
        name: "target", signature: "target(a, chi_tieu)", help: "Mức đạt chỉ tiêu a/chi_tieu, không quá 1."
    },
    Word {
        name: "share",
        signature: "share(a, b, nguong)",
        help: "Tỷ trọng a/b so với ngưỡng, không quá 1: đạt ngưỡng thì được trọn điểm.",
    },
    Word {
        name: "survey",
        signature: "survey(ty_le, so_phieu)",
        help: "Kết quả khảo sát 0–100 thành 0–1; không có phiếu thì như mẫu số bằng 0.",
    },
    Word {
        name: "steps",
        signature: "steps(x, [[4, 1], [2, 0.5]])",
        help: "Bậc thang: bậc đầu tiên x đạt tới cho tỷ lệ điểm của bậc ấy; không đạt bậc nào thì 0.",
    },
    Word { name: "half", signature: "half(x)", help: "Một nửa của x." },
    Word { name: "min", signature: "min(a, b)", help: "Số nhỏ hơn." },
    Word {
        name: "max", signature: "max(a, b)", help: "Số lớn hơn. Đứng một mình, max là điểm tối đa của chỉ số."
    },
    Word { name: "abs", signature: "abs(x)", help: "Giá trị tuyệt đối." },
    Word { name: "floor", signature: "floor(x)", help: "Làm tròn xuống số nguyên." },
    Word { name: "ceiling", signature: "ceiling(x)", help: "Làm tròn lên số nguyên." },
];

thread_local! {
    static ABOVE_ONE: Cell<bool> = const { Cell::new(false) };
}

/// Forgets what the evaluation before has left.
pub fn begin() {
    ABOVE_ONE.set(false);
}

/// Whether a `ratio` since `begin` was above one and has been capped.
pub fn was_capped() -> bool {
    ABOVE_ONE.get()
}

/// The error every zero denominator ends in, the built-in division's included.
pub fn is_zero_denominator(error: &EvalAltResult) -> bool {
    matches!(error.unwrap_inner(), EvalAltResult::ErrorArithmetic(text, _) if text.starts_with("Division by zero"))
}

fn divide(a: Decimal, b: Decimal) -> Answer {
    if b.is_zero() {
        return Err(EvalAltResult::ErrorArithmetic("Division by zero".into(), Position::NONE).into());
    }
    let overflow = || EvalAltResult::ErrorArithmetic("Division overflow".into(), Position::NONE).into();
    a.checked_div(b).ok_or_else(overflow)
}

/// Teaches an engine the vocabulary.
pub fn register(engine: &mut Engine) {
    engine.register_fn("ratio", ratio);
    engine.register_fn("target", target);
    engine.register_fn("share", share);
    engine.register_fn("survey", survey);
    engine.register_fn("steps", |value: Decimal, edges: Array| steps(value, &edges));
    engine.register_fn("half", half);
    engine.register_fn("min", |a: Decimal, b: Decimal| a.min(b));
    engine.register_fn("max", |a: Decimal, b: Decimal| a.max(b));
    engine.register_fn("abs", |x: Decimal| x.abs());
    engine.register_fn("floor", |x: Decimal| x.floor());
    engine.register_fn("ceiling", |x: Decimal| x.ceil());
    engine.register_fn("-", |x: Decimal| -x);
    engine.register_fn("!", |x: bool| !x);
}

pub fn ratio(a: Decimal, b: Decimal) -> Answer {
    let exact = divide(a, b)?;
    if exact > Decimal::ONE {
        ABOVE_ONE.set(true);
    }
    Ok(exact.min(Decimal::ONE))
}

pub fn target(a: Decimal, goal: Decimal) -> Answer {
    Ok(divide(a, goal)?.min(Decimal::ONE))
}

pub fn share(a: Decimal, b: Decimal, goal: Decimal) -> Answer {
    Ok(divide(divide(a, b)?, goal)?.min(Decimal::ONE))
}

pub fn survey(rate: Decimal, responses: Decimal) -> Answer {
    if responses.is_zero() {
        return divide(rate, responses);
    }
    Ok(rate.min(Decimal::ONE_HUNDRED) / Decimal::ONE_HUNDRED)
}

pub fn half(value: Decimal) -> Decimal {
    value / Decimal::TWO
}

fn steps(value: Decimal, edges: &[Dynamic]) -> Answer {
    for edge in edges {
        let pair = edge.read_lock::<Array>().filter(|pair| pair.len() == 2);
        let pair = pair.ok_or_else(|| wrong("mỗi bậc là một cặp [ngưỡng, tỷ lệ]"))?;
        let [from, fraction] = [pair[0].as_decimal(), pair[1].as_decimal()];
        let from = from.map_err(|_| wrong("ngưỡng phải là số"))?;
        if value >= from {
            return fraction.map_err(|_| wrong("tỷ lệ của bậc phải là số"));
        }
    }
    Ok(Decimal::ZERO)
}

fn wrong(message: &str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(message.to_owned().into(), Position::NONE).into()
}
