//! A set is its canonical script: whatever a set holds, printing and compiling it gives the same set.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use engine::run::draft;
use engine::{
    Band, Case, Choice, Expected, Formula, Group, Indicator, IndicatorSet, Input, InputKind, MainIndex, Param, Policy,
    Proof, Provider, RankBy, SelfScore, Value, Warning, ZeroRule, print,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Texts as people and their word processors write them, and worse.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-zÀ-ỹ0-9 .,;:/%–“”()-]{0,40}",
        "[\"\\\\\n\r\t`$#{}/*']{0,12}",
        "\\PC{0,12}",
        Just("đ\u{300}\u{301}\u{feff}\u{0}\u{7f}\u{85}\u{2028}".to_string()),
    ]
}

fn points() -> impl Strategy<Value = Decimal> {
    (1i64..100_000, 0u32..4).prop_map(|(digits, scale)| Decimal::new(digits, scale).normalize())
}

fn kind() -> impl Strategy<Value = InputKind> {
    let choices = prop::collection::vec((-3i64..10, text()), 1..4)
        .prop_map(|all| all.into_iter().map(|(value, label)| Choice { value, label }).collect());
    prop_oneof![
        Just(InputKind::YesNo),
        Just(InputKind::Count),
        Just(InputKind::Number),
        Just(InputKind::Money),
        Just(InputKind::Percent),
        choices.prop_map(InputKind::Level),
    ]
}

fn figure() -> impl Strategy<Value = Input> {
    let providers = [Provider::Unit, Provider::Authority, Provider::Survey, Provider::Feed];
    (text(), kind(), prop::sample::select(providers.to_vec())).prop_map(|(label, kind, provider)| Input {
        name: String::new(),
        label,
        kind,
        provider,
    })
}

fn case() -> impl Strategy<Value = Case> {
    let value = prop_oneof![any::<bool>().prop_map(Value::Bool), points().prop_map(Value::Number)];
    let expected =
        prop_oneof![points().prop_map(Expected::Points), Just(Expected::NotApplicable), Just(Expected::Invalid)];
    (text(), prop::collection::btree_map("i[0-2]", value, 0..3), expected).prop_map(|(name, inputs, expected)| Case {
        name,
        inputs,
        expected,
    })
}

fn leaf() -> impl Strategy<Value = Indicator> {
    let texts = (text(), text(), text(), text(), text());
    let zero = prop::sample::select(vec![ZeroRule::Error, ZeroRule::Full, ZeroRule::Zero]);
    let inputs = prop::collection::vec(figure(), 0..3);
    let cases = prop::collection::vec(case(), 0..2);
    (texts, points(), inputs, cases, zero, any::<bool>(), any::<bool>()).prop_map(
        |(texts, max, inputs, cases, zero, scored, warned)| {
            let (name, evidence, guidance, source, message) = texts;
            let formula = |text: &str| Formula { text: text.into(), line: 0, column: 0 };
            let warnings = if warned { vec![Warning { condition: formula("max >= 0"), message }] } else { Vec::new() };
            Indicator {
                code: String::new(),
                key: String::new(),
                name,
                max,
                inputs,
                formula: scored.then(|| formula("if max > 1 {\n\tmax / 2 // \"nửa\"\n} else { 0 }")),
                zero,
                not_applicable: false,
                proof: Proof { evidence: warned, explanation: u32::from(scored) * 40 },
                self_score: if warned { SelfScore::Adjustable } else { SelfScore::Computed },
                evidence,
                guidance,
                source,
                warnings,
                cases,
            }
        },
    )
}

fn policy() -> impl Strategy<Value = Policy> {
    let band = (text(), points(), any::<bool>()).prop_map(|(name, from, inclusive)| Band { name, from, inclusive });
    let rank_by = prop::sample::select(vec![RankBy::Published, RankBy::Unrounded]);
    (any::<bool>(), 3u32..5, prop::collection::vec(band, 0..3), rank_by, any::<bool>()).prop_map(
        |(not_applicable, round, bands, rank_by, tie)| {
            let tie_breakers = if tie { vec!["1".into(), "1.1".into()] } else { Vec::new() };
            Policy { not_applicable, round, bands, rank_by, tie_breakers }
        },
    )
}

