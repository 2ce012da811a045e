//! What the desk knows: each row as the server has it, and what the clerk has typed since.

use std::collections::BTreeMap;

use leptos::prelude::*;
use tenants::Problem;
use tenants::assessments::{SaveAnswer, Saved};
use tenants::clock::VIETNAM;
use tenants::desk::{Desk, LastYear, Row, warn};
use tenants::documents::{Quota, Side};
use tenants::evidence::KnownDocument;
use tenants::ids::AssessmentId;
use tenants::sheets::{Claim, Colleague, Remark, Section, Totals};
use time::OffsetDateTime;

use super::{link, storage};
use crate::texts::Texts;

/// Milliseconds of rest before what is being typed is saved.
const DEBOUNCE_MILLIS: u64 = 700;
/// Milliseconds before a save that found no network, or nobody signed in, is tried again.
const AGAIN: u64 = 5_000;
const SIGNED_OUT: &str = "desk-signed-out";

#[derive(Clone, Copy)]
pub struct DeskState {
    pub sheet: AssessmentId,
    pub sections: RwSignal<Vec<Section>>,
    pub totals: RwSignal<Totals>,
    pub rows: StoredValue<Vec<RowState>>,
    focused: RwSignal<usize>,
    status: RwSignal<Status>,
    /// The page is alive: the plain forms' buttons are not needed.
    pub alive: RwSignal<bool>,
    texts: StoredValue<Texts>,
    viewer: StoredValue<String>,
    can_write: bool,
    can_edit: bool,
    pub can_add_evidence: bool,
    /// The same unit's sheet of the year before.
    pub last: StoredValue<Option<LastYear>>,
    /// Who fills in which indicator, and what colleagues said, by code.
    pub clerks: StoredValue<BTreeMap<String, Colleague>>,
    pub remarks: StoredValue<BTreeMap<String, Vec<Remark>>>,
    /// The viewer is of the unit and may talk to colleagues.
    pub talks: bool,
    /// Documents the unit has brought so far.
    pub known: StoredValue<Vec<KnownDocument>>,
    /// Of the unit's evidence in this period.
    pub quota: RwSignal<Quota>,
}

#[derive(Clone, Debug, PartialEq)]
enum Status {
    Quiet,
    Saving,
    Saved(OffsetDateTime),
    /// Text key of what went wrong.
    Failed(&'static str),
    Told(String),
}

/// One row: as the server has it, and what is not saved yet.
#[derive(Clone, Copy)]
pub struct RowState {
    pub position: usize,
    pub now: RwSignal<Row>,
    /// Fields changed since the last save, as typed.
    pub typed: RwSignal<BTreeMap<String, String>>,
    pub explanation: RwSignal<String>,
    pub claim: RwSignal<Option<Claim>>,
    /// The unit's own points as typed.
    pub own: RwSignal<String>,
    pub problems: RwSignal<Vec<Problem>>,
    /// Somebody saved first: their row.
    pub theirs: RwSignal<Option<Row>>,
    /// The clerk says last year's figures are right.
    confirm: RwSignal<bool>,
    busy: RwSignal<bool>,
    again: RwSignal<bool>,
    /// Counts keystrokes, so that only the last one's timer saves.
    strokes: RwSignal<u32>,
}

impl RowState {
    fn new(position: usize, row: Row) -> RowState {
        RowState {
            position,
            typed: RwSignal::new(BTreeMap::new()),
            explanation: RwSignal::new(row.explanation.clone()),
            claim: RwSignal::new(row.claim.clone()),
            own: RwSignal::new(row.own_points.clone()),
            problems: RwSignal::new(Vec::new()),
            theirs: RwSignal::new(None),
            confirm: RwSignal::new(false),
            busy: RwSignal::new(false),
            again: RwSignal::new(false),
            strokes: RwSignal::new(0),
            now: RwSignal::new(row),
        }
    }

    pub fn code(&self) -> String {
        self.now.with_untracked(|row| row.code.clone())
    }

    /// What a field shows: the clerk's own text until it is saved.
    pub fn shown(&self, name: &str) -> String {
        let own = self.typed.with(|typed| typed.get(name).cloned());
        own.unwrap_or_else(|| {
            self.now
                .with(|row| row.fields.iter().find(|field| field.name == name).map(|field| field.value.clone()))
                .unwrap_or_default()
        })
    }

