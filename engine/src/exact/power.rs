//! Powers: exact for whole exponents, else to `DIGITS` significant digits.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::large::{LONGEST, Large, spend};
use super::{Exact, Number, Outcome, Trouble};

/// Significant digits of a power whose exponent is not whole.
pub const DIGITS: u32 = 28;

/// Places after the point, in bits, in which such a power is worked out: twice what its digits need.
const PLACES: u64 = 256;

/// Work of such a power.
const UNITS: u64 = 1024;

impl Exact {
    /// `self ** exponent`, and whether it is exact.
    pub fn power(&self, exponent: &Exact) -> Outcome<(Exact, bool)> {
        let exponent = exponent.large();
        if exponent.denominator.is_one() {
            return Ok((self.whole_power(&exponent.numerator)?, true));
        }
        if *self == Exact::one() {
            return Ok((Exact::one(), true));
        }
        match self.cmp(&Exact::zero()) {
            std::cmp::Ordering::Less => Err(Trouble::NotReal),
            std::cmp::Ordering::Equal if exponent.numerator.is_negative() => Err(Trouble::ZeroDivision),
            std::cmp::Ordering::Equal => Ok((Exact::zero(), true)),
            std::cmp::Ordering::Greater => Ok((approximate(&self.large(), &exponent)?, false)),
        }
    }

    fn whole_power(&self, exponent: &BigInt) -> Outcome<Exact> {
        let base = self.large();
        let longest = base.numerator.bits().max(base.denominator.bits());
        if longest <= 1 {
            // Of 1, -1 and 0 every power is known, however high.
            return match (base.numerator.to_i8(), exponent.sign()) {
                (Some(0), num_bigint::Sign::Minus) => Err(Trouble::ZeroDivision),
                (Some(0), num_bigint::Sign::Plus) => Ok(Exact::zero()),
                (Some(-1), _) if exponent.is_odd() => Exact::one().neg(),
                _ => Ok(Exact::one()),
            };
        }
        let times = exponent.abs().to_u32().ok_or(Trouble::TooLarge)?;
        if (longest - 1).saturating_mul(times.into()) > LONGEST {
            return Err(Trouble::TooLarge);
        }
        let (above, below) = (base.numerator.pow(times), base.denominator.pow(times));
        let raised = if exponent.is_negative() { Large::new(below, above)? } else { Large::new(above, below)? };
        Ok(Exact::of(raised))
    }
}

/// e to the power of exponent × ln(base), of a base above zero.
fn approximate(base: &Large, exponent: &Large) -> Outcome<Exact> {
    spend(UNITS)?;
    let two = logarithm_of_ratio(&BigInt::one(), &BigInt::from(3));
    let logarithm = logarithm(base, &two);
    let raised = (logarithm * &exponent.numerator).div_floor(&exponent.denominator);
    let doublings = raised.div_floor(&two);
    let rest = exponential(&(raised - &doublings * two));
    let doublings = doublings.to_i64().filter(|times| times.unsigned_abs() < LONGEST).ok_or(Trouble::TooLarge)?;
    let (above, below) = match u64::try_from(doublings) {
        Ok(times) => (rest << times, BigInt::one() << PLACES),
        Err(_) => (rest, BigInt::one() << (PLACES + doublings.unsigned_abs())),
    };
    significant(&above, &below)
}

/// ln(base): twos are taken out first, so that the series is short.
fn logarithm(base: &Large, two: &BigInt) -> BigInt {
    let twos = i64::try_from(base.numerator.bits()).unwrap_or(0) - i64::try_from(base.denominator.bits()).unwrap_or(0);
    let (mut above, mut below) = (base.numerator.clone(), base.denominator.clone());
    match u64::try_from(twos) {
        Ok(twos) => below <<= twos,
        Err(_) => above <<= twos.unsigned_abs(),
    }
    two * twos + logarithm_of_ratio(&(&above - &below), &(above + below))
}

/// ln((1 + z) / (1 - z)) of z = `above` / `below`: 2 (z + z³/3 + z⁵/5 + …).
fn logarithm_of_ratio(above: &BigInt, below: &BigInt) -> BigInt {
    let ratio = (above << PLACES).div_floor(below);
    let square = (&ratio * &ratio) >> PLACES;
    let (mut term, mut sum, mut at) = (ratio, BigInt::zero(), 1);
    while !term.is_zero() && at < 1000 {
        sum += &term / at;
        term = (term * &square) >> PLACES;
        at += 2;
    }
    sum * 2
}

/// 1 + x + x²/2 + x³/6 + …
fn exponential(x: &BigInt) -> BigInt {
    let (mut term, mut sum, mut at) = (BigInt::one() << PLACES, BigInt::zero(), 1);
    while !term.is_zero() && at < 1000 {
        sum += &term;
        term = ((term * x) >> PLACES) / at;
        at += 1;
    }
    sum
}

/// `above` / `below`, both above zero, to `DIGITS` significant digits.
fn significant(above: &BigInt, below: &BigInt) -> Outcome<Exact> {
    let ten = BigInt::from(10);
    let (lowest, highest) = (ten.pow(DIGITS - 1), ten.pow(DIGITS));
    let bits = i64::try_from(above.bits()).unwrap_or(0) - i64::try_from(below.bits()).unwrap_or(0);
    // Somewhat fewer places than needed to begin with: log10(2) is a little more than 0.3.
    let mut places = i64::from(DIGITS) - 2 - bits * 302 / 1000 - 2;
    loop {
        let (scaled, divisor) = match u32::try_from(places) {
            Ok(places) => (above * ten.pow(places), below.clone()),
            Err(_) => (above.clone(), below * ten.pow(u32::try_from(-places).unwrap_or(0))),
        };
        let doubled: BigInt = scaled * 2 + &divisor;
        let digits = doubled.div_floor(&(divisor * 2));
        if digits >= lowest || places > 2_000 {
            let digits = if digits >= highest { digits.div_floor(&ten) * &ten } else { digits };
            let power = ten.pow(u32::try_from(places.abs()).unwrap_or(0));
            let (above, below) = if places < 0 { (digits * power, BigInt::one()) } else { (digits, power) };
            return Large::new(above, below).map(Exact::of);
        }
        places += 1;
    }
}
