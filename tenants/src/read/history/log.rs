//! What the audit log says about one indicator: saves, evidence, the sheet's way to the council and back.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use engine::{Indicator, Input, InputKind};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{Deed, Figure, Happened, Instead, Save, Side};
use crate::audit::{self, Entry};
use crate::sheets::{Claim, Loaded, facts_of};
use crate::{Result, documents};

use crate::store::Tx;

/// The deeds on the sheet that concern the indicator.
pub(super) async fn of_sheet(tx: &Tx, loaded: &Loaded, indicator: &Indicator) -> Result<Vec<Happened>> {
    let entries = audit::about(tx, "sheet", &loaded.sheet.id.to_string()).await?;
    let mut reader = Reader {
        indicator,
        inputs: indicator
            .inputs
            .iter()
            .chain(facts_of(loaded, indicator))
            .map(|input| (input.name.as_str(), input))
            .collect(),
        documents: HashMap::new(),
        explanation: String::new(),
        claim: None,
        points: None,
    };
    Ok(entries.iter().filter_map(|entry| reader.read(entry)).collect())
}

/// The deeds on the whole period that concern the indicator of this sheet.
pub(super) async fn of_period(tx: &Tx, loaded: &Loaded, code: &str) -> Result<Vec<Happened>> {
    let entries = audit::about(tx, "period", &loaded.period.id.to_string()).await?;
    let mut exempt = false;
    let mut events = Vec::new();
    for entry in &entries {
        let (side, deed) = match entry.action.as_str() {
            "period.provisional" => (Side::Council, Deed::Announced),
            "period.conclude" => (Side::Council, Deed::Concluded),
            "period.take_back" => (Side::Authority, Deed::TakenBack { opinion: text(&entry.detail, "opinion") }),
            "period.publish" => (Side::Authority, Deed::Published),
            "period.exempt" => match exempted(&entry.detail, loaded, code) {
                Some(claim) if claim.is_some() || exempt => {
                    exempt = claim.is_some();
                    (Side::Authority, Deed::Exempted(claim))
                }
                _ => continue,
            },
            _ => continue,
        };
        events.push(Happened::new(entry.at, &entry.account_name, side, deed));
    }
    Ok(events)
}

/// Whether an entry exempts the sheet from the indicator, or ends that; `None` where it speaks of others. Entries before
/// the matrix was written cell by cell named one indicator with all its units.
fn exempted(detail: &Json, loaded: &Loaded, code: &str) -> Option<Option<Claim>> {
    let sheet = loaded.sheet.id.to_string();
    if let Some(cells) = detail.get("cells") {
        return listed(cells, code).any(|one| one == sheet).then(|| of_kind(detail, "claim"));
    }
    let meant = is_about(detail, code) && text(detail, "group") == loaded.group.name;
    let claim = || Some(Claim { ground: of_kind(detail, "ground")?, reason: text(detail, "reason") });
    meant.then(|| listed(detail, "units").any(|one| one == sheet).then(claim).flatten())
}

/// Goes through the entries from the oldest on and keeps what the last one said.
struct Reader<'a> {
    indicator: &'a Indicator,
    inputs: HashMap<&'a str, &'a Input>,
    /// Names of attached documents, by id.
    documents: HashMap<String, String>,
    explanation: String,
    claim: Option<Claim>,
    points: Option<Decimal>,
}

