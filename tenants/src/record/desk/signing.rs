//! What a head who signs once a year must see at one glance: how much, where from, what is weak, what is new.

use rust_decimal::Decimal;

use super::{Sheet, SheetRow};
use crate::sheets::{Section, Totals};

/// A sheet in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Signing {
    pub totals: Totals,
    /// Percent of the whole maximum: a claim stays in the denominator until the council accepts it.
    pub index: Option<Decimal>,
    pub sections: Vec<SectionGlance>,
    pub missing: Vec<SheetRow>,
    pub warned: Vec<SheetRow>,
    pub claimed: Vec<SheetRow>,
    /// Points above zero that rest on words alone.
    pub explained_only: Vec<SheetRow>,
    /// Documents, counted at each indicator they prove.
    pub documents: u32,
    pub since: Option<Since>,
}

/// A main index in short.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionGlance {
    pub section: Section,
    pub percent: Option<Decimal>,
    /// Percent of last year, where every indicator of it continues one of then.
    pub last: Option<Decimal>,
}

/// Against last year, like for like.
#[derive(Clone, Debug, PartialEq)]
pub struct Since {
    pub year: i32,
    /// Indicators with points that continue one of then.
    pub comparable: usize,
    /// Those whose share of the maximum differs, the largest difference first; each comes with it, in percentage points.
    pub moved: Vec<(SheetRow, Decimal)>,
}

impl Signing {
    pub fn of(sheet: &Sheet) -> Signing {
        let rows = |wanted: fn(&SheetRow) -> bool| sheet.rows.iter().filter(|row| wanted(row)).cloned().collect();
        Signing {
            totals: sheet.totals.clone(),
            index: percent(&sheet.totals),
            sections: sheet.sections.iter().map(|section| glance(section, &sheet.rows)).collect(),
            missing: rows(|row| !row.state.is_ready()),
            warned: rows(|row| !row.warnings.is_empty()),
            claimed: rows(|row| row.claim.is_some()),
            explained_only: rows(|row| row.explained_only),
            documents: sheet.rows.iter().map(|row| row.evidence_count).sum(),
            since: sheet.last_year.and_then(|year| since(year, &sheet.rows)),
        }
    }
}

fn percent(totals: &Totals) -> Option<Decimal> {
    share(totals.points, totals.maximum)
}

/// Percent of the maximum, with two places.
pub fn share(points: Decimal, maximum: Decimal) -> Option<Decimal> {
    engine::rank::percent(points, maximum, 2)
}

fn glance(section: &Section, rows: &[SheetRow]) -> SectionGlance {
    let own = rows.iter().filter(|row| row.section == section.code);
    let last = own.map(|row| row.last).collect::<Option<Vec<_>>>();
    let last = last.and_then(|all| {
        let (points, maximum) = (all.iter().map(|one| one.points).sum(), all.iter().map(|one| one.maximum).sum());
        share(points, maximum)
    });
    SectionGlance { section: section.clone(), percent: percent(&section.totals), last }
}

fn since(year: i32, rows: &[SheetRow]) -> Option<Since> {
    let moved = |row: &SheetRow| {
        let last = row.last?;
        Some(share(row.points?, row.maximum)? - share(last.points, last.maximum)?)
    };
    let both = rows.iter().filter_map(|row| Some((row, moved(row)?)));
    let comparable = both.clone().count();
    let difference = |(row, by): (&SheetRow, Decimal)| (!by.is_zero()).then(|| (row.clone(), by));
    let mut moved: Vec<_> = both.filter_map(difference).collect();
    moved.sort_by_key(|(_, by)| std::cmp::Reverse(by.abs()));
    (comparable > 0).then_some(Since { year, comparable, moved })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::desk::LastPoints;
    use crate::sheets::{Claim, ClaimGround, RowState};

    fn row(code: &str, points: Option<i64>, last: Option<i64>) -> SheetRow {
        SheetRow {
            code: code.into(),
            section: code.split('.').next().unwrap().into(),
            name: String::new(),
            maximum: Decimal::TEN,
            state: if points.is_some() { RowState::Done } else { RowState::Empty },
            points: points.map(Decimal::from),
            signed_points: None,
            draft: true,
            sentence: String::new(),
            evidence_count: 1,
            explained_only: false,
            claim: None,
            last: last.map(|points| LastPoints { points: points.into(), maximum: Decimal::TEN }),
            warnings: Vec::new(),
            clerk: None,
        }
    }

    #[test]
    fn like_is_compared_with_like_and_the_largest_difference_comes_first() {
        let claim = Claim { ground: ClaimGround::NoFunction, reason: "x".into() };
        let claimed =
            SheetRow { claim: Some(claim), points: None, state: RowState::Claimed, ..row("2.2", None, Some(4)) };
        let rows = [row("1.1", Some(8), Some(9)), row("1.2", Some(5), Some(1)), row("2.1", Some(3), None), claimed];
        let since = since(2024, &rows).unwrap();
        let moved: Vec<String> =
            since.moved.iter().map(|(row, by)| format!("{} {}", row.code, by.normalize())).collect();
        assert_eq!((since.comparable, moved), (2, vec!["1.2 40".to_owned(), "1.1 -10".to_owned()]));
        let section = |code: &str| Section {
            code: code.into(),
            name: String::new(),
            totals: Totals { points: 13.into(), maximum: 30.into(), ready: 0, total: 2 },
        };
        let (first, second) = (glance(&section("1"), &rows), glance(&section("2"), &rows));
        assert_eq!((first.last, second.last), (Some(50.into()), None), "2.1 is new");
        assert_eq!(first.percent.unwrap().to_string(), "43.33");
    }
}
