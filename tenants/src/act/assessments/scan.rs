//! The quality scan ("rà soát dữ liệu"): what looks wrong on all sheets of a period at once, before the units sign, before
//! the council judges and before the result is published. It changes nothing.

use std::collections::HashMap;

use engine::{Indicator, IndicatorScore, MainIndex, ScoreState};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::desk::{LastYear, figures_of, formers, warn};
use crate::ids::{AssessmentId, PeriodId};
use crate::periods::{self, PeriodHead};
use crate::policy::{self, Action};
use crate::sheets::{self, Loaded, fields};
use crate::store::Tx;
use crate::store::entities::ranking_groups;
use crate::{Error, Result};

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Points without a document behind them.
    NoEvidence,
    /// One document behind many indicators.
    SharedFile,
    /// A figure 30 % away from last year's.
    LastYear,
    /// A part above its whole, and whatever else the set itself warns of.
    Ratio,
    /// A document issued outside the assessed year.
    OtherYear,
    /// A percentage typed as a fraction.
    Fraction,
}

impl Rule {
    pub const ALL: [Rule; 6] =
        [Rule::NoEvidence, Rule::SharedFile, Rule::LastYear, Rule::Ratio, Rule::OtherYear, Rule::Fraction];

    /// The value in the page's address and the suffix of the text key `scan-rule-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::NoEvidence => "no_evidence",
            Rule::SharedFile => "shared_file",
            Rule::LastYear => "last_year",
            Rule::Ratio => "ratio",
            Rule::OtherYear => "other_year",
            Rule::Fraction => "fraction",
        }
    }

    pub fn parse(name: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.as_str() == name)
    }
}

/// Every finding of a period, by unit and in the order of the set.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    pub period: PeriodHead,
    /// The sheets looked at, by unit.
    pub units: Vec<(AssessmentId, String)>,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub sheet: AssessmentId,
    pub unit_name: String,
    /// Code of the main index.
    pub section: String,
    pub code: String,
    pub name: String,
    /// In Vietnamese.
    pub text: String,
}

/// Scans the sheets of a period that the caller may see: all of them for the council and those who run the period, their
/// own for a unit's people. `Err(NotFound)` when there is none.
pub async fn scan(tx: &Tx, period: PeriodId) -> Result<Scan> {
    let head = periods::find(tx, period).await?.head()?;
    let of_period = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(period));
    let mut sheets = Vec::new();
    for group in of_period.order_by_asc(ranking_groups::Column::Position).all(tx.conn()).await? {
        sheets.extend(Loaded::read_group(tx, group.id).await?);
    }
    sheets.retain(|loaded| {
        policy::allows(tx.caller(), Action::ViewSheet, sheets::subject(&loaded.sheet, &loaded.period))
    });
    if sheets.is_empty() {
        return Err(Error::NotFound);
    }
    let before = formers(tx, &sheets).await?;
    let mut findings = Vec::new();
    for loaded in &sheets {
        let last = before.get(&loaded.sheet.unit_id).map(|then| figures_of(loaded, then)).transpose()?;
        findings.extend(of_sheet(loaded, last.as_ref())?);
    }
    let units = sheets.iter().map(|loaded| (loaded.sheet.id, loaded.sheet.unit_name.clone())).collect();
    Ok(Scan { period: head, units, findings })
}

fn of_sheet(loaded: &Loaded, last: Option<&LastYear>) -> Result<Vec<Finding>> {
    let (answers, uses) = (loaded.answers()?, loaded.uses());
    let mut findings = Vec::new();
    for main in loaded.rules.set().main_indexes() {
        for leaf in &main.indicators {
            let score = loaded.score(&leaf.code, &answers)?;
            let told = looks(loaded, leaf, &score, &uses, last)?;
            findings.extend(told.into_iter().map(|(rule, text)| finding(loaded, main, leaf, rule, text)));
        }
    }
    Ok(findings)
}

fn finding(loaded: &Loaded, main: &MainIndex, leaf: &Indicator, rule: Rule, text: String) -> Finding {
    Finding {
        rule,
        sheet: loaded.sheet.id,
        unit_name: loaded.sheet.unit_name.clone(),
        section: main.code.clone(),
        code: leaf.code.clone(),
        name: leaf.name.clone(),
        text,
    }
}

fn looks(
    loaded: &Loaded,
    leaf: &Indicator,
    score: &IndicatorScore,
    uses: &HashMap<String, usize>,
    last: Option<&LastYear>,
) -> Result<Vec<(Rule, String)>> {
    let code = leaf.code.as_str();
    // What is not assessed claims nothing.
    if loaded.claim_of(code).is_some() || score.state == ScoreState::NotApplicable {
        return Ok(Vec::new());
    }
    let (figures, documents) = (fields(loaded, leaf)?, loaded.evidence_of(code));
    let draft = loaded.signed(score)?.draft;
    let claims = score.points.is_some_and(|points| points > Decimal::ZERO);
    let unproven = (claims && loaded.standing_evidence(code) == 0).then(|| {
        let explained = !loaded.explanation_of(code).trim().is_empty();
        let lacks = if explained { "chỉ có giải trình" } else { "không có cả giải trình" };
        let points = score.points.map(engine::number::trim).unwrap_or_default();
        let whose = if draft { "Bản nháp chưa ký chấm" } else { "Tự chấm" };
        format!("{whose} {points} điểm, chưa có tài liệu kiểm chứng, {lacks}.")
    });
    let moved = last.and_then(|last| Some(warn::against_last_year(&figures, last.rows.get(code)?, last.year)));
    let all = [
        (Rule::NoEvidence, unproven.into_iter().collect()),
        (Rule::SharedFile, warn::many_uses(documents, uses)),
        (Rule::LastYear, moved.unwrap_or_default()),
        (Rule::Ratio, score.warnings.clone()),
        (Rule::OtherYear, warn::other_years(documents, loaded.period.year)),
        (Rule::Fraction, warn::fractions(&figures)),
    ];
    Ok(all.into_iter().flat_map(|(rule, texts)| texts.into_iter().map(move |text| (rule, text))).collect())
}
