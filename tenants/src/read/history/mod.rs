//! The course of one indicator of one sheet ("quá trình"): what was entered, proved, said, decided and answered, by whom,
//! when and why, and under which version of the rules. It is read from the records of those deeds and kept nowhere else.

use rust_decimal::Decimal;
use time::{Date, OffsetDateTime};

use crate::decisions::{self, Decided, petitions};
use crate::ids::AssessmentId;
use crate::policy::{self, Action, Subject};
use crate::sheets::{self, Claim, SheetHead, visible};
use crate::store::Tx;
use crate::{Error, Result, assessments, periods};

mod log;
mod logged;
mod names;
mod rules;

pub use self::logged::logged;
pub use self::names::names;

/// One indicator with everything that happened to it, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    pub head: SheetHead,
    pub code: String,
    pub name: String,
    /// Code of its main index.
    pub section: String,
    pub maximum: Decimal,
    pub events: Vec<Happened>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    pub at: OffsetDateTime,
    pub by: String,
    pub side: Side,
    pub deed: Deed,
    /// The self score after it, or the points decided; `None` where it gave none or none were kept.
    pub points: Option<Decimal>,
    /// The version of the rules in force then: "Bản 2".
    pub rules: String,
}

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Unit,
    Council,
    /// The managing agency, which runs the period.
    Authority,
}

impl Side {
    /// The suffix of the text key `history-side-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Unit => "unit",
            Side::Council => "council",
            Side::Authority => "authority",
        }
    }
}

/// A figure as a clerk writes it; "true" or "false" for yes/no, empty for taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub label: String,
    pub value: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Saved(Save),
    /// A shared figure entered at another indicator moved the score.
    Moved {
        elsewhere: String,
    },
    /// Last year's figures were taken over, from that period.
    Prefilled {
        from: String,
    },
    Attached {
        name: String,
        number: String,
        instead: Option<Instead>,
    },
    Detached {
        name: String,
    },
    /// The card of a document corrected: its parts (as the form names them), what each said and says.
    Corrected {
        name: String,
        parts: Vec<(String, String, String)>,
    },
    /// The managing agency exempted the unit, or took that back.
    Exempted(Option<Claim>),
    Submitted {
        signed: String,
    },
    Withdrawn,
    SentBack {
        reason: String,
    },
    Reopened {
        until: OffsetDateTime,
        reason: String,
    },
    Remarked {
        text: String,
    },
    Asked {
        text: String,
        due: Option<Date>,
    },
    Answered {
        text: String,
    },
    Decided(Box<Decided>),
    Announced,
    Petitioned {
        text: String,
    },
    PetitionAnswered {
        text: String,
    },
    Rules {
        to: String,
        reason: String,
    },
    /// Minutes of a session of the council, sealed.
    Minuted {
        held_on: Date,
        conclusion: String,
    },
    Concluded,
    /// The People's Committee returned the result to the council.
    TakenBack {
        opinion: String,
    },
    Published,
}

/// What a save changed. Texts are `None` where they stayed as they were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Save {
    pub figures: Vec<Figure>,
    /// The unit's own points as typed; empty when taken back.
    pub own_points: Option<String>,
    pub explanation: Option<String>,
    /// `Some(None)` when a claim was taken back.
    pub claim: Option<Option<Claim>>,
}

/// The document whose place another one took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    pub of: String,
    pub reason: String,
}

