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

/// The middle of some figures, or the mean of the two middle ones rounded half-up; `None` of none.
pub fn median(mut figures: Vec<Decimal>, places: u32) -> Option<Decimal> {
    figures.sort();
    let (middle, upper) = (figures.len() / 2, figures.get(figures.len() / 2)?);
    if figures.len() % 2 == 1 {
        return Some(*upper);
    }
    figures.get(middle.checked_sub(1)?).map(|lower| engine::round::half_up((lower + upper) / Decimal::TWO, places))
}
