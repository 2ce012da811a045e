//! Who judges what ("phân công thẩm định"): a member and a part of a group's set, or of one unit of it where another member
//! may not judge. A group without any assignment is judged by every member; the chair may judge everything. Nobody judges
//! the own unit, whatever was assigned.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde_json::json;

use super::{CouncilMember, Duty, NewDuty};
use crate::audit::{self, Event};
use crate::decisions::Part;
use crate::ids::{AccountId, AssessmentId, DutyId, PeriodId};
use crate::notices::{Kind, News, To, tell};
use crate::policy::{self, Action, Subject};
use crate::seats::{self, Seat, SeatKind};
use crate::{collation, indicator_sets, paths, periods, sheets};

use crate::store::entities::{duties, members, periods as periods_table};
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// Who sits in the period's council to judge, by name.
pub async fn judges(tx: &Tx, period: PeriodId) -> Result<Vec<CouncilMember>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let sitting = seats::seats(tx, period).await?.into_iter().filter(|seat| seat.ended.is_none());
    let judging = sitting.filter(|seat| seat.kind.judges());
    let member = |seat: Seat| CouncilMember { account: seat.account, name: seat.name, field: seat.field };
    let mut all: Vec<CouncilMember> = judging.map(member).collect();
    all.sort_by(|a, b| collation::people(&a.name, &b.name).then(a.account.cmp(&b.account)));
    all.dedup_by_key(|member| member.account);
    Ok(all)
}

/// Whether the caller may hand out the period's work: the chair and the secretary from their seats, and the manager.
pub async fn may_assign(tx: &Tx, period: PeriodId) -> Result<bool> {
    if !policy::allows(tx.caller(), Action::Assign, Subject::Tenant) {
        return Ok(false);
    }
    let manages = policy::allows(tx.caller(), Action::ManagePeriod, Subject::Tenant);
    Ok(manages || seats::seated(tx, period).await?.is_any(&[SeatKind::Chair, SeatKind::Secretary]))
}

async fn allow_assigning(tx: &Tx, period: PeriodId) -> Result<()> {
    tx.allow(Action::Assign, Subject::Tenant)?;
    if policy::allows(tx.caller(), Action::ManagePeriod, Subject::Tenant) {
        return Ok(());
    }
    seats::require(tx, period, &[SeatKind::Chair, SeatKind::Secretary]).await
}

/// Every assignment of a period.
pub async fn duties(tx: &Tx, period: PeriodId) -> Result<Vec<Duty>> {
    let names = judges(tx, period).await?;
    let all = tx.scoped::<duties::Entity>().filter(duties::Column::PeriodId.eq(period)).all(tx.conn()).await?;
    let name = |account| names.iter().find(|member| member.account == account).map(|member| member.name.clone());
    let duty = |model: duties::Model| Duty {
        id: model.id,
        group: model.group_id,
        account: model.account_id,
        name: name(model.account_id).unwrap_or_default(),
        part: model.part(),
        sheet: model.assessment_id,
    };
    let mut all: Vec<Duty> = all.into_iter().map(duty).collect();
    all.sort_by(|a, b| {
        let place = |duty: &Duty| (duty.group, duty.sheet, duty.part.clone());
        place(a).cmp(&place(b)).then_with(|| collation::people(&a.name, &b.name))
    });
    Ok(all)
}

impl duties::Model {
    pub(crate) fn part(&self) -> Part {
        match (self.main_code.as_str(), self.code.as_str()) {
            ("", "") => Part::All,
            ("", code) => Part::Indicator(code.into()),
            (main, _) => Part::Main(main.into()),
        }
    }
}

/// The codes a part is stored under.
fn codes(part: &Part) -> (&str, &str) {
    match part {
        Part::All => ("", ""),
        Part::Main(main) => (main, ""),
        Part::Indicator(code) => ("", code),
    }
}

/// Gives a member a part of a group to judge, for all its units or in one unit's stead.
pub async fn assign(tx: &Tx, new: &NewDuty) -> Result<()> {
    allow_assigning(tx, new.period).await?;
    let period = periods::find(tx, new.period).await?;
    let group = periods::group(tx, new.group).await?;
    let member = judges(tx, new.period).await?.into_iter().find(|member| member.account == new.account);
    if group.period_id != period.id || member.is_none() {
        return Err(Error::NotFound);
    }
    let rules = indicator_sets::rules(tx, group.version_id).await?;
    let known = match &new.part {
        Part::All => true,
        Part::Main(main) => rules.set().main_index(main).is_some(),
        Part::Indicator(code) => rules.set().indicator(code).is_some(),
    };
    if !known {
        return Err(Error::NotFound);
    }
    let place = match new.sheet {
        Some(sheet) => stands_in_for(tx, new, sheet, &period).await?,
        None => group.name.clone(),
    };
    refuse_twice(tx, new).await?;
    let (main, code) = codes(&new.part);
    tx.insert(duties::ActiveModel {
        id: Set(DutyId::new()),
        period_id: Set(new.period),
        group_id: Set(new.group),
        account_id: Set(new.account),
        main_code: Set(main.into()),
        code: Set(code.into()),
        assessment_id: Set(new.sheet),
        assigned_by: Set(tx.caller().name.clone()),
        assigned_at: Set(tx.now()),
        ..new_row(tx)
    })
    .await?;
    let what = match &new.part {
        Part::All => place,
        Part::Main(main) => {
            let name = rules.set().main_index(main).map(|main| main.name.clone()).unwrap_or_default();
            format!("{main}. {name} ({place})")
        }
        Part::Indicator(code) => {
            let name = rules.set().indicator(code).map(|leaf| leaf.name.clone()).unwrap_or_default();
            format!("{code} {name} ({place})")
        }
    };
    let detail = [("period", period.name.clone()), ("duty", what)];
    let link = paths::appraisals::PATH.to_owned();
    tell(tx, To::Account(new.account), News { kind: Kind::Assigned, link, detail: &detail, occasion: None }).await?;
    let detail = json!({
        "group": group.name, "main": main, "code": code, "sheet": new.sheet, "account": new.account,
    });
    audit::record(tx, Event { action: "duty.assign", subject: ("period", new.period.to_string()), detail }).await
}

