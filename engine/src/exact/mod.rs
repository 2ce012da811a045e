//! Exact numbers: fractions that no addition, multiplication or division ever cuts. They are rounded once, in `round`.
//!
//! `Fraction` is fast and may be too small; `Exact`, in use wherever formulas run, goes on with long numbers where it is.

mod fraction;
#[cfg(feature = "run")]
mod large;
#[cfg(feature = "run")]
mod power;
#[cfg(feature = "run")]
mod unbounded;

use rust_decimal::Decimal;

pub use fraction::Fraction;
pub(crate) use fraction::{POWERS, times};
#[cfg(feature = "run")]
pub(crate) use large::refill;
#[cfg(all(test, feature = "run"))]
pub(crate) use large::was_large;
#[cfg(feature = "run")]
pub use unbounded::Exact;

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("division by zero")]
    ZeroDivision,
    /// More digits, or more work with long numbers, than any honest formula needs.
    #[error("too large a number")]
    TooLarge,
    /// The square root of a negative number and its like.
    #[error("no real number")]
    NotReal,
}

pub type Outcome<N> = Result<N, Trouble>;

/// What formulas calculate with.
pub trait Number: Clone + Ord + From<Decimal> {
    fn zero() -> Self;
    fn one() -> Self;
    fn add(&self, other: &Self) -> Outcome<Self>;
    fn sub(&self, other: &Self) -> Outcome<Self>;
    fn mul(&self, other: &Self) -> Outcome<Self>;
    fn div(&self, other: &Self) -> Outcome<Self>;
    fn neg(&self) -> Outcome<Self>;
    /// The largest whole number that is not above it.
    fn floor(&self) -> Outcome<Self>;

    fn ceiling(&self) -> Outcome<Self> {
        self.neg()?.floor()?.neg()
    }

    fn abs(&self) -> Outcome<Self> {
        if *self < Self::zero() { self.neg() } else { Ok(self.clone()) }
    }
}