    /// The same, for the first rendering and for event handlers.
    pub fn shown_now(&self, name: &str) -> String {
        untrack(|| self.shown(name))
    }

    pub fn is_unsaved(&self) -> bool {
        let (explanation, claim) = (self.explanation.get_untracked(), self.claim.get_untracked());
        let own = self.own.get_untracked();
        let differs = self
            .now
            .with_untracked(|row| row.explanation != explanation || row.claim != claim || row.own_points != own);
        differs || self.confirm.get_untracked() || self.typed.with_untracked(|typed| !typed.is_empty())
    }

    /// The shared figures among those typed, as they were when loaded.
    fn seen(&self) -> BTreeMap<String, String> {
        let typed = self.typed.get_untracked();
        let shared = self.now.with_untracked(|row| row.fields.clone()).into_iter().filter(|field| field.shared);
        shared.filter(|field| typed.contains_key(&field.name)).map(|field| (field.name, field.value)).collect()
    }

    fn answer(&self) -> SaveAnswer {
        SaveAnswer {
            code: self.code(),
            seen: self.seen(),
            fields: self.typed.get_untracked(),
            explanation: self.explanation.get_untracked(),
            claim: self.claim.get_untracked(),
            confirm: self.confirm.get_untracked(),
            own_points: self.own_changed(),
            revision: self.now.with_untracked(|row| row.revision),
        }
    }

    /// `None` while they are as the server has them.
    fn own_changed(&self) -> Option<String> {
        let own = self.own.get_untracked();
        self.now.with_untracked(|row| row.own_points != own).then_some(own)
    }

    /// Takes the server's row; what was typed after `sent` left stays typed.
    fn take(&self, row: Row, sent: Option<&SaveAnswer>) {
        if let Some(sent) = sent {
            self.typed.update(|typed| typed.retain(|name, text| sent.fields.get(name) != Some(text)));
        } else if self.explanation.get_untracked() == self.now.with_untracked(|now| now.explanation.clone()) {
            self.explanation.set(row.explanation.clone());
            self.claim.set(row.claim.clone());
        }
        // "7,50" comes back as "7,5": what was sent shows what the server made of it.
        let own = self.own.get_untracked();
        let was = self.now.with_untracked(|now| now.own_points.clone());
        if own == was || sent.is_some_and(|sent| sent.own_points.as_ref() == Some(&own)) {
            self.own.set(row.own_points.clone());
        }
        self.now.set(row);
    }
}

/// Bytes the unit has brought to an indicator.
fn brought(row: &Row) -> u64 {
    row.evidence.iter().filter(|item| item.side == Side::Unit).filter_map(|item| item.length).sum()
}

impl DeskState {
    pub fn new(desk: Desk, known: Vec<KnownDocument>, texts: Texts) -> DeskState {
        let rows = desk.rows.into_iter().enumerate().map(|(position, row)| RowState::new(position, row));
        DeskState {
            sheet: desk.head.id,
            sections: RwSignal::new(desk.sections),
            totals: RwSignal::new(desk.totals),
            rows: StoredValue::new(rows.collect()),
            focused: RwSignal::new(0),
            status: RwSignal::new(Status::Quiet),
            alive: RwSignal::new(false),
            texts: StoredValue::new(texts),
            viewer: StoredValue::new(desk.head.viewer),
            can_write: desk.head.can.write,
            can_edit: desk.head.can.edit,
            last: StoredValue::new(desk.last),
            clerks: StoredValue::new(desk.clerks),
            remarks: StoredValue::new(desk.remarks),
            talks: desk.head.can.plan,
            known: StoredValue::new(known),
            quota: RwSignal::new(desk.quota),
            can_add_evidence: desk.head.can.add_evidence,
        }
    }

