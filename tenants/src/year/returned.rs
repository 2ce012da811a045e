//! The People's Committee returns a result it was given: the council takes the period up again. Source: domain.md (b) 2.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use time::Date;

use crate::audit::{self, Event};
use crate::ids::PeriodId;
use crate::notices::{Kind, News};
use crate::periods::{Stage, find, move_to};
use crate::policy::{Action, Subject};
use crate::seats::{self, SeatKind};
use crate::sheets::SheetState;
use crate::store::Tx;
use crate::store::entities::{assessments, periods};
use crate::{Error, Problem, Result, paths, ranking};

/// Longest opinion, in characters.
const LONGEST: usize = 2_000;

/// Concluded → appraisal, with the People's Committee's opinion. Decisions and petitions stay as they are; the submission's
/// number and date are free for the next one, the history keeps the old. `Err(Conflict)` at any other stage.
pub async fn take_back(tx: &Tx, id: PeriodId, opinion: &str) -> Result<()> {
    tx.allow(Action::ManagePeriod, Subject::Tenant)?;
    let period = find(tx, id).await?;
    let opinion = opinion.trim();
    if opinion.is_empty() || opinion.chars().count() > LONGEST {
        let told = "Hãy ghi ý kiến của Ủy ban nhân dân, tối đa 2.000 ký tự.";
        return Err(Error::Invalid(vec![Problem::new("opinion", told)]));
    }
    move_to(tx, &period, Stage::Concluded, Stage::Appraisal).await?;
    tx.update_many::<periods::Entity>()
        .col_expr(periods::Column::SubmittedOn, Expr::value(Option::<Date>::None))
        .col_expr(periods::Column::SubmittedNumber, Expr::value(Option::<String>::None))
        .filter(periods::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    for (state, sent) in [(SheetState::Submitted, true), (SheetState::NotSubmitted, false)] {
        let at = assessments::Column::SubmittedAt;
        tx.update_many::<assessments::Entity>()
            .col_expr(assessments::Column::State, Expr::value(state.as_str()))
            .col_expr(assessments::Column::UpdatedAt, Expr::value(tx.now()))
            .filter(assessments::Column::PeriodId.eq(id))
            .filter(if sent { at.is_not_null() } else { at.is_null() })
            .exec(tx.conn())
            .await?;
    }
    ranking::refresh(tx, id).await?;
    let told = [("period", period.name.clone()), ("opinion", opinion.to_owned())];
    let news = News { kind: Kind::TakenBack, link: paths::year(id), detail: &told, occasion: None };
    seats::tell_seated(tx, id, &SeatKind::ALL, news).await?;
    let detail = json!({
        "opinion": opinion, "submitted_number": period.submitted_number, "submitted_on": period.submitted_on.map(|day| day.to_string()),
    });
    audit::record(tx, Event { action: "period.take_back", subject: ("period", id.to_string()), detail }).await
}
