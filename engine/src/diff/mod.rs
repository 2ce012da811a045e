//! Two versions of a set side by side: what changed, in words a lawyer reads, and what became of each indicator.

mod indicator;
mod lineage;
mod lines;
mod tree;
mod whole;
mod words;

use serde::{Deserialize, Serialize};

use crate::IndicatorSet;

pub use lineage::{Lineage, Relation, predecessors};
pub use lines::{Line, LineKind, lines};

/// One difference. `old` and `new` are shown forms ("15", "có", "ratio(a, b) * max"); one is `None` where something
/// was added or removed, both where something moved within its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub about: About,
    /// The key of the indicator concerned, which outlives its code.
    pub key: Option<String>,
    pub kind: ChangeKind,
    pub field: Field,
    pub old: Option<String>,
    pub new: Option<String>,
    /// The whole difference in Vietnamese: "1.2: điểm tối đa 15 → 10".
    pub text: String,
}

/// What a difference is about, named as in the new version unless it is gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Set,
    /// By slug.
    Group(String),
    /// By code.
    MainIndex(String),
    /// By code.
    Indicator(String),
    /// By name.
    Param(String),
    /// By name.
    Fact(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Removed,
    /// Another code, another parent, or another place among its neighbours.
    Moved,
    /// Another name in words.
    Renamed,
    Changed,
}

/// Which property differs. `Itself` where the whole thing was added, removed or moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Itself,
    Slug,
    Name,
    Basis,
    Note,
    /// Points of the set, a group, a main index, or an indicator's maximum.
    Points,
    NotApplicable,
    Proof,
    SelfScore,
    Round,
    Bands,
    RankBy,
    TieBreakers,
    /// The order of things that are in both versions.
    Order,
    Key,
    Value,
    Label,
    Input,
    Formula,
    Zero,
    Evidence,
    Guidance,
    Source,
    Warnings,
    Cases,
}

impl Change {
    /// Whether it touches the tree, a code, a maximum, or the permission of "không đánh giá" or of points of the unit's own:
    /// what must not change while a period runs. Everything else is about how points come about.
    pub fn is_structural(&self) -> bool {
        match (&self.about, self.field) {
            (_, Field::Points | Field::NotApplicable | Field::SelfScore) => true,
            (About::Param(_) | About::Fact(_), _) => false,
            (About::Indicator(_), Field::Order) => false,
            (_, Field::Itself | Field::Slug | Field::Key | Field::Order) => true,
            _ => false,
        }
    }
}

/// All differences, those of the whole set first, then in the order of the new version. Empty only where nothing
/// differs but the places of formulas in their scripts and the order of parameters and shared figures.
pub fn diff(old: &IndicatorSet, new: &IndicatorSet) -> Vec<Change> {
    let mut changes = Changes::default();
    whole::compare(old, new, &mut changes);
    tree::compare(old, new, &mut changes);
    changes.found
}

/// The differences that are forbidden in a running period.
pub fn structure_changed(old: &IndicatorSet, new: &IndicatorSet) -> Vec<Change> {
    diff(old, new).into_iter().filter(Change::is_structural).collect()
}

/// What is being compared: where a difference belongs and how it is called.
#[derive(Clone)]
struct Subject {
    about: About,
    key: Option<String>,
    called: String,
}

#[derive(Default)]
struct Changes {
    found: Vec<Change>,
}

impl Changes {
    fn push(
        &mut self,
        of: &Subject,
        kind: ChangeKind,
        field: Field,
        shown: (Option<&str>, Option<&str>),
        text: String,
    ) {
        let (old, new) = (shown.0.map(String::from), shown.1.map(String::from));
        self.found.push(Change { about: of.about.clone(), key: of.key.clone(), kind, field, old, new, text });
    }

    /// A short value: "1.2: điểm tối đa 15 → 10".
    fn value(&mut self, of: &Subject, field: Field, label: &str, old: &str, new: &str) {
        if old != new {
            let space = if label.is_empty() { "" } else { " " };
            let text = format!("{}: {label}{space}{old} → {new}", of.called);
            self.push(of, ChangeKind::Changed, field, (Some(old), Some(new)), text);
        }
    }

    /// A text, where an empty one is none: "1.2: căn cứ “…” → “…”".
    fn text(&mut self, of: &Subject, field: Field, label: &str, old: &str, new: &str) {
        let called = &of.called;
        match (old, new) {
            (old, new) if old == new => {}
            ("", new) => {
                self.push(of, ChangeKind::Added, field, (None, Some(new)), format!("{called}: thêm {label} “{new}”"))
            }
            (old, "") => {
                self.push(of, ChangeKind::Removed, field, (Some(old), None), format!("{called}: bỏ {label} “{old}”"))
            }
            (old, new) => {
                let kind = if field == Field::Name { ChangeKind::Renamed } else { ChangeKind::Changed };
                self.push(of, kind, field, (Some(old), Some(new)), format!("{called}: {label} “{old}” → “{new}”"));
            }
        }
    }

    fn added(&mut self, of: &Subject, field: Field, what: &str, text: String) {
        self.push(of, ChangeKind::Added, field, (None, Some(what)), text);
    }

    fn removed(&mut self, of: &Subject, field: Field, what: &str, text: String) {
        self.push(of, ChangeKind::Removed, field, (Some(what), None), text);
    }

    /// The order of what is in both lists, told once for the whole list.
    fn order(&mut self, of: &Subject, label: &str, old: &[String], new: &[String]) {
        let common = |list: &[String], other: &[String]| {
            list.iter().filter(|item| other.contains(item)).cloned().collect::<Vec<_>>().join(", ")
        };
        let (before, after) = (common(old, new), common(new, old));
        if before != after {
            let text = format!("{}: thứ tự {label} {before} → {after}", of.called);
            self.push(of, ChangeKind::Moved, Field::Order, (Some(&before), Some(&after)), text);
        }
    }
}
