//! What a workbook changes on a sheet: its cells against what they were when it was downloaded, and against the desk now.

use std::collections::{BTreeMap, HashMap};

use engine::{Indicator, Input, InputKind};

use super::{Cell, CellChange, Choice, Conflict, Filled, Slot, wording};
use crate::assessments::SaveAnswer;
use crate::ids::AccountId;
use crate::sheets::{Claim, ClaimGround, Colleague, Loaded, inputs_of};
use crate::{Problem, typed};

/// Answers to be saved, in the set's order, and what keeps them from it.
#[derive(Default)]
pub(super) struct Plan {
    pub answers: Vec<Planned>,
    pub facts: Vec<CellChange>,
    pub conflicts: Vec<Conflict>,
    pub problems: Vec<Problem>,
    /// What was changed at all, whatever became of it.
    pub touched: Vec<Slot>,
}

/// One indicator's save, with the cells it comes from. A save that only carries a shared figure shows no cells.
pub(super) struct Planned {
    pub answer: SaveAnswer,
    pub cells: Vec<CellChange>,
    /// The cell of each field of the save, to name it by.
    pub places: HashMap<String, String>,
}

/// The sheet as it stands, and whom it is compared for.
pub(super) struct Desk<'a> {
    pub loaded: &'a Loaded,
    pub clerks: &'a BTreeMap<String, Colleague>,
    pub account: Option<AccountId>,
}

/// A changed cell.
struct Changed {
    at: String,
    old: String,
    new: String,
}

