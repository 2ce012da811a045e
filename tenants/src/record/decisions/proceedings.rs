//! What the council and the unit did about sheets so far, read for all of them at once.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use time::Date;

use super::assigned::{Assigned, duties_of};
use super::closed::closed;
use super::official::decisions;
use super::since::Since;
use super::talks::{Talks, is_open, talks_of};
use super::{Petition, blind, petitions};
use crate::clock;
use crate::ids::AssessmentId;
use crate::periods::Stage;
use crate::policy::{self, Action};
use crate::sheets::{self, Loaded};
use crate::store::Tx;
use crate::store::entities::{appraisals, talks};
use crate::{Error, Result};

/// What was done about one sheet.
pub(crate) struct Proceedings {
    /// By code, oldest first.
    pub decisions: HashMap<String, Vec<appraisals::Model>>,
    pub talks: Talks,
    pub petitions: HashMap<String, Petition>,
    /// What this caller was given to judge; `None` when the sheet is not theirs to judge, or not now.
    pub given: Option<Assigned>,
    pub today: Date,
    /// How many indicators each document of the sheet proves.
    pub uses: HashMap<String, usize>,
    /// Indicators this caller scores a second time, blind to the first decision.
    pub blind: HashSet<String>,
}

impl Proceedings {
    pub(crate) async fn read(tx: &Tx, loaded: &Loaded) -> Result<Proceedings> {
        let mut all = Proceedings::read_all(tx, std::slice::from_ref(loaded)).await?;
        all.remove(&loaded.sheet.id).ok_or_else(|| Error::internal("a sheet without its past"))
    }

    /// By sheet. As many statements as for one, and one more for each group.
    pub(crate) async fn read_all(tx: &Tx, sheets: &[Loaded]) -> Result<HashMap<AssessmentId, Proceedings>> {
        let ids: Vec<AssessmentId> = sheets.iter().map(|loaded| loaded.sheet.id).collect();
        let mut decided = decisions(tx, &ids).await?;
        let mut said = talks_of(tx, &ids).await?;
        let mut petitioned = petitions::of_sheets(tx, &ids).await?;
        let mut duties = HashMap::new();
        let mut all = HashMap::new();
        for loaded in sheets {
            let (id, group) = (loaded.sheet.id, loaded.sheet.group_id);
            let subject = sheets::subject(&loaded.sheet, &loaded.period);
            let may =
                policy::allows(tx.caller(), Action::Appraise, subject) && loaded.period.stage()? == Stage::Appraisal;
            let (mut given, mut blind) = (None, HashSet::new());
            if may && closed(tx, &loaded.sheet, &loaded.period).await?.is_none() {
                if let Entry::Vacant(vacant) = duties.entry(group) {
                    vacant.insert(duties_of(tx, group).await?);
                }
                given = Some(Assigned::among(tx, loaded, &duties[&group]).await?);
                blind = blind::blind(tx, &loaded.sheet).await?;
            }
            let past = Proceedings {
                decisions: decided.remove(&id).unwrap_or_default(),
                talks: said.remove(&id).unwrap_or_default(),
                petitions: petitioned.remove(&id).unwrap_or_default(),
                given,
                today: clock::day(tx.now()),
                uses: loaded.uses(),
                blind,
            };
            all.insert(id, past);
        }
        Ok(all)
    }

    pub(crate) fn talks_of(&self, code: &str) -> &[talks::Model] {
        self.talks.get(code).map_or(&[], Vec::as_slice)
    }

    /// Oldest first; nothing of what the caller scores blind.
    pub(crate) fn of(&self, code: &str) -> &[appraisals::Model] {
        if self.blind.contains(code) {
            return &[];
        }
        self.decisions.get(code).map_or(&[], Vec::as_slice)
    }

    /// All decisions but those the caller scores blind: a sum of the others tells nothing of them.
    pub(crate) fn seen(&self) -> HashMap<String, Vec<appraisals::Model>> {
        let seen = self.decisions.iter().filter(|(code, _)| !self.blind.contains(*code));
        seen.map(|(code, history)| (code.clone(), history.clone())).collect()
    }

    /// Decided, whoever may see it, and nothing has changed since. Scores nothing.
    pub(crate) fn is_settled(&self, loaded: &Loaded, code: &str) -> bool {
        let standing = self.decisions.get(code).and_then(|history| history.last());
        standing.is_some_and(|standing| !Since::of(loaded, standing, self.talks_of(code)).is_anything())
    }

    /// Nothing keeps the period from being concluded here: settled, and no question waits for its answer.
    pub(crate) fn is_closed(&self, loaded: &Loaded, code: &str) -> bool {
        self.is_settled(loaded, code) && !is_open(self.talks_of(code), self.today)
    }
}
