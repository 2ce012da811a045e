//! A script edited from a table: the edited set is declared, and what the author wrote elsewhere stays to the letter.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use engine::run::{draft, is_plain, rewrite};
use engine::{Formula, Indicator, IndicatorSet, MainIndex, Param, print};
use proptest::prelude::*;
use rust_decimal::Decimal;

const SCRIPT: &str = r#"// Bộ thử, sửa tay.

indicator_set("thu", #{ name: "Bộ thử", total: 30, not_applicable: true }); // tổng của hai nhóm
param("nguong",   4, "Ngưỡng");
/* số liệu
   dùng chung */
fact("ccvc", count("Tổng số CCVC"));

// Nhóm thứ nhất

group("chung", "Nhóm chung", 30);
main_index("1", "Nhận thức", 30);
// Theo hướng dẫn 2023.
indicator("1.1", "Họp", 10).input("so_hop", count("Số cuộc họp"))   // bốn cuộc
    .formula("target(so_hop, nguong) * max");
param("muc", 2); // đứng cạnh chỉ số đọc nó

// Phần về máy tính

// Máy tính
indicator("1.2", "Máy tính", 10)
    .input("co_may", count("Có máy")).formula("ratio(co_may, ccvc) * max").not_applicable(false);
indicator("1.3", "Trang", 10).input("co", yes_no("Có")).formula("if co { max } else { max / muc - max / muc }")
// hết
"#;

fn declared(source: &str) -> IndicatorSet {
    let drafted = draft(source);
    without_places(drafted.set.unwrap_or_else(|| panic!("{:#?}\n{source}", drafted.found)))
}

fn without_places(mut set: IndicatorSet) -> IndicatorSet {
    for leaf in leaves(&mut set) {
        let conditions = leaf.warnings.iter_mut().map(|warning| &mut warning.condition);
        for formula in leaf.formula.iter_mut().chain(conditions) {
            (formula.line, formula.column) = (0, 0);
        }
    }
    set
}

fn leaves(set: &mut IndicatorSet) -> impl Iterator<Item = &mut Indicator> {
    set.groups.iter_mut().flat_map(|group| &mut group.main_indexes).flat_map(|main| &mut main.indicators)
}

fn edited(source: &str, edit: impl FnOnce(&mut IndicatorSet)) -> String {
    let mut set = declared(source);
    edit(&mut set);
    let written = rewrite(source, &set);
    assert_eq!(declared(&written), set, "{written}");
    written
}

#[track_caller]
fn check_edit(edit: impl FnOnce(&mut IndicatorSet), from: &str, to: &str) {
    assert!(SCRIPT.contains(from));
    assert_eq!(edited(SCRIPT, edit), SCRIPT.replacen(from, to, 1));
}

#[test]
fn a_script_without_changes_stays_as_it_is() {
    assert!(is_plain(SCRIPT));
    assert_eq!(edited(SCRIPT, |_| ()), SCRIPT);
    let windows = SCRIPT.replace('\n', "\r\n");
    assert_eq!(edited(&windows, |_| ()), windows);
}

#[test]
fn a_changed_piece_is_written_anew_and_nothing_else() {
    check_edit(
        |set| set.params[0].value = 5.into(),
        "param(\"nguong\",   4, \"Ngưỡng\");",
        "param(\"nguong\", 5, \"Ngưỡng\");",
    );
    check_edit(|set| set.groups[0].name = "Nền tảng".into(), "\"Nhóm chung\"", "\"Nền tảng\"");
    let text = "indicator(\"1.1\", \"Họp\", 10).input(\"so_hop\", count(\"Số cuộc họp\"))   // bốn cuộc\n";
    let anew = "// bốn cuộc\nindicator(\"1.1\", \"Họp\", 12)\n    .input(\"so_hop\", count(\"Số cuộc họp\"))\n";
    check_edit(|set| set.groups[0].main_indexes[0].indicators[0].max = 12.into(), text, anew);
}

/// Comments within statements, and texts that only look like comments.
const WITHIN: &str = r#"indicator_set("thu", /* tạm */ #{ name: "Bộ // thử", total: 10 }); param(/* a */ "nguong", 4 /* b
   /* c */ */);
group("chung", "Nhóm", 10); main_index("1", `Nhận /* thức`, 10);
    indicator("1.1", "Họp", 10) // bốn cuộc
        .input("so_hop", count("Số \"// cuộc")) /* d */
        // theo `hướng dẫn`
        .formula(`min(1, so_hop / nguong) // hết
            * max /* e */`) // g
    ; // cuối
"#;

