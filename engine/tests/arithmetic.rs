//! Each arithmetic rule of the domain, and each trap seen in other systems, as one small case.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use engine::rank::{RankRow, rank};
use engine::run::{Rules, compile};
use engine::{Answers, Policy, RankBy, ScoreState, Scorecard};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Two main indexes: 1 with indicators of 15 and 5 points, 2 with one of 20; all scored by a ratio.
fn rules(options: &str) -> Rules {
    let leaf = |code: &str, max: u32| {
        format!(
            "indicator(\"{code}\", \"x\", {max}).input(\"a\", count(\"A\")).input(\"b\", count(\"B\"))\
             .formula(\"ratio(a, b) * max\");\n"
        )
    };
    let source = format!(
        "indicator_set(\"t\", #{{ name: \"T\", total: 40, not_applicable: true, {options} }});\n\
         group(\"g\", \"G\", 40);\nmain_index(\"1\", \"M\", 20);\n{}{}main_index(\"2\", \"N\", 20);\n{}",
        leaf("1.1", 15),
        leaf("1.2", 5),
        leaf("2.1", 20)
    );
    Rules::new(compile(&source).unwrap_or_else(|found| panic!("{found:#?}")).set).unwrap()
}

fn card(answers: &str) -> Scorecard {
    card_with("", answers)
}