    /// In the browser: brings back what a lost connection or a closed page had kept from being saved.
    pub fn start(self) {
        self.alive.set(true);
        let asks_again = StoredValue::new(false);
        let unsaved = move || self.rows.with_value(|rows| rows.iter().any(RowState::is_unsaved));
        link::warn_before_leaving(move || !asks_again.get_value() && unsaved());
        // Figures and sums of a page from the back cache are old; what was typed there is kept and comes back.
        link::when_shown_again(move || {
            asks_again.set_value(true);
            link::reload();
        });
        for row in self.rows.get_value() {
            if !self.writes(row) {
                continue;
            }
            if let Some(kept) = storage::kept(&self.place(&row.code())) {
                let current = row.now.get_untracked();
                row.typed.set(kept.fields);
                row.explanation.set(kept.explanation);
                row.claim.set(kept.claim);
                if let Some(own) = kept.own_points {
                    row.own.set(own);
                }
                if kept.revision == current.revision {
                    self.save(row);
                } else {
                    // A colleague saved since: the person decides, not the browser.
                    row.theirs.set(Some(current));
                }
            }
        }
    }

    /// Whether the clerk may change this row: the sheet is open, or the row was re-opened.
    pub fn writes(self, row: RowState) -> bool {
        self.can_write || (self.can_edit && row.now.with_untracked(|row| row.reopened_until.is_some()))
    }

    /// Whether evidence can be taken off again, not only replaced.
    pub fn removes(self) -> bool {
        self.can_write
    }

    /// What the row's figure was last year, as a clerk writes it.
    pub fn last_value(self, row: RowState, name: &str) -> Option<(i32, String)> {
        let code = row.code();
        self.last.with_value(|last| {
            let last = last.as_ref()?;
            Some((last.year, last.rows.get(&code)?.values.get(name)?.clone()))
        })
    }

    /// Everything that looks wrong with a row.
    pub fn warnings(self, row: RowState) -> Vec<String> {
        row.now.with(|row| {
            let mut told = row.score.warnings.clone();
            told.extend(row.warnings.iter().cloned());
            self.last.with_value(|last| {
                let then = last.as_ref().and_then(|last| Some((last.year, last.rows.get(&row.code)?)));
                told.extend(
                    then.map(|(year, last)| warn::against_last_year(&row.fields, last, year)).unwrap_or_default(),
                );
            });
            told
        })
    }

    /// The figures taken over from last year are right.
    pub fn confirm(self, row: RowState) {
        row.confirm.set(true);
        self.save(row);
    }

    /// Where this person's unsaved text of a row is kept.
    fn place(self, code: &str) -> String {
        format!("thuoc:{}:{}:{code}", self.viewer.get_value(), self.sheet)
    }

    pub fn focus(self, row: RowState) {
        self.focused.set(row.position);
    }

    pub fn focused_row(self) -> Option<RowState> {
        let position = self.focused.get();
        self.rows.with_value(|rows| rows.get(position).copied())
    }

    pub fn missing(self) -> u32 {
        self.totals.with(|totals| totals.total.saturating_sub(totals.ready))
    }

    pub fn status_text(self) -> String {
        let texts = self.texts.get_value();
        match self.status.get() {
            Status::Quiet => String::new(),
            Status::Saving => texts.get("desk-saving"),
            Status::Saved(at) => texts.with("desk-saved-at", &[("at", &clock(at))]),
            Status::Failed(key) => texts.get(key),
            Status::Told(text) => text,
        }
    }

    /// A field was typed into: saved after a little rest.
    pub fn typed(self, row: RowState, name: &str, text: String) {
        let same =
            row.now.with_untracked(|now| now.fields.iter().any(|field| field.name == name && field.value == text));
        row.typed.update(|typed| {
            if same {
                typed.remove(name);
            } else {
                typed.insert(name.to_owned(), text);
            }
        });
        self.changed(row);
    }

    /// Something of the row changed: keep it, and save when the clerk rests.
    pub fn changed(self, row: RowState) {
        storage::keep(&self.place(&row.code()), &row.answer());
        row.strokes.update(|count| *count = count.wrapping_add(1));
        let stroke = row.strokes.get_untracked();
        link::after(DEBOUNCE_MILLIS, move || {
            if row.strokes.get_untracked() == stroke {
                self.save(row);
            }
        });
    }

