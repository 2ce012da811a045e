//! Stored scores against what the rules make of the stored figures, and what is published against the ranking.

use std::collections::HashMap;

use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{Checked, Fault};
use crate::ids::AssessmentId;
use crate::periods::{PeriodHead, Stage};
use crate::points::from_stored;
use crate::sheets::Loaded;
use crate::store::Tx;
use crate::store::entities::assessment_rows;
use crate::{Result, publication, ranking};

/// Every score of a period, through the same path as when it was stored.
pub(super) async fn compare(tx: &Tx, period: &PeriodHead, checked: &mut Checked) -> Result<()> {
    let sheets = Loaded::read_period(tx, period.id).await?;
    let ids = sheets.iter().map(|loaded| loaded.sheet.id);
    let rows = tx.scoped::<assessment_rows::Entity>().filter(assessment_rows::Column::AssessmentId.is_in(ids));
    let mut of_sheet: HashMap<AssessmentId, Vec<assessment_rows::Model>> = HashMap::new();
    for row in rows.order_by_asc(assessment_rows::Column::Code).all(tx.conn()).await? {
        of_sheet.entry(row.assessment_id).or_default().push(row);
    }
    for loaded in sheets {
        let rows = of_sheet.remove(&loaded.sheet.id).unwrap_or_default();
        sheet(&loaded, &rows, &period.name, checked)?;
    }
    if period.stage == Stage::Published {
        published(tx, period, checked).await?;
    }
    Ok(())
}

fn sheet(loaded: &Loaded, rows: &[assessment_rows::Model], period: &str, checked: &mut Checked) -> Result<()> {
    let (unit, answers) = (&loaded.sheet.unit_name, loaded.answers()?);
    for row in rows {
        let Some(kept) = &row.score else { continue };
        checked.scores += 1;
        let found = loaded.score(&row.code, &answers)?.points;
        let (sum, told) = (row.self_points.map(|points| from_stored(points, 4)), points_of(kept));
        if sum != found || told != found {
            let stored =
                if sum == told { shown(sum) } else { format!("{}, in its explanation {}", shown(sum), shown(told)) };
            let what = format!("{} of {unit}, {period}", row.code);
            checked.faults.push(Fault::Score { what, stored, found: shown(found) });
        }
    }
    Ok(())
}

fn points_of(kept: &serde_json::Value) -> Option<Decimal> {
    serde_json::from_value::<engine::IndicatorScore>(kept.clone()).ok()?.points
}

/// The newest edition says what the ranking says.
async fn published(tx: &Tx, period: &PeriodHead, checked: &mut Checked) -> Result<()> {
    let Some(snapshot) = publication::newest(tx, period.id).await? else { return Ok(()) };
    for group in ranking::current(tx, period.id).await? {
        let edition = snapshot.groups.iter().find(|edition| edition.slug == group.slug);
        for line in &group.rows {
            let unit = edition.and_then(|edition| edition.units.iter().find(|unit| unit.name == line.unit_name));
            let said = |points: Decimal, index: Option<Decimal>, rank: Option<u32>| {
                format!(
                    "{}, {}, {}",
                    points.normalize(),
                    shown(index),
                    rank.map_or("–".into(), |rank| rank.to_string())
                )
            };
            let stored = unit.map(|unit| said(unit.points, unit.index, unit.rank));
            let found = said(line.points, line.index, line.rank);
            if stored.as_ref() != Some(&found) {
                let what = format!("published result of {}, {}", line.unit_name, period.name);
                checked.faults.push(Fault::Score { what, stored: stored.unwrap_or_default(), found });
            }
        }
    }
    Ok(())
}

fn shown(points: Option<Decimal>) -> String {
    points.map_or_else(|| "–".into(), |points| points.normalize().to_string())
}
