//! Units: the organisations that are assessed. Names and parents carry dates; names are never keys.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::ids::UnitId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    Department,
    District,
    Commune,
    Agency,
}

impl UnitKind {
    pub const ALL: [UnitKind; 4] = [UnitKind::Department, UnitKind::District, UnitKind::Commune, UnitKind::Agency];

    pub fn as_str(self) -> &'static str {
        match self {
            UnitKind::Department => "department",
            UnitKind::District => "district",
            UnitKind::Commune => "commune",
            UnitKind::Agency => "agency",
        }
    }

    pub fn parse(name: &str) -> Option<UnitKind> {
        UnitKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A unit as of a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitHead {
    pub id: UnitId,
    pub official_code: String,
    pub kind: UnitKind,
    pub name: String,
    pub short_name: String,
}

/// A new unit with its first name. `official_code` is unique in the tenant.
#[derive(Clone, Debug, Deserialize)]
pub struct NewUnit {
    pub kind: UnitKind,
    pub official_code: String,
    pub name: String,
    pub short_name: String,
    #[serde(with = "crate::dates")]
    pub valid_from: Date,
    /// The unit above, inside the tenant.
    pub parent: Option<UnitId>,
}

#[cfg(feature = "store")]
mod import;
mod search;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use import::{Row, import};
pub use search::Search;
#[cfg(feature = "store")]
pub use store::*;
