//! Members: which account holds which role in the tenant, from when to when.

use serde::{Deserialize, Serialize};

use crate::caller::Role;
use crate::ids::{AccountId, MemberId, UnitId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub id: MemberId,
    pub account: AccountId,
    pub login: String,
    pub display_name: String,
    pub role: Role,
    pub unit_name: Option<String>,
}

/// Gives an account a role. Roles of a unit need the unit; a council member's unit is where they come from.
#[derive(Clone, Debug, Deserialize)]
pub struct NewMember {
    pub account: AccountId,
    pub role: Role,
    pub unit: Option<UnitId>,
}

#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use store::*;
