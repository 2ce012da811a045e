//! What a seat lets the caller do. Asked once a transaction, in one statement.

use sea_orm::{ColumnTrait, QueryFilter};

use super::SeatKind;
use crate::caller::Role;
use crate::guards::{self, Asking};
use crate::ids::{PeriodId, UnitId};
use crate::notices::{News, To, tell};
use crate::store::Tx;
use crate::store::entities::{accounts, council_seats, members};
use crate::{Error, Result, collation};

/// The caller's own seats in one council; those that ended are not among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seated {
    kinds: Vec<SeatKind>,
    units: Vec<UnitId>,
}

impl Seated {
    #[track_caller]
    pub fn judges(&self) -> bool {
        guards::holds(self.kinds.iter().any(|kind| kind.judges()))
    }

    #[track_caller]
    pub fn presides(&self) -> bool {
        self.is_any(&[SeatKind::Chair])
    }

    #[track_caller]
    pub fn is_any(&self, kinds: &[SeatKind]) -> bool {
        guards::holds(self.has(kinds))
    }

    fn has(&self, kinds: &[SeatKind]) -> bool {
        kinds.iter().any(|kind| self.kinds.contains(kind))
    }

    /// Whether the caller sits there as somebody of the unit.
    pub fn comes_from(&self, unit: UnitId) -> bool {
        self.units.contains(&unit)
    }
}

/// The seats the caller holds in the council of a period.
pub(crate) async fn seated(tx: &Tx, period: PeriodId) -> Result<Seated> {
    if let Some(known) = tx.remembered::<Seated>(period.0) {
        return Ok(known);
    }
    let mut mine = Seated::default();
    if let Some(account) = tx.caller().account {
        use council_seats::{Column, Entity};
        let of_caller = tx.scoped::<Entity>().filter(Column::PeriodId.eq(period)).filter(Column::AccountId.eq(account));
        for seat in of_caller.filter(Column::EndedOn.is_null()).all(tx.conn()).await? {
            mine.kinds.extend(SeatKind::parse(&seat.kind));
            mine.units.extend(seat.unit_id);
        }
    }
    tx.remember(period.0, mine.clone());
    Ok(mine)
}

/// `Err(Unseated)` unless the caller sits in the period's council as one of these.
#[track_caller]
pub(crate) fn require(tx: &Tx, period: PeriodId, kinds: &[SeatKind]) -> impl Future<Output = Result<()>> {
    let asking = Asking::here();
    async move {
        if asking.holds(seated(tx, period).await?.has(kinds)) {
            return Ok(());
        }
        Err(unseated(tx).await?)
    }
}

/// The refusal names who could give a seat.
async fn unseated(tx: &Tx) -> Result<Error> {
    let managers = tx.scoped::<members::Entity>().filter(members::Column::ValidTo.is_null());
    let managers = managers.filter(members::Column::Role.eq(Role::PeriodManager.as_str()));
    let managers = managers.find_also_related(accounts::Entity).all(tx.conn()).await?;
    let mut by: Vec<String> = managers.into_iter().filter_map(|(_, account)| Some(account?.display_name)).collect();
    by.sort_by(|a, b| collation::people(a, b));
    by.dedup();
    Ok(Error::Unseated { by })
}

/// Tells those who sit in the council as one of these, each once.
pub(crate) async fn tell_seated(tx: &Tx, period: PeriodId, kinds: &[SeatKind], news: News<'_>) -> Result<()> {
    let seats = super::read::seats(tx, period).await?.into_iter().filter(|seat| seat.ended.is_none());
    let mut accounts: Vec<_> = seats.filter(|seat| kinds.contains(&seat.kind)).map(|seat| seat.account).collect();
    accounts.sort();
    accounts.dedup();
    for account in accounts {
        let News { kind, link, detail, occasion } = &news;
        let one = News { kind: *kind, link: link.clone(), detail, occasion: occasion.clone() };
        tell(tx, To::Account(account), one).await?;
    }
    Ok(())
}
