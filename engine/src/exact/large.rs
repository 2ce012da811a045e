//! Fractions of long whole numbers, for what 128 bits do not hold. Their length is bounded, and so is the work with them
//! in one evaluation: a formula that means harm ends in an error soon, and everywhere at the same place.

use std::cell::Cell;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::{Outcome, Trouble};

/// Longest numerator and denominator, in bits: some six hundred digits, the product of twenty of the longest figures.
pub const LONGEST: u64 = 2048;

/// Work with long numbers in one evaluation, in units of about forty nanoseconds.
const WORK: u64 = 24_576;

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(WORK) };
}

/// Begins an evaluation.
pub fn refill() {
    LEFT.set(WORK);
}

/// Whether an evaluation has needed long numbers.
#[cfg(test)]
pub fn was_large() -> bool {
    LEFT.get() != WORK
}

/// Takes `units` of work from what is left.
pub fn spend(units: u64) -> Outcome<()> {
    let left = LEFT.get().checked_sub(units);
    LEFT.set(left.unwrap_or(0));
    left.map(|_| ()).ok_or(Trouble::TooLarge)
}

/// In lowest terms, the denominator above zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Large {
    pub numerator: BigInt,
    pub denominator: BigInt,
}

impl Large {
    pub fn new(numerator: BigInt, denominator: BigInt) -> Outcome<Large> {
        if denominator.is_zero() {
            return Err(Trouble::ZeroDivision);
        }
        let bits = numerator.bits() + denominator.bits();
        spend(1 + bits * bits / 4096)?;
        let common = match denominator.sign() {
            Sign::Minus => -numerator.gcd(&denominator),
            _ => numerator.gcd(&denominator),
        };
        let (numerator, denominator) = (numerator / &common, denominator / common);
        if numerator.bits().max(denominator.bits()) > LONGEST {
            return Err(Trouble::TooLarge);
        }
        Ok(Large { numerator, denominator })
    }

    pub fn sum(&self, other: &Large) -> Outcome<Large> {
        let numerator = &self.numerator * &other.denominator + &other.numerator * &self.denominator;
        Large::new(numerator, &self.denominator * &other.denominator)
    }

    pub fn product(&self, other: &Large) -> Outcome<Large> {
        Large::new(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }

    pub fn quotient(&self, other: &Large) -> Outcome<Large> {
        Large::new(&self.numerator * &other.denominator, &self.denominator * &other.numerator)
    }

    pub fn opposite(&self) -> Large {
        Large { numerator: -&self.numerator, denominator: self.denominator.clone() }
    }

    pub fn floor(&self) -> Large {
        Large { numerator: self.numerator.div_floor(&self.denominator), denominator: BigInt::one() }
    }

    /// Half-up, midpoints away from zero: the whole number nearest to it times ten to the power of `places`.
    pub fn rounded(&self, places: u32) -> BigInt {
        let doubled: BigInt = self.numerator.abs() * BigInt::from(10).pow(places) * 2 + &self.denominator;
        let rounded = doubled.div_floor(&(&self.denominator * 2));
        if self.numerator.is_negative() { -rounded } else { rounded }
    }
}

impl Ord for Large {
    fn cmp(&self, other: &Large) -> std::cmp::Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}

impl PartialOrd for Large {
    fn partial_cmp(&self, other: &Large) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
