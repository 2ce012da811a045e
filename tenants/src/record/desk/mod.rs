//! A sheet as it is filled in: the overview for the head, the desk for the clerk, last year beside it, what looks wrong.

use std::collections::BTreeMap;

use engine::IndicatorScore;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::decisions::{Decided, Petition};
use crate::documents::{EvidenceItem, Quota};
use crate::sheets::{Claim, Colleague, Field, Remark, Review, RowState, Section, SheetHead, Totals};

/// The overview of a sheet: what the head reviews before signing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    pub head: SheetHead,
    pub sections: Vec<Section>,
    pub totals: Totals,
    /// In the set's order, all indicators, without their fields' editors.
    pub rows: Vec<SheetRow>,
    /// The year figures can be taken over from, while they can.
    pub prefill_from: Option<i32>,
    /// The year `last` of the rows is of.
    pub last_year: Option<i32>,
    /// What went to and fro between clerks and head, oldest first; for colleagues only.
    pub reviews: Vec<Review>,
    /// Indicators re-opened and changed, which the head has to sign again, with the points signed before.
    pub to_sign: Vec<(String, Option<Decimal>)>,
    /// What the sheet comes to once they are signed: the rest as it was signed.
    pub to_sign_sum: Option<Decimal>,
    /// Names exactly what is shown here; a signature is for it and nothing else.
    pub shown: String,
}

/// One line of the overview. `state` not ready means it stands in the missing list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetRow {
    pub code: String,
    pub section: String,
    pub name: String,
    pub maximum: Decimal,
    pub state: RowState,
    pub points: Option<Decimal>,
    /// What the head signed, where what stands here now gives something else.
    pub signed_points: Option<Decimal>,
    /// What stands here is signed by nobody: the sheet was never signed, or the row was changed since.
    pub draft: bool,
    pub sentence: String,
    pub evidence_count: u32,
    /// Points above zero that rest on an explanation, without a document.
    pub explained_only: bool,
    pub claim: Option<Claim>,
    /// Last year's, once it was concluded, at the indicator this one continues.
    pub last: Option<LastPoints>,
    /// What looks wrong, in Vietnamese.
    pub warnings: Vec<String>,
    /// Who fills it in; for colleagues only.
    pub clerk: Option<Colleague>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastPoints {
    pub points: Decimal,
    pub maximum: Decimal,
}

/// The score desk of one main index: what the island shows and edits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    pub head: SheetHead,
    pub sections: Vec<Section>,
    pub totals: Totals,
    /// Code of the main index shown.
    pub section: String,
    pub rows: Vec<Row>,
    pub last: Option<LastYear>,
    /// Of the evidence the unit has brought in this period.
    pub quota: Quota,
    /// Who fills in which indicator, by code; for colleagues only.
    pub clerks: BTreeMap<String, Colleague>,
    /// What colleagues said, by code, oldest first.
    pub remarks: BTreeMap<String, Vec<Remark>>,
    /// Why the head handed it back, while the clerks are at it again; for colleagues only.
    pub handed_back: Option<Review>,
}

/// The same unit's newest earlier sheet, by the codes of this year's indicators: those of the same set under the same rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastYear {
    pub year: i32,
    pub rows: BTreeMap<String, LastRow>,
    /// Figures of it may be taken over, also where the rule differs.
    #[serde(default)]
    pub may_prefill: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastRow {
    /// As it was then.
    pub code: String,
    /// Figures as a clerk writes them, by name.
    pub values: BTreeMap<String, String>,
    /// Appraised, once that year was concluded.
    pub points: Option<Decimal>,
    pub maximum: Decimal,
    /// Where the council decided otherwise than the unit had claimed.
    pub changed: Option<LastChange>,
    /// What the unit objected that year, and the answer.
    pub petition: Option<Petition>,
}

/// A decision of last year that did not accept the self score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastChange {
    pub claimed: Option<Decimal>,
    pub decided: Decided,
}

/// One indicator on the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub code: String,
    /// Code of its main index.
    pub section: String,
    pub name: String,
    pub maximum: Decimal,
    pub guidance: String,
    pub evidence_hint: String,
    /// Where the scoring proposal comes from.
    pub source: String,
    pub fields: Vec<Field>,
    /// The unit may enter points of its own.
    pub adjustable: bool,
    /// Those points as a clerk writes them; empty for none.
    pub own_points: String,
    pub score: IndicatorScore,
    pub explanation: String,
    pub claim: Option<Claim>,
    pub may_claim: bool,
    /// The managing agency has exempted the unit: nothing to enter.
    pub exempt: bool,
    pub evidence: Vec<EvidenceItem>,
    pub state: RowState,
    /// What looks wrong with the figures and documents, in Vietnamese; the set's own warnings stand in `score`.
    pub warnings: Vec<String>,
    /// The unit may correct it until then although the sheet is submitted.
    #[serde(with = "time::serde::rfc3339::option")]
    pub reopened_until: Option<OffsetDateTime>,
    /// Sent back when saving; 0 before the first save.
    pub revision: i64,
    pub saved_by: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub saved_at: Option<OffsetDateTime>,
}

#[cfg(feature = "store")]
mod last_year;
#[cfg(feature = "store")]
mod show;
mod signing;
pub mod warn;
#[cfg(feature = "store")]
pub use self::show::{desk, row, sheet};
pub use self::signing::{SectionGlance, Signing, Since, share};
#[cfg(feature = "store")]
pub(crate) use self::{
    last_year::{figures_of, former, formers, last_year, predecessor},
    show::{build_row, row_of, warnings},
};