#[test]
fn comments_within_a_changed_statement_move_above_it() {
    let check = |edit: fn(&mut IndicatorSet), from: &str, to: &str| {
        assert!(WITHIN.contains(from));
        assert_eq!(edited(WITHIN, edit), WITHIN.replacen(from, to, 1));
    };
    check(
        |set| set.policy.round = 3,
        "indicator_set(\"thu\", /* tạm */ #{ name: \"Bộ // thử\", total: 10 });",
        "/* tạm */\nindicator_set(\"thu\", #{\n    name: \"Bộ // thử\",\n    total: 10,\n    not_applicable: false,\n    \
         round: 3,\n});",
    );
    check(
        |set| set.params[0].value = 5.into(),
        " param(/* a */ \"nguong\", 4 /* b\n   /* c */ */);",
        "\n/* a */\n/* b\n   /* c */ */\nparam(\"nguong\", 5, \"nguong\");",
    );
    let written = edited(WITHIN, |set| leaves(set).for_each(|leaf| leaf.name = "Họp báo".into()));
    let above =
        "10);\n    // bốn cuộc\n    /* d */\n    // theo `hướng dẫn`\n    // g\n    indicator(\"1.1\", \"Họp báo\"";
    assert!(written.contains(above) && written.ends_with("; // cuối\n"), "{written}");
    let again = edited(&written, |set| leaves(set).for_each(|leaf| leaf.name = "Họp".into()));
    assert_eq!(again, written.replace("Họp báo", "Họp"), "what stands above stays there");
    let windows =
        edited(&WITHIN.replace('\n', "\r\n"), |set| leaves(set).for_each(|leaf| leaf.name = "Họp báo".into()));
    assert!(windows.contains("    // bốn cuộc\r\n    /* d */\r\n"), "{windows}");
}

#[test]
fn comments_after_the_last_statement_are_not_within_it() {
    let source = SCRIPT.replace("max / muc - max / muc }\")", "max }\") // sau /* nữa");
    let written = edited(&source, |set| leaves(set).for_each(|leaf| leaf.name = leaf.name.to_uppercase()));
    assert!(written.ends_with(" // sau /* nữa\n// hết\n") && written.matches("// sau").count() == 1, "{written}");
    let open = format!("{SCRIPT}/* không hết");
    assert!(edited(&open, |set| set.params[0].value = 5.into()).ends_with("// hết\n/* không hết"));
}

#[test]
fn a_removed_piece_goes_with_the_comment_right_above_it() {
    let remove = |at: usize| move |set: &mut IndicatorSet| drop(set.groups[0].main_indexes[0].indicators.remove(at));
    let first = &SCRIPT[SCRIPT.find("// Theo hướng").unwrap()..SCRIPT.find("param(\"muc\"").unwrap()];
    check_edit(remove(0), first, "");
    let second = &SCRIPT[SCRIPT.find("// Máy tính").unwrap()..SCRIPT.find("indicator(\"1.3\"").unwrap()];
    check_edit(remove(1), second, "");
    let last = &SCRIPT[SCRIPT.find("indicator(\"1.3\"").unwrap()..SCRIPT.find("// hết").unwrap()];
    check_edit(remove(2), last, "");
}

#[test]
fn a_new_piece_stands_where_the_set_has_it() {
    let param = Param { name: "moi".into(), label: "Mới".into(), value: Decimal::ONE };
    check_edit(|set| set.params.insert(1, param), "/* số liệu", "param(\"moi\", 1, \"Mới\");\n/* số liệu");
    let add = |set: &mut IndicatorSet| {
        let mains = &mut set.groups[0].main_indexes;
        mains
            .push(MainIndex { code: "2".into(), name: "Thể chế".into(), points: 1.into(), indicators: Vec::new() });
    };
    let written = edited(SCRIPT, add);
    assert!(written.ends_with("- max / muc }\");\n\nmain_index(\"2\", \"Thể chế\", 1);\n// hết\n"), "{written}");
}

#[test]
fn renumbering_takes_the_comments_along() {
    let written = edited(SCRIPT, |set| {
        let leaves = &mut set.groups[0].main_indexes[0].indicators;
        leaves.remove(0);
        for (at, leaf) in leaves.iter_mut().enumerate() {
            leaf.code = format!("1.{}", at + 1);
            leaf.key = leaf.code.clone();
        }
    });
    assert!(written.contains("// Máy tính\nindicator(\"1.1\", \"Máy tính\", 10)\n"), "{written}");
    assert!(written.contains("// Phần về máy tính") && !written.contains("Theo hướng dẫn 2023"), "{written}");
}

#[test]
fn a_moved_piece_takes_its_comment_along() {
    let written = edited(SCRIPT, |set| set.groups[0].main_indexes[0].indicators.swap(0, 2));
    let places: Vec<usize> =
        ["indicator(\"1.3\"", "// Máy tính\nindicator(\"1.2\"", "// Theo hướng dẫn 2023.\nindicator(\"1.1\""]
            .iter()
            .map(|text| written.find(text).unwrap_or_else(|| panic!("{text}\n{written}")))
            .collect();
    assert!(places.is_sorted(), "{written}");
}

