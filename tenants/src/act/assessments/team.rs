//! The people of a unit at work on one sheet: indicators split among clerks, and remarks among colleagues. Both are the
//! unit's own affair: the split forbids nobody anything, and the council sees neither.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::audit::{self, Event};
use crate::ids::{AccountId, AssessmentId};
use crate::policy::Action;
use crate::sheets::{self, Loaded, Team, clerks, colleagues, visible};
use crate::store::entities::{remarks, row_clerks};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// Longest remark, in characters.
const LONGEST: usize = 2_000;

/// Who fills in what of a sheet. `Err(Forbidden)` for whoever is not of the unit.
pub async fn team(tx: &Tx, id: AssessmentId) -> Result<Team> {
    let loaded = own(tx, id).await?;
    let people = colleagues(tx, loaded.sheet.unit_id).await?;
    let of_rows = clerks(tx, &loaded, &people).await?;
    Ok(Team { people, clerks: of_rows })
}

/// The sheet of the caller's own unit.
async fn own(tx: &Tx, id: AssessmentId) -> Result<Loaded> {
    let loaded = visible(tx, id).await?;
    tx.allow(Action::Plan, sheets::subject(&loaded.sheet, &loaded.period))?;
    Ok(loaded)
}

/// Gives indicators to a clerk of the unit, or to nobody in particular.
pub async fn split(tx: &Tx, id: AssessmentId, codes: &[String], clerk: Option<AccountId>) -> Result<()> {
    let loaded = own(tx, id).await?;
    if codes.is_empty() {
        return Err(Error::Invalid(vec![Problem::new("codes", "Hãy chọn ít nhất một chỉ số.")]));
    }
    for code in codes {
        loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    }
    if let Some(clerk) = clerk {
        let known = colleagues(tx, loaded.sheet.unit_id).await?;
        known.iter().find(|person| person.account == clerk).ok_or(Error::NotFound)?;
        let row = |code: &String| row_clerks::ActiveModel {
            assessment_id: Set(id),
            code: Set(code.clone()),
            account_id: Set(clerk),
            assigned_by: Set(tx.caller().name.clone()),
            assigned_at: Set(tx.now()),
            ..new_row(tx)
        };
        use row_clerks::Column;
        let again = OnConflict::columns([Column::TenantId, Column::AssessmentId, Column::Code])
            .update_columns([Column::AccountId, Column::AssignedBy, Column::AssignedAt])
            .to_owned();
        tx.upsert(codes.iter().map(row).collect(), again).await?;
    } else {
        let theirs = tx.delete_many::<row_clerks::Entity>().filter(row_clerks::Column::AssessmentId.eq(id));
        tx.delete_vouched(theirs.filter(row_clerks::Column::Code.is_in(codes.iter()))).await?;
    }
    let detail = json!({ "codes": codes, "clerk": clerk });
    audit::record(tx, Event { action: "sheet.split", subject: ("sheet", id.to_string()), detail }).await
}

/// Says something to colleagues about an indicator.
pub async fn remark(tx: &Tx, id: AssessmentId, code: &str, text: &str) -> Result<()> {
    let loaded = own(tx, id).await?;
    loaded.rules.set().indicator(code).ok_or(Error::NotFound)?;
    let length = text.trim().chars().count();
    if length == 0 || length > LONGEST {
        return Err(Error::Invalid(vec![Problem::new("text", "Hãy ghi nội dung, tối đa 2.000 ký tự.")]));
    }
    let account = tx.caller().account.ok_or(Error::Forbidden)?;
    let said = tx.scoped::<remarks::Entity>().filter(remarks::Column::AssessmentId.eq(id));
    let said = said.filter(remarks::Column::Code.eq(code)).order_by_desc(remarks::Column::SaidAt);
    let last = said.order_by_desc(remarks::Column::Id).one(tx.conn()).await?;
    // The same words by the same person, with nothing said in between: a form sent twice.
    if last.is_some_and(|last| last.said_by == account && last.text == text.trim()) {
        return Ok(());
    }
    tx.insert(remarks::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        assessment_id: Set(id),
        code: Set(code.into()),
        text: Set(text.trim().into()),
        said_by: Set(account),
        said_name: Set(tx.caller().name.clone()),
        said_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "code": code });
    audit::record(tx, Event { action: "sheet.remark", subject: ("sheet", id.to_string()), detail }).await
}
