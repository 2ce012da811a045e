//! The council of a period as it stands.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{Candidate, Council, CouncilDecision, Ended, Lacking, Seat, SeatKind};
use crate::calendar::legal;
use crate::caller::Role;
use crate::ids::{AccountId, CouncilDecisionId, PeriodId};
use crate::periods::{self, Stage};
use crate::policy::{self, Action, Subject};
use crate::store::Tx;
use crate::store::entities::{
    accounts, council_decisions, council_seats, evidence_files, members, periods as periods_table,
};
use crate::units::{self, UnitHead};
use crate::{Error, Result, collation};

/// The council with its decisions and seats, for managers, the council itself and inspectors.
pub async fn read(tx: &Tx, id: PeriodId) -> Result<Council> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let period = periods::find(tx, id).await?;
    let may = policy::allows(tx.caller(), Action::ManagePeriod, Subject::Tenant) && period.stage()? < Stage::Published;
    let (decisions, seats) = (decisions(tx, id).await?, seats(tx, id).await?);
    let is_draft = is_draft(&period, &decisions)?;
    let fresh = may && is_draft && seats.is_empty();
    Ok(Council {
        previous: if fresh { previous(tx, &period).await?.map(|(period, _)| period.name) } else { None },
        candidates: if may { candidates(tx).await? } else { Vec::new() },
        period: period.head()?,
        decisions,
        seats,
        is_draft,
        may,
    })
}

/// Without a decision nothing counts; councils that were at work before decisions were recorded go on.
pub(crate) fn is_draft(period: &crate::store::entities::periods::Model, decisions: &[CouncilDecision]) -> Result<bool> {
    Ok(decisions.is_empty() && period.stage()? < Stage::Appraisal)
}

/// The decisions of a period's council, newest first.
pub(crate) async fn decisions(tx: &Tx, period: PeriodId) -> Result<Vec<CouncilDecision>> {
    use council_decisions::{Column, Entity};
    let of_period = tx.scoped::<Entity>().filter(Column::PeriodId.eq(period));
    let newest = of_period.order_by_desc(Column::RecordedAt).order_by_desc(Column::Id).all(tx.conn()).await?;
    let shown = |kept: council_decisions::Model| CouncilDecision {
        id: kept.id,
        number: kept.number,
        date: kept.decided_on,
        file: kept.file_name,
        by: kept.recorded_by,
        at: kept.recorded_at,
    };
    Ok(newest.into_iter().map(shown).collect())
}

/// Every seat of a period's council: those who sit, by kind and name, then those who did.
pub(crate) async fn seats(tx: &Tx, period: PeriodId) -> Result<Vec<Seat>> {
    let kept = tx.scoped::<council_seats::Entity>().filter(council_seats::Column::PeriodId.eq(period));
    let kept = kept.all(tx.conn()).await?;
    let names = if kept.iter().any(|seat| seat.unit_id.is_some()) { units::list(tx).await? } else { Vec::new() };
    let mut all: Vec<Seat> = kept.into_iter().map(|kept| shown(kept, &names)).collect::<Result<_>>()?;
    all.sort_by(|a, b| {
        let key = |seat: &Seat| (seat.ended.as_ref().map(|ended| ended.on), seat.kind);
        key(a).cmp(&key(b)).then_with(|| collation::people(&a.name, &b.name)).then(a.id.cmp(&b.id))
    });
    Ok(all)
}

fn shown(kept: council_seats::Model, names: &[UnitHead]) -> Result<Seat> {
    let kind = SeatKind::parse(&kept.kind);
    Ok(Seat {
        id: kept.id,
        account: kept.account_id,
        name: kept.name,
        kind: kind.ok_or_else(|| Error::internal(format!("unknown seat {}", kept.kind)))?,
        unit: kept.unit_id,
        unit_name: names.iter().find(|unit| Some(unit.id) == kept.unit_id).map(|unit| unit.name.clone()),
        field: kept.field,
        since: kept.seated_on,
        ended: kept.ended_on.map(|on| Ended {
            on,
            reason: kept.ended_reason.unwrap_or_default(),
            by: kept.ended_by.unwrap_or_default(),
        }),
    })
}

