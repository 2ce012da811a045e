//! Writing a session down until it is sealed.

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};
use serde_json::json;
use time::OffsetDateTime;

use super::{Expected, Session, SessionHead, Vote, Written};
use crate::audit::{self, Event};
use crate::calendar::legal;
use crate::guards;
use crate::ids::{CouncilSessionId, PeriodId};
use crate::periods::{self, PeriodHead, Stage};
use crate::policy::{self, Action, Subject};
use crate::seats::{self, SeatKind};
use crate::store::entities::{council_sessions, periods as periods_table, votes};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// Longest text of a field, in characters.
const LONGEST: usize = 20_000;

/// Who writes minutes, from their seat.
const WRITERS: [SeatKind; 2] = [SeatKind::Chair, SeatKind::Secretary];

/// Whether the caller writes the minutes of the period's council, and still can.
pub async fn may_write(tx: &Tx, period: PeriodId) -> Result<bool> {
    Ok(sits_to_write(tx, period).await? && periods::find(tx, period).await?.stage()? != Stage::Published)
}

async fn sits_to_write(tx: &Tx, period: PeriodId) -> Result<bool> {
    let may = policy::allows(tx.caller(), Action::Minute, Subject::Tenant);
    Ok(may && seats::seated(tx, period).await?.is_any(&WRITERS))
}

/// Whom the next session of the period's council brings together.
pub async fn expected(tx: &Tx, period: PeriodId) -> Result<Expected> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let mut seats = seats::seats(tx, period).await?;
    seats.retain(|seat| seat.ended.is_none());
    Ok(Expected { seats })
}

/// The sessions of a period, newest first.
pub async fn list(tx: &Tx, period: PeriodId) -> Result<(PeriodHead, Vec<SessionHead>)> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let head = periods::find(tx, period).await?.head()?;
    let of_period = tx.scoped::<council_sessions::Entity>().filter(council_sessions::Column::PeriodId.eq(period));
    let newest = of_period
        .order_by_desc(council_sessions::Column::HeldOn)
        .order_by_desc(council_sessions::Column::Id)
        .all(tx.conn())
        .await?;
    let ids = newest.iter().map(|session| session.id);
    let cast = tx.scoped::<votes::Entity>().filter(votes::Column::SessionId.is_in(ids)).all(tx.conn()).await?;
    let mut counts: HashMap<CouncilSessionId, u32> = HashMap::new();
    cast.iter().for_each(|vote| *counts.entry(vote.session_id).or_default() += 1);
    let shown = |session: council_sessions::Model| SessionHead {
        id: session.id,
        held_on: session.held_on,
        place: session.place,
        votes: counts.get(&session.id).copied().unwrap_or_default(),
        sealed: session.sealed_at.is_some(),
    };
    Ok((head, newest.into_iter().map(shown).collect()))
}

/// One session with its votes in their order.
pub async fn session(tx: &Tx, id: CouncilSessionId) -> Result<Session> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let kept = find(tx, id).await?;
    let period = periods::find(tx, kept.period_id).await?;
    let cast = tx.scoped::<votes::Entity>().filter(votes::Column::SessionId.eq(id));
    let cast = cast.order_by_asc(votes::Column::RecordedAt).order_by_asc(votes::Column::Id).all(tx.conn()).await?;
    let may_seal = kept.sealed_at.is_none() && sits_to_write(tx, period.id).await?;
    Ok(Session {
        id,
        may_write: may_seal && period.stage()? != Stage::Published,
        may_seal,
        period: period.head()?,
        votes: cast.into_iter().map(shown).collect::<Result<_>>()?,
        revision: kept.revision,
        sealed_at: kept.sealed_at,
        sealed_by: kept.sealed_by.clone(),
        written_at: kept.written_at,
        written_by: kept.written_by.clone(),
        written: written(kept),
    })
}

fn written(kept: council_sessions::Model) -> Written {
    Written {
        held_on: kept.held_on,
        place: kept.place,
        chair: kept.chair,
        secretary: kept.secretary,
        present: kept.present,
        absent: kept.absent,
        proceedings: kept.proceedings,
        conclusion: kept.conclusion,
    }
}

/// The sealed minutes of a period, with when and by whom they were sealed; oldest first.
pub(crate) async fn sealed(tx: &Tx, period: PeriodId) -> Result<Vec<(OffsetDateTime, String, Written)>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let of_period = tx.scoped::<council_sessions::Entity>().filter(council_sessions::Column::PeriodId.eq(period));
    let oldest = of_period.order_by_asc(council_sessions::Column::SealedAt).all(tx.conn()).await?;
    let sealed = |kept: council_sessions::Model| {
        let (at, by) = (kept.sealed_at?, kept.sealed_by.clone().unwrap_or_default());
        Some((at, by, written(kept)))
    };
    Ok(oldest.into_iter().filter_map(sealed).collect())
}

