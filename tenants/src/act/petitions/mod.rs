#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use self::store::{announce, answer, make};