impl Reader<'_> {
    fn read(&mut self, entry: &Entry) -> Option<Happened> {
        let (detail, code) = (&entry.detail, self.indicator.code.as_str());
        let own = is_about(detail, code);
        let (side, deed) = match entry.action.as_str() {
            "answer.save" => {
                let points = self.points_after(detail);
                let deed = if own {
                    Deed::Saved(self.save(detail))
                } else if points.is_some() && points != self.points {
                    Deed::Moved { elsewhere: text(detail, "code") }
                } else {
                    return None;
                };
                self.points = points.or(self.points);
                let event = Happened::new(entry.at, &entry.account_name, Side::Unit, deed);
                return Some(Happened { points, ..event });
            }
            "sheet.prefill" if listed(detail, "codes").any(|one| one == code) => {
                (Side::Unit, Deed::Prefilled { from: text(detail, "from") })
            }
            "evidence.attach" if own => (side(detail), self.attached(detail)),
            "evidence.detach" if own => {
                let id = text(detail, "evidence");
                (Side::Unit, Deed::Detached { name: self.documents.get(&id).cloned().unwrap_or_default() })
            }
            "evidence.card" if own => {
                self.documents.insert(text(detail, "evidence"), text(detail, "name"));
                (Side::Unit, corrected(detail))
            }
            "sheet.submit" => (Side::Unit, Deed::Submitted { signed: text(detail, "signed") }),
            "sheet.withdraw" => (Side::Unit, Deed::Withdrawn),
            "sheet.send_back" => (Side::Authority, Deed::SentBack { reason: text(detail, "reason") }),
            _ => return None,
        };
        Some(Happened::new(entry.at, &entry.account_name, side, deed))
    }

    fn points_after(&self, detail: &Json) -> Option<Decimal> {
        let kept = detail.get("points")?.get(&self.indicator.code)?;
        Decimal::from_str(kept.as_str()?).ok()
    }

    fn save(&mut self, detail: &Json) -> Save {
        let typed: BTreeMap<String, String> = of_kind(detail, "fields").unwrap_or_default();
        let figure = |(name, value): (String, String)| {
            let input = self.inputs.get(name.as_str());
            let value = input.map_or_else(|| value.clone(), |input| chosen(input, &value));
            Figure { label: input.map_or(name, |input| input.label.clone()), value }
        };
        let figures = typed.into_iter().map(figure).collect();
        let explanation = text(detail, "explanation").trim().to_owned();
        let claim: Option<Claim> = of_kind(detail, "claim");
        let save = Save {
            figures,
            own_points: of_kind(detail, "own_points"),
            explanation: (explanation != self.explanation).then(|| explanation.clone()),
            claim: (claim != self.claim).then(|| claim.clone()),
        };
        (self.explanation, self.claim) = (explanation, claim);
        save
    }

    fn attached(&mut self, detail: &Json) -> Deed {
        let (id, name) = (text(detail, "evidence"), text(detail, "name"));
        let instead = detail.get("replaces").and_then(Json::as_str).map(|old| Instead {
            of: self.documents.get(old).cloned().unwrap_or_default(),
            reason: text(detail, "reason"),
        });
        self.documents.insert(id, name.clone());
        Deed::Attached { name, number: text(detail, "number"), instead }
    }
}

fn corrected(detail: &Json) -> Deed {
    let parts = detail.get("card").and_then(Json::as_object).into_iter().flatten();
    let parts = parts.map(|(part, change)| (part.clone(), text(change, "was"), text(change, "now"))).collect();
    Deed::Corrected { name: text(detail, "name"), parts }
}

/// A level by its name.
fn chosen(input: &Input, value: &str) -> String {
    match &input.kind {
        InputKind::Level(choices) => {
            let choice = choices.iter().find(|choice| choice.value.to_string() == value);
            choice.map_or_else(|| value.into(), |choice| choice.label.clone())
        }
        _ => value.into(),
    }
}

fn side(detail: &Json) -> Side {
    match documents::Side::parse(&text(detail, "side")) {
        documents::Side::Unit => Side::Unit,
        documents::Side::Council => Side::Council,
    }
}

fn is_about(detail: &Json, code: &str) -> bool {
    detail.get("code").and_then(Json::as_str) == Some(code)
}

fn text(detail: &Json, name: &str) -> String {
    detail.get(name).and_then(Json::as_str).unwrap_or_default().into()
}

fn listed<'a>(detail: &'a Json, name: &str) -> impl Iterator<Item = &'a str> {
    detail.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
}

/// A part of an entry as what it was written from; older entries may lack it.
fn of_kind<T: for<'de> Deserialize<'de>>(detail: &Json, name: &str) -> Option<T> {
    detail.get(name).and_then(|part| serde_json::from_value(part.clone()).ok())
}
