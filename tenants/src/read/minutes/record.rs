//! What the council has done so far, gathered for the minutes.

use engine::Answers;

use super::{Changed, Claimed, Petitioned, Record};
use crate::appraisal::open_rows;
use crate::decisions::official::decisions;
use crate::decisions::{Decision, petitions};
use crate::ids::PeriodId;
use crate::points::from_stored;
use crate::policy::{Action, Subject};
use crate::sheets::Loaded;
use crate::store::Tx;
use crate::store::entities::appraisals;
use crate::{Result, ranking, seats};

/// The standing decisions, the petitions and the provisional ranking of a period.
pub async fn record(tx: &Tx, period: PeriodId) -> Result<Record> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let mut sheets = Loaded::read_period(tx, period).await?;
    sheets.sort_by(|a, b| a.sheet.unit_code.cmp(&b.sheet.unit_code));
    let ids: Vec<_> = sheets.iter().map(|loaded| loaded.sheet.id).collect();
    let all = decisions(tx, &ids).await?;
    let open = open_rows(tx, period).await?.iter().map(|(_, count)| count).sum();
    let mut record = Record {
        period,
        groups: ranking::current(tx, period).await?,
        accepted: 0,
        accepted_anew: 0,
        changed: Vec::new(),
        petitions: Vec::new(),
        open,
        basis: seats::decisions(tx, period).await?,
    };
    let petitioned = petitions::of_sheets(tx, &ids).await?;
    for loaded in &sheets {
        let (sheet, answers) = (&loaded.sheet, loaded.answers()?);
        for code in loaded.rules.set().indicators().map(|leaf| leaf.code.as_str()) {
            if let Some(standing) = all.get(&sheet.id).and_then(|by_code| by_code.get(code)?.last()) {
                let accepted = standing.decision == Decision::Accept.as_str();
                let changed = changed(loaded, standing, claimed(loaded, code, &answers)?);
                record.accepted += u32::from(accepted);
                record.accepted_anew += u32::from(accepted && changed.is_some());
                record.changed.extend(changed);
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

fn claimed(loaded: &Loaded, code: &str, answers: &Answers) -> Result<Claimed> {
    let signed = loaded.signed(&loaded.score(code, answers)?)?;
    Ok(match signed.points {
        Some(points) => Claimed::Points(points),
        None if signed.claim.is_some() || signed.implied => Claimed::NotApplicable,
        None => Claimed::Nothing,
    })
}

/// `None` for what was accepted as it was signed.
fn changed(loaded: &Loaded, standing: &appraisals::Model, claimed: Claimed) -> Option<Changed> {
    let places = loaded.rules.set().policy.round;
    let appraised = standing.points.map(|points| from_stored(points, places));
    let by_rules = standing.decision == Decision::Accept.as_str();
    let as_signed = appraised.is_some_and(|points| claimed == Claimed::Points(points));
    (!(by_rules && as_signed)).then(|| Changed {
        unit: loaded.sheet.unit_name.clone(),
        self_assessed: loaded.sheet.is_signed(),
        code: standing.code.clone(),
        claimed,
        appraised,
        by_rules,
        reason: standing.reason.clone(),
    })
}