    /// Saves the row now, unless it is being saved: then right after.
    pub fn save(self, row: RowState) {
        if row.busy.get_untracked() {
            return row.again.set(true);
        }
        if !row.is_unsaved() || row.theirs.with_untracked(Option::is_some) {
            return;
        }
        row.busy.set(true);
        // While signed out it is tried again and again, and said once.
        if self.status.get_untracked() != Status::Failed(SIGNED_OUT) {
            self.status.set(Status::Saving);
        }
        let answer = row.answer();
        leptos::task::spawn_local(async move {
            let outcome = link::save(self.sheet, &self.viewer.get_value(), &answer).await;
            row.busy.set(false);
            self.arrived(row, &answer, outcome).await;
            if row.again.get_untracked() {
                row.again.set(false);
                self.save(row);
            }
        });
    }

    async fn arrived(self, row: RowState, sent: &SaveAnswer, outcome: Result<Saved, link::Failure>) {
        match outcome {
            Ok(saved) => self.saved(row, sent, saved),
            Err(link::Failure::NoNetwork) => {
                self.status.set(Status::Failed("desk-not-saved"));
                link::after(AGAIN, move || self.save(row));
            }
            // Signed in again, here or in another tab, what was typed is saved without loading the page anew.
            Err(link::Failure::SignedOut) => {
                self.status.set(Status::Failed(SIGNED_OUT));
                link::after(AGAIN, move || self.save(row));
            }
            Err(link::Failure::Stale) => {
                self.status.set(Status::Failed("desk-stale"));
                row.theirs.set(link::row(self.sheet, &sent.code).await.ok());
            }
            Err(link::Failure::Refused { message, problems }) => {
                row.problems.set(problems);
                self.status.set(Status::Told(message));
            }
        }
    }

    fn saved(self, row: RowState, sent: &SaveAnswer, saved: Saved) {
        row.problems.set(Vec::new());
        row.confirm.set(false);
        self.sections.set(saved.sections);
        self.totals.set(saved.totals);
        for fresh in saved.rows {
            let known = self.rows.with_value(|rows| rows.iter().find(|row| row.code() == fresh.code).copied());
            if let Some(known) = known {
                known.take(fresh, (known.position == row.position).then_some(sent));
            }
        }
        if row.is_unsaved() {
            storage::keep(&self.place(&row.code()), &row.answer());
            row.again.set(true);
        } else {
            storage::forget(&self.place(&sent.code));
        }
        self.status.set(Status::Saved(saved.saved_at));
    }

    /// Evidence came or went: the row's new state from the server.
    pub fn refreshed(self, row: RowState, fresh: Row) {
        let (explanation, claim) = (row.explanation.get_untracked(), row.claim.get_untracked());
        let (was, is) = (row.now.with_untracked(brought), brought(&fresh));
        self.quota.update(|quota| quota.used = quota.used.saturating_add(is).saturating_sub(was));
        row.now.set(fresh);
        row.explanation.set(explanation);
        row.claim.set(claim);
        self.status.set(Status::Quiet);
    }

    pub fn failed(self, message: String) {
        self.status.set(Status::Told(message));
    }

    /// After a conflict: mine, on top of theirs.
    pub fn use_mine(self, row: RowState) {
        if let Some(theirs) = row.theirs.get_untracked() {
            row.theirs.set(None);
            row.now.set(theirs);
            self.save(row);
        }
    }

    /// After a conflict: theirs, forgetting mine.
    pub fn use_theirs(self, row: RowState) {
        if let Some(theirs) = row.theirs.get_untracked() {
            row.theirs.set(None);
            row.typed.set(BTreeMap::new());
            row.explanation.set(theirs.explanation.clone());
            row.claim.set(theirs.claim.clone());
            row.own.set(theirs.own_points.clone());
            storage::forget(&self.place(&theirs.code));
            row.now.set(theirs);
            self.status.set(Status::Quiet);
        }
    }
}

/// 21:04 in Viet Nam.
pub fn clock(at: OffsetDateTime) -> String {
    let local = at.to_offset(VIETNAM);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// 21:04 05/02/2026 in Viet Nam.
pub fn moment(at: OffsetDateTime) -> String {
    let local = at.to_offset(VIETNAM);
    format!("{} {:02}/{:02}/{}", clock(at), local.day(), u8::from(local.month()), local.year())
}
