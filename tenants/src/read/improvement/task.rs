//! The unit's own plan: what it will do about an indicator, by whom and until when.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{NewTask, Task};
use crate::audit::{self, Event};
use crate::ids::{AssessmentId, TaskId, UnitId};
use crate::sheets::{self, visible};

use crate::policy::Action;
use crate::store::entities::tasks;
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// Longest text, in characters.
const LONGEST: usize = 1_000;

/// The unit's tasks, open ones first, then by day.
pub(super) async fn of_unit(tx: &Tx, unit: UnitId) -> Result<Vec<Task>> {
    let mine = tx.scoped::<tasks::Entity>().filter(tasks::Column::UnitId.eq(unit));
    let mut all = mine.order_by_asc(tasks::Column::AddedAt).all(tx.conn()).await?;
    all.sort_by_key(|task| (task.done_at.is_some(), task.due_on.is_none(), task.due_on));
    let shown = |task: tasks::Model| Task {
        id: task.id,
        code: task.code,
        text: task.text,
        owner: task.owner,
        due: task.due_on,
        added_by: task.added_by,
        done_at: task.done_at,
    };
    Ok(all.into_iter().map(shown).collect())
}

/// Puts something on the unit's list.
pub async fn add(tx: &Tx, sheet: AssessmentId, new: &NewTask) -> Result<()> {
    let loaded = visible(tx, sheet).await?;
    tx.allow(Action::Plan, sheets::subject(&loaded.sheet, &loaded.period))?;
    let indicator = loaded.rules.set().indicator(&new.code);
    let indicator = indicator.ok_or_else(|| Error::Invalid(vec![Problem::new("code", "Hãy chọn một chỉ số.")]))?;
    let length = new.text.trim().chars().count();
    if length == 0 || length > LONGEST || new.owner.chars().count() > LONGEST {
        return Err(Error::Invalid(vec![Problem::new("text", "Hãy ghi việc cần làm, tối đa 1.000 ký tự.")]));
    }
    let known = tx.scoped::<tasks::Entity>().filter(tasks::Column::AssessmentId.eq(sheet));
    let known = known.filter(tasks::Column::Code.eq(&new.code)).filter(tasks::Column::DoneAt.is_null());
    let known = known.filter(tasks::Column::AddedBy.eq(&tx.caller().name)).all(tx.conn()).await?;
    let same =
        |task: &tasks::Model| task.text == new.text.trim() && task.owner == new.owner.trim() && task.due_on == new.due;
    // It stands on the list and waits: the form was sent twice.
    if known.iter().any(same) {
        return Ok(());
    }
    let id = TaskId::new();
    tx.insert(tasks::ActiveModel {
        id: Set(id),
        unit_id: Set(loaded.sheet.unit_id),
        assessment_id: Set(sheet),
        code: Set(new.code.clone()),
        indicator_key: Set(indicator.key.clone()),
        text: Set(new.text.trim().into()),
        owner: Set(new.owner.trim().into()),
        due_on: Set(new.due),
        added_by: Set(tx.caller().name.clone()),
        added_at: Set(tx.now()),
        done_at: Set(None),
        ..new_row(tx)
    })
    .await?;
    let detail = json!({ "task": id, "code": new.code, "text": new.text.trim() });
    audit::record(tx, Event { action: "task.add", subject: ("sheet", sheet.to_string()), detail }).await
}

/// Marks a task as done, or as open again.
pub async fn finish(tx: &Tx, sheet: AssessmentId, task: TaskId, done: bool) -> Result<()> {
    let loaded = visible(tx, sheet).await?;
    tx.allow(Action::Plan, sheets::subject(&loaded.sheet, &loaded.period))?;
    let marked = tx
        .update_aside::<tasks::Entity>()
        .col_expr(tasks::Column::DoneAt, Expr::value(done.then(|| tx.now())))
        .filter(tasks::Column::Id.eq(task))
        .filter(tasks::Column::UnitId.eq(loaded.sheet.unit_id));
    if tx.update_vouched(marked).await? == 0 {
        return Err(Error::NotFound);
    }
    let detail = json!({ "task": task, "done": done });
    audit::record(tx, Event { action: "task.finish", subject: ("sheet", sheet.to_string()), detail }).await
}