impl Desk<'_> {
    pub fn plan(&self, filled: &Filled, choices: &HashMap<String, Choice>) -> Plan {
        let mut plan = Plan::default();
        let rules = std::sync::Arc::clone(&self.loaded.rules);
        for indicator in rules.set().indicators() {
            self.plan_row(indicator, filled, choices, &mut plan);
        }
        for fact in &rules.set().facts {
            self.plan_fact(fact, filled, choices, &mut plan);
        }
        let order: HashMap<&str, usize> =
            rules.set().indicators().enumerate().map(|(place, leaf)| (leaf.code.as_str(), place)).collect();
        plan.answers.sort_by_key(|planned| order.get(planned.answer.code.as_str()).copied());
        plan
    }

    fn plan_row(&self, indicator: &Indicator, filled: &Filled, choices: &HashMap<String, Choice>, plan: &mut Plan) {
        let code = indicator.code.as_str();
        let mut changed: BTreeMap<Slot, Changed> = BTreeMap::new();
        for slot in slots_of(indicator) {
            match self.change(&slot, indicator.inputs.iter(), filled) {
                // The desk has it already: the same workbook sent in once more.
                Ok(Some(change)) if same(input_of(indicator, &slot), &self.now(&slot), &change.new) => (),
                Ok(Some(change)) => drop(changed.insert(slot, change)),
                Ok(None) => (),
                Err(problem) => {
                    plan.touched.push(slot);
                    plan.problems.push(problem);
                }
            }
        }
        if changed.is_empty() {
            return;
        }
        plan.touched.extend(changed.keys().cloned());
        if let Some(told) = self.refusal(code) {
            plan.problems.extend(changed.values().map(|change| Problem::new(&change.at, &told)));
            return;
        }
        let cells = changed.iter().map(|(slot, change)| CellChange {
            at: change.at.clone(),
            label: label(slot, indicator),
            old: self.now_in_words(slot, indicator),
            new: in_words(slot, &indicator.inputs, &change.new),
        });
        let cells: Vec<CellChange> = cells.collect();
        let revision = self.loaded.rows.get(code).map_or(0, |row| row.revision);
        let moved_on = filled.revisions.get(code) != Some(&revision) && self.moved(indicator, filled);
        if moved_on {
            let choice = choices.get(code).filter(|choice| is_of(choice, &revision.to_string()));
            plan.conflicts.push(Conflict {
                key: code.into(),
                title: format!("{code} {}", indicator.name),
                seen: revision.to_string(),
                choice: choice.cloned(),
                by: self.loaded.rows.get(code).map(|row| row.updated_by.clone()),
                cells: cells.clone(),
            });
            if !matches!(choice, Some(Choice::Workbook { .. })) {
                return;
            }
        }
        match self.answer(indicator, &changed, revision) {
            Ok(answer) => plan.answers.push(Planned { answer, cells, places: places(&changed) }),
            Err(problem) => plan.problems.push(problem),
        }
    }

    fn plan_fact(&self, fact: &Input, filled: &Filled, choices: &HashMap<String, Choice>, plan: &mut Plan) {
        let slot = Slot::Fact(fact.name.clone());
        let change = match self.change(&slot, std::iter::once(fact), filled) {
            Ok(Some(change)) => change,
            Ok(None) => return,
            Err(problem) => {
                plan.touched.push(slot);
                return plan.problems.push(problem);
            }
        };
        let now = self.now(&slot);
        if same(Some(fact), &now, &change.new) {
            return;
        }
        plan.touched.push(slot.clone());
        let cell = CellChange {
            at: change.at.clone(),
            label: fact.label.clone(),
            old: in_words(&slot, std::slice::from_ref(fact), &now),
            new: in_words(&slot, std::slice::from_ref(fact), &change.new),
        };
        if !same(Some(fact), &now, &change.old) {
            let choice = choices.get(&slot.to_string()).filter(|choice| is_of(choice, &now));
            plan.conflicts.push(Conflict {
                key: slot.to_string(),
                title: fact.label.clone(),
                seen: now.clone(),
                choice: choice.cloned(),
                by: None,
                cells: vec![cell.clone()],
            });
            if !matches!(choice, Some(Choice::Workbook { .. })) {
                return;
            }
        }
        self.carry(fact, &change, now, plan);
        plan.facts.push(cell);
    }

    /// A shared figure is saved with an indicator that reads it: one that is saved anyway, else one that nobody else fills
    /// in, else any the unit is assessed on.
    fn carry(&self, fact: &Input, change: &Changed, now: String, plan: &mut Plan) {
        let readers = self.loaded.rules.readers(&fact.name);
        let planned = plan.answers.iter().position(|planned| readers.contains(&planned.answer.code.as_str()));
        let place = planned.or_else(|| {
            let open = readers.iter().find(|code| self.refusal(code).is_none());
            let code = open.or_else(|| readers.iter().find(|code| !self.loaded.is_exempt(code)))?;
            let revision = self.loaded.rows.get(*code).map_or(0, |row| row.revision);
            let indicator = self.loaded.rules.set().indicator(code)?;
            let answer = self.answer(indicator, &BTreeMap::new(), revision).ok()?;
            plan.answers.push(Planned { answer, cells: Vec::new(), places: HashMap::new() });
            Some(plan.answers.len() - 1)
        });
        let Some(carrier) = place.and_then(|place| plan.answers.get_mut(place)) else {
            let told = "Không có chỉ số nào của đơn vị đọc số liệu này; hãy xóa trắng ô.";
            return plan.problems.push(Problem::new(&change.at, told));
        };
        carrier.answer.fields.insert(fact.name.clone(), change.new.clone());
        carrier.answer.seen.insert(fact.name.clone(), now);
        carrier.places.insert(fact.name.clone(), change.at.clone());
    }

    /// Why the caller may not change an indicator's answers by workbook.
    fn refusal(&self, code: &str) -> Option<String> {
        if self.loaded.is_exempt(code) {
            let told =
                "Cơ quan thường trực đã xác định đơn vị không đánh giá chỉ số này; hãy trả ô về như lúc tải biểu.";
            return Some(told.into());
        }
        let other = self.clerks.get(code).filter(|clerk| Some(clerk.account) != self.account)?;
        let name = &other.name;
        Some(format!("Chỉ số {code} do {name} nhập; hãy để {name} nộp, hoặc đổi ở trang Phân việc."))
    }

    /// What a cell changes; `Err` names it where it cannot be read.
    fn change<'i>(
        &self,
        slot: &Slot,
        mut inputs: impl Iterator<Item = &'i Input>,
        filled: &Filled,
    ) -> Result<Option<Changed>, Problem> {
        let Some(Cell { at, content }) = filled.cells.get(slot) else { return Ok(None) };
        let input = inputs.find(|input| matches!(slot, Slot::Input(_, name) | Slot::Fact(name) if *name == input.name));
        let read = match (slot, input) {
            (Slot::Input(..) | Slot::Fact(_), Some(input)) => wording::typed(&input.kind, content),
            (Slot::Own(_), _) => wording::typed(&InputKind::Number, content),
            (Slot::Ground(_), _) => wording::ground_typed(content),
            (Slot::Confirm(_), _) => wording::confirm_typed(content),
            _ => wording::words(content),
        };
        let new = read.map_err(|told| Problem::new(at, &told))?;
        let old = filled.was.get(slot).cloned().unwrap_or_default();
        if same(input, &old, &new) {
            return Ok(None);
        }
        if let Some(input) = input {
            typed::parse(input, &new).map_err(|told| Problem::new(at, &told))?;
        }
        Ok(Some(Changed { at: at.clone(), old, new }))
    }

    /// Whether the desk has an answer of the indicator that is neither what was downloaded nor what the workbook says.
    fn moved(&self, indicator: &Indicator, filled: &Filled) -> bool {
        let moved = |slot: &Slot| {
            let (input, now) = (input_of(indicator, slot), self.now(slot));
            let was = filled.was.get(slot).map(String::as_str).unwrap_or_default();
            let file = self.change(slot, indicator.inputs.iter(), filled).ok().flatten();
            !same(input, was, &now) && file.is_none_or(|change| !same(input, &change.new, &now))
        };
        slots_of(indicator).iter().filter(|slot| !matches!(slot, Slot::Confirm(_))).any(moved)
    }

    /// An answer as the desk has it now, written as the workbook's `was`.
    fn now(&self, slot: &Slot) -> String {
        let row = |code: &str| self.loaded.rows.get(code);
        match slot {
            Slot::Fact(name) => self.loaded.facts.get(name).map(typed::shown).unwrap_or_default(),
            Slot::Input(code, name) => {
                let inputs = row(code).and_then(|row| inputs_of(row).ok()).unwrap_or_default();
                inputs.get(name).map(typed::shown).unwrap_or_default()
            }
            Slot::Own(code) => self.loaded.own_points(code).map(engine::number::trim).unwrap_or_default(),
            Slot::Explanation(code) => wording::lines(self.loaded.explanation_of(code)),
            Slot::Ground(code) => self.loaded.claim_of(code).map_or("", |claim| claim.ground.as_str()).into(),
            Slot::Reason(code) => self.loaded.claim_of(code).map(|claim| claim.reason).unwrap_or_default(),
            Slot::Confirm(code) if row(code).is_some_and(|row| !row.unconfirmed) => "true".into(),
            Slot::Confirm(_) => String::new(),
        }
    }

    fn now_in_words(&self, slot: &Slot, indicator: &Indicator) -> String {
        in_words(slot, &indicator.inputs, &self.now(slot))
    }

    /// The indicator's save: what changed, and everything else as it stands.
    fn answer(
        &self,
        indicator: &Indicator,
        changed: &BTreeMap<Slot, Changed>,
        revision: i64,
    ) -> Result<SaveAnswer, Problem> {
        let code = &indicator.code;
        let new = |slot: Slot| changed.get(&slot).map_or_else(|| self.now(&slot), |change| change.new.clone());
        let ground = ClaimGround::parse(&new(Slot::Ground(code.clone())));
        let reason = new(Slot::Reason(code.clone()));
        if let (None, Some(change)) =
            (ground, changed.get(&Slot::Reason(code.clone())).filter(|one| !one.new.is_empty()))
        {
            return Err(Problem::new(&change.at, "Có lý do nhưng chưa chọn căn cứ không đánh giá; hãy chọn căn cứ."));
        }
        let figure = |(slot, change): (&Slot, &Changed)| match slot {
            Slot::Input(_, name) => Some((name.clone(), change.new.clone())),
            _ => None,
        };
        Ok(SaveAnswer {
            code: code.clone(),
            fields: changed.iter().filter_map(figure).collect(),
            seen: BTreeMap::new(),
            explanation: new(Slot::Explanation(code.clone())),
            claim: ground.map(|ground| Claim { ground, reason }),
            confirm: changed.contains_key(&Slot::Confirm(code.clone())),
            own_points: changed.get(&Slot::Own(code.clone())).map(|change| change.new.clone()),
            revision,
        })
    }
}

