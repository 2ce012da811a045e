//! Recording a council: its decision, who sits, who leaves. The period manager does it; those concerned are told.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::{End, NewDecision, NewSeat, TakenOver};
use crate::appraisal::hand_over;
use crate::audit::{self, Event};
use crate::calendar::legal;
use crate::files::keep_file;
use crate::ids::{AccountId, CouncilDecisionId, PeriodId, SeatId};
use crate::notices::{Kind, News, To, tell};
use crate::periods::{self, Stage, today};
use crate::policy::{Action, Subject};
use crate::seats::{Candidate, Seat, SeatKind, Seated, candidates, dates, decisions, is_draft, previous, seats};
use crate::store::entities::{council_decisions, council_seats, periods as periods_table};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result, paths};

/// Longest number of a decision, field and reason, in characters.
const LONGEST: [usize; 3] = [100, 200, 500];

/// What is being written to, for whom it is open.
struct Open {
    period: periods_table::Model,
    seats: Vec<Seat>,
    is_draft: bool,
}

impl Open {
    async fn of(tx: &Tx, id: PeriodId) -> Result<Open> {
        tx.allow(Action::ManagePeriod, Subject::Tenant)?;
        let period = periods::find(tx, id).await?;
        if period.stage()? == Stage::Published {
            return Err(Error::Conflict("Kỳ đã công bố; Hội đồng của kỳ không đổi được nữa.".into()));
        }
        let (seats, decisions) = (seats(tx, id).await?, decisions(tx, id).await?);
        Ok(Open { is_draft: is_draft(&period, &decisions)?, period, seats })
    }

    fn sitting(&self, id: SeatId) -> Result<&Seat> {
        self.seats.iter().find(|seat| seat.id == id && seat.ended.is_none()).ok_or(Error::NotFound)
    }
}

