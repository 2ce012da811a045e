//! A fraction of two whole numbers of 128 bits, not reduced until it must be: reducing costs more than calculating.

use std::cmp::Ordering;
use std::fmt;
use std::num::NonZero;

use rust_decimal::Decimal;

use super::{Number, Outcome, Trouble};

/// Ten to the power of each scale a decimal may have.
pub(crate) const POWERS: [i128; 29] = {
    let mut powers = [1; 29];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = 10 * powers[at - 1];
        at += 1;
    }
    powers
};

/// `numerator / denominator`, the denominator above zero. What does not fit is an error, never a wrong number. Equal are
/// fractions of equal value.
#[derive(Clone, Copy, Debug)]
pub struct Fraction {
    numerator: i128,
    denominator: NonZero<i128>,
}

impl Fraction {
    /// `None` unless the denominator is above zero.
    pub fn new(numerator: i128, denominator: i128) -> Option<Fraction> {
        let denominator = NonZero::new(denominator).filter(|_| denominator > 0)?;
        Some(Fraction { numerator, denominator })
    }

    /// `a / b`.
    pub fn quotient(a: Decimal, b: Decimal) -> Outcome<Fraction> {
        Fraction::from(a).div(&Fraction::from(b))
    }

    pub fn numerator(self) -> i128 {
        self.numerator
    }

    pub fn denominator(self) -> i128 {
        self.denominator.get()
    }

    /// The smaller of it and 1.
    #[inline(always)]
    pub fn at_most_one(self) -> Fraction {
        if self.numerator > self.denominator() { Fraction::one() } else { self }
    }

    /// In lowest terms.
    pub fn reduced(self) -> Fraction {
        let common = common(self.numerator, self.denominator());
        Fraction::new(self.numerator / common, self.denominator() / common).unwrap_or(self)
    }

    /// The decimal that is exactly this; `None` where it has no end, or more digits than a decimal has.
    pub fn decimal(self) -> Option<Decimal> {
        let exact = if self.denominator() == 1 { self } else { self.reduced() };
        let (mut rest, mut twos, mut fives) = (exact.denominator(), 0usize, 0usize);
        while rest % 2 == 0 {
            (rest, twos) = (rest / 2, twos + 1);
        }
        while rest % 5 == 0 {
            (rest, fives) = (rest / 5, fives + 1);
        }
        let scale = twos.max(fives);
        let power = *POWERS.get(scale).filter(|_| rest == 1)?;
        let digits = times(exact.numerator, power / exact.denominator())?;
        Decimal::try_from_i128_with_scale(digits, u32::try_from(scale).ok()?).ok()
    }

    /// Both in lowest terms, and neither with a factor above that the other has below.
    #[cold]
    fn crossed(self, other: Fraction) -> (Fraction, Fraction) {
        let (a, b) = (self.reduced(), other.reduced());
        let (left, right) = (common(a.numerator, b.denominator()), common(b.numerator, a.denominator()));
        let cut = |fraction: Fraction, above: i128, below: i128| {
            Fraction::new(fraction.numerator / above, fraction.denominator() / below).unwrap_or(fraction)
        };
        (cut(a, left, right), cut(b, right, left))
    }

    #[inline(always)]
    fn product(self, other: Fraction) -> Option<Fraction> {
        let numerator = times(self.numerator, other.numerator)?;
        Fraction::new(numerator, times(self.denominator(), other.denominator())?)
    }

    #[inline(always)]
    fn sum(self, other: Fraction) -> Option<Fraction> {
        if self.denominator == other.denominator {
            return Some(Fraction { numerator: self.numerator.checked_add(other.numerator)?, ..self });
        }
        let left = times(self.numerator, other.denominator())?;
        let right = times(other.numerator, self.denominator())?;
        Fraction::new(left.checked_add(right)?, times(self.denominator(), other.denominator())?)
    }

    /// The sum over the least common denominator.
    #[cold]
    fn sum_reduced(self, other: Fraction) -> Option<Fraction> {
        let (a, b) = (self.reduced(), other.reduced());
        let common = common(a.denominator(), b.denominator());
        let left = times(a.numerator, b.denominator() / common)?;
        let right = times(b.numerator, a.denominator() / common)?;
        Fraction::new(left.checked_add(right)?, times(a.denominator() / common, b.denominator())?)
    }

