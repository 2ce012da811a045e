//! Codes are text ordered by their numeric parts: "6.2" before "6.10".

use std::cmp::Ordering;

/// Orders two codes.
pub fn compare(a: &str, b: &str) -> Ordering {
    let pairs = a.split('.').zip(b.split('.'));
    let first = pairs.map(|(a, b)| part(a, b)).find(|order| order.is_ne());
    first.unwrap_or_else(|| a.split('.').count().cmp(&b.split('.').count()))
}

/// Numbers by value and before words.
fn part(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}
