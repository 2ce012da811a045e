//! What was published stays readable and keeps its hash: one edition of each format there has been.
//!
//! A change to the snapshot's types adds a format: a new file here, made by publishing. Those before it are never touched;
//! they are read with defaults for what they do not have.
#![allow(clippy::unwrap_used)]

use engine::ScoreState;
use rust_decimal::Decimal;
use tenants::publication::Snapshot;
use tenants::store::sha256_hex;

/// Oldest first, each with the hash that was published.
const FORMATS: [(&str, &str); 1] =
    [(include_str!("editions/format-1.json"), "51357d9417e00e2a015337ab7fe443d2a617dc50828fff9e5412206e504066bd")];

#[test]
fn every_format_is_read_and_keeps_its_hash() {
    for (text, hash) in FORMATS {
        let text = text.trim_end();
        assert_eq!(sha256_hex(text.as_bytes()), hash);
        let snapshot: Snapshot = serde_json::from_str(text).unwrap();
        let group = &snapshot.groups[0];
        let first = group.unit("so-y-te").unwrap();
        assert_eq!((first.rank, first.index), (Some(1), Some(Decimal::new(8888, 2))));
        assert_eq!(first.main_indexes[0].percent, Some(Decimal::new(8888, 2)));
        assert_eq!(first.scores[1].state, ScoreState::NotApplicable);
        assert_eq!(group.ranked().count(), 1, "Ban Dân tộc takes part outside the ranking");
    }
}

#[test]
fn the_newest_format_is_written_as_it_is_read() {
    let (text, _) = FORMATS[FORMATS.len() - 1];
    let snapshot: Snapshot = serde_json::from_str(text).unwrap();
    let written = serde_json::to_value(snapshot).unwrap().to_string();
    assert_eq!(written, text.trim_end(), "the snapshot has a new format: keep an edition of it in editions/");
}
