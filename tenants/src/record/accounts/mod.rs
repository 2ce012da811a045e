//! People: their accounts, the links that let them in once, their passwords. Roles are `members`.
//!
//! An account belongs to no authority. The authority a person has all roles in, of now and of before, looks after the
//! account: it disables it and lets its person choose another password. Where a person works for several, each of them only
//! gives and ends its own roles, so that no administrator can get into another authority through somebody's account.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::caller::Role;
use crate::ids::{AccountId, MemberId, UnitId};

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    Active,
    /// Has not chosen a password yet.
    Invited,
    Disabled,
}

impl AccountState {
    pub fn as_str(self) -> &'static str {
        match self {
            AccountState::Active => "active",
            AccountState::Invited => "invited",
            AccountState::Disabled => "disabled",
        }
    }
}

/// Somebody with a role in the authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: AccountId,
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    pub state: AccountState,
    /// As far as this authority's log tells.
    pub last_sign_in: Option<OffsetDateTime>,
    pub roles: Vec<HeldRole>,
}

/// A role somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    pub id: MemberId,
    pub role: Role,
    pub unit: Option<(UnitId, String)>,
}

/// Somebody who is to have an account. `login` is unique in the installation, whatever its case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NewPerson {
    pub login: String,
    pub name: String,
    pub email: Option<String>,
}

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The first password.
    Invitation,
    /// Another password, for somebody who forgot it.
    Reset,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Invitation => "invitation",
            Purpose::Reset => "reset",
        }
    }

    pub fn parse(name: &str) -> Option<Purpose> {
        [Purpose::Invitation, Purpose::Reset].into_iter().find(|purpose| purpose.as_str() == name)
    }
}

#[cfg(feature = "store")]
mod links;
#[cfg(feature = "store")]
mod own;
#[cfg(feature = "store")]
mod password;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
pub use links::{Link, Shown, look, redeem, send};
#[cfg(feature = "store")]
pub use own::{Changed, change_password};
#[cfg(feature = "store")]
pub use password::{LEAST, Password};
#[cfg(feature = "store")]
pub use store::*;