fn card_with(options: &str, answers: &str) -> Scorecard {
    let answers: Answers = serde_json::from_str(&format!(r#"{{"answers":{answers}}}"#)).unwrap();
    rules(options).evaluate(&answers)
}

fn text(value: Option<Decimal>) -> String {
    value.map_or("null".into(), |value| value.to_string())
}

const ALL: &str = r#"{"1.1":{"inputs":{"a":1,"b":3}},"1.2":{"inputs":{"a":2,"b":3}},"2.1":{"inputs":{"a":1,"b":1}}}"#;

#[test]
fn scores_are_rounded_half_up_when_recorded_and_totals_add_recorded_scores() {
    let card = card(ALL);
    // 5.00 + 3.333… recorded as 3.33 + 20.00
    assert_eq!((card.points.to_string(), text(card.index)), ("28.33".into(), "70.83".into()));
    // A half is rounded away from zero: 1/16 of 0.5·… is not to be left to the banker.
    let half = card_with("round: 0", r#"{"1.1":{"points":"2.5"},"1.2":{"points":"0.5"},"2.1":{"points":"0"}}"#);
    assert_eq!(half.points.to_string(), "4");
}

#[test]
fn an_accepted_na_leaves_the_denominator() {
    let card = card(r#"{"1.1":{"points":"15"},"1.2":{"points":"5"},"2.1":{"not_applicable":true}}"#);
    assert_eq!((card.applicable_maximum.to_string(), text(card.index)), ("20.00".into(), "100.00".into()));
    assert_eq!(card.main_indexes[1].percent, None, "a main index that is all N/A has no value");
}

#[test]
fn a_missing_score_stays_in_the_denominator_and_leaves_the_index_undefined() {
    let card = card(r#"{"1.1":{"points":"15"}}"#);
    assert_eq!((card.applicable_maximum.to_string(), text(card.index)), ("40.00".into(), "null".into()));
    assert_eq!((card.points.to_string(), card.pending), ("15.00".into(), vec!["1.2".to_owned(), "2.1".to_owned()]));
}

#[test]
fn na_pending_and_zero_are_three_things() {
    let card = card(r#"{"1.1":{"points":"0"},"1.2":{"not_applicable":true}}"#);
    let states: Vec<ScoreState> = card.indicators.iter().map(|score| score.state).collect();
    assert_eq!(states, [ScoreState::Scored, ScoreState::NotApplicable, ScoreState::Pending]);
}

#[test]
fn all_na_is_undefined_and_not_ranked() {
    let na = r#"{"not_applicable":true}"#;
    let card = card(&format!(r#"{{"1.1":{na},"1.2":{na},"2.1":{na}}}"#));
    assert_eq!(
        (text(card.index), card.applicable_maximum.to_string(), card.pending.len()),
        ("null".into(), "0.00".into(), 0)
    );
    let row = RankRow::of_points("A".into(), card.points, card.applicable_maximum, 2);
    assert_eq!(rank(vec![row], &policy(RankBy::Published))[0].rank, None);
}

#[test]
fn na_where_the_set_forbids_it_is_refused() {
    let rules = rules("").set().clone();
    let mut forbidden = rules;
    forbidden.policy.not_applicable = false;
    forbidden.groups[0].main_indexes[0].indicators[0].not_applicable = false;
    let answers: Answers = serde_json::from_str(r#"{"answers":{"1.1":{"not_applicable":true}}}"#).unwrap();
    let score = Rules::new(forbidden).unwrap().score("1.1", &answers).unwrap();
    assert_eq!((score.state, score.points), (ScoreState::Invalid, None));
}

#[test]
fn a_ratio_above_one_is_capped_and_warned_of() {
    let card = card(r#"{"1.1":{"inputs":{"a":55,"b":50}}}"#);
    let score = &card.indicators[0];
    assert_eq!((text(score.points), score.warnings.len()), ("15.00".into(), 1));
}

#[test]
fn points_given_directly_win_and_stay_in_range() {
    let card = card(r#"{"1.1":{"points":"12.5","inputs":{"a":1,"b":1}},"1.2":{"points":"5.01"}}"#);
    assert_eq!(text(card.indicators[0].points), "12.50");
    assert_eq!(card.indicators[1].state, ScoreState::Invalid);
}

#[test]
fn bands_read_the_published_index_and_know_their_edges() {
    let bands =
        "bands: [#{ name: \"Tốt\", from: 75, inclusive: true }, #{ name: \"Khá\", from: 50, inclusive: false }]";
    let band = |points: &str| {
        card_with(bands, &format!(r#"{{"1.1":{{"points":"0"}},"1.2":{{"points":"0"}},"2.1":{{"points":"{points}"}}}}"#))
            .band
    };
    assert_eq!(band("20"), None, "50 % is not above 50 %");
    assert_eq!(band("20").or(card_with(bands, ALL).band).as_deref(), Some("Khá"));
    let full = card_with(bands, r#"{"1.1":{"points":"10"},"1.2":{"points":"0"},"2.1":{"points":"20"}}"#);
    assert_eq!(full.band.as_deref(), Some("Tốt"), "75 % itself belongs to it");
    let ascending = "bands: [#{ name: \"Khá\", from: 50 }, #{ name: \"Tốt\", from: 75 }]";
    assert_eq!(card_with(ascending, ALL).band.as_deref(), Some("Khá"), "the order they are written in means nothing");
}

fn policy(rank_by: RankBy) -> Policy {
    Policy { not_applicable: true, round: 2, bands: Vec::new(), rank_by, tie_breakers: Vec::new() }
}

fn ranks(rows: &[(&str, &str, &str)], rank_by: RankBy) -> Vec<(String, Option<u32>)> {
    let row = |(unit, points, max): &(&str, &str, &str)| {
        RankRow::of_points((*unit).into(), points.parse().unwrap(), max.parse().unwrap(), 2)
    };
    rank(rows.iter().map(row).collect(), &policy(rank_by)).into_iter().map(|row| (row.unit, row.rank)).collect()
}

#[test]
fn equal_index_equal_rank_and_the_next_is_skipped() {
    let rows = [("A", "400", "500"), ("B", "320", "400"), ("C", "450", "500"), ("D", "100", "500"), ("E", "0", "0")];
    let expected = [("C", Some(1)), ("A", Some(2)), ("B", Some(2)), ("D", Some(4)), ("E", None)];
    assert_eq!(ranks(&rows, RankBy::Published), expected.map(|(unit, rank)| (unit.to_owned(), rank)));
}

#[test]
fn the_set_says_whether_rounding_makes_a_tie() {
    let rows = [("A", "333.331", "500"), ("B", "333.332", "500")];
    assert_eq!(ranks(&rows, RankBy::Published)[1].1, Some(1));
    assert_eq!(ranks(&rows, RankBy::Unrounded), [("B".to_owned(), Some(1)), ("A".to_owned(), Some(2))]);
}

#[test]
fn a_set_may_name_tie_breakers() {
    let row = |unit: &str, ties: [Option<i64>; 2]| RankRow {
        ties: ties.map(|tie| tie.map(Decimal::from)).to_vec(),
        ..RankRow::of_points(unit.into(), Decimal::from(400), Decimal::from(500), 2)
    };
    let rows = vec![
        row("A", [Some(5), Some(1)]),
        row("B", [Some(5), Some(2)]),
        row("C", [None, Some(9)]),
        row("D", [Some(5), Some(2)]),
    ];
    let ranked: Vec<_> = rank(rows, &policy(RankBy::Published)).into_iter().map(|row| (row.unit, row.rank)).collect();
    let expected = [("B", Some(1)), ("D", Some(1)), ("A", Some(3)), ("C", Some(4))];
    assert_eq!(ranked, expected.map(|(unit, rank)| (unit.to_owned(), rank)));
}

#[test]
fn the_json_of_a_scorecard_is_a_contract() {
    let card = card(r#"{"1.1":{"inputs":{"a":48,"b":52}},"1.2":{"not_applicable":true},"2.1":{"points":"12.5"}}"#);
    insta::assert_json_snapshot!(card);
}

fn answer() -> impl Strategy<Value = (u32, u32, bool)> {
    (0u32..1000, 1u32..1000, any::<bool>())
}

fn answers(given: &[(u32, u32, bool)]) -> Answers {
    let codes = ["1.1", "1.2", "2.1"];
    let one = |(code, (a, b, na)): (&&str, &(u32, u32, bool))| {
        let json =
            if *na { r#"{"not_applicable":true}"#.into() } else { format!(r#"{{"inputs":{{"a":{a},"b":{b}}}}}"#) };
        format!(r#""{code}":{json}"#)
    };
    let all: Vec<String> = codes.iter().zip(given).map(one).collect();
    serde_json::from_str(&format!(r#"{{"answers":{{{}}}}}"#, all.join(","))).unwrap()
}

proptest! {
    #[test]
    fn scores_stay_in_range_and_sums_agree(given in prop::collection::vec(answer(), 3)) {
        let card = rules("").evaluate(&answers(&given));
        for score in &card.indicators {
            prop_assert!(score.points.is_none_or(|points| points >= Decimal::ZERO && points <= score.maximum));
        }
        let sum: Decimal = card.indicators.iter().filter_map(|score| score.points).sum();
        prop_assert_eq!(card.points, sum);
        prop_assert!(card.index.is_none_or(|index| index >= Decimal::ZERO && index <= Decimal::ONE_HUNDRED));
    }

    #[test]
    fn an_accepted_na_changes_no_other_row(given in prop::collection::vec(answer(), 3)) {
        let rules = rules("");
        let before = rules.evaluate(&answers(&given));
        let mut with_na = given.clone();
        with_na[2].2 = true;
        let after = rules.evaluate(&answers(&with_na));
        prop_assert_eq!(&before.indicators[..2], &after.indicators[..2]);
    }

    #[test]
    fn ranking_is_a_sort_with_shared_places(points in prop::collection::vec(0i64..50, 1..30)) {
        let row = |(unit, points): (usize, &i64)| RankRow::of_points(unit.to_string(), Decimal::from(*points), Decimal::from(50), 2);
        let ranked = rank(points.iter().enumerate().map(row).collect(), &policy(RankBy::Published));
        for row in &ranked {
            let better = points.iter().filter(|other| Decimal::from(**other) > row.points).count();
            prop_assert_eq!(row.rank, Some(u32::try_from(better + 1).unwrap()));
        }
    }

    #[test]
    fn numbers_are_read_back_as_they_are_written(mantissa in -10_000_000i64..10_000_000, scale in 0u32..4) {
        let number = Decimal::new(mantissa, scale);
        prop_assert_eq!(engine::number::parse(&engine::number::trim(number)).unwrap(), number.normalize());
    }
}

#[test]
fn numbers_as_people_type_them() {
    for (typed, number) in [
        ("8,5", "8.5"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("0.5", "0.5"),
        ("12.345.678", "12345678"),
        (" 1 000 ", "1000"),
        ("1 234,5", "1234.5"),
        ("12\u{a0}345\u{202f}678", "12345678"),
        ("1 234.5", "1234.5"),
        ("− 5", "-5"),
    ] {
        assert_eq!(engine::number::parse(typed).unwrap().to_string(), number, "{typed}");
    }
    for bad in [
        "",
        "abc",
        "1,2,3",
        "1.23.4",
        "--1",
        "1e5",
        "½",
        "1 2",
        "2\n41",
        "12 34",
        "1  234",
        "1,5 2",
        "12 345 67",
        "85%",
    ] {
        assert!(engine::number::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_percentage_may_carry_its_sign() {
    for typed in ["85", "85%", "85 %", " 85\u{a0}% "] {
        assert_eq!(engine::number::parse_percent(typed).unwrap().to_string(), "85", "{typed}");
    }
    for bad in ["%", "85%%", "8 5%", "%85"] {
        assert!(engine::number::parse_percent(bad).is_err(), "{bad}");
    }
}

#[test]
fn codes_are_text_sorted_by_numbers() {
    let mut codes = ["6.10", "6.2", "10.1", "6.1", "1"];
    codes.sort_by(|a, b| engine::code::compare(a, b));
    assert_eq!(codes, ["1", "6.1", "6.2", "6.10", "10.1"]);
}
