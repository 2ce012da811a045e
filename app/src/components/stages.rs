//! The tags of a period's stage and of a sheet's state.

use leptos::prelude::*;
use tenants::periods::Stage;
use tenants::sheets::{SheetHead, SheetState};

use super::{Tag, TagKind};
use crate::text::t;

/// The tag of a stage.
pub fn stage_tag(stage: Stage) -> impl IntoView {
    let kind = match stage {
        Stage::Draft => TagKind::Quiet,
        Stage::SelfAssessment | Stage::Appraisal => TagKind::Gold,
        Stage::Concluded => TagKind::Plain,
        Stage::Published => TagKind::Green,
    };
    view! { <Tag kind text=t(&format!("stage-{}", stage.as_str()))/> }
}

/// The tag of a sheet's state.
pub fn sheet_tag(state: SheetState, late: bool) -> impl IntoView {
    let kind = match state {
        SheetState::NotStarted | SheetState::NotSubmitted => TagKind::Red,
        SheetState::Drafting | SheetState::Returned => TagKind::Gold,
        SheetState::InternalReview => TagKind::Plain,
        SheetState::Submitted | SheetState::Concluded => TagKind::Green,
    };
    view! {
        <Tag kind text=t(&format!("sheet-{}", state.as_str()))/>
        {late.then(|| view! { <Tag kind=TagKind::Gold text=t("sheet-late")/> })}
    }
}

/// The same for a sheet that is known better: once it is concluded, the state no longer says that nothing was sent.
pub fn head_tags(head: &SheetHead) -> impl IntoView + use<> {
    let unsent = head.is_unsent() && head.state != SheetState::NotSubmitted;
    let unsent = unsent.then(|| view! { <Tag kind=TagKind::Red text=t("unit-not-self-assessed")/> });
    view! {
        {sheet_tag(head.state, head.late)}
        {unsent}
    }
}
