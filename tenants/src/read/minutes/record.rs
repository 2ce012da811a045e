//! What the council has done so far, gathered for the minutes.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{Changed, Petitioned, Record};
use crate::appraisal::open_rows;
use crate::decisions::official::decisions;
use crate::decisions::{Decision, petitions};
use crate::{Result, seats};

use crate::ids::PeriodId;
use crate::indicator_sets;

use crate::points::from_stored;
use crate::policy::{Action, Subject};
use crate::ranking;
use crate::store::Tx;
use crate::store::entities::{appraisals, assessments};

/// The standing decisions, the petitions and the provisional ranking of a period.
pub async fn record(tx: &Tx, period: PeriodId) -> Result<Record> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period));
    let sheets = sheets.order_by_asc(assessments::Column::UnitCode).all(tx.conn()).await?;
    let ids: Vec<_> = sheets.iter().map(|sheet| sheet.id).collect();
    let all = decisions(tx, &ids).await?;
    let groups = ranking::current(tx, period).await?;
    let basis = seats::decisions(tx, period).await?;
    let mut record = Record { period, groups, accepted: 0, changed: Vec::new(), petitions: Vec::new(), open: 0, basis };
    record.open = open_rows(tx, period).await?.iter().map(|(_, count)| count).sum();
    let rules = indicator_sets::rules_of_groups(tx, sheets.iter().map(|sheet| sheet.group_id)).await?;
    let petitioned = petitions::of_sheets(tx, &ids).await?;
    for sheet in &sheets {
        let (_, rules) = rules.get(&sheet.group_id).ok_or(crate::Error::NotFound)?;
        let (codes, places) = (rules.set().indicators().map(|leaf| leaf.code.as_str()), rules.set().policy.round);
        for code in codes {
            if let Some(standing) = all.get(&sheet.id).and_then(|by_code| by_code.get(code)?.last()) {
                match changed(sheet, standing, places) {
                    Some(changed) => record.changed.push(changed),
                    None => record.accepted += 1,
                }
            }
            if let Some(petition) = petitioned.get(&sheet.id).and_then(|by_code| by_code.get(code)) {
                record.petitions.push(Petitioned {
                    unit: sheet.unit_name.clone(),
                    code: code.into(),
                    text: petition.text.clone(),
                    answer: petition.answer.as_ref().map(|answer| answer.text.clone()),
                });
            }
        }
    }
    Ok(record)
}

/// `None` for what was accepted as claimed.
fn changed(sheet: &assessments::Model, standing: &appraisals::Model, places: u32) -> Option<Changed> {
    (standing.decision != Decision::Accept.as_str()).then(|| Changed {
        unit: sheet.unit_name.clone(),
        self_assessed: sheet.is_signed(),
        code: standing.code.clone(),
        claimed: standing.self_points.map(|points| from_stored(points, places)),
        appraised: standing.points.map(|points| from_stored(points, places)),
        reason: standing.reason.clone(),
    })
}