#[test]
fn another_default_writes_only_what_it_changes() {
    let written = edited(SCRIPT, |set| set.policy.not_applicable = false);
    assert!(written.contains("\"ratio(co_may, ccvc) * max\").not_applicable(false);"), "{written}");
    assert!(written.contains("    .not_applicable(true);"), "{written}");
}

#[test]
fn a_script_with_loops_or_variables_gives_the_canonical_one() {
    let head =
        "indicator_set(\"x\", #{ name: \"X\", total: 4 }); group(\"g\", \"G\", 4); main_index(\"1\", \"M\", 4);\n";
    let loops = format!("{head}for i in 1..=2 {{ indicator(`1.${{i}}`, \"A\", 2).formula(\"max\"); }}");
    let variable = format!("{head}let most = 4; indicator(\"1.1\", \"A\", most).formula(\"max\");");
    let text = format!("{head}indicator(`1.${{1}}`, \"A\", 4).formula(\"max\");");
    let condition = format!("{head}if true {{ indicator(\"1.1\", \"A\", 4).formula(\"max\"); }}");
    for source in [loops, variable, text, condition] {
        assert!(!is_plain(&source), "{source}");
        let set = declared(&source);
        assert_eq!(rewrite(&source, &set), print(&set));
    }
}

#[test]
fn a_broken_script_gives_the_canonical_one() {
    let set = declared(SCRIPT);
    let unknown = SCRIPT.replace("count(", "cuont(");
    for source in
        ["", "(", "indicator_set(", "indicator_set(\"thu\", #{ name: \"B", unknown.as_str(), "'🦀' \u{feff}", "/*", ")"]
    {
        assert_eq!((rewrite(source, &set), is_plain(source)), (print(&set), false), "{source}");
    }
}

fn seeds() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../seeds/sets");
    std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn the_shipped_sets_can_be_edited_as_tables() {
    for source in seeds() {
        assert!(is_plain(&source));
        assert_eq!(rewrite(&source, &declared(&source)), source);
    }
}

/// Each statement of a seed with a comment above and a comment at its end.
fn commented(source: &str) -> String {
    let starts = ["param(", "fact(", "group(", "main_index(", "indicator("];
    let mut out = String::new();
    for (at, line) in source.lines().enumerate() {
        if starts.iter().any(|start| line.starts_with(start)) {
            out.push_str(&format!("// trên {at}.\n"));
        }
        out.push_str(line);
        if line.ends_with(';') {
            out.push_str(&format!(" // cuối {at}."));
        }
        out.push('\n');
    }
    out
}

#[derive(Clone, Debug)]
enum Edit {
    Rename(String),
    Points(i64),
    Formula,
    Move(usize),
    Renumber(String),
    Add,
    Remove,
    RemoveMain,
    MoveGroup,
    Param(i64),
    AddParam,
    DropParam,
    Default,
    Title(String),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        "\\PC{0,20}".prop_map(Edit::Rename),
        (1i64..100_000).prop_map(Edit::Points),
        Just(Edit::Formula),
        any::<usize>().prop_map(Edit::Move),
        "[0-9.]{1,6}".prop_map(Edit::Renumber),
        Just(Edit::Add),
        Just(Edit::Remove),
        Just(Edit::RemoveMain),
        Just(Edit::MoveGroup),
        (0i64..100).prop_map(Edit::Param),
        Just(Edit::AddParam),
        Just(Edit::DropParam),
        Just(Edit::Default),
        "\\PC{0,20}".prop_map(Edit::Title),
    ]
}

fn apply(set: &mut IndicatorSet, at: usize, edit: Edit) {
    let group = at % set.groups.len();
    let main = (at / 7) % set.groups[group].main_indexes.len().max(1);
    let params = at % (set.params.len() + 1);
    match edit {
        Edit::MoveGroup => set.groups.rotate_left(1),
        Edit::Default => set.policy.not_applicable = !set.policy.not_applicable,
        Edit::Title(name) => set.name = name,
        Edit::Param(value) => set.params.iter_mut().skip(params).take(1).for_each(|param| param.value = value.into()),
        Edit::AddParam => {
            let name = format!("them_{}", set.params.len());
            set.params.insert(params, Param { name, label: "Thêm".into(), value: Decimal::ONE });
        }
        Edit::DropParam if params < set.params.len() => drop(set.params.remove(params)),
        Edit::RemoveMain if main < set.groups[group].main_indexes.len() => {
            drop(set.groups[group].main_indexes.remove(main));
        }
        edit => {
            if let Some(main) = set.groups[group].main_indexes.get_mut(main) {
                apply_to_leaf(main, at / 60, edit);
            }
        }
    }
}

