//! The one place where a score is rounded: half-up, midpoints away from zero.

use rust_decimal::{Decimal, RoundingStrategy};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(half_up(-Decimal::ZERO, 2).to_string(), "0.00");
        assert_eq!(half_up(Decimal::new(-4, 3), 2).to_string(), "0.00");
        assert_eq!(half_up(Decimal::new(-5, 3), 2).to_string(), "-0.01");
    }
}
