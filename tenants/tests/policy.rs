//! The permission table, printed: role × action on the own unit, another unit and the managing agency.
//! A domain expert reviews the diff of `policy.txt`. Run with `UPDATE_POLICY=1` to write it anew.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use tenants::Caller;
use tenants::caller::{Grant, Role};
use tenants::ids::{AccountId, TenantId, UnitId};
use tenants::policy::{Action, Subject, allows};

fn caller(role: Option<Role>, unit: UnitId) -> Caller {
    let Some(role) = role else {
        return Caller::citizen(TenantId::new());
    };
    Caller {
        tenant: TenantId::new(),
        account: Some(AccountId::new()),
        name: role.as_str().into(),
        grants: vec![Grant { role, unit: Some(unit) }],
    }
}

fn printed() -> String {
    let own = UnitId::new();
    let other = UnitId::new();
    let mut table = String::from("# o = own unit, x = another unit, m = the managing agency's sheet, t = the tenant\n");
    for action in Action::ALL {
        writeln!(table, "\n{action:?}").unwrap();
        for role in [None].into_iter().chain(Role::ALL.into_iter().chain([Role::System, Role::Operator]).map(Some)) {
            let caller = caller(role, own);
            let sheet = |unit, managing| Subject::Sheet { unit, managing };
            let subjects = [
                ('o', sheet(own, false)),
                ('x', sheet(other, false)),
                ('m', sheet(other, true)),
                ('t', Subject::Tenant),
            ];
            let may = subjects.into_iter().filter(|(_, subject)| allows(&caller, action, *subject));
            let marks: String = may.map(|(mark, _)| mark).collect();
            if !marks.is_empty() {
                writeln!(table, "  {:<18} {marks}", role.map_or("citizen", Role::as_str)).unwrap();
            }
        }
    }
    table
}

#[test]
fn the_table_is_the_reviewed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy.txt");
    if std::env::var_os("UPDATE_POLICY").is_some() {
        std::fs::write(path, printed()).unwrap();
    }
    assert_eq!(printed(), std::fs::read_to_string(path).unwrap());
}

#[test]
fn nobody_judges_the_own_unit() {
    let own = UnitId::new();
    for role in Role::ALL {
        let subject = Subject::Sheet { unit: own, managing: false };
        assert!(!allows(&caller(Some(role), own), Action::Appraise, subject), "{role:?}");
    }
}

#[test]
fn the_managing_agency_is_judged_by_the_chair_alone() {
    let managing = Subject::Sheet { unit: UnitId::new(), managing: true };
    let judges =
        Role::ALL.into_iter().filter(|role| allows(&caller(Some(*role), UnitId::new()), Action::Appraise, managing));
    assert_eq!(judges.collect::<Vec<_>>(), [Role::CouncilChair]);
}
