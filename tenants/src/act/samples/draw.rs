//! Drawing the sample: which rows, and who scores each a second time.

use std::collections::{BTreeMap, HashMap, HashSet};

use rand::seq::SliceRandom;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde_json::json;

use super::{Draw, Drawn, MOST, Per};
use crate::audit::{self, Event};
use crate::decisions::official::decisions;
use crate::ids::{AccountId, AssessmentId, PeriodId, SampleId};
use crate::notices::{Kind, News, To, tell};
use crate::periods::{self, Stage};
use crate::policy::{Action, Subject};
use crate::seats::{self, Seat, SeatKind};
use crate::store::entities::{assessments, members, second_samples};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, paths};

/// A decided row that could be in the sample.
struct Row<'a> {
    sheet: &'a assessments::Model,
    code: &'a str,
    decided_by: AccountId,
}

/// Draws so many decided rows of each indicator or member, by chance, and gives each to a second member. Rows drawn before
/// are not drawn again. The chair does it, from the seat. The same form sent again is answered as the first time;
/// `Err(Stale)` where rows have been drawn otherwise since it was shown.
pub async fn draw(tx: &Tx, id: PeriodId, draw: &Draw) -> Result<Drawn> {
    let Draw { per, count, drawn: shown } = *draw;
    tx.allow(Action::Conclude, Subject::Tenant)?;
    let period = periods::find(tx, id).await?;
    seats::require(tx, id, &[SeatKind::Chair]).await?;
    if period.stage()? != Stage::Appraisal {
        return Err(Error::Conflict("Chỉ rút mẫu chấm lại khi kỳ đang ở giai đoạn thẩm định.".into()));
    }
    if count == 0 || count > MOST {
        return Err(Error::Invalid(vec![Problem::new("count", "Hãy ghi số dòng từ 1 đến 20.")]));
    }
    let known = tx.scoped::<second_samples::Entity>().filter(second_samples::Column::PeriodId.eq(id));
    let known = known.all(tx.conn()).await?;
    let mut detail = json!({ "per": per, "count": count, "drawn": shown });
    if known.len() != shown {
        let event = Event { action: "sample.draw", subject: ("period", id.to_string()), detail };
        let first = audit::answered(tx, &event).await?.ok_or(Error::Stale)?;
        return serde_json::from_value(first).map_err(Error::internal);
    }
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(id)).all(tx.conn()).await?;
    let ids: Vec<AssessmentId> = sheets.iter().map(|sheet| sheet.id).collect();
    let past = decisions(tx, &ids).await?;
    let drawn: HashSet<(AssessmentId, &str)> = known.iter().map(|row| (row.assessment_id, row.code.as_str())).collect();
    let mut buckets: BTreeMap<String, Vec<Row<'_>>> = BTreeMap::new();
    for sheet in sheets.iter().filter(|sheet| Some(sheet.unit_id) != period.managing_unit_id) {
        for (code, history) in past.get(&sheet.id).into_iter().flatten() {
            let Some(last) = history.last().filter(|_| !drawn.contains(&(sheet.id, code.as_str()))) else { continue };
            let key = match per {
                Per::Indicator => format!("{} {code}", sheet.group_id),
                Per::Member => last.decided_by.to_string(),
            };
            buckets.entry(key).or_default().push(Row { sheet, code, decided_by: last.decided_by });
        }
    }
    let mut judges = Judges::read(tx, id, known.iter().map(|row| row.account_id)).await?;
    let (mut rows, mut result) = (Vec::new(), Drawn::default());
    for bucket in buckets.values_mut() {
        bucket.shuffle(&mut rand::rng());
        let mut taken = 0;
        for row in bucket.iter() {
            if taken == count {
                break;
            }
            match judges.second(row) {
                Some(judge) => {
                    rows.push(sample(tx, id, row, &judge));
                    taken += 1;
                }
                None => result.without += 1,
            }
        }
    }
    if rows.is_empty() {
        return Ok(result);
    }
    result.rows = u32::try_from(rows.len()).map_err(Error::internal)?;
    tx.insert_many(rows).await?;
    judges.tell(tx, &period.name).await?;
    detail["rows"] = json!(result.rows);
    detail["without"] = json!(result.without);
    audit::record(tx, Event { action: "sample.draw", subject: ("period", id.to_string()), detail }).await?;
    Ok(result)
}

fn sample(tx: &Tx, period: PeriodId, row: &Row<'_>, judge: &Seat) -> second_samples::ActiveModel {
    second_samples::ActiveModel {
        id: Set(SampleId::new()),
        period_id: Set(period),
        assessment_id: Set(row.sheet.id),
        code: Set(row.code.into()),
        account_id: Set(judge.account),
        name: Set(judge.name.clone()),
        drawn_by: Set(tx.caller().name.clone()),
        drawn_at: Set(tx.now()),
        ..new_row(tx)
    }
}

/// Members who can score a second time, with how much each has been given.
struct Judges {
    seats: Vec<Seat>,
    /// Units of their roles, beside the one they sit for.
    units: HashSet<(AccountId, crate::ids::UnitId)>,
    load: HashMap<AccountId, u32>,
    given: BTreeMap<AccountId, u32>,
}

impl Judges {
    async fn read(tx: &Tx, period: PeriodId, given: impl Iterator<Item = AccountId>) -> Result<Judges> {
        let mut seats = seats::seats(tx, period).await?;
        // The chair reads the outcome, and sees every decision while the others do not.
        seats.retain(|seat| seat.ended.is_none() && seat.kind == SeatKind::Member);
        let accounts = seats.iter().map(|seat| seat.account);
        let held = tx.scoped::<members::Entity>().filter(members::Column::ValidTo.is_null());
        let held = held.filter(members::Column::AccountId.is_in(accounts)).all(tx.conn()).await?;
        let units = held.into_iter().filter_map(|member| Some((member.account_id, member.unit_id?))).collect();
        let mut load = HashMap::new();
        given.for_each(|account| *load.entry(account).or_default() += 1);
        Ok(Judges { seats, units, load, given: BTreeMap::new() })
    }

    /// Whoever has the least to do among those who neither decided the row nor come from the unit.
    fn second(&mut self, row: &Row<'_>) -> Option<Seat> {
        let unit = row.sheet.unit_id;
        let free = self.seats.iter().filter(|seat| {
            seat.account != row.decided_by && seat.unit != Some(unit) && !self.units.contains(&(seat.account, unit))
        });
        let seat = free.min_by_key(|seat| self.load.get(&seat.account).copied().unwrap_or_default())?.clone();
        *self.load.entry(seat.account).or_default() += 1;
        *self.given.entry(seat.account).or_default() += 1;
        Some(seat)
    }

    async fn tell(&self, tx: &Tx, period: &str) -> Result<()> {
        for (account, count) in &self.given {
            let detail = [("period", period.to_owned()), ("count", count.to_string())];
            let link = paths::second_scores::PATH.to_owned();
            let news = News { kind: Kind::Sampled, link, detail: &detail, occasion: None };
            tell(tx, To::Account(*account), news).await?;
        }
        Ok(())
    }
}
