//! The one place where a score is rounded: half-up, midpoints away from zero.

use rust_decimal::{Decimal, RoundingStrategy};

/// `value` with exactly `places` decimals.
pub fn half_up(value: Decimal, places: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places);
    rounded
}
