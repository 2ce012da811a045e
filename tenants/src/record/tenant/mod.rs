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

/// What kind of authority it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantKind {
    Province,
    District,
    Commune,
    Agency,
}

impl TenantKind {
    pub const ALL: [TenantKind; 4] =
        [TenantKind::Province, TenantKind::District, TenantKind::Commune, TenantKind::Agency];

    pub fn as_str(self) -> &'static str {
        match self {
            TenantKind::Province => "province",
            TenantKind::District => "district",
            TenantKind::Commune => "commune",
            TenantKind::Agency => "agency",
        }
    }

    pub fn parse(name: &str) -> Option<TenantKind> {
        TenantKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use store::*;
