//! Codes are text ordered by their numeric parts: "6.2" before "6.10".

use std::cmp::Ordering;

/// Orders two codes.
pub fn compare(a: &str, b: &str) -> Ordering {
    let parts = |code: &str| code.split('.').map(|part| (part.parse::<u64>().ok(), part.to_owned())).collect::<Vec<_>>();
    let order = |(a, b): &((Option<u64>, String), (Option<u64>, String))| match (a.0, b.0) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.1.cmp(&b.1),
    };
    let (a, b) = (parts(a), parts(b));
    let lengths = a.len().cmp(&b.len());
    let pairs = a.into_iter().zip(b);
    pairs.map(|pair| order(&pair)).find(|order| order.is_ne()).unwrap_or(lengths)
}