fn apply_to_leaf(main: &mut MainIndex, at: usize, edit: Edit) {
    let count = main.indicators.len();
    let Some(leaf) = main.indicators.get_mut(at % count.max(1)) else { return };
    match edit {
        Edit::Rename(name) => leaf.name = name,
        Edit::Points(points) => leaf.max = Decimal::new(points, 2).normalize(),
        Edit::Formula => leaf.formula = Some(Formula { text: "max // \"hết\"\n".into(), line: 0, column: 0 }),
        Edit::Renumber(code) => leaf.code = code,
        Edit::Move(to) => main.indicators.swap(at % count, to % count),
        Edit::Remove => drop(main.indicators.remove(at % count)),
        Edit::Add => {
            let code = format!("{}.{}", main.code, count + 100);
            let new = Indicator { key: code.clone(), code, name: "Mới".into(), ..leaf.clone() };
            main.indicators.insert(at % count, new);
        }
        _ => (),
    }
}

/// The texts of unchanged indicators in the source, comments above included.
fn untouched<'a>(source: &'a str, before: &IndicatorSet, after: &IndicatorSet) -> Vec<&'a str> {
    let kept: BTreeSet<&str> = before
        .indicators()
        .filter(|leaf| after.indicators().any(|other| other == *leaf))
        .map(|leaf| leaf.code.as_str())
        .collect();
    let same_default = before.policy.not_applicable == after.policy.not_applicable;
    let of = |code: &&str| {
        let start = source.find(&format!("\nindicator(\"{code}\", ")).unwrap();
        let comment = source[..start].rfind("\n// trên").unwrap();
        let end = source[start..].find("; // cuối").unwrap() + start;
        &source[comment..source[end..].find('\n').unwrap() + end]
    };
    if same_default { kept.iter().map(of).collect() } else { Vec::new() }
}

/// Each statement of a seed with a comment of each kind in every line; the comments are numbered.
fn commented_within(source: &str) -> (String, usize) {
    let (mut out, mut count) = (String::new(), 0);
    for line in source.lines() {
        let call = line.split_once('(').filter(|(word, _)| !word.contains(['/', ')', '"']));
        match call {
            Some((word, rest)) => out.push_str(&format!("{word}( // <{count}>\n   /* <{}>\n */ {rest}\n", count + 1)),
            None => out.push_str(&format!("{line}\n// <{count}>\n// <{}>\n", count + 1)),
        }
        count += 2;
    }
    (out, count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_comment_is_lost_while_nothing_is_removed(seed in 0usize..3, edits in prop::collection::vec((any::<usize>(), edit()), 1..4)) {
        let all = seeds();
        let (mut source, count) = commented_within(&all[seed % all.len()]);
        prop_assert!(is_plain(&source), "{:?}", draft(&source).found.first());
        for (at, edit) in edits {
            if matches!(edit, Edit::Remove | Edit::RemoveMain | Edit::DropParam) {
                continue;
            }
            let mut set = declared(&source);
            apply(&mut set, at / 8, edit);
            source = rewrite(&source, &set);
            prop_assert_eq!(declared(&source), set, "{}", source);
            let numbers = source.split(" <").filter_map(|rest| rest.split_once(">\n")?.0.parse::<usize>().ok());
            let mut kept: Vec<usize> = numbers.collect();
            kept.sort_unstable();
            prop_assert!(kept == (0..count).collect::<Vec<_>>(), "{:?}: {}", kept, source);
        }
    }

    #[test]
    fn any_edits_are_declared_and_the_rest_stays(seed in 0usize..3, edits in prop::collection::vec((any::<usize>(), edit()), 1..6)) {
        let all = seeds();
        let source = commented(&all[seed % all.len()]);
        let before = declared(&source);
        let mut after = before.clone();
        edits.into_iter().for_each(|(at, edit)| apply(&mut after, at / 8, edit));
        let written = rewrite(&source, &after);
        prop_assert_eq!(declared(&written), after.clone(), "{}", written);
        for text in untouched(&source, &before, &after) {
            prop_assert!(written.contains(text), "lost: {text}\n{written}");
        }
        // Written once more nothing changes.
        prop_assert_eq!(rewrite(&written, &after), written);
    }
}

#[test]
fn a_long_chain_needs_no_more_stack_than_a_thread_has() {
    let cases: String = (0..55).map(|at| format!("\n    .expect(\"{at}\", #{{ so_hop: {at} }}, 10)")).collect();
    let source = SCRIPT.replace("* max\");\nparam(\"muc\"", &format!("* max\"){cases};\nparam(\"muc\""));
    assert!(is_plain(&source), "{:?}", draft(&source).found.first());
    assert_eq!(edited(&source, |_| ()), source);
}
