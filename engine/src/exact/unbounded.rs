//! Numbers of any length a formula may need: a fraction of 128 bits where that is enough, of long numbers where it is not.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;
use num_traits::{One, ToPrimitive};
use rust_decimal::Decimal;

use super::large::Large;
use super::{Fraction, Number, Outcome, Trouble};

#[derive(Clone, Debug)]
pub enum Exact {
    Small(Fraction),
    Large(Arc<Large>),
}

impl Exact {
    /// The decimal that is exactly this, if there is one.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Exact::Small(fraction) => fraction.decimal(),
            Exact::Large(_) => None,
        }
    }

    /// The nearest decimal, of as many places as fit; `None` above all decimals.
    pub fn nearest(&self) -> Option<Decimal> {
        self.decimal().or_else(|| (0..=28).rev().find_map(|places| crate::round::exact(self, places)))
    }

    /// Whether it is a whole number.
    pub fn is_whole(&self) -> bool {
        self.large().denominator.is_one()
    }

    /// Itself as long numbers.
    pub(super) fn large(&self) -> Arc<Large> {
        match self {
            Exact::Small(fraction) => {
                let reduced = fraction.reduced();
                let (numerator, denominator) = (reduced.numerator().into(), reduced.denominator().into());
                Arc::new(Large { numerator, denominator })
            }
            Exact::Large(large) => Arc::clone(large),
        }
    }

    pub(super) fn of(large: Large) -> Exact {
        let small = || Fraction::new(large.numerator.to_i128()?, large.denominator.to_i128()?);
        small().map_or_else(|| Exact::Large(Arc::new(large)), Exact::Small)
    }

    /// What is left of `self` after all whole `other`s, with the sign of `self`.
    pub fn remainder(&self, other: &Exact) -> Outcome<Exact> {
        let quotient = self.div(other)?;
        let whole = if quotient < Exact::zero() { quotient.ceiling()? } else { quotient.floor()? };
        self.sub(&whole.mul(other)?)
    }

    #[inline(always)]
    fn with(
        &self,
        other: &Exact,
        small: impl Fn(&Fraction, &Fraction) -> Outcome<Fraction>,
        large: impl Fn(&Large, &Large) -> Outcome<Large>,
    ) -> Outcome<Exact> {
        if let (Exact::Small(a), Exact::Small(b)) = (self, other) {
            match small(a, b) {
                Err(Trouble::TooLarge) => {}
                done => return done.map(Exact::Small),
            }
        }
        large(&self.large(), &other.large()).map(Exact::of)
    }
}

impl Number for Exact {
    fn zero() -> Exact {
        Exact::Small(Fraction::zero())
    }

    fn one() -> Exact {
        Exact::Small(Fraction::one())
    }

    fn add(&self, other: &Exact) -> Outcome<Exact> {
        self.with(other, Fraction::add, Large::sum)
    }

    fn sub(&self, other: &Exact) -> Outcome<Exact> {
        self.with(other, Fraction::sub, |a, b| a.sum(&b.opposite()))
    }

    fn mul(&self, other: &Exact) -> Outcome<Exact> {
        self.with(other, Fraction::mul, Large::product)
    }

    fn div(&self, other: &Exact) -> Outcome<Exact> {
        self.with(other, Fraction::div, Large::quotient)
    }

    fn neg(&self) -> Outcome<Exact> {
        match self {
            Exact::Small(fraction) => match fraction.neg() {
                Ok(opposite) => Ok(Exact::Small(opposite)),
                Err(_) => Ok(Exact::of(self.large().opposite())),
            },
            Exact::Large(large) => Ok(Exact::of(large.opposite())),
        }
    }

    fn floor(&self) -> Outcome<Exact> {
        match self {
            Exact::Small(fraction) => fraction.floor().map(Exact::Small),
            Exact::Large(large) => Ok(Exact::of(large.floor())),
        }
    }
}

impl From<Decimal> for Exact {
    fn from(decimal: Decimal) -> Exact {
        Exact::Small(decimal.into())
    }
}

impl From<Fraction> for Exact {
    fn from(fraction: Fraction) -> Exact {
        Exact::Small(fraction)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        match (self, other) {
            (Exact::Small(a), Exact::Small(b)) => a.cmp(b),
            _ => self.large().cmp(&other.large()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Exact) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Exact {}

impl PartialEq<Decimal> for Exact {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(&(*other).into()).is_eq()
    }
}

impl PartialOrd<Decimal> for Exact {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(&(*other).into()))
    }
}

/// The decimal where it ends, "20/3" where it does not.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exact::Small(fraction) => fraction.fmt(f),
            Exact::Large(large) if large.denominator == BigInt::one() => write!(f, "{}", large.numerator),
            Exact::Large(large) => write!(f, "{}/{}", large.numerator, large.denominator),
        }
    }
}