/// Everybody who holds a role of the council, by name.
pub(crate) async fn candidates(tx: &Tx) -> Result<Vec<Candidate>> {
    let roles = [Role::CouncilChair, Role::CouncilSecretary, Role::Appraiser].map(Role::as_str);
    let current = tx.scoped::<members::Entity>().filter(members::Column::ValidTo.is_null());
    let current = current.filter(members::Column::Role.is_in(roles)).find_also_related(accounts::Entity);
    let names = units::list(tx).await?;
    let mut all: BTreeMap<AccountId, Candidate> = BTreeMap::new();
    for (member, account) in current.all(tx.conn()).await? {
        let (Some(account), Some(role)) = (account, Role::parse(&member.role)) else { continue };
        let candidate = all.entry(account.id).or_insert_with(|| Candidate {
            account: account.id,
            name: account.display_name,
            unit: None,
            unit_name: None,
            roles: Vec::new(),
        });
        candidate.roles.push(role);
        candidate.unit = candidate.unit.or(member.unit_id);
        candidate.unit_name = names.iter().find(|unit| Some(unit.id) == candidate.unit).map(|unit| unit.name.clone());
    }
    let mut all: Vec<Candidate> = all.into_values().collect();
    all.sort_by(|a, b| collation::people(&a.name, &b.name).then(a.account.cmp(&b.account)));
    Ok(all)
}

/// The latest earlier period whose council has somebody, and who sits there.
pub(crate) async fn previous(
    tx: &Tx,
    period: &crate::store::entities::periods::Model,
) -> Result<Option<(crate::store::entities::periods::Model, Vec<Seat>)>> {
    use crate::store::entities::periods::{Column, Entity};
    let earlier = tx.scoped::<Entity>().filter(Column::Year.lt(period.year)).order_by_desc(Column::Year);
    for period in earlier.all(tx.conn()).await? {
        let mut seats = seats(tx, period.id).await?;
        seats.retain(|seat| seat.ended.is_none());
        if !seats.is_empty() {
            return Ok(Some((period, seats)));
        }
    }
    Ok(None)
}

/// What keeps the council of a period from beginning its work.
pub async fn lacking(tx: &Tx, period: PeriodId) -> Result<Option<Lacking>> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    if decisions(tx, period).await?.is_empty() {
        return Ok(Some(Lacking::Decision));
    }
    let chaired = seats(tx, period).await?.iter().any(|seat| seat.kind == SeatKind::Chair && seat.ended.is_none());
    Ok((!chaired).then_some(Lacking::Chair))
}

/// `Err(Conflict)` says what to do before the council can begin.
pub(crate) async fn require_complete(tx: &Tx, period: PeriodId) -> Result<()> {
    let told = match lacking(tx, period).await? {
        None => return Ok(()),
        Some(Lacking::Decision) => {
            "Chưa ghi quyết định thành lập Hội đồng thẩm định của kỳ. Hãy mở trang “Hội đồng thẩm định” của kỳ, ghi thành \
             viên và số, ngày quyết định, rồi bắt đầu thẩm định."
        }
        Some(Lacking::Chair) => {
            "Hội đồng thẩm định của kỳ chưa có Chủ tịch. Hãy mở trang “Hội đồng thẩm định” của kỳ, ghi Chủ tịch Hội đồng, \
             rồi bắt đầu thẩm định."
        }
    };
    Err(Error::Conflict(told.into()))
}

/// A stored file as it is opened.
pub struct DecisionCopy {
    pub sha256: String,
    pub name: String,
    pub media_type: String,
}

/// The file of a decision. `Err(NotFound)` where none is attached.
pub async fn decision_file(tx: &Tx, id: CouncilDecisionId) -> Result<DecisionCopy> {
    tx.allow(Action::ViewBoard, Subject::Tenant)?;
    let kept = tx.scoped::<council_decisions::Entity>().filter(council_decisions::Column::Id.eq(id));
    let kept = kept.one(tx.conn()).await?.ok_or(Error::NotFound)?;
    let sha256 = kept.file_sha256.ok_or(Error::NotFound)?;
    let file = tx.scoped::<evidence_files::Entity>().filter(evidence_files::Column::Sha256.eq(sha256.as_str()));
    let media_type = file.one(tx.conn()).await?.ok_or(Error::NotFound)?.media_type;
    Ok(DecisionCopy { sha256, name: kept.file_name.unwrap_or_default(), media_type })
}

/// The days the acts of a period are measured by, those of its council with them.
pub(crate) async fn dates(tx: &Tx, period: &periods_table::Model) -> Result<legal::Year> {
    let days: Vec<_> = decisions(tx, period.id).await?.iter().map(|decision| decision.date).collect();
    let council = days.iter().min().copied().zip(days.iter().max().copied());
    Ok(legal::Year { council, ..period.dates(tx) })
}
