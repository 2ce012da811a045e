//! What is shown across nouns, and looked over.

#[cfg(feature = "store")]
pub mod history;
pub mod improvement;
#[cfg(feature = "store")]
pub mod integrity;
pub mod minutes;
pub mod publication;
