//! The head of every page about a sheet.

use rust_decimal::Decimal;

use super::loaded::Loaded;
use super::open::{due, is_open};
use super::state::SheetState;
use super::{SheetCan, SheetHead, Signature, find};
use crate::Result;
use crate::periods::Stage;
use crate::points::from_stored;
use crate::policy::{self, Action};
use crate::store::Tx;

pub(crate) fn head(tx: &Tx, loaded: &Loaded) -> Result<SheetHead> {
    let set = loaded.rules.set();
    Ok(SheetHead {
        id: loaded.sheet.id,
        period: loaded.period.head()?,
        unit_name: loaded.sheet.unit_name.clone(),
        group_name: loaded.group.name.clone(),
        set_name: set.name.clone(),
        set_note: set.note.clone(),
        state: loaded.sheet.state_at(loaded.period.stage()?, tx.now())?,
        late: loaded.sheet.late,
        due: due(loaded),
        return_reason: loaded.sheet.return_reason.clone(),
        signature: loaded.sheet.signed_name.clone().zip(loaded.sheet.submitted_at).map(|(name, at)| Signature {
            name,
            at,
            points: signed_sum(loaded),
        }),
        revision: loaded.sheet.revision,
        can: can(tx, loaded)?,
        viewer: tx.caller().account.map(|id| id.to_string()).unwrap_or_default(),
    })
}

/// What the sheet came to when it was signed.
fn signed_sum(loaded: &Loaded) -> Option<Decimal> {
    loaded.sheet.self_points.map(|points| from_stored(points, loaded.rules.set().policy.round))
}

fn can(tx: &Tx, loaded: &Loaded) -> Result<SheetCan> {
    let subject = find::subject(&loaded.sheet, &loaded.period);
    let may = |action| policy::allows(tx.caller(), action, subject);
    let (stage, state, open) = (loaded.period.stage()?, loaded.sheet.state()?, is_open(tx, loaded)?);
    let writable = state.is_writable() && open;
    let in_review = state == SheetState::InternalReview && open;
    let appraising = stage == Stage::Appraisal;
    Ok(SheetCan {
        plan: may(Action::Plan),
        edit: may(Action::SaveAnswer),
        write: writable && may(Action::SaveAnswer),
        hand_in: writable && state != SheetState::NotStarted && may(Action::SaveAnswer),
        take_back: in_review && may(Action::SaveAnswer),
        hand_back: in_review && may(Action::Submit),
        submit: (writable || in_review || loaded.may_be_signed_again()?) && may(Action::Submit),
        withdraw: may(Action::Submit) && open && stage == Stage::SelfAssessment && state == SheetState::Submitted,
        send_back: may(Action::SendBack) && stage == Stage::SelfAssessment && state == SheetState::Submitted,
        appraise: appraising && may(Action::Appraise),
        reopen: may(Action::SendBack) && appraising,
        add_evidence: may(Action::AddEvidence) && (appraising || (writable && may(Action::SaveAnswer))),
    })
}
