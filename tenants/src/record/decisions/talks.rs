//! What council and unit said to each other, indicator by indicator.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use time::Date;

use super::Talk;
use crate::Result;
use crate::clock;
use crate::ids::AssessmentId;
use crate::store::Tx;
use crate::store::entities::talks;

/// What was said about the indicators of a sheet, oldest first, by code.
pub(crate) type Talks = HashMap<String, Vec<talks::Model>>;

pub(crate) async fn talks(tx: &Tx, sheet: AssessmentId) -> Result<Talks> {
    Ok(talks_of(tx, &[sheet]).await?.remove(&sheet).unwrap_or_default())
}

/// The same for some sheets at once.
pub(crate) async fn talks_of(tx: &Tx, sheets: &[AssessmentId]) -> Result<HashMap<AssessmentId, Talks>> {
    let of_sheets = tx.scoped::<talks::Entity>().filter(talks::Column::AssessmentId.is_in(sheets.iter().copied()));
    let oldest = of_sheets.order_by_asc(talks::Column::SaidAt).order_by_asc(talks::Column::Id).all(tx.conn()).await?;
    let mut all: HashMap<AssessmentId, Talks> = HashMap::new();
    for said in oldest {
        all.entry(said.assessment_id).or_default().entry(said.code.clone()).or_default().push(said);
    }
    Ok(all)
}

impl talks::Model {
    pub(crate) fn shown(&self) -> Talk {
        Talk {
            is_question: self.is_question,
            text: self.text.clone(),
            due: self.due_on,
            by: self.said_name.clone(),
            at: self.said_at,
        }
    }
}

/// A question stays open until the unit answers or its day has passed.
pub(crate) fn is_open(talks: &[talks::Model], today: Date) -> bool {
    talks.last().is_some_and(|last| last.is_question && last.due_on.is_none_or(|due| today <= due))
}

/// Questions whose day has passed without an answer: how many of each sheet, and the earliest day.
pub(crate) async fn overdue_questions(tx: &Tx, sheets: &[AssessmentId]) -> Result<HashMap<AssessmentId, (u32, Date)>> {
    let today = clock::day(tx.now());
    let mut overdue: HashMap<AssessmentId, (u32, Date)> = HashMap::new();
    for (sheet, talks) in talks_of(tx, sheets).await? {
        let last = talks.values().filter_map(|said| said.last()).filter(|last| last.is_question);
        for due in last.filter_map(|last| last.due_on).filter(|due| *due < today) {
            let (count, earliest) = overdue.entry(sheet).or_insert((0, due));
            *count += 1;
            *earliest = due.min(*earliest);
        }
    }
    Ok(overdue)
}
