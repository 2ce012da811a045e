//! Every permission check ends here, so that `scripts/guards` can leave out one after the other and see a test fail.
//!
//! Nothing is left out of a program that people run: without the feature `testing`, which only tests have, a check is what
//! it checks.

#[cfg(feature = "testing")]
use std::panic::Location;

/// Whether the caller may go on. A check is known by the place that asks.
#[track_caller]
pub(crate) fn holds(permitted: bool) -> bool {
    #[cfg(feature = "testing")]
    return permitted || left_out::is(Location::caller());
    #[cfg(not(feature = "testing"))]
    permitted
}

/// Whether something keeps the caller from going on.
#[cfg(feature = "store")]
#[track_caller]
pub(crate) fn keeps_out(barred: bool) -> bool {
    !holds(!barred)
}

/// A refusal as it is, or none where it is left out.
#[cfg(feature = "store")]
#[track_caller]
pub(crate) fn passes(refusal: crate::Result<()>) -> crate::Result<()> {
    if holds(refusal.is_ok()) { Ok(()) } else { refusal }
}

/// A place that asks, carried into a future, which knows none.
#[cfg(feature = "store")]
#[derive(Clone, Copy)]
pub(crate) struct Asking {
    #[cfg(feature = "testing")]
    at: &'static Location<'static>,
}

#[cfg(feature = "store")]
impl Asking {
    #[track_caller]
    pub fn here() -> Asking {
        Asking {
            #[cfg(feature = "testing")]
            at: Location::caller(),
        }
    }

    pub fn holds(self, permitted: bool) -> bool {
        #[cfg(feature = "testing")]
        return permitted || left_out::is(self.at);
        #[cfg(not(feature = "testing"))]
        permitted
    }
}

#[cfg(feature = "testing")]
mod left_out {
    use std::fs::{File, OpenOptions};
    use std::io::Write;
    use std::panic::Location;
    use std::sync::LazyLock;

    /// "tenants/src/minutes/session.rs:324:8": the check to leave out.
    static LEFT_OUT: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("THUOC_SKIP_GUARD").ok());
    /// Where to note which check kept somebody out in which test.
    static NOTED: LazyLock<Option<File>> = LazyLock::new(|| {
        let folder = std::env::var_os("THUOC_NOTE_GUARDS")?;
        let name = std::process::id().to_string();
        OpenOptions::new().append(true).create(true).open(std::path::Path::new(&folder).join(name)).ok()
    });

    /// Whether a check that does not hold is to hold all the same.
    pub fn is(at: &Location<'_>) -> bool {
        if let Some(mut noted) = NOTED.as_ref() {
            let _ = writeln!(noted, "{at}\t{}", test());
        }
        LEFT_OUT.as_ref().is_some_and(|left_out| *left_out == at.to_string())
    }

    /// The test this process runs: nextest gives each its own.
    fn test() -> String {
        let mut given = std::env::args().skip_while(|given| given != "--exact");
        given.nth(1).unwrap_or_default()
    }
}