fn input_of<'i>(indicator: &'i Indicator, slot: &Slot) -> Option<&'i Input> {
    indicator.inputs.iter().find(|input| matches!(slot, Slot::Input(_, name) if *name == input.name))
}

fn slots_of(indicator: &Indicator) -> Vec<Slot> {
    let code = || indicator.code.clone();
    let own = indicator.inputs.iter().map(|input| Slot::Input(code(), input.name.clone()));
    let others = [
        Slot::Own(code()),
        Slot::Explanation(code()),
        Slot::Ground(code()),
        Slot::Reason(code()),
        Slot::Confirm(code()),
    ];
    own.chain(others).collect()
}

/// Whether two answers say the same, however a figure is written.
fn same(input: Option<&Input>, one: &str, other: &str) -> bool {
    let value = |text: &str| input.and_then(|input| typed::parse(input, text).ok());
    match (value(one), value(other)) {
        (Some(one), Some(other)) => one == other,
        _ => wording::lines(one) == wording::lines(other),
    }
}

/// A choice counts for what the desk showed when it was made.
fn is_of(choice: &Choice, now: &str) -> bool {
    match choice {
        Choice::Workbook { seen } => seen == now,
        Choice::Desk => true,
    }
}

/// The cell of each field that a save can complain about.
fn places(changed: &BTreeMap<Slot, Changed>) -> HashMap<String, String> {
    let mut places = HashMap::new();
    for (slot, change) in changed {
        let field = match slot {
            Slot::Input(_, name) | Slot::Fact(name) => name.as_str(),
            Slot::Own(_) => "own_points",
            Slot::Explanation(_) => "explanation",
            Slot::Ground(_) => "claim",
            Slot::Reason(_) if places.contains_key("claim") => continue,
            Slot::Reason(_) => "claim",
            Slot::Confirm(_) => continue,
        };
        places.insert(field.to_owned(), change.at.clone());
    }
    places
}

