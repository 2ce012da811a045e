//! Freezing a concluded period: everything a public page will ever show of it, taken once.

use std::collections::HashMap;

use engine::run::Rules;
use engine::{IndicatorSet, MainIndex, Scorecard};

use super::{PublishedGroup, PublishedIndicator, PublishedMainIndex, PublishedScore, PublishedUnit, Snapshot};
use crate::decisions::{Decision, official};
use crate::ids::GroupId;
use crate::ranking::{self, RankingLine};
use crate::sheets::Loaded;
use crate::store::Tx;
use crate::store::entities::{appraisals, periods};
use crate::{Error, Result, indicator_sets, tenant};

type ByCode = HashMap<String, Vec<appraisals::Model>>;

/// The results of the period as they stand.
pub(crate) async fn take(tx: &Tx, period: &periods::Model) -> Result<Snapshot> {
    let mut groups = Vec::new();
    for calculated in ranking::from_scratch(tx, period.id).await? {
        let version = indicator_sets::find_version(tx, calculated.group.version_id).await?;
        let rules = indicator_sets::rules_of(&version)?;
        let set = rules.set();
        let units = units(tx, &rules, calculated.group.id, &calculated.lines).await?;
        groups.push(PublishedGroup {
            slug: calculated.group.slug,
            name: calculated.group.name,
            set_name: set.name.clone(),
            basis: set.basis.clone(),
            note: set.note.clone(),
            version_number: version.number,
            rules_hash: version.content_hash.clone(),
            total: set.total,
            main_indexes: set.main_indexes().map(main_index).collect(),
            units,
        });
    }
    Ok(Snapshot {
        tenant_name: tenant::head(tx).await?.name,
        year: period.year,
        period_name: period.name.clone(),
        is_sample: period.is_sample,
        groups,
    })
}

fn main_index(main: &MainIndex) -> PublishedMainIndex {
    let indicator = |leaf: &engine::Indicator| PublishedIndicator {
        code: leaf.code.clone(),
        key: leaf.key.clone(),
        name: leaf.name.clone(),
        maximum: leaf.max,
        guidance: leaf.guidance.clone(),
        formula: leaf.formula.as_ref().map(|formula| formula.text.clone()).unwrap_or_default(),
    };
    PublishedMainIndex {
        code: main.code.clone(),
        name: main.name.clone(),
        points: main.points,
        indicators: main.indicators.iter().map(indicator).collect(),
    }
}

async fn units(tx: &Tx, rules: &Rules, group: GroupId, lines: &[RankingLine]) -> Result<Vec<PublishedUnit>> {
    let ids: Vec<_> = lines.iter().map(|line| line.assessment).collect();
    let decisions = official::decisions(tx, &ids).await?;
    let sheets = Loaded::read_group(tx, group).await?;
    let sheets: HashMap<_, _> = sheets.into_iter().map(|loaded| (loaded.sheet.id, loaded)).collect();
    let mut units = Vec::new();
    for line in lines {
        let loaded = sheets.get(&line.assessment).ok_or(Error::NotFound)?;
        let by_code = decisions.get(&line.assessment);
        let card = official::scorecard(rules, by_code);
        units.push(unit(line, card, &scores(rules.set(), loaded, by_code)?, loaded)?);
    }
    Ok(units)
}

fn unit(
    line: &RankingLine,
    card: Scorecard,
    selfs: &HashMap<String, PublishedScore>,
    loaded: &Loaded,
) -> Result<PublishedUnit> {
    let sheet = &loaded.sheet;
    let submitted = sheet.submitted_at.is_some();
    let merged = card.indicators.iter().map(|official| {
        let told = selfs.get(&official.code).cloned();
        let told = told.unwrap_or_else(|| PublishedScore::from_score(official));
        PublishedScore { state: official.state, points: official.points, ..told }
    });
    Ok(PublishedUnit {
        code: sheet.unit_code.clone(),
        name: sheet.unit_name.clone(),
        rank: line.rank,
        ranked: line.ranked,
        points: card.points,
        applicable_maximum: card.applicable_maximum,
        index: card.index,
        band: card.band.clone(),
        self_points: submitted.then(|| selfs.values().filter_map(|told| told.self_points).sum()),
        late: sheet.late,
        self_assessed: submitted,
        scores: merged.collect(),
        main_indexes: card.main_indexes,
    })
}

/// What the unit said of itself and why the council decided otherwise, by code.
fn scores(set: &IndicatorSet, loaded: &Loaded, by_code: Option<&ByCode>) -> Result<HashMap<String, PublishedScore>> {
    let answers = loaded.answers()?;
    let mut all = HashMap::new();
    for indicator in set.indicators() {
        let score = loaded.score(&indicator.code, &answers)?;
        let standing = by_code.and_then(|by_code| by_code.get(&indicator.code)).and_then(|history| history.last());
        let changed = standing.filter(|standing| standing.decision != Decision::Accept.as_str());
        let signed = loaded.signed(&score)?;
        let mut told = PublishedScore {
            self_points: signed.points,
            reason: changed.map(|standing| standing.reason.clone()).unwrap_or_default(),
            ..PublishedScore::from_score(&score)
        };
        if signed.draft {
            // How a draft came about is not published.
            told.sentence.clear();
        }
        all.insert(indicator.code.clone(), told);
    }
    Ok(all)
}