/// The unit of a substitute's sheet. `Err(Invalid)` for somebody who may not judge it either.
async fn stands_in_for(tx: &Tx, new: &NewDuty, sheet: AssessmentId, period: &periods_table::Model) -> Result<String> {
    let (sheet, _) = sheets::find_sheet(tx, sheet).await?;
    if sheet.group_id != new.group {
        return Err(Error::NotFound);
    }
    let seats = seats::seats(tx, new.period).await?;
    let mut mine = seats.iter().filter(|seat| seat.ended.is_none() && seat.account == new.account);
    let presides = mine.clone().any(|seat| seat.kind == SeatKind::Chair);
    let refuse = |told: &str| Err(Error::Invalid(vec![Problem::new("account", told)]));
    if matches!(sheets::subject(&sheet, period), Subject::Sheet { managing: true, .. }) && !presides {
        return refuse("Phiếu của cơ quan thường trực do Chủ tịch Hội đồng thẩm định.");
    }
    let of_unit = tx.scoped::<members::Entity>().filter(members::Column::ValidTo.is_null());
    let of_unit = of_unit.filter(members::Column::AccountId.eq(new.account));
    let of_unit = of_unit.filter(members::Column::UnitId.eq(sheet.unit_id)).one(tx.conn()).await?;
    if of_unit.is_some() || mine.any(|seat| seat.unit == Some(sheet.unit_id)) {
        return refuse("Thành viên này thuộc chính đơn vị đó; hãy chọn người khác.");
    }
    Ok(sheet.unit_name)
}

async fn refuse_twice(tx: &Tx, new: &NewDuty) -> Result<()> {
    use duties::Column;
    let of_member = tx.scoped::<duties::Entity>().filter(Column::GroupId.eq(new.group));
    let of_member = of_member.filter(Column::AccountId.eq(new.account)).all(tx.conn()).await?;
    if of_member.iter().any(|duty| duty.assessment_id == new.sheet && duty.part() == new.part) {
        return Err(Error::Invalid(vec![Problem::new("account", "Thành viên này đã được phân công đúng phần đó.")]));
    }
    Ok(())
}

/// Takes an assignment back. What was decided under it stands.
pub async fn unassign(tx: &Tx, period: PeriodId, id: DutyId) -> Result<()> {
    allow_assigning(tx, period).await?;
    let gone = tx.delete_many::<duties::Entity>().filter(duties::Column::Id.eq(id));
    if tx.delete_vouched(gone.filter(duties::Column::PeriodId.eq(period))).await? == 0 {
        return Err(Error::NotFound);
    }
    let detail = json!({ "duty": id });
    audit::record(tx, Event { action: "duty.unassign", subject: ("period", period.to_string()), detail }).await
}

/// Everything one member was given in a period goes to another, or back.
pub(crate) async fn hand_over(tx: &Tx, period: PeriodId, from: AccountId, to: Option<AccountId>) -> Result<()> {
    use duties::Column;
    let of_period = tx.scoped::<duties::Entity>().filter(Column::PeriodId.eq(period)).all(tx.conn()).await?;
    let (theirs, others): (Vec<_>, Vec<_>) = of_period.into_iter().partition(|duty| duty.account_id == from);
    for duty in theirs {
        let there = |other: &duties::Model| {
            let key = |duty: &duties::Model| (duty.group_id, duty.assessment_id, duty.part());
            Some(other.account_id) == to && key(other) == key(&duty)
        };
        match to.filter(|_| !others.iter().any(there)) {
            Some(to) => {
                let moved = tx.update_aside::<duties::Entity>().col_expr(Column::AccountId, Expr::value(to.0));
                tx.update_vouched(moved.filter(Column::Id.eq(duty.id))).await?;
            }
            None => {
                tx.delete_vouched(tx.delete_many::<duties::Entity>().filter(Column::Id.eq(duty.id))).await?;
            }
        }
    }
    Ok(())
}