fn label(slot: &Slot, indicator: &Indicator) -> String {
    match slot {
        Slot::Input(_, name) | Slot::Fact(name) => {
            let input = indicator.inputs.iter().find(|input| &input.name == name);
            input.map_or_else(|| name.clone(), |input| input.label.clone())
        }
        Slot::Own(_) => "Điểm tự chấm".into(),
        Slot::Explanation(_) => "Giải trình".into(),
        Slot::Ground(_) => "Căn cứ không đánh giá".into(),
        Slot::Reason(_) => "Lý do không đánh giá".into(),
        Slot::Confirm(_) => "Xác nhận số liệu lấy từ năm trước".into(),
    }
}

/// An answer as the workbook shows it.
fn in_words(slot: &Slot, inputs: &[Input], value: &str) -> String {
    match slot {
        _ if value.is_empty() => String::new(),
        Slot::Input(_, name) | Slot::Fact(name) => match inputs.iter().find(|input| &input.name == name) {
            Some(input) => match wording::shown(&input.kind, value) {
                wording::Shown::Text(text) => text,
                wording::Shown::Number(_) => {
                    engine::number::parse(value).map_or_else(|_| value.to_owned(), engine::number::trim)
                }
            },
            None => value.to_owned(),
        },
        Slot::Ground(_) => {
            ClaimGround::parse(value).map_or_else(|| value.to_owned(), |known| wording::ground(known).into())
        }
        Slot::Confirm(_) => wording::CONFIRMED.into(),
        Slot::Own(_) | Slot::Explanation(_) | Slot::Reason(_) => value.to_owned(),
    }
}
