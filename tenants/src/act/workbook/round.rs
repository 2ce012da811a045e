//! There and back: whatever a sheet holds, its workbook says the same, and says it again.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use engine::{Choice, IndicatorScore, InputKind, Provider, ScoreState};
use proptest::prelude::*;
use rust_decimal::Decimal;
use time::macros::datetime;

use super::{Blank, BlankRow, BlankSection, Slot, read, wording, write};
use crate::desk::Row;
use crate::ids::{AssessmentId, PeriodId};
use crate::periods::{PeriodHead, Stage};
use crate::sheets::{Claim, ClaimGround, Field, RowState, SheetCan, SheetHead, SheetState};
use crate::typed;

/// What a clerk may have entered at one indicator with a figure of every kind.
#[derive(Clone, Debug)]
struct Entered {
    figures: BTreeMap<&'static str, String>,
    own: String,
    explanation: String,
    claim: Option<(ClaimGround, String)>,
    revision: i64,
}

const KINDS: [&str; 6] = ["dem", "so", "tien", "tyle", "co", "muc"];

fn kind(name: &str) -> InputKind {
    match name {
        "dem" => InputKind::Count,
        "so" => InputKind::Number,
        "tien" => InputKind::Money,
        "tyle" => InputKind::Percent,
        "co" => InputKind::YesNo,
        // A label that is itself awkward in a list.
        _ => InputKind::Level(vec![
            Choice { value: 0, label: "Chưa, hoặc \"không rõ\"".into() },
            Choice { value: 10, label: "1 – Đạt <một> & phần".into() },
        ]),
    }
}

fn figure(name: &'static str) -> BoxedStrategy<String> {
    let number = |mantissa: u64, scale: u32| {
        typed::shown(&engine::Value::Number(Decimal::new(i64::try_from(mantissa).unwrap(), scale).normalize()))
    };
    let some = match name {
        "dem" => (0..u64::from(u32::MAX)).prop_map(move |n| number(n, 0)).boxed(),
        "tien" => (0..i64::MAX as u64).prop_map(move |n| number(n, 0)).boxed(),
        "so" => (0..i64::MAX as u64, 0u32..9).prop_map(move |(n, scale)| number(n, scale)).boxed(),
        "tyle" => (0u64..=10_000).prop_map(move |n| number(n, 2)).boxed(),
        "co" => any::<bool>().prop_map(|yes| yes.to_string()).boxed(),
        _ => prop_oneof![Just("0".to_owned()), Just("10".to_owned())].boxed(),
    };
    prop_oneof![1 => Just(String::new()), 4 => some].boxed()
}

/// Also what looks like a formula, an escape or a number.
fn words() -> BoxedStrategy<String> {
    let odd = ["=1+1", "_x0041_", "1.234", "@x", "a\nb", "TRUE", "  ", "&amp;", "'1"];
    prop_oneof![
        proptest::sample::select(odd.to_vec()).prop_map(str::to_owned),
        "[\\PC\n\t]{0,120}".prop_map(|text| text)
    ]
    .prop_map(|text| wording::lines(&text))
    .boxed()
}

prop_compose! {
    fn entered()(
        figures in KINDS.map(figure),
        own in figure("tyle"),
        explanation in words(),
        ground in proptest::option::of(any::<bool>()),
        reason in words(),
        revision in 0i64..1_000,
    ) -> Entered {
        let ground = ground.map(|first| if first { ClaimGround::NoFunction } else { ClaimGround::NotThisYear });
        Entered { own, figures: KINDS.into_iter().zip(figures).collect(), explanation, claim: ground.map(|one| (one, reason)), revision }
    }
}

fn field(name: &str, value: &str, shared: bool) -> Field {
    Field {
        name: name.into(),
        label: format!("Số liệu {name}"),
        kind: kind(name),
        provider: Provider::Unit,
        shared,
        value: value.into(),
    }
}