/// Records a decision on the council. The first one puts the draft in force and tells everybody seated; a later one
/// ("kiện toàn") stands in its place, and both are kept.
pub async fn record_decision(tx: &Tx, period: PeriodId, new: &NewDecision) -> Result<()> {
    let open = Open::of(tx, period).await?;
    let number = new.number.trim();
    let mut problems = Vec::new();
    if number.is_empty() || number.chars().count() > LONGEST[0] {
        problems.push(Problem::new("number", "Hãy ghi số, ký hiệu quyết định, tối đa 100 ký tự."));
    }
    legal::add(&mut problems, "date", dates(tx, &open.period).await?.council_decision(new.date));
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let sha256 = new.file.as_ref().map(|file| &file.sha256);
    let detail = json!({ "number": number, "date": new.date.to_string(), "sha256": sha256 });
    let event = Event { action: "council.decide", subject: ("period", period.to_string()), detail };
    if audit::repeats(tx, &event).await? {
        return Ok(());
    }
    if let Some(file) = &new.file {
        keep_file(tx, file).await?;
    }
    tx.insert(council_decisions::ActiveModel {
        id: Set(CouncilDecisionId::new()),
        period_id: Set(period),
        number: Set(number.into()),
        decided_on: Set(new.date),
        file_name: Set(new.file.as_ref().map(|file| file.name.clone())),
        file_sha256: Set(new.file.as_ref().map(|file| file.sha256.clone())),
        recorded_by: Set(tx.caller().name.clone()),
        recorded_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    if open.is_draft {
        for seat in open.seats.iter().filter(|seat| seat.ended.is_none()) {
            tell_of_seat(tx, &open.period, seat.account, seat.kind).await?;
        }
    }
    audit::record(tx, event).await
}

/// Seats somebody who holds the role for it. `Err(Invalid)` for a second chair, and for a seat held already.
pub async fn seat(tx: &Tx, period: PeriodId, new: &NewSeat) -> Result<SeatId> {
    let open = Open::of(tx, period).await?;
    let candidates = candidates(tx).await?;
    let candidate = candidates.iter().find(|candidate| candidate.account == new.account).ok_or(Error::NotFound)?;
    if open.seats.iter().any(|seat| seat.ended.is_none() && seat.account == new.account && seat.kind == new.kind) {
        return Err(Error::Invalid(vec![Problem::new("account", "Người này đã giữ vị trí đó trong Hội đồng.")]));
    }
    let presides = open
        .seats
        .iter()
        .any(|seat| seat.ended.is_none() && seat.account == new.account && seat.kind == SeatKind::Chair);
    if presides && new.kind == SeatKind::Member {
        let told =
            "Người này là Chủ tịch Hội đồng; Chủ tịch thẩm định được mọi phần, không ghi thêm vị trí thành viên.";
        return Err(Error::Invalid(vec![Problem::new("account", told)]));
    }
    let chaired = open.seats.iter().any(|seat| seat.ended.is_none() && seat.kind == SeatKind::Chair);
    if new.kind == SeatKind::Chair && chaired {
        let told = "Hội đồng đã có Chủ tịch; hãy ghi thôi tham gia và chọn người thay ở dòng của Chủ tịch hiện nay.";
        return Err(Error::Invalid(vec![Problem::new("kind", told)]));
    }
    let seat = sit(tx, &open.period, candidate, new.kind, &new.field).await?;
    if !open.is_draft {
        tell_of_seat(tx, &open.period, new.account, new.kind).await?;
    }
    Ok(seat)
}

/// Writes the seat down. `Err(Invalid)` for whoever lacks the role, or for too long a field.
async fn sit(
    tx: &Tx,
    period: &periods_table::Model,
    candidate: &Candidate,
    kind: SeatKind,
    field: &str,
) -> Result<SeatId> {
    if !candidate.may_sit_as(kind) {
        let told = "Người này chưa có vai trò cho vị trí đó; quản trị đơn vị cấp vai trò trước, rồi ghi vào Hội đồng.";
        return Err(Error::Invalid(vec![Problem::new("account", told)]));
    }
    if field.trim().chars().count() > LONGEST[1] {
        return Err(Error::Invalid(vec![Problem::new("field", "Lĩnh vực dài quá 200 ký tự; hãy rút gọn.")]));
    }
    let id = SeatId::new();
    tx.insert(council_seats::ActiveModel {
        id: Set(id),
        period_id: Set(period.id),
        account_id: Set(candidate.account),
        name: Set(candidate.name.clone()),
        kind: Set(kind.as_str().into()),
        unit_id: Set(candidate.unit),
        field: Set(field.trim().into()),
        seated_on: Set(today(tx)),
        seated_by: Set(tx.caller().name.clone()),
        seated_at: Set(tx.now()),
        ended_on: Set(None),
        ended_reason: Set(None),
        ended_by: Set(None),
        ended_at: Set(None),
        ..new_row(tx)
    })
    .await?;
    tx.forget::<Seated>();
    let detail = json!({ "name": candidate.name, "account": candidate.account, "seat": kind, "field": field.trim() });
    audit::record(tx, Event { action: "council.seat", subject: ("period", period.id.to_string()), detail }).await?;
    Ok(id)
}

async fn tell_of_seat(tx: &Tx, period: &periods_table::Model, account: AccountId, kind: SeatKind) -> Result<()> {
    let detail = [("period", period.name.clone()), ("seat", kind.as_str().to_owned())];
    let link = paths::council(period.id);
    tell(tx, To::Account(account), News { kind: Kind::Seated, link, detail: &detail, occasion: None }).await
}

/// Takes a seat out of a draft. `Err(Conflict)` once the council is in force: from then on a seat ends.
pub async fn withdraw(tx: &Tx, period: PeriodId, id: SeatId) -> Result<()> {
    let open = Open::of(tx, period).await?;
    let seat = open.sitting(id)?;
    if !open.is_draft {
        let told = "Hội đồng đã có quyết định; hãy ghi thôi tham gia với ngày và lý do thay vì bỏ khỏi danh sách.";
        return Err(Error::Conflict(told.into()));
    }
    tx.no_longer_vouch::<council_seats::Entity>(&[&id.to_string()]);
    tx.delete_many::<council_seats::Entity>().filter(council_seats::Column::Id.eq(id)).exec(tx.conn()).await?;
    tx.forget::<Seated>();
    hand_over(tx, period, seat.account, None).await?;
    let detail = json!({ "name": seat.name, "seat": seat.kind });
    audit::record(tx, Event { action: "council.withdraw", subject: ("period", period.to_string()), detail }).await
}

/// Ends a seat, which is kept with the day and the reason; a successor takes its kind, field and duties. What was decided
/// from the seat stands.
pub async fn end(tx: &Tx, period: PeriodId, id: SeatId, end: &End) -> Result<()> {
    use council_seats::Column;
    let open = Open::of(tx, period).await?;
    let seat = open.sitting(id)?;
    if open.is_draft {
        return Err(Error::Conflict("Hội đồng còn là dự thảo; hãy bỏ người này khỏi danh sách.".into()));
    }
    check_end(tx, seat, end)?;
    tx.update_many::<council_seats::Entity>()
        .col_expr(Column::EndedOn, Expr::value(end.on))
        .col_expr(Column::EndedReason, Expr::value(end.reason.trim()))
        .col_expr(Column::EndedBy, Expr::value(tx.caller().name.as_str()))
        .col_expr(Column::EndedAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedOn.is_null())
        .exec(tx.conn())
        .await?;
    tx.forget::<Seated>();
    let detail = [
        ("period", open.period.name.clone()),
        ("seat", seat.kind.as_str().to_owned()),
        ("reason", end.reason.trim().to_owned()),
    ];
    let link = paths::council(period);
    tell(tx, To::Account(seat.account), News { kind: Kind::Unseated, link, detail: &detail, occasion: None }).await?;
    let detail = json!({
        "name": seat.name, "account": seat.account, "seat": seat.kind, "on": end.on.to_string(), "reason": end.reason.trim(),
        "successor": end.successor,
    });
    audit::record(tx, Event { action: "council.end", subject: ("period", period.to_string()), detail }).await?;
    if let Some(successor) = end.successor {
        succeed(tx, &open, seat, successor).await?;
    }
    let sits_on = |account| {
        let others = open.seats.iter().filter(|other| other.id != id && other.ended.is_none());
        others.into_iter().any(|other| other.account == account && other.kind.judges())
    };
    if seat.kind.judges() && !sits_on(seat.account) {
        hand_over(tx, period, seat.account, end.successor).await?;
    }
    Ok(())
}

fn check_end(tx: &Tx, seat: &Seat, end: &End) -> Result<()> {
    let mut problems = Vec::new();
    if end.on < seat.since || end.on > today(tx) {
        let told = "Ngày thôi tham gia phải từ ngày vào Hội đồng và không ở tương lai.";
        problems.push(Problem::new("on", told));
    }
    if end.reason.trim().is_empty() || end.reason.chars().count() > LONGEST[2] {
        problems.push(Problem::new("reason", "Hãy ghi lý do thôi tham gia, tối đa 500 ký tự."));
    }
    if end.successor == Some(seat.account) {
        problems.push(Problem::new("successor", "Người thay phải là người khác."));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// A member who becomes chair leaves the member's seat as it is: whoever presides also judges.
async fn succeed(tx: &Tx, open: &Open, seat: &Seat, successor: AccountId) -> Result<()> {
    let candidates = candidates(tx).await?;
    let candidate = candidates.iter().find(|candidate| candidate.account == successor).ok_or(Error::NotFound)?;
    let there =
        open.seats.iter().any(|other| other.ended.is_none() && other.account == successor && other.kind == seat.kind);
    if there {
        return Err(Error::Invalid(vec![Problem::new("successor", "Người này đã giữ vị trí đó trong Hội đồng.")]));
    }
    if !candidate.may_sit_as(seat.kind) {
        let told = "Người này chưa có vai trò cho vị trí đó; quản trị đơn vị cấp vai trò trước.";
        return Err(Error::Invalid(vec![Problem::new("successor", told)]));
    }
    sit(tx, &open.period, candidate, seat.kind, &seat.field).await?;
    tell_of_seat(tx, &open.period, successor, seat.kind).await
}

/// Copies last year's council into this year's draft: everybody who still holds a fitting role, with their field.
pub async fn take_over(tx: &Tx, period: PeriodId) -> Result<TakenOver> {
    let open = Open::of(tx, period).await?;
    if !open.is_draft || !open.seats.is_empty() {
        let told = "Chỉ lấy theo hội đồng kỳ trước khi Hội đồng của kỳ này chưa có ai và chưa có quyết định.";
        return Err(Error::Conflict(told.into()));
    }
    let Some((_, before)) = previous(tx, &open.period).await? else {
        return Err(Error::Conflict("Chưa có kỳ trước nào có Hội đồng để lấy theo.".into()));
    };
    let candidates = candidates(tx).await?;
    let mut taken = TakenOver::default();
    for seat in before {
        match candidates.iter().find(|one| one.account == seat.account && one.may_sit_as(seat.kind)) {
            Some(candidate) => {
                sit(tx, &open.period, candidate, seat.kind, &seat.field).await?;
                taken.seats += 1;
            }
            None => taken.left_out.push(seat.name),
        }
    }
    Ok(taken)
}