    /// Whole part by whole part, as in Euclid's algorithm: nothing is multiplied, so nothing overflows.
    #[cold]
    fn compare_by_parts(self, other: Fraction) -> Ordering {
        let (mut a, mut b) = ((self.numerator, self.denominator()), (other.numerator, other.denominator()));
        loop {
            let wholes = a.0.div_euclid(a.1).cmp(&b.0.div_euclid(b.1));
            let rests = (a.0.rem_euclid(a.1), b.0.rem_euclid(b.1));
            match (wholes, rests) {
                (Ordering::Equal, (0, 0)) => return Ordering::Equal,
                (Ordering::Equal, (0, _)) => return Ordering::Less,
                (Ordering::Equal, (_, 0)) => return Ordering::Greater,
                // Of two rests the larger has the smaller reciprocal.
                (Ordering::Equal, rests) => (a, b) = ((b.1, rests.1), (a.1, rests.0)),
                (unequal, _) => return unequal,
            }
        }
    }
}

impl Number for Fraction {
    #[inline(always)]
    fn zero() -> Fraction {
        Fraction { numerator: 0, denominator: ONE }
    }

    #[inline(always)]
    fn one() -> Fraction {
        Fraction { numerator: 1, denominator: ONE }
    }

    #[inline(always)]
    fn add(&self, other: &Fraction) -> Outcome<Fraction> {
        self.sum(*other).or_else(|| self.sum_reduced(*other)).ok_or(Trouble::TooLarge)
    }

    #[inline(always)]
    fn sub(&self, other: &Fraction) -> Outcome<Fraction> {
        self.add(&other.neg()?)
    }

    #[inline(always)]
    fn mul(&self, other: &Fraction) -> Outcome<Fraction> {
        let again = || {
            let (a, b) = self.crossed(*other);
            a.product(b)
        };
        self.product(*other).or_else(again).ok_or(Trouble::TooLarge)
    }

    #[inline(always)]
    fn div(&self, other: &Fraction) -> Outcome<Fraction> {
        let divisor = NonZero::new(other.numerator).ok_or(Trouble::ZeroDivision)?;
        let numerator = if divisor.is_negative() { -other.denominator() } else { other.denominator() };
        let denominator = divisor.checked_abs().ok_or(Trouble::TooLarge)?;
        self.mul(&Fraction { numerator, denominator })
    }

    fn neg(&self) -> Outcome<Fraction> {
        let numerator = self.numerator.checked_neg().ok_or(Trouble::TooLarge)?;
        Ok(Fraction { numerator, ..*self })
    }

    fn floor(&self) -> Outcome<Fraction> {
        Ok(Fraction { numerator: self.numerator.div_euclid(self.denominator()), denominator: ONE })
    }
}

const ONE: NonZero<i128> = match NonZero::new(1) {
    Some(one) => one,
    None => panic!("one is not zero"),
};

impl From<Decimal> for Fraction {
    #[inline(always)]
    fn from(decimal: Decimal) -> Fraction {
        let power = POWERS.get(decimal.scale() as usize).copied().and_then(NonZero::new);
        Fraction { numerator: decimal.mantissa(), denominator: power.unwrap_or(ONE) }
    }
}

impl Ord for Fraction {
    #[inline(always)]
    fn cmp(&self, other: &Fraction) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        match (times(self.numerator, other.denominator()), times(other.numerator, self.denominator())) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.compare_by_parts(*other),
        }
    }
}

impl PartialOrd for Fraction {
    #[inline(always)]
    fn partial_cmp(&self, other: &Fraction) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fraction {
    #[inline(always)]
    fn eq(&self, other: &Fraction) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fraction {}

/// The decimal where it ends, "20/3" where it does not.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimal() {
            Some(decimal) => write!(f, "{}", decimal.normalize()),
            None => {
                let reduced = self.reduced();
                write!(f, "{}/{}", reduced.numerator, reduced.denominator)
            }
        }
    }
}

/// A product; figures of 64 bits, nearly all there are, never overflow and need no check.
#[inline(always)]
pub(crate) fn times(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// The greatest common factor, at least 1.
fn common(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    if a == 0 || b == 0 {
        return i128::try_from(a.max(b)).unwrap_or(1).max(1);
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(a), u64::try_from(b)) {
            return i128::try_from(u128::from(common_odd(small_a, small_b)) << twos).unwrap_or(1);
        }
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    i128::try_from(a << twos).unwrap_or(1)
}

/// Of two odd numbers that fit a register.
fn common_odd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    a
}
