//! What units petitioned for, and the answers.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use time::OffsetDateTime;

use super::{Petition, PetitionAnswer};
use crate::ids::{AssessmentId, PeriodId, PetitionId};
use crate::store::Tx;
use crate::store::entities::{assessments, periods as periods_table, petition_answers, petitions};
use crate::{Result, periods};

/// Whether the unit may still petition: until the common moment, or its own later one.
pub(crate) fn in_time(tx: &Tx, sheet: &assessments::Model, period: &periods_table::Model) -> bool {
    let last = |common: OffsetDateTime| sheet.petition_until.map_or(common, |own| own.max(common));
    period.petition_until.is_some_and(|common| !periods::is_over(last(common), tx.now()))
}

/// The petitions of a sheet, by code.
pub(crate) async fn of_sheet(tx: &Tx, sheet: AssessmentId) -> Result<HashMap<String, Petition>> {
    Ok(of_sheets(tx, &[sheet]).await?.remove(&sheet).unwrap_or_default())
}

/// The petitions of some sheets, by sheet and code.
pub(crate) async fn of_sheets(
    tx: &Tx,
    sheets: &[AssessmentId],
) -> Result<HashMap<AssessmentId, HashMap<String, Petition>>> {
    let made = tx.scoped::<petitions::Entity>();
    let made = made.filter(petitions::Column::AssessmentId.is_in(sheets.iter().copied()));
    let made = made.order_by_asc(petitions::Column::MadeAt).all(tx.conn()).await?;
    let answers = tx.scoped::<petition_answers::Entity>();
    let ids = made.iter().map(|petition| petition.id);
    let answers = answers.filter(petition_answers::Column::PetitionId.is_in(ids)).all(tx.conn()).await?;
    let mut answers: HashMap<PetitionId, PetitionAnswer> = answers
        .into_iter()
        .map(|answer| {
            let shown = PetitionAnswer { text: answer.text, by: answer.answered_name, at: answer.answered_at };
            (answer.petition_id, shown)
        })
        .collect();
    let mut all: HashMap<AssessmentId, HashMap<String, Petition>> = HashMap::new();
    for petition in made {
        let shown = Petition {
            id: petition.id,
            code: petition.code.clone(),
            text: petition.text,
            by: petition.made_name,
            at: petition.made_at,
            answer: answers.remove(&petition.id),
        };
        all.entry(petition.assessment_id).or_default().insert(petition.code, shown);
    }
    Ok(all)
}

/// How many petitions of a period wait for an answer.
pub(crate) async fn unanswered(tx: &Tx, period: PeriodId) -> Result<usize> {
    let sheets = tx.scoped::<assessments::Entity>().filter(assessments::Column::PeriodId.eq(period));
    let ids: Vec<AssessmentId> = sheets.all(tx.conn()).await?.into_iter().map(|sheet| sheet.id).collect();
    Ok(unanswered_of(tx, &ids).await?.values().map(|count| *count as usize).sum())
}

/// How many petitions of each of these sheets wait for an answer; sheets without any are left out.
pub(crate) async fn unanswered_of(tx: &Tx, sheets: &[AssessmentId]) -> Result<HashMap<AssessmentId, u32>> {
    let waiting = |petitions: HashMap<String, Petition>| {
        u32::try_from(petitions.values().filter(|petition| petition.answer.is_none()).count()).unwrap_or(u32::MAX)
    };
    let all = of_sheets(tx, sheets).await?.into_iter().map(|(sheet, petitions)| (sheet, waiting(petitions)));
    Ok(all.filter(|(_, count)| *count > 0).collect())
}
