//! The functions a formula may use, each with its help, and what they leave behind for the explanation. Both ways of
//! evaluating calculate with these lines.

use std::cell::Cell;

use crate::exact::{self, Number, Outcome};
use rust_decimal::Decimal;

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
    static APPROXIMATE: Cell<bool> = const { Cell::new(false) };
}

/// Forgets what the evaluation before has left.
pub fn begin() {
    ABOVE_ONE.set(false);
    APPROXIMATE.set(false);
    exact::refill();
}

/// Whether a `ratio` since `begin` was above one and has been capped.
pub fn was_capped() -> bool {
    ABOVE_ONE.get()
}

/// Remembers that a `ratio` was capped.
pub(super) fn capped() {
    ABOVE_ONE.set(true);
}

/// Whether a power since `begin` could only be worked out approximately.
pub fn was_approximate() -> bool {
    APPROXIMATE.get()
}

/// Remembers that a power is approximate.
pub(super) fn approximate() {
    APPROXIMATE.set(true);
}

pub fn ratio<N: Number>(a: &N, b: &N) -> Outcome<N> {
    let (exact, one) = (a.div(b)?, N::one());
    if exact > one {
        capped();
        return Ok(one);
    }
    Ok(exact)
}

pub fn target<N: Number>(a: &N, goal: &N) -> Outcome<N> {
    Ok(a.div(goal)?.min(N::one()))
}

pub fn share<N: Number>(a: &N, b: &N, goal: &N) -> Outcome<N> {
    target(&a.div(b)?, goal)
}

/// No responses are a zero denominator.
pub fn survey<N: Number>(rate: &N, responses: &N) -> Outcome<N> {
    let hundred = N::from(Decimal::ONE_HUNDRED);
    if *responses == N::zero() {
        return rate.div(responses);
    }
    rate.min(&hundred).div(&hundred)
}

pub fn half<N: Number>(value: &N) -> Outcome<N> {
    value.div(&N::from(Decimal::TWO))
}

/// The words that take numbers and give one; `None` for any other, or the wrong number of arguments.
pub fn apply<N: Number>(word: &str, numbers: &[N]) -> Option<Outcome<N>> {
    Some(match (word, numbers) {
        ("ratio", [a, b]) => ratio(a, b),
        ("target", [a, b]) => target(a, b),
        ("share", [a, b, goal]) => share(a, b, goal),
        ("survey", [rate, responses]) => survey(rate, responses),
        ("half", [a]) => half(a),
        ("min", [a, b]) => Ok(a.min(b).clone()),
        ("max", [a, b]) => Ok(a.max(b).clone()),
        ("abs", [a]) => a.abs(),
        ("floor", [a]) => a.floor(),
        ("ceiling", [a]) => a.ceiling(),
        _ => return None,
    })
}
