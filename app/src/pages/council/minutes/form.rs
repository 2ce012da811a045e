//! Minutes being written: what was typed, and the form, which begins with the council's roll.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::SeatId;
use tenants::minutes::{Expected, Vote, Written};
use tenants::seats::{Seat, SeatKind};
use tenants::{Error, Problem};
use time::Date;

use crate::components::{Button, ButtonKind, Field, TextArea};
use crate::days::day_of;
use crate::text::t;
use crate::typed::Fields;

/// The form's id: the fields of a vote, which stand below it, belong to it too.
pub(super) const ID: &str = "bien-ban";

const VOTE: [&str; 4] = ["question", "in_favour", "against", "abstained"];

/// Minutes as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub(super) held_on: String,
    pub(super) place: String,
    pub(super) chair: String,
    pub(super) secretary: String,
    pub(super) present: String,
    pub(super) absent: String,
    pub(super) proceedings: String,
    pub(super) conclusion: String,
    pub(super) revision: String,
    /// Everything else the form holds; whoever of the council is away is called `absent-` and their seat.
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

impl Typed {
    pub(super) fn of(written: &Written, revision: i64) -> Typed {
        let written = written.clone();
        Typed {
            held_on: written.held_on.to_string(),
            place: written.place,
            chair: written.chair,
            secretary: written.secretary,
            present: written.present,
            absent: written.absent,
            proceedings: written.proceedings,
            conclusion: written.conclusion,
            revision: revision.to_string(),
            rest: BTreeMap::new(),
        }
    }

    /// Those of the council who are away.
    pub(super) fn away(&self) -> BTreeSet<SeatId> {
        self.rest.keys().filter_map(|name| name.strip_prefix("absent-")?.parse().ok()).collect()
    }

    /// The fields of a vote that hold something.
    pub(super) fn vote(&self) -> Fields {
        let held = VOTE.iter().filter_map(|name| Some(((*name).to_owned(), self.rest.get(*name)?.clone())));
        held.filter(|(_, text)| !text.trim().is_empty()).collect()
    }

    /// The vote they say. `Err(Invalid)` for what is no count.
    pub(super) fn cast(&self) -> tenants::Result<Vote> {
        let mut problems = Vec::new();
        let text = |name: &str| self.rest.get(name).map_or("", |text| text.trim());
        let mut count = |name: &str| match text(name) {
            "" => 0,
            text => text.parse().unwrap_or_else(|_| {
                problems.push(Problem::new(name, &t("vote-bad-count")));
                0
            }),
        };
        let question = text("question").to_owned();
        let (in_favour, against, abstained) = (count("in_favour"), count("against"), count("abstained"));
        let cast = Vote { question, in_favour, against, abstained };
        if problems.is_empty() { Ok(cast) } else { Err(Error::Invalid(problems)) }
    }

    /// Whether nothing else was typed than what is stored.
    pub(super) fn says(&self, stored: &Written) -> bool {
        let typed: BTreeMap<_, _> = self.texts().into_iter().collect();
        let stored: BTreeMap<_, _> = Typed::of(stored, 0).texts().into_iter().collect();
        let plain = |text: &String| text.replace('\r', "").trim().to_owned();
        stored.iter().all(|(name, text)| typed.get(name).is_some_and(|typed| plain(typed) == plain(text)))
    }

    /// The texts of the minutes, by field.
    pub(super) fn texts(&self) -> Fields {
        let all = [
            ("held_on", &self.held_on),
            ("place", &self.place),
            ("chair", &self.chair),
            ("secretary", &self.secretary),
            ("present", &self.present),
            ("absent", &self.absent),
            ("proceedings", &self.proceedings),
            ("conclusion", &self.conclusion),
        ];
        all.into_iter().map(|(name, text)| (name.to_owned(), text.clone())).collect()
    }

    /// Minutes not yet begun: of whom the council consists, nobody away.
    pub(super) fn of_session(expected: &Expected, today: Date) -> Typed {
        Typed {
            held_on: today.to_string(),
            chair: expected.names(SeatKind::Chair),
            secretary: expected.names(SeatKind::Secretary),
            ..Typed::default()
        }
    }

    pub(super) fn read(&self) -> tenants::Result<Written> {
        let day = day_of(&self.held_on);
        let typed = self.clone();
        Ok(Written {
            held_on: day.ok_or_else(|| Error::Invalid(vec![Problem::new("held_on", &t("period-bad-date"))]))?,
            place: typed.place,
            chair: typed.chair,
            secretary: typed.secretary,
            present: typed.present,
            absent: typed.absent,
            proceedings: typed.proceedings,
            conclusion: typed.conclusion,
        })
    }
}

#[component]
pub(super) fn MinutesForm(
    action: String,
    typed: Typed,
    problems: Vec<Problem>,
    /// Those who sit, for minutes not yet begun.
    #[prop(optional)]
    expected: Expected,
) -> impl IntoView {
    let begins = !expected.seats.is_empty();
    let away = typed.away();
    let roll = begins.then(|| view! { <Roll expected away/> });
    let (present, absent) =
        if begins { ("minutes-others", "minutes-absent-why") } else { ("minutes-present", "minutes-absent") };
    let area = |name: &'static str, label: &'static str, rows: u8, text: String| {
        let problems = problems.clone();
        view! { <Field name label=t(label) problems><TextArea id=name name=name rows=rows maxlength=20000 text/></Field> }
    };
    let line = |name: &'static str, text: String| {
        let problems = problems.clone();
        view! { <Field name label=t(&format!("minutes-{name}")) problems><input id=name name=name value=text maxlength="500"/></Field> }
    };
    view! {
        <form class="card card-padded form minutes" id=ID method="post" action=action>
            <input type="hidden" name="revision" value=typed.revision/>
            <div class="form-columns">
                <Field name="held_on" label=t("minutes-held-on") problems=problems.clone()><input id="held_on" name="held_on" type="date" required value=typed.held_on/></Field>
                {line("place", typed.place)}
                {line("chair", typed.chair)}
                {line("secretary", typed.secretary)}
            </div>
            {roll}
            {area("present", present, 3, typed.present)}
            {area("absent", absent, 2, typed.absent)}
            {area("proceedings", "minutes-proceedings", 6, typed.proceedings)}
            {area("conclusion", "minutes-conclusion", 4, typed.conclusion)}
            <div><Button kind=ButtonKind::Primary>{t("save")}</Button></div>
        </form>
    }
}

/// The council's roll: whoever is away is ticked.
#[component]
fn Roll(expected: Expected, away: BTreeSet<SeatId>) -> impl IntoView {
    let line = |seat: Seat| {
        let name = format!("absent-{}", seat.id);
        let checked = away.contains(&seat.id);
        view! {
            <li>
                <label class="choice" for=name.clone()>
                    <input type="checkbox" id=name.clone() name=name.clone() value="1" checked=checked/>
                    {format!("{} · {}", seat.name, t(&format!("seat-{}", seat.kind.as_str())))}
                </label>
            </li>
        }
    };
    view! {
        <fieldset class="roll">
            <legend>{t("minutes-roll")}</legend>
            <ul role="list">{expected.seats.into_iter().map(line).collect_view()}</ul>
        </fieldset>
    }
}
