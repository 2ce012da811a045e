//! Versions of this engine's arithmetic. A period keeps the one it was concluded under, so that its scores can be
//! calculated again for ever.

use std::sync::LazyLock;

use rhai::Engine;

use super::{cut, numbers, sandbox};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Version {
    /// Decimals: quotients cut to 28 digits.
    First,
    /// Exact fractions, rounded once; `-x ** 2` is -(x ** 2).
    #[default]
    Second,
}

/// Shared by all formulas of the process: building one costs a hundred evaluations.
static FIRST: LazyLock<Engine> = LazyLock::new(|| {
    let mut engine = sandbox::formula();
    cut::register(&mut engine);
    engine
});

static SECOND: LazyLock<Engine> = LazyLock::new(|| {
    let mut engine = sandbox::formula();
    numbers::register(&mut engine);
    engine
});

impl Version {
    /// As it is kept with every score.
    pub const fn as_str(self) -> &'static str {
        match self {
            Version::First => "1",
            Version::Second => "2",
        }
    }

    /// How it calculates, in words for those whose scores it moves.
    pub const fn about(self) -> &'static str {
        match self {
            Version::First => "phép chia được cắt ở chữ số thứ 28 rồi mới tính tiếp",
            Version::Second => "phép tính giữ đúng phân số và chỉ làm tròn một lần, ở kết quả",
        }
    }

    /// `None` for a version this program does not know.
    pub fn parse(text: &str) -> Option<Version> {
        [Version::First, Version::Second].into_iter().find(|version| version.as_str() == text)
    }

    pub(super) fn engine(self) -> &'static Engine {
        match self {
            Version::First => &FIRST,
            Version::Second => &SECOND,
        }
    }
}