fn shown(vote: votes::Model) -> Result<Vote> {
    let count = |votes: i32| u32::try_from(votes).map_err(Error::internal);
    Ok(Vote {
        question: vote.question,
        in_favour: count(vote.in_favour)?,
        against: count(vote.against)?,
        abstained: count(vote.abstained)?,
    })
}

async fn find(tx: &Tx, id: CouncilSessionId) -> Result<council_sessions::Model> {
    let found = tx.scoped::<council_sessions::Entity>().filter(council_sessions::Column::Id.eq(id));
    found.one(tx.conn()).await?.ok_or(Error::NotFound)
}

fn check(written: &Written) -> Result<()> {
    let mut problems = Vec::new();
    let texts = [
        ("place", &written.place),
        ("chair", &written.chair),
        ("secretary", &written.secretary),
        ("present", &written.present),
        ("absent", &written.absent),
        ("proceedings", &written.proceedings),
        ("conclusion", &written.conclusion),
    ];
    for (field, text) in texts {
        if text.chars().count() > LONGEST {
            problems.push(Problem::new(field, "Nội dung dài quá 20.000 ký tự; hãy rút gọn."));
        }
    }
    for (field, text) in texts.iter().take(4).filter(|(field, _)| *field != "place") {
        if text.trim().is_empty() {
            problems.push(Problem::new(field, "Biên bản cần nội dung này."));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Begins the minutes of a session of the council.
pub async fn open(tx: &Tx, period: PeriodId, written: &Written) -> Result<CouncilSessionId> {
    tx.allow(Action::Minute, Subject::Tenant)?;
    let period = periods::find(tx, period).await?;
    seats::require(tx, period.id, &WRITERS).await?;
    if period.stage()? < Stage::Appraisal {
        return Err(Error::Conflict("Hội đồng họp từ giai đoạn thẩm định.".into()));
    }
    refuse_published(&period)?;
    check(written)?;
    if let Some(known) = begun(tx, period.id, written).await? {
        return Ok(known);
    }
    refuse_day(tx, &period, written).await?;
    let id = CouncilSessionId::new();
    tx.insert(council_sessions::ActiveModel {
        id: Set(id),
        period_id: Set(period.id),
        held_on: Set(written.held_on),
        place: Set(written.place.trim().into()),
        chair: Set(written.chair.trim().into()),
        secretary: Set(written.secretary.trim().into()),
        present: Set(written.present.trim().into()),
        absent: Set(written.absent.trim().into()),
        proceedings: Set(written.proceedings.trim().into()),
        conclusion: Set(written.conclusion.trim().into()),
        revision: Set(1),
        written_by: Set(tx.caller().name.clone()),
        written_at: Set(tx.now()),
        sealed_at: Set(None),
        sealed_by: Set(None),
        ..new_row(tx)
    })
    .await?;
    record(tx, "minutes.open", id, json!({ "period": period.name, "held_on": written.held_on.to_string() })).await?;
    Ok(id)
}

/// The minutes the caller began with exactly this and nobody has written in since: the form was sent twice.
async fn begun(tx: &Tx, period: PeriodId, written: &Written) -> Result<Option<CouncilSessionId>> {
    use council_sessions::Column;
    let of_period = tx.scoped::<council_sessions::Entity>().filter(Column::PeriodId.eq(period));
    let untouched = of_period.filter(Column::Revision.eq(1)).filter(Column::SealedAt.is_null());
    let mine = untouched.filter(Column::WrittenBy.eq(&tx.caller().name)).all(tx.conn()).await?;
    Ok(mine.into_iter().find(|kept| says(kept, written)).map(|kept| kept.id))
}

/// Whether the minutes say this already.
fn says(kept: &council_sessions::Model, written: &Written) -> bool {
    let texts = [
        (&kept.place, &written.place),
        (&kept.chair, &written.chair),
        (&kept.secretary, &written.secretary),
        (&kept.present, &written.present),
        (&kept.absent, &written.absent),
        (&kept.proceedings, &written.proceedings),
        (&kept.conclusion, &written.conclusion),
    ];
    kept.held_on == written.held_on && texts.iter().all(|(kept, typed)| kept.as_str() == typed.trim())
}

/// Writes the minutes anew. `Err(Stale)` when somebody wrote first, `Err(Conflict)` once they are sealed.
pub async fn write(tx: &Tx, id: CouncilSessionId, written: &Written, revision: i64) -> Result<()> {
    let kept = open_to_write(tx, id).await?;
    let period = periods::find(tx, kept.period_id).await?;
    refuse_published(&period)?;
    check(written)?;
    if kept.revision == revision + 1 && says(&kept, written) {
        return Ok(());
    }
    refuse_day(tx, &period, written).await?;
    use council_sessions::Column;
    let done = tx
        .update_many::<council_sessions::Entity>()
        .col_expr(Column::HeldOn, Expr::value(written.held_on))
        .col_expr(Column::Place, Expr::value(written.place.trim()))
        .col_expr(Column::Chair, Expr::value(written.chair.trim()))
        .col_expr(Column::Secretary, Expr::value(written.secretary.trim()))
        .col_expr(Column::Present, Expr::value(written.present.trim()))
        .col_expr(Column::Absent, Expr::value(written.absent.trim()))
        .col_expr(Column::Proceedings, Expr::value(written.proceedings.trim()))
        .col_expr(Column::Conclusion, Expr::value(written.conclusion.trim()))
        .col_expr(Column::Revision, Expr::value(revision + 1))
        .col_expr(Column::WrittenBy, Expr::value(tx.caller().name.as_str()))
        .col_expr(Column::WrittenAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(id))
        .filter(Column::Revision.eq(revision))
        .filter(Column::SealedAt.is_null())
        .exec(tx.conn())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let detail = serde_json::to_value(written).map_err(Error::internal)?;
    record(tx, "minutes.write", id, detail).await
}

/// Records a vote. `Err(Invalid)` for a question without words, a vote nobody cast, and more votes than there are people
/// who sat in the council.
pub async fn vote(tx: &Tx, id: CouncilSessionId, vote: &Vote) -> Result<()> {
    let session = open_to_write(tx, id).await?;
    refuse_published(&periods::find(tx, session.period_id).await?)?;
    let people: BTreeSet<_> = seats::seats(tx, session.period_id).await?.iter().map(|seat| seat.account).collect();
    let mut problems = Vec::new();
    let length = vote.question.trim().chars().count();
    if length == 0 || length > 2_000 {
        problems.push(Problem::new("question", "Hãy ghi nội dung biểu quyết, tối đa 2.000 ký tự."));
    }
    let counts = [vote.in_favour, vote.against, vote.abstained];
    let cast: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    if cast == 0 || cast > people.len() as u64 {
        let told = format!("Hãy ghi số phiếu; tổng số phiếu không quá {} người có tên trong Hội đồng.", people.len());
        problems.push(Problem::new("in_favour", &told));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let detail = serde_json::to_value(vote).map_err(Error::internal)?;
    let event = Event { action: "minutes.vote", subject: ("council_session", id.to_string()), detail };
    if audit::repeats(tx, &event).await? {
        return Ok(());
    }
    let count = |votes: u32| i32::try_from(votes).map_err(Error::internal);
    tx.insert(votes::ActiveModel {
        id: Set(uuid::Uuid::now_v7()),
        session_id: Set(id),
        question: Set(vote.question.trim().into()),
        in_favour: Set(count(vote.in_favour)?),
        against: Set(count(vote.against)?),
        abstained: Set(count(vote.abstained)?),
        recorded_by: Set(tx.caller().name.clone()),
        recorded_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    audit::record(tx, event).await
}

/// From now on the minutes stay as they are.
pub async fn seal(tx: &Tx, id: CouncilSessionId) -> Result<()> {
    let kept = open_to_write(tx, id).await?;
    if kept.conclusion.is_empty() {
        return Err(Error::Conflict("Hãy ghi kết luận của phiên họp trước khi khóa biên bản.".into()));
    }
    use council_sessions::Column;
    tx.update_many::<council_sessions::Entity>()
        .col_expr(Column::SealedAt, Expr::value(tx.now()))
        .col_expr(Column::SealedBy, Expr::value(tx.caller().name.as_str()))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    record(tx, "minutes.seal", id, json!({ "held_on": kept.held_on.to_string() })).await
}

/// A published year's record is closed. What was written before may still be sealed.
#[track_caller]
fn refuse_published(period: &periods_table::Model) -> Result<()> {
    if guards::keeps_out(period.stage()? == Stage::Published) {
        return Err(Error::Conflict(
            "Kỳ đã công bố; không ghi thêm biên bản hay biểu quyết cho kỳ này được nữa.".into(),
        ));
    }
    Ok(())
}

async fn refuse_day(tx: &Tx, period: &periods_table::Model, written: &Written) -> Result<()> {
    legal::refuse("held_on", seats::dates(tx, period).await?.session(written.held_on))
}

async fn open_to_write(tx: &Tx, id: CouncilSessionId) -> Result<council_sessions::Model> {
    tx.allow(Action::Minute, Subject::Tenant)?;
    let kept = find(tx, id).await?;
    seats::require(tx, kept.period_id, &WRITERS).await?;
    if guards::keeps_out(kept.sealed_at.is_some()) {
        return Err(Error::Conflict("Biên bản đã khóa, không sửa được nữa.".into()));
    }
    Ok(kept)
}

async fn record(tx: &Tx, action: &'static str, id: CouncilSessionId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, Event { action, subject: ("council_session", id.to_string()), detail }).await
}
