//! What happened at a row after it was decided: whatever it is, the row is to be seen again.

use crate::sheets::Loaded;
use crate::store::entities::{appraisals, assessment_rows, talks};

pub(crate) struct Since {
    /// The unit changed figures or words.
    pub retyped: bool,
    /// Its points are others: by another rule, or by a shared figure.
    pub rescored: bool,
    /// A document came, or one was found infected.
    pub evidence: bool,
    /// The unit answered a question.
    pub answered: bool,
}

impl Since {
    /// `said` are questions and answers about the indicator.
    pub fn of(loaded: &Loaded, decision: &appraisals::Model, said: &[talks::Model]) -> Since {
        let code = decision.code.as_str();
        let moments = |item: &crate::documents::EvidenceItem| {
            item.quarantined_at.map_or(item.uploaded_at, |at| at.max(item.uploaded_at))
        };
        let latest = loaded.evidence_of(code).iter().map(moments).max();
        let row = loaded.rows.get(code);
        // What was re-opened and changed is before the council once the head has signed it again.
        let waiting = loaded.sheet.to_sign().unwrap_or_default();
        let claimed = |row: &assessment_rows::Model| waiting.get(code).map_or(row.self_points, |before| before.points);
        let claimed = |row: &assessment_rows::Model| claimed(row).filter(|_| loaded.sheet.is_signed());
        Since {
            retyped: !waiting.contains_key(code) && row.map_or(0, |row| row.revision) != decision.row_revision,
            rescored: row.is_some_and(|row| claimed(row) != decision.self_points),
            evidence: latest.is_some_and(|added| added > decision.decided_at),
            answered: said.iter().any(|said| !said.is_question && said.said_at > decision.decided_at),
        }
    }

    /// "Cần xem lại".
    pub fn is_anything(&self) -> bool {
        self.retyped || self.rescored || self.evidence || self.answered
    }
}
