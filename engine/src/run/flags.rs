//! What an evaluation leaves behind for the explanation, beside its number.

use std::cell::Cell;

use crate::exact;

thread_local! {
    static ABOVE_ONE: Cell<bool> = const { Cell::new(false) };
    static APPROXIMATE: Cell<bool> = const { Cell::new(false) };
}

/// Forgets what the evaluation before has left.
pub fn begin() {
    ABOVE_ONE.set(false);
    APPROXIMATE.set(false);
    exact::refill();
}

/// Whether a `ratio` since `begin` was above one and has been capped.
pub fn was_capped() -> bool {
    ABOVE_ONE.get()
}

/// Remembers that a `ratio` was capped.
pub fn capped() {
    ABOVE_ONE.set(true);
}

/// Whether a power since `begin` could only be worked out approximately.
pub fn was_approximate() -> bool {
    APPROXIMATE.get()
}

/// Remembers that a power is approximate.
pub fn approximate() {
    APPROXIMATE.set(true);
}