fn blank(fact: &str, all: &[Entered]) -> Blank {
    let due = datetime!(2026-01-30 23:59:59 +7);
    let period = PeriodHead {
        id: PeriodId(uuid::Uuid::nil()),
        year: 2025,
        name: "Năm 2025".into(),
        stage: Stage::SelfAssessment,
        self_deadline: due,
        publish_deadline: due,
        is_sample: false,
        petition_until: None,
        self_from: None,
        appraise_until: None,
        conclude_until: None,
        submit_until: None,
        guidance: None,
        submitted_on: None,
        submitted_number: None,
        settings: Default::default(),
    };
    let head = SheetHead {
        id: AssessmentId(uuid::Uuid::nil()),
        period,
        unit_name: "Sở <Thử> & Nghiệm".into(),
        group_name: String::new(),
        set_name: "Bộ thử".into(),
        set_note: String::new(),
        state: SheetState::Drafting,
        late: false,
        due,
        return_reason: None,
        signature: None,
        revision: 1,
        can: SheetCan { edit: true, write: true, ..SheetCan::default() },
        viewer: String::new(),
    };
    let rows = all.iter().enumerate().map(|(place, entered)| row(&format!("1.{}", place + 1), entered)).collect();
    let section = BlankSection { code: "1".into(), name: "Chỉ số một".into(), rows };
    let facts = vec![(field("dem", fact, true), Some("12".into()))];
    Blank { head, rules: "abc".into(), facts, sections: vec![section], last_year: Some(2024) }
}

fn row(code: &str, entered: &Entered) -> BlankRow {
    let score = IndicatorScore {
        code: code.into(),
        state: ScoreState::Pending,
        points: None,
        maximum: Decimal::TEN,
        warnings: Vec::new(),
        error: None,
        own: None,
        explanation: None,
    };
    let row = Row {
        code: code.into(),
        section: "1".into(),
        name: "Một chỉ số".into(),
        maximum: Decimal::TEN,
        guidance: "Hướng dẫn".into(),
        evidence_hint: String::new(),
        source: String::new(),
        adjustable: true,
        own_points: entered.own.clone(),
        fields: entered.figures.iter().map(|(name, value)| field(name, value, false)).collect(),
        score,
        explanation: entered.explanation.clone(),
        claim: entered.claim.clone().map(|(ground, reason)| Claim { ground, reason }),
        may_claim: true,
        exempt: false,
        evidence: Vec::new(),
        state: RowState::Empty,
        warnings: Vec::new(),
        reopened_until: None,
        revision: entered.revision,
        saved_by: None,
        saved_at: None,
    };
    BlankRow { row, last: None, unconfirmed: false, locked: None }
}

/// What the workbook says of an indicator.
fn said(filled: &super::Filled, code: &str) -> Entered {
    let content = |slot: Slot| &filled.cells.get(&slot).unwrap().content;
    let figure = |name: &'static str| {
        let slot = Slot::Input(code.into(), name.into());
        (name, wording::typed(&kind(name), content(slot)).unwrap())
    };
    let ground = wording::ground_typed(content(Slot::Ground(code.into()))).unwrap();
    let reason = wording::words(content(Slot::Reason(code.into()))).unwrap();
    Entered {
        figures: KINDS.into_iter().map(figure).collect(),
        own: wording::typed(&InputKind::Number, content(Slot::Own(code.into()))).unwrap(),
        explanation: wording::words(content(Slot::Explanation(code.into()))).unwrap(),
        claim: ClaimGround::parse(&ground).map(|ground| (ground, reason)),
        revision: filled.revisions[code],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_goes_out_comes_back_and_goes_out_the_same(fact in figure("dem"), all in proptest::collection::vec(entered(), 1..6)) {
        let first = write(&blank(&fact, &all)).unwrap();
        let filled = read(&first).unwrap();
        let back: Vec<Entered> = (1..=all.len()).map(|place| said(&filled, &format!("1.{place}"))).collect();
        let shared = Slot::Fact("dem".into());
        let fact_back = wording::typed(&InputKind::Count, &filled.cells[&shared].content).unwrap();
        let second = write(&blank(&fact_back, &back)).unwrap();
        prop_assert!(first == second, "{all:?} came back as {back:?}");
        for (slot, was) in &filled.was {
            let kind = match slot {
                Slot::Input(_, name) | Slot::Fact(name) => Some(kind(name)),
                _ => None,
            };
            let said = match (slot, kind) {
                (_, Some(kind)) => wording::typed(&kind, &filled.cells[slot].content).unwrap(),
                (Slot::Own(_), _) => wording::typed(&InputKind::Number, &filled.cells[slot].content).unwrap(),
                (Slot::Ground(_), _) => wording::ground_typed(&filled.cells[slot].content).unwrap(),
                _ => wording::words(&filled.cells[slot].content).unwrap(),
            };
            prop_assert_eq!(&said, was, "{}", slot);
        }
    }
}

#[test]
fn other_files_and_bombs_are_refused_in_words() {
    assert!(read(b"%PDF-1.4").unwrap_err().contains("Tải biểu Excel"));
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "x").unwrap();
    assert!(read(&book.save_to_buffer().unwrap()).unwrap_err().contains("Tải biểu Excel"));
}
