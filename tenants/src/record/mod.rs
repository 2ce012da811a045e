//! What is: each noun with its types, how it is found, and what is known of it.

pub mod accounts;
pub mod calendar;
pub mod decisions;
pub mod desk;
pub mod documents;
pub mod indicator_sets;
pub mod members;
pub mod notices;
pub mod periods;
pub mod seats;
pub mod sheets;
pub mod tenant;
pub mod units;
