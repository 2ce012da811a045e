//! A tenant: an authority that owns indicator sets, periods and a council. Tenants nest.

use serde::{Deserialize, Serialize};

use crate::ids::TenantId;

/// What every page's head shows of the authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantHead {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    pub short_name: String,
    /// The data of this tenant is a labelled sample.
    pub is_sample: bool,
}

#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use store::*;
