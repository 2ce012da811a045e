//! Points as stored: ten-thousandths in an `i64`, so that both databases agree to the digit and can sum and sort.

use rust_decimal::Decimal;

const SCALE: u32 = 4;

/// Points (or percent) to ten-thousandths. Recorded figures have at most four places, so nothing is lost.
pub fn to_stored(points: Decimal) -> i64 {
    let mut scaled = points;
    scaled.rescale(SCALE);
    i64::try_from(scaled.mantissa()).unwrap_or(i64::MAX)
}

/// Ten-thousandths back to a decimal, shown with `places` decimals.
pub fn from_stored(stored: i64, places: u32) -> Decimal {
    let mut points = Decimal::new(stored, SCALE);
    points.rescale(places.min(SCALE));
    points
}
