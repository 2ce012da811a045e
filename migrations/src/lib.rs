//! The schema, in order, on SQLite and PostgreSQL. One file per noun; none imports an entity.
//!
//! Every table of tenant data has a primary key and indexes that begin with `tenant_id`, and on PostgreSQL row-level
//! security under the setting `app.tenant_id`. The owner's role migrates; the application's role, `thuoc_app` where it
//! exists, owns nothing and is granted what it needs: on appended-only tables no more than SELECT and INSERT.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod guard;
mod m01_accounts;
mod m02_tenants;
mod m03_units;
mod m04_members;
mod m05_indicator_sets;
mod m06_periods;
mod m07_assessments;
mod m08_evidence;
mod m09_appraisals;
mod m10_rankings;
mod m11_publications;
mod m12_audit;
mod m14_foundation;
mod m15_workshop;
mod m16_notices;
mod m17_council;
mod m18_exemptions;
mod m19_unconfirmed;
mod m20_evidence_care;
mod m21_corrections;
mod m22_tasks;
mod m23_minutes;
mod m24_plan;
mod m25_clerks;
mod m26_mail_daily;
mod m27_councils;
mod m28_duties_and_samples;
mod m29_reviews;
mod m30_evidence_safety;
mod m31_own_points;
mod m32_period_settings;
mod m33_sign_in;
mod m34_signed_points;
mod m35_rights;
mod m36_issued_once;
mod m37_period_engine;
mod m38_to_sign;
mod m39_vouched;
mod m40_people;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m01_accounts::Migration),
            Box::new(m02_tenants::Migration),
            Box::new(m03_units::Migration),
            Box::new(m04_members::Migration),
            Box::new(m05_indicator_sets::Migration),
            Box::new(m06_periods::Migration),
            Box::new(m07_assessments::Migration),
            Box::new(m08_evidence::Migration),
            Box::new(m09_appraisals::Migration),
            Box::new(m10_rankings::Migration),
            Box::new(m11_publications::Migration),
            Box::new(m12_audit::Migration),
            Box::new(m14_foundation::Migration),
            Box::new(m15_workshop::Migration),
            Box::new(m16_notices::Migration),
            Box::new(m17_council::Migration),
            Box::new(m18_exemptions::Migration),
            Box::new(m19_unconfirmed::Migration),
            Box::new(m20_evidence_care::Migration),
            Box::new(m21_corrections::Migration),
            Box::new(m22_tasks::Migration),
            Box::new(m23_minutes::Migration),
            Box::new(m24_plan::Migration),
            Box::new(m25_clerks::Migration),
            Box::new(m26_mail_daily::Migration),
            Box::new(m27_councils::Migration),
            Box::new(m28_duties_and_samples::Migration),
            Box::new(m29_reviews::Migration),
            Box::new(m30_evidence_safety::Migration),
            Box::new(m31_own_points::Migration),
            Box::new(m32_period_settings::Migration),
            Box::new(m33_sign_in::Migration),
            Box::new(m34_signed_points::Migration),
            Box::new(m35_rights::Migration),
            Box::new(m36_issued_once::Migration),
            Box::new(m37_period_engine::Migration),
            Box::new(m38_to_sign::Migration),
            Box::new(m39_vouched::Migration),
            Box::new(m40_people::Migration),
        ]
    }
}