fn sets() -> impl Strategy<Value = IndicatorSet> {
    let tree = prop::collection::vec(prop::collection::vec(prop::collection::vec(leaf(), 1..3), 1..3), 1..3);
    let params = prop::collection::vec((text(), points()), 0..3);
    let facts = prop::collection::vec(figure(), 0..3);
    ((text(), text(), text(), text()), policy(), params, facts, tree).prop_map(
        |(texts, policy, params, facts, tree)| {
            let (slug, name, basis, note) = texts;
            let param =
                |(at, (label, value)): (usize, (String, Decimal))| Param { name: format!("p{at}"), label, value };
            let mut set = IndicatorSet {
                slug,
                name,
                basis,
                note,
                total: Decimal::ZERO,
                policy,
                params: params.into_iter().enumerate().map(param).collect(),
                facts: named("f", facts),
                groups: groups(tree),
            };
            set.total = set.groups.iter().map(|group| group.points).sum();
            set
        },
    )
}

fn named(prefix: &str, mut inputs: Vec<Input>) -> Vec<Input> {
    inputs.iter_mut().enumerate().for_each(|(at, input)| input.name = format!("{prefix}{at}"));
    inputs
}

fn groups(tree: Vec<Vec<Vec<Indicator>>>) -> Vec<Group> {
    let mut next = 0;
    let main = |(mut leaves, number): (Vec<Indicator>, u32)| {
        for (at, leaf) in leaves.iter_mut().enumerate() {
            leaf.code = format!("{number}.{}", at + 1);
            leaf.key = if at == 0 { leaf.code.clone() } else { format!("khóa {}", leaf.code) };
            leaf.inputs = named("i", std::mem::take(&mut leaf.inputs));
            let names: Vec<&String> = leaf.inputs.iter().map(|input| &input.name).collect();
            leaf.cases.iter_mut().for_each(|case| case.inputs.retain(|name, _| names.contains(&name)));
        }
        let points = leaves.iter().map(|leaf| leaf.max).sum();
        MainIndex { code: number.to_string(), name: format!("M{number}"), points, indicators: leaves }
    };
    let group = |(at, mains): (usize, Vec<Vec<Indicator>>)| {
        let numbered = mains.into_iter().map(|leaves| {
            next += 1;
            (leaves, next)
        });
        let main_indexes: Vec<MainIndex> = numbered.map(main).collect();
        let points = main_indexes.iter().map(|main| main.points).sum();
        Group { slug: format!("g{at}"), name: "Nhóm".into(), points, main_indexes }
    };
    tree.into_iter().enumerate().map(group).collect()
}

/// Places in the script are no part of what a set says.
fn without_places(mut set: IndicatorSet) -> IndicatorSet {
    let leaves = set.groups.iter_mut().flat_map(|group| &mut group.main_indexes).flat_map(|main| &mut main.indicators);
    for leaf in leaves {
        let conditions = leaf.warnings.iter_mut().map(|warning| &mut warning.condition);
        for formula in leaf.formula.iter_mut().chain(conditions) {
            (formula.line, formula.column) = (0, 0);
        }
    }
    set
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn print_and_compile_give_the_same_set(mut set in sets()) {
        // The set's default is what a script leaves unsaid.
        let default = set.policy.not_applicable;
        set.groups[0].main_indexes[0].indicators[0].not_applicable = default;
        let script = print(&set);
        let drafted = draft(&script);
        let declared = drafted.set.ok_or_else(|| TestCaseError::fail(format!("{:#?}\n{script}", drafted.found)))?;
        prop_assert_eq!(print(&declared), script);
        prop_assert_eq!(without_places(declared), set);
    }

    #[test]
    fn a_set_survives_json(set in sets()) {
        let json = serde_json::to_string(&set).unwrap();
        prop_assert_eq!(serde_json::from_str::<IndicatorSet>(&json).unwrap(), set);
    }
}
