//! The store under the use cases, on real databases and servers.

mod again;
mod audit;
mod blobs;
mod cache;
mod full_disk;
mod history;
mod isolation;
mod migrating;
mod schema;
mod sessions;
mod sign_in;
mod writers;

use tenants::Result;
use tenants::ids::UnitId;
use tenants::store::Tx;
use tenants::units::{self, NewUnit, UnitKind};
use time::macros::date;

/// A unit of the transaction's tenant; the smallest thing a use case writes, with its audit entry.
async fn unit(tx: &Tx, code: &str) -> Result<UnitId> {
    let new = NewUnit {
        kind: UnitKind::Department,
        official_code: code.into(),
        name: format!("Sở {code}"),
        short_name: code.into(),
        valid_from: date!(2020 - 01 - 01),
        parent: None,
    };
    units::create(tx, new).await
}
