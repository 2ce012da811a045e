//! The functions a formula may use, each with its help, and what they leave behind for the explanation.

use std::cell::RefCell;

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

/// All words, in the order a newcomer should meet them.
pub const fn vocabulary() -> &'static [Word] {
    &WORDS
}

const WORDS: [Word; 9] = [
    Word { name: "ratio", signature: "ratio(a, b)", help: "Tỷ lệ a/b, không quá 1. Khi a lớn hơn b có cảnh báo số liệu." },
    Word { name: "target", signature: "target(a, chi_tieu)", help: "Mức đạt chỉ tiêu a/chi_tieu, không quá 1." },
    Word {
        name: "share",
        signature: "share(a, b, nguong)",
        help: "Tỷ trọng a/b so với ngưỡng, không quá 1: đạt ngưỡng thì được trọn điểm.",
    },
    Word { name: "survey", signature: "survey(ty_le, so_phieu)", help: "Kết quả khảo sát 0–100 thành 0–1; không có phiếu thì như mẫu số bằng 0." },
    Word {
        name: "steps",
        signature: "steps(x, [[4, 1], [2, 0.5]])",
        help: "Bậc thang: bậc đầu tiên x đạt tới cho tỷ lệ điểm của bậc ấy; không đạt bậc nào thì 0.",
    },
    Word { name: "half", signature: "half(x)", help: "Một nửa của x." },
    Word { name: "min", signature: "min(a, b)", help: "Số nhỏ hơn." },
    Word { name: "max", signature: "max(a, b)", help: "Số lớn hơn. Đứng một mình, max là điểm tối đa của chỉ số." },
    Word { name: "abs", signature: "abs(x)", help: "Giá trị tuyệt đối." },
];

/// What a function did, kept for the explanation. Cheap to record; put into words only when asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    Ratio(Decimal, Decimal),
    Target(Decimal, Decimal),
    Share(Decimal, Decimal, Decimal),
    Survey(Decimal),
    Steps(Decimal, Decimal),
}

thread_local! {
    static STEPS: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
}

/// Forgets the steps of the evaluation before.
pub fn begin() {
    STEPS.with_borrow_mut(Vec::clear);
}

/// The steps since `begin`.
pub fn steps() -> Vec<Step> {
    STEPS.with_borrow(Clone::clone)
}

fn leave(step: Step) {
    STEPS.with_borrow_mut(|steps| steps.push(step));
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
    engine.register_fn("ratio", |a: Decimal, b: Decimal| -> Answer {
        leave(Step::Ratio(a, b));
        Ok(divide(a, b)?.min(Decimal::ONE))
    });
    engine.register_fn("target", |a: Decimal, goal: Decimal| -> Answer {
        leave(Step::Target(a, goal));
        Ok(divide(a, goal)?.min(Decimal::ONE))
    });
    engine.register_fn("share", |a: Decimal, b: Decimal, goal: Decimal| -> Answer {
        leave(Step::Share(a, b, goal));
        Ok(divide(divide(a, b)?, goal)?.min(Decimal::ONE))
    });
    engine.register_fn("survey", |rate: Decimal, responses: Decimal| -> Answer {
        divide(rate, responses)?;
        leave(Step::Survey(rate));
        Ok(rate.min(Decimal::ONE_HUNDRED) / Decimal::ONE_HUNDRED)
    });
    engine.register_fn("steps", |value: Decimal, edges: Array| -> Answer {
        let fraction = first_reached(value, &edges)?;
        leave(Step::Steps(value, fraction));
        Ok(fraction)
    });
    engine.register_fn("half", |value: Decimal| -> Decimal { value / Decimal::TWO });
}

fn first_reached(value: Decimal, edges: &[Dynamic]) -> Answer {
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