/// Everything that happened to an indicator, as far as the caller may see it: colleagues' remarks are for colleagues,
/// decisions for the unit only once its provisional result is announced, minutes for whoever sees the whole period.
/// `Err(NotFound)` for a code the set does not have.
pub async fn of_indicator(tx: &Tx, id: AssessmentId, code: &str) -> Result<History> {
    let loaded = visible(tx, id).await?;
    let rules = std::sync::Arc::clone(&loaded.rules);
    let mut mains = rules.set().main_indexes();
    let section = mains.find(|main| main.indicators.iter().any(|leaf| leaf.code == code)).ok_or(Error::NotFound)?;
    let indicator = rules.set().indicator(code).ok_or(Error::NotFound)?;
    let mut events = log::of_sheet(tx, &loaded, indicator).await?;
    events.extend(log::of_period(tx, &loaded, code).await?);
    events.extend(said(tx, &loaded, code).await?);
    events.extend(petitioned(tx, id, code).await?);
    events.extend(remarked(tx, &loaded, code).await?);
    events.extend(minuted(tx, &loaded).await?);
    events.extend(sheets::reopenings_of(tx, id, code).await?.into_iter().map(|model| {
        let deed = Deed::Reopened { until: model.until, reason: model.reason };
        Happened::new(model.reopened_at, &model.reopened_by, Side::Authority, deed)
    }));
    let (changes, in_force) = rules::of_group(tx, &loaded).await?;
    events.extend(changes);
    events.sort_by_key(|event| event.at);
    events.iter_mut().for_each(|event| event.rules = in_force.at(event.at));
    Ok(History {
        head: sheets::head(tx, &loaded)?,
        code: code.into(),
        name: indicator.name.clone(),
        section: section.code.clone(),
        maximum: indicator.max,
        events,
    })
}

impl Happened {
    fn new(at: OffsetDateTime, by: &str, side: Side, deed: Deed) -> Happened {
        Happened { at, by: by.into(), side, deed, points: None, rules: String::new() }
    }
}

/// Questions and answers, and decisions where the caller may know them.
async fn said(tx: &Tx, loaded: &sheets::Loaded, code: &str) -> Result<Vec<Happened>> {
    let (decided, talks) = decisions::course(tx, loaded, code).await?;
    let mut events = Vec::new();
    if assessments::knows_decisions(tx, loaded)? {
        events.extend(decided.into_iter().map(|decided| {
            let (at, by, points) = (decided.at, decided.by.clone(), decided.points);
            Happened { points, ..Happened::new(at, &by, Side::Council, Deed::Decided(Box::new(decided))) }
        }));
    }
    events.extend(talks.into_iter().map(|talk| {
        let (side, deed) = if talk.is_question {
            (Side::Council, Deed::Asked { text: talk.text, due: talk.due })
        } else {
            (Side::Unit, Deed::Answered { text: talk.text })
        };
        Happened::new(talk.at, &talk.by, side, deed)
    }));
    Ok(events)
}

async fn petitioned(tx: &Tx, id: AssessmentId, code: &str) -> Result<Vec<Happened>> {
    let Some(petition) = petitions::of_sheet(tx, id).await?.remove(code) else { return Ok(Vec::new()) };
    let made = Deed::Petitioned { text: petition.text };
    let mut events = vec![Happened::new(petition.at, &petition.by, Side::Unit, made)];
    if let Some(answer) = petition.answer {
        let deed = Deed::PetitionAnswered { text: answer.text };
        events.push(Happened::new(answer.at, &answer.by, Side::Council, deed));
    }
    Ok(events)
}

async fn remarked(tx: &Tx, loaded: &sheets::Loaded, code: &str) -> Result<Vec<Happened>> {
    let remarks = sheets::remarks_of(tx, loaded, code).await?;
    let event =
        |remark: sheets::Remark| Happened::new(remark.at, &remark.by, Side::Unit, Deed::Remarked { text: remark.text });
    Ok(remarks.into_iter().map(event).collect())
}

/// Sealed minutes of the period's sessions.
async fn minuted(tx: &Tx, loaded: &sheets::Loaded) -> Result<Vec<Happened>> {
    if !policy::allows(tx.caller(), Action::ViewBoard, Subject::Tenant)
        || loaded.period.stage()? < periods::Stage::Appraisal
        || decisions::is_blind(tx, loaded.period.id).await?
    {
        return Ok(Vec::new());
    }
    let sealed = crate::minutes::sealed(tx, loaded.period.id).await?;
    let event = |(at, by, written): (OffsetDateTime, String, crate::minutes::Written)| {
        let deed = Deed::Minuted { held_on: written.held_on, conclusion: written.conclusion };
        Happened::new(at, &by, Side::Council, deed)
    };
    Ok(sealed.into_iter().map(event).collect())
}
