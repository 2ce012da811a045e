//! The one place where a score is rounded: half-up, midpoints away from zero.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::exact::{Fraction, POWERS, times};

/// `value` with exactly `places` decimals.
pub fn half_up(value: Decimal, places: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places);
    // A formula like `-a` makes a zero with a sign, which nobody should read as "-0.00".
    if rounded.is_zero() {
        rounded.set_sign_positive(true);
    }
    rounded
}

/// The same of an exact fraction, straight from its two numbers. `None` where no decimal is that large.
#[inline]
pub fn fraction(value: Fraction, places: u32) -> Option<Decimal> {
    let power = *POWERS.get(places as usize)?;
    let (above, below) = (value.numerator().unsigned_abs(), value.denominator().unsigned_abs());
    let fits = times(value.numerator(), power).map(i128::unsigned_abs);
    let digits = match fits.map(|above| (u64::try_from(above), u64::try_from(below), above)) {
        // Most scores: one division of a register by a register, or none.
        Some((_, Ok(1), above)) => above,
        Some((Ok(above), Ok(below), _)) => u128::from(above / below) + u128::from(is_half(above % below, below)),
        Some((.., above)) => above / below + u128::from(above % below >= below - above % below),
        None => by_digits(above, below, places)?,
    };
    let negative = value.numerator() < 0;
    if let Ok(digits) = i64::try_from(digits) {
        return Decimal::try_new(if negative { -digits } else { digits }, places).ok();
    }
    let digits = i128::try_from(digits).ok()?;
    Decimal::try_from_i128_with_scale(if negative { -digits } else { digits }, places).ok()
}

fn is_half(rest: u64, below: u64) -> bool {
    rest >= below - rest
}

/// Long division. Ten times a rest may not fit, so it is added up, and what is whole taken out at once.
fn by_digits(above: u128, below: u128, places: u32) -> Option<u128> {
    let (mut digits, mut rest) = (above / below, above % below);
    for _ in 0..places {
        let (mut digit, mut sum) = (0, 0u128);
        for _ in 0..10 {
            sum = sum.checked_add(rest)?;
            if sum >= below {
                (digit, sum) = (digit + 1, sum - below);
            }
        }
        (digits, rest) = (digits.checked_mul(10)?.checked_add(digit)?, sum);
    }
    digits.checked_add(u128::from(rest >= below - rest))
}

/// The same of a number of any length.
#[cfg(feature = "run")]
pub fn exact(value: &crate::exact::Exact, places: u32) -> Option<Decimal> {
    use num_traits::ToPrimitive;
    match value {
        crate::exact::Exact::Small(small) => fraction(*small, places),
        crate::exact::Exact::Large(large) => {
            Decimal::try_from_i128_with_scale(large.rounded(places).to_i128()?, places).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(half_up(-Decimal::ZERO, 2).to_string(), "0.00");
        assert_eq!(half_up(Decimal::new(-4, 3), 2).to_string(), "0.00");
        assert_eq!(half_up(Decimal::new(-5, 3), 2).to_string(), "-0.01");
    }

    fn rounded(above: i128, below: i128, places: u32) -> String {
        fraction(Fraction::new(above, below).unwrap(), places).map_or("none".into(), |number| number.to_string())
    }

    #[test]
    fn a_fraction_is_rounded_from_itself() {
        assert_eq!(rounded(15 * 5, 24, 2), "3.13");
        assert_eq!(rounded(-15 * 5, 24, 2), "-3.13");
        assert_eq!(rounded(-1, 300, 2), "0.00");
        assert_eq!(rounded(1, 3, 0), "0");
        assert_eq!(rounded(i128::MAX, i128::MAX - 1, 4), "1.0000");
        assert_eq!(rounded(i128::MAX - 1, i128::MAX, 4), "1.0000");
        assert_eq!(rounded(i128::MAX / 3, i128::MAX, 4), "0.3333");
        assert_eq!(rounded(i128::MAX / 2 + 1, i128::MAX, 0), "1");
        assert_eq!(rounded(i128::MAX / 2, i128::MAX, 0), "0");
        assert_eq!(rounded(i128::MAX, 1, 2), "none");
    }

    proptest! {
        /// Long division, the division of registers and rust_decimal agree.
        #[test]
        fn each_way_of_rounding_agrees(above in -1_000_000i64..1_000_000, below in 1i64..2_000, factor in 1i64..1_000_000_000, places in 0u32..5) {
            let plain = rounded(above.into(), below.into(), places);
            let long = (1i128 << 70) * i128::from(factor);
            prop_assert_eq!(&rounded(i128::from(above) * long, i128::from(below) * long, places), &plain);
            let decimal = Decimal::from(above);
            if let Some(exact) = Fraction::new(above.into(), below.into()).unwrap().decimal() {
                prop_assert_eq!(exact * Decimal::from(below), decimal);
                prop_assert_eq!(half_up(exact, places).to_string(), plain);
            }
        }
    }
}
