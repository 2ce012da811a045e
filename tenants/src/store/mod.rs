//! The database: `Db` has no public query; `Db::begin(caller)` gives a `Tx`, and use cases take the `Tx`.
//!
//! SQLite runs one writer and several readers; PostgreSQL gets the tenant set for row-level security as the first
//! statement of each transaction. `sign_in` and `operator` are the only code outside one tenant.

pub(crate) mod accounts;
pub mod audit;
pub mod authorities;
mod breaker;
pub mod cache;
mod clock;
mod connect;
pub(crate) mod entities;
pub(crate) mod hashing;
pub mod operator;
mod places;
mod retry;
mod schema;
pub mod sessions;
pub mod sign_in;
mod slowing;
mod tx;
pub(crate) mod vouch;

use sha2::{Digest, Sha256};

pub use clock::Clock;
pub use connect::{Db, DbSettings};
pub use retry::{TRIES, pause};
pub use schema::Schema;
pub use tx::{TenantEntity, TenantRow, Tx, new_row};

/// Lower-case hexadecimal SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
