//! Table rows. Private to the crate: what leaves it are the types of the nouns.

/// Marks an entity as belonging to a tenant, so that `Tx::scoped` takes it. `vouched`: the log vouches for its rows, all
/// columns but those named, which say nothing about what was done.
macro_rules! scoped {
    () => {
        scoped!(@with false,);
    };
    (vouched $($but:ident)*) => {
        scoped!(@with true, $($but)*);
    };
    (@with $vouched:literal, $($but:ident)*) => {
        impl crate::store::TenantEntity for Entity {
            const VOUCHED: bool = $vouched;

            fn tenant_column() -> Column {
                Column::TenantId
            }

            fn is_vouched(column: Column) -> bool {
                !matches!(column, Column::TenantId $(| Column::$but)*)
            }
        }

        impl crate::store::TenantRow for ActiveModel {
            fn set_tenant(&mut self, tenant: crate::ids::TenantId) {
                self.tenant_id = sea_orm::ActiveValue::Set(tenant);
            }
        }
    };
}

pub mod accounts;
pub mod appraisals;
pub mod assessment_facts;
pub mod assessment_rows;
pub mod assessments;
pub mod audit_entries;
pub mod audit_heads;
pub mod council_decisions;
pub mod council_seats;
pub mod council_sessions;
pub mod days_off;
pub mod duties;
pub mod evidence;
pub mod evidence_files;
pub mod evidence_links;
pub mod indicator_sets;
pub mod known_places;
pub mod members;
pub mod notices;
pub mod one_time_links;
pub mod periods;
pub mod petition_answers;
pub mod petitions;
pub mod publications;
pub mod ranking_groups;
pub mod rankings;
pub mod remarks;
pub mod reopenings;
pub mod reviews;
pub mod row_clerks;
pub mod rule_changes;
pub mod second_samples;
pub mod second_scores;
pub mod sessions;
pub mod set_drafts;
pub mod set_proposals;
pub mod set_versions;
pub mod shared_versions;
pub mod simulations;
pub mod talks;
pub mod tasks;
pub mod tenants;
pub mod unit_names;
pub mod unit_parents;
pub mod units;
pub mod votes;
