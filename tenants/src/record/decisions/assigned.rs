//! What the caller was given to judge on one sheet.

use sea_orm::{ColumnTrait, QueryFilter};

use super::Part;
use crate::ids::GroupId;
use crate::sheets::Loaded;
use crate::store::Tx;
use crate::store::entities::duties;
use crate::{Result, seats};

pub(crate) enum Assigned {
    /// Everything: the chair, or a group nobody was assigned to.
    All,
    Parts(Vec<Part>),
}

impl Assigned {
    pub(crate) async fn of(tx: &Tx, loaded: &Loaded) -> Result<Assigned> {
        Assigned::among(tx, loaded, &duties_of(tx, loaded.sheet.group_id).await?).await
    }

    /// The same for whoever has read the duties of the sheet's group already.
    pub(crate) async fn among(tx: &Tx, loaded: &Loaded, all: &[duties::Model]) -> Result<Assigned> {
        if seats::seated(tx, loaded.period.id).await?.presides() {
            return Ok(Assigned::All);
        }
        // Standing in for one unit takes nothing away from anybody.
        if all.iter().all(|duty| duty.assessment_id.is_some()) {
            return Ok(Assigned::All);
        }
        let here = |duty: &duties::Model| duty.assessment_id.is_none_or(|sheet| sheet == loaded.sheet.id);
        let mine = all.iter().filter(|duty| tx.caller().account == Some(duty.account_id) && here(duty));
        Ok(Assigned::Parts(mine.map(duties::Model::part).collect()))
    }

    /// Whether an indicator of the sheet is among it.
    pub(crate) fn covers(&self, loaded: &Loaded, code: &str) -> bool {
        match self {
            Assigned::All => true,
            Assigned::Parts(parts) => parts.iter().any(|part| part.covers(loaded.rules.set(), code)),
        }
    }
}

pub(crate) async fn duties_of(tx: &Tx, group: GroupId) -> Result<Vec<duties::Model>> {
    Ok(tx.scoped::<duties::Entity>().filter(duties::Column::GroupId.eq(group)).all(tx.conn()).await?)
}
