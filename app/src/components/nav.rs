//! The staff navigation: one line per page, shown to those whose work it is.

use tenants::caller::Role;
use tenants::{Caller, paths};

/// An entry of the side navigation.
pub struct Item {
    pub href: &'static str,
    /// Text key of the name, and of the line that explains it on the start page with `-about` behind.
    pub key: &'static str,
    /// Holders of any of these see it; empty means everybody signed in.
    pub roles: &'static [Role],
}

const BOARD: &[Role] = &[
    Role::PeriodManager,
    Role::Appraiser,
    Role::CouncilChair,
    Role::CouncilSecretary,
    Role::Publisher,
    Role::Inspector,
    Role::TenantAdmin,
];
const COUNCIL: &[Role] = &[Role::Appraiser, Role::CouncilChair, Role::CouncilSecretary, Role::Inspector];

pub const ITEMS: &[Item] = &[
    Item { href: paths::start::PATH, key: "nav-desk", roles: &[] },
    Item { href: paths::years::PATH, key: "nav-periods", roles: BOARD },
    Item { href: paths::appraisals::PATH, key: "nav-appraisal", roles: COUNCIL },
    Item {
        href: paths::sets::PATH,
        key: "nav-sets",
        // The administrator decides whether issuing takes two people.
        roles: &[Role::RuleAdmin, Role::PeriodManager, Role::Inspector, Role::TenantAdmin],
    },
    Item { href: paths::people::PATH, key: "nav-people", roles: &[Role::TenantAdmin] },
    Item { href: paths::units::PATH, key: "nav-units", roles: &[Role::TenantAdmin] },
    Item { href: paths::log::PATH, key: "nav-audit", roles: &[Role::Inspector, Role::TenantAdmin] },
];

/// The entries a caller sees, in order.
pub fn items_for(caller: &Caller) -> impl Iterator<Item = &'static Item> {
    ITEMS.iter().filter(|item| item.roles.is_empty() || caller.has_any(item.roles))
}

/// The entry the path belongs to: the longest that contains it.
pub fn current(path: &str) -> Option<&'static str> {
    let contains = |href: &str| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    ITEMS.iter().map(|item| item.href).filter(|href| contains(href)).max_by_key(|href| href.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_entry_is_current() {
        assert_eq!(current("/lam-viec/x"), Some("/lam-viec"));
        assert_eq!(current("/lam-viecx"), None);
    }
}
