//! Points of the unit's own: only where the set lets it, beside what the formula gives, never without its figures.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use engine::run::{Rules, compile};
use engine::{AnswerErrorKind, Answers, IndicatorScore, ScoreState};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// 1.1 by a ratio, 1.2 by hand, both adjustable; 1.3 by the same ratio, not adjustable.
fn rules() -> Rules {
    let ratio = ".input(\"a\", count(\"A\")).input(\"b\", count(\"B\")).formula(\"ratio(a, b) * max\")";
    let own = ".self_score(\"adjustable\")";
    let source = format!(
        "indicator_set(\"t\", #{{ name: \"T\", total: 30, not_applicable: true }});\ngroup(\"g\", \"G\", 30);\n\
         main_index(\"1\", \"M\", 30);\nindicator(\"1.1\", \"x\", 10){ratio}.zero(na){own};\n\
         indicator(\"1.2\", \"y\", 10){own};\nindicator(\"1.3\", \"z\", 10){ratio};\n"
    );
    Rules::new(compile(&source).unwrap_or_else(|found| panic!("{found:#?}")).set).unwrap()
}

fn score(code: &str, answer: &str) -> IndicatorScore {
    let answers: Answers = serde_json::from_str(&format!(r#"{{"answers":{{"{code}":{answer}}}}}"#)).unwrap();
    rules().score(code, &answers).unwrap()
}

fn number(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

#[test]
fn own_points_stand_beside_what_the_formula_gives() {
    let own = score("1.1", r#"{"inputs":{"a":1,"b":2},"own_points":"6.5"}"#);
    assert_eq!((own.points, own.own.unwrap().computed), (number("6.50"), number("5.00")));
    assert!(own.departs());
    let told = own.explanation.unwrap();
    assert!(told.text.starts_with("Theo công thức: 1/2"), "{}", told.text);
    assert!(told.text.ends_with("; đơn vị tự chấm 6,50/10 điểm"), "{}", told.text);
    let same = score("1.1", r#"{"inputs":{"a":1,"b":2},"own_points":"5"}"#);
    assert!(same.own.is_some() && !same.departs());
}

#[test]
fn where_there_is_no_formula_own_points_are_the_score() {
    let own = score("1.2", r#"{"own_points":"7"}"#);
    assert_eq!((own.state, own.points, own.own.unwrap().computed), (ScoreState::Scored, number("7.00"), None));
    assert!(own.departs());
    assert_eq!(score("1.2", "{}").state, ScoreState::Pending);
}

#[test]
fn own_points_neither_replace_figures_nor_leave_the_range_nor_go_where_they_are_not_allowed() {
    let kind = |code: &str, answer: &str| score(code, answer).error.unwrap().kind;
    assert_eq!(kind("1.1", r#"{"inputs":{"a":1},"own_points":"6"}"#), AnswerErrorKind::MissingInput);
    assert_eq!(kind("1.1", r#"{"inputs":{"a":1,"b":2},"own_points":"10.01"}"#), AnswerErrorKind::OutOfRange);
    assert_eq!(kind("1.3", r#"{"inputs":{"a":1,"b":2},"own_points":"6"}"#), AnswerErrorKind::OwnPointsForbidden);
    let nothing = score("1.1", r#"{"inputs":{"a":0,"b":0},"own_points":"6"}"#);
    assert_eq!((nothing.state, nothing.own), (ScoreState::NotApplicable, None));
}

proptest! {
    #[test]
    fn whatever_is_entered_the_formula_gives_the_same(a in 0u32..50, more in 1u32..50, own in 0u32..=1000) {
        let inputs = format!(r#""inputs":{{"a":{a},"b":{}}}"#, a + more);
        let computed = score("1.1", &format!("{{{inputs}}}"));
        let own = Decimal::new(own.into(), 2);
        let entered = score("1.1", &format!(r#"{{{inputs},"own_points":"{own}"}}"#));
        prop_assert_eq!(entered.points, Some(own));
        prop_assert_eq!(entered.own.unwrap().computed, computed.points);
        prop_assert_eq!(entered.departs(), computed.points != Some(own));
    }
}
