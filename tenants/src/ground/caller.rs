//! Who is asking. Every `Tx` is opened for one caller in one tenant, and every permission is read from here.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, TenantId, UnitId};

/// A person (or an anonymous citizen) acting in one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub tenant: TenantId,
    /// `None` for a citizen.
    pub account: Option<AccountId>,
    /// As it is written into the history.
    pub name: String,
    pub grants: Vec<Grant>,
}

/// One role held in the tenant, bound to a unit where the role needs one.
/// For council members the unit is the one they come from: they never judge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    pub unit: Option<UnitId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Specialist of a unit: inputs, evidence, explanations.
    UnitEditor,
    /// Head of a unit: signs and submits.
    UnitApprover,
    Appraiser,
    CouncilChair,
    CouncilSecretary,
    PeriodManager,
    RuleAdmin,
    Publisher,
    /// Reads everything, changes nothing.
    Inspector,
    TenantAdmin,
    /// The server's own clockwork: reminders and mail. No person holds it, and the database cannot give it.
    System,
    /// Whoever runs the installation, at its command line: creates authorities and their people and sees no scores.
    Operator,
}

impl Role {
    /// The roles a person can hold.
    pub const ALL: [Role; 10] = [
        Role::UnitEditor,
        Role::UnitApprover,
        Role::Appraiser,
        Role::CouncilChair,
        Role::CouncilSecretary,
        Role::PeriodManager,
        Role::RuleAdmin,
        Role::Publisher,
        Role::Inspector,
        Role::TenantAdmin,
    ];

    /// The name stored in the database and used as the suffix of the text key `role-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::UnitEditor => "unit_editor",
            Role::UnitApprover => "unit_approver",
            Role::Appraiser => "appraiser",
            Role::CouncilChair => "council_chair",
            Role::CouncilSecretary => "council_secretary",
            Role::PeriodManager => "period_manager",
            Role::RuleAdmin => "rule_admin",
            Role::Publisher => "publisher",
            Role::Inspector => "inspector",
            Role::TenantAdmin => "tenant_admin",
            Role::System => "system",
            Role::Operator => "operator",
        }
    }

    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether the role means nothing without a unit.
    pub fn needs_unit(self) -> bool {
        matches!(self, Role::UnitEditor | Role::UnitApprover)
    }
}

impl Caller {
    /// Anybody: sees what is published and nothing else.
    pub fn citizen(tenant: TenantId) -> Caller {
        Caller { tenant, account: None, name: String::new(), grants: Vec::new() }
    }

    /// The server itself, at work for a tenant without anybody asking.
    pub fn system(tenant: TenantId) -> Caller {
        let grants = vec![Grant { role: Role::System, unit: None }];
        Caller { tenant, account: None, name: "Hệ thống".into(), grants }
    }

    /// Whoever runs the installation, for one of its authorities.
    pub fn operator(tenant: TenantId) -> Caller {
        let grants = vec![Grant { role: Role::Operator, unit: None }];
        Caller { tenant, account: None, name: "Quản trị máy chủ".into(), grants }
    }

    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// Whether the caller holds the role for this very unit.
    pub fn has_for(&self, role: Role, unit: UnitId) -> bool {
        self.grants.iter().any(|grant| grant.role == role && grant.unit == Some(unit))
    }

    /// Whether the caller comes from the unit in any role.
    pub fn belongs_to(&self, unit: UnitId) -> bool {
        self.grants.iter().any(|grant| grant.unit == Some(unit))
    }

    /// The units the caller fills in or signs for.
    pub fn own_units(&self) -> Vec<UnitId> {
        let own = self.grants.iter().filter(|grant| grant.role.needs_unit());
        let mut units: Vec<UnitId> = own.filter_map(|grant| grant.unit).collect();
        units.sort();
        units.dedup();
        units
    }
}
