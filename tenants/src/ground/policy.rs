//! Who may do what: one `match`, printed as a matrix under test (`tests/policy.txt`). Source: domain.md (b).
//!
//! Whether the moment is right (stage, deadline, state) is asked by the use case; here is only *who*.

use crate::caller::{Caller, Role};
use crate::error::{Error, Result};
use crate::guards;
use crate::ids::UnitId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    ViewSheet,
    SaveAnswer,
    Submit,
    SendBack,
    Extend,
    AddEvidence,
    Appraise,
    /// Answering a question of the council.
    Reply,
    /// Objecting to a provisional score.
    Petition,
    /// Planning what the unit will do better.
    Plan,
    /// Giving council members indicators to judge.
    Assign,
    /// Writing the minutes of the council's sessions.
    Minute,
    Conclude,
    ViewBoard,
    ManagePeriod,
    Publish,
    ViewSets,
    EditSet,
    IssueSet,
    /// Everybody's figures under other rules, before anything is published.
    Simulate,
    /// Other rules inside a running period.
    ChangeRules,
    ManageUnits,
    ManageMembers,
    ReadAudit,
    ReadPublished,
    /// Reminding people and sending their mail.
    Deliver,
    /// Scanning stored files and clearing away what nobody needs.
    KeepFiles,
}

impl Action {
    pub const ALL: [Action; 27] = [
        Action::ViewSheet,
        Action::SaveAnswer,
        Action::Submit,
        Action::SendBack,
        Action::Extend,
        Action::AddEvidence,
        Action::Appraise,
        Action::Reply,
        Action::Petition,
        Action::Plan,
        Action::Assign,
        Action::Minute,
        Action::Conclude,
        Action::ViewBoard,
        Action::ManagePeriod,
        Action::Publish,
        Action::ViewSets,
        Action::EditSet,
        Action::IssueSet,
        Action::Simulate,
        Action::ChangeRules,
        Action::ManageUnits,
        Action::ManageMembers,
        Action::ReadAudit,
        Action::ReadPublished,
        Action::Deliver,
        Action::KeepFiles,
    ];
}

/// What the action is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The tenant as a whole: its periods, sets, people.
    Tenant,
    /// One unit's scorecard.
    Sheet {
        unit: UnitId,
        /// The standing agency's own scorecard, which only the chair may judge.
        managing: bool,
    },
}

const COUNCIL: [Role; 3] = [Role::Appraiser, Role::CouncilChair, Role::CouncilSecretary];
const WATCHERS: [Role; 4] = [Role::PeriodManager, Role::Publisher, Role::Inspector, Role::TenantAdmin];

/// What the table says as a result, asked without a transaction. `Err(NotFound)` for a sheet the caller may not even see,
/// `Err(Forbidden)` otherwise.
#[track_caller]
pub fn allow(caller: &Caller, action: Action, subject: Subject) -> Result<()> {
    if allows(caller, action, subject) {
        return Ok(());
    }
    let hidden = matches!(subject, Subject::Sheet { .. }) && !allows(caller, Action::ViewSheet, subject);
    Err(if hidden { Error::NotFound } else { Error::Forbidden })
}

/// Whether the caller may do it.
#[track_caller]
pub fn allows(caller: &Caller, action: Action, subject: Subject) -> bool {
    guards::holds(table(caller, action, subject))
}

/// The whole permission table.
fn table(caller: &Caller, action: Action, subject: Subject) -> bool {
    match (action, subject) {
        (Action::ReadPublished, _) => true,
        (Action::ViewSheet, Subject::Sheet { unit, .. }) => {
            own_unit(caller, unit) || caller.has_any(&COUNCIL) || caller.has_any(&WATCHERS)
        }
        (Action::SaveAnswer, Subject::Sheet { unit, .. }) => caller.has_for(Role::UnitEditor, unit),
        (Action::Submit, Subject::Sheet { unit, .. }) => caller.has_for(Role::UnitApprover, unit),
        (Action::SendBack | Action::Extend, Subject::Sheet { .. }) => caller.has(Role::PeriodManager),
        (Action::AddEvidence, Subject::Sheet { unit, .. }) => {
            own_unit(caller, unit) || caller.has_any(&COUNCIL) || caller.has(Role::PeriodManager)
        }
        (Action::Appraise, Subject::Sheet { unit, managing }) => may_judge(caller, unit, managing),
        (Action::Reply | Action::Plan, Subject::Sheet { unit, .. }) => own_unit(caller, unit),
        (Action::Petition, Subject::Sheet { unit, .. }) => caller.has_for(Role::UnitApprover, unit),
        (Action::Assign, Subject::Tenant) => {
            caller.has_any(&[Role::CouncilChair, Role::CouncilSecretary, Role::PeriodManager])
        }
        (Action::Minute, Subject::Tenant) => caller.has_any(&[Role::CouncilChair, Role::CouncilSecretary]),
        (Action::Conclude, Subject::Tenant) => caller.has(Role::CouncilChair),
        (Action::ViewBoard, Subject::Tenant) => {
            caller.has_any(&COUNCIL) || caller.has_any(&WATCHERS) || caller.has(Role::System)
        }
        (Action::ManagePeriod, Subject::Tenant) => caller.has(Role::PeriodManager),
        (Action::Publish, Subject::Tenant) => caller.has(Role::Publisher),
        (Action::ViewSets, Subject::Tenant) => caller.account.is_some() && !caller.grants.is_empty(),
        (Action::Simulate, Subject::Tenant) => caller.has(Role::RuleAdmin) || caller.has_any(&WATCHERS),
        (Action::EditSet | Action::IssueSet | Action::ChangeRules, Subject::Tenant) => caller.has(Role::RuleAdmin),
        (Action::ManageUnits | Action::ManageMembers, Subject::Tenant) => caller.has(Role::TenantAdmin),
        (Action::ReadAudit, Subject::Tenant) => caller.has_any(&[Role::Inspector, Role::TenantAdmin]),
        (Action::Deliver | Action::KeepFiles, Subject::Tenant) => caller.has(Role::System),
        _ => false,
    }
}

fn own_unit(caller: &Caller, unit: UnitId) -> bool {
    caller.has_for(Role::UnitEditor, unit) || caller.has_for(Role::UnitApprover, unit)
}

/// Nobody judges the unit they come from; the standing agency's own sheet goes to the chair.
fn may_judge(caller: &Caller, unit: UnitId, managing: bool) -> bool {
    if managing {
        return caller.has(Role::CouncilChair);
    }
    caller.has_any(&[Role::Appraiser, Role::CouncilChair]) && !caller.belongs_to(unit)
}
