//! A period's life: created with its units enrolled, opened, appraised. Concluding is the council's, publishing the publisher's.

use engine::ENGINE_VERSION;
use engine::run::Version;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;
use time::Date;

use super::{PeriodHead, Stage};
use crate::audit::{self, Event};
use crate::calendar::legal;
use crate::clock;
use crate::ids::PeriodId;
use crate::store::Tx;
use crate::store::entities::periods;
use crate::{Error, Result};

/// All periods of the tenant, newest year first.
pub async fn list(tx: &Tx) -> Result<Vec<PeriodHead>> {
    let newest = tx.scoped::<periods::Entity>().order_by_desc(periods::Column::Year);
    let rows = newest.order_by_desc(periods::Column::CreatedAt).all(tx.conn()).await?;
    rows.iter().map(periods::Model::head).collect()
}

/// The day it is, by the clock everybody's deadlines run on.
pub(crate) fn today(tx: &Tx) -> Date {
    clock::day(tx.now())
}

/// Moves the stage and records it. `Err(Conflict)` when the period stands elsewhere, `Err(Stale)` when it just moved.
pub(crate) async fn move_to(tx: &Tx, period: &periods::Model, from: Stage, to: Stage) -> Result<()> {
    if period.stage != from.as_str() {
        return Err(Error::Conflict("Kỳ đánh giá không ở giai đoạn phù hợp cho việc này.".into()));
    }
    // Nothing is scored before units may write: a draft opens under the engine of the day.
    let engine = if to == Stage::SelfAssessment { ENGINE_VERSION } else { period.engine.as_str() };
    let written = tx
        .update_many::<periods::Entity>()
        .col_expr(periods::Column::Stage, Expr::value(to.as_str()))
        .col_expr(periods::Column::Engine, Expr::value(engine))
        .col_expr(periods::Column::Revision, Expr::value(period.revision + 1))
        .filter(periods::Column::Id.eq(period.id))
        .filter(periods::Column::Revision.eq(period.revision))
        .exec(tx.conn())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let detail = json!({ "from": from, "to": to });
    audit::record(tx, Event { action: "period.stage", subject: ("period", period.id.to_string()), detail }).await
}

pub(crate) async fn find(tx: &Tx, id: PeriodId) -> Result<periods::Model> {
    let found = tx.scoped::<periods::Entity>().filter(periods::Column::Id.eq(id)).one(tx.conn()).await?;
    found.ok_or(Error::NotFound)
}

impl periods::Model {
    /// The days its acts are measured by, but for those of its council.
    pub(crate) fn dates(&self, tx: &Tx) -> legal::Year {
        let publish_by = Some(clock::day(self.publish_deadline));
        legal::Year { year: self.year, today: today(tx), publish_by, council: None, submitted: self.submitted_on }
    }

    pub(crate) fn stage(&self) -> Result<Stage> {
        Stage::parse(&self.stage).ok_or_else(|| Error::internal(format!("unknown stage {}", self.stage)))
    }

    /// The engine that calculates its scores.
    pub(crate) fn engine(&self) -> Result<Version> {
        Version::parse(&self.engine).ok_or_else(|| Error::internal(format!("unknown engine {}", self.engine)))
    }

    pub(crate) fn head(&self) -> Result<PeriodHead> {
        Ok(PeriodHead {
            id: self.id,
            year: self.year,
            name: self.name.clone(),
            stage: self.stage()?,
            self_deadline: self.self_deadline,
            publish_deadline: self.publish_deadline,
            is_sample: self.is_sample,
            petition_until: self.petition_until,
            self_from: self.self_from,
            appraise_until: self.appraise_until,
            conclude_until: self.conclude_until,
            submit_until: self.submit_until,
            guidance: self.guidance_name.clone(),
            submitted_on: self.submitted_on,
            submitted_number: self.submitted_number.clone(),
            settings: self.settings(),
        })
    }
}
