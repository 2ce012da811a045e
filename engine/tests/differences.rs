//! Two versions of a set: every difference is told, once, in words, and the structural ones are told apart.
#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use engine::diff::{self, Relation};
use engine::{IndicatorSet, run};

const OLD: &str = r#"
indicator_set("vi-du", #{
    name: "Bộ chỉ số", basis: "Quyết định 1", total: 60, not_applicable: true, round: 2,
    bands: [#{ name: "Tốt", from: 80, inclusive: true }, #{ name: "Khá", from: 60, inclusive: false }],
});
param("hop_ca_nam", 4, "Số cuộc họp phải có");
param("nguong", 0.05, "Ngưỡng");
fact("ccvc", count("Tổng số CCVC"));
fact("may_tram", count("Tổng số máy trạm"));
group("nen-tang", "Nền tảng", 60);
main_index("1", "Nhận thức số", 40);
indicator("1.1", "Người đứng đầu", 10)
    .input("co", yes_no("Có là Trưởng ban")).formula("if co { max } else { 0 }").evidence("Quyết định")
    .expect("có", #{ co: true }, 10).expect("không", #{ co: false }, 0);
indicator("1.2", "Các cuộc họp", 15)
    .input("so_hop", count("Số cuộc họp")).formula("target(so_hop, hop_ca_nam) * max");
indicator("1.3", "Tỷ lệ có máy", 15)
    .input("co_may", count("Số người có máy")).formula("ratio(co_may, ccvc) * max").zero(na)
    .warn("co_may <= ccvc", "Số người có máy lớn hơn tổng số");
main_index("2", "Thể chế số", 20);
indicator("2.1", "Kế hoạch", 10).input("muc", level("Mức", [[2, "đầy đủ"], [0, "không có"]])).formula("muc / 2 * max");
indicator("2.2", "Chính sách", 10);
"#;

fn set(script: &str) -> IndicatorSet {
    run::compile(script).unwrap_or_else(|found| panic!("{found:#?}")).set
}

/// The old script with each first text replaced by the second.
fn changed(replacements: &[(&str, &str)]) -> IndicatorSet {
    let mut script = OLD.to_string();
    for (from, to) in replacements {
        assert!(script.contains(from), "{from}");
        script = script.replace(from, to);
    }
    set(&script)
}

/// Every difference, a structural one marked with an asterisk.
#[track_caller]
fn check(replacements: &[(&str, &str)], wanted: &[&str]) {
    let (old, new) = (set(OLD), changed(replacements));
    let mark = |change: &diff::Change| format!("{}{}", if change.is_structural() { "* " } else { "" }, change.text);
    let told: Vec<String> = diff::diff(&old, &new).iter().map(mark).collect();
    assert_eq!(told, wanted);
    let structural = diff::structure_changed(&old, &new);
    assert_eq!(structural.len(), wanted.iter().filter(|text| text.starts_with("* ")).count());
}

#[test]
fn the_same_set_has_no_differences() {
    check(&[], &[]);
    check(&[("\nindicator(\"2.2\"", "\n\n\nindicator(\"2.2\"")], &[]);
}

#[test]
fn a_maximum_that_moves_changes_its_sums() {
    check(
        &[
            ("\"Các cuộc họp\", 15", "\"Các cuộc họp\", 10"),
            ("total: 60", "total: 55"),
            ("\"Nền tảng\", 60", "\"Nền tảng\", 55"),
            ("số\", 40", "số\", 35"),
        ],
        &[
            "* Bộ chỉ số: tổng điểm 60 → 55",
            "* Nhóm “Nền tảng”: điểm tối đa 60 → 55",
            "* Chỉ số chính 1: điểm tối đa 40 → 35",
            "* 1.2: điểm tối đa 15 → 10",
        ],
    );
}

#[test]
fn formulas_and_what_they_read() {
    check(
        &[("target(so_hop, hop_ca_nam) * max", "target(so_hop, 6) * max")],
        &["1.2: công thức “target(so_hop, hop_ca_nam) * max” → “target(so_hop, 6) * max”"],
    );
    check(&[(".formula(\"muc / 2 * max\")", "")], &["2.1: tính theo công thức “muc / 2 * max” → chấm trực tiếp"]);
    check(
        &[(
            "\"Chính sách\", 10)",
            "\"Chính sách\", 10).input(\"da_co\", yes_no(\"Đã có\")).formula(\"if da_co { max } else { 0 }\")",
        )],
        &[
            "2.2: thêm số liệu “Đã có” (da_co, có/không)",
            "2.2: chấm trực tiếp → tính theo công thức “if da_co { max } else { 0 }”",
        ],
    );
    check(&[("\"hop_ca_nam\", 4", "\"hop_ca_nam\", 6")], &["Tham số hop_ca_nam: 4 → 6"]);
    check(
        &[("\"nguong\", 0.05, \"Ngưỡng\"", "\"nguong_moi\", 0.055, \"Ngưỡng\"")],
        &["Thêm tham số nguong_moi “Ngưỡng” = 0,055", "Bỏ tham số nguong “Ngưỡng” = 0,05"],
    );
    check(
        &[(
            "fact(\"ccvc\", count(\"Tổng số CCVC\"))",
            "fact(\"ccvc\", number(\"Tổng số công chức, viên chức\").by(\"feed\"))",
        )],
        &[
            "Số liệu dùng chung ccvc: tên “Tổng số CCVC” → “Tổng số công chức, viên chức”",
            "Số liệu dùng chung ccvc: loại số đếm → số",
            "Số liệu dùng chung ccvc: nguồn: đơn vị nhập → lấy từ hệ thống",
        ],
    );
    check(
        &[(
            "fact(\"may_tram\", count(\"Tổng số máy trạm\"));",
            "fact(\"may_chu\", count(\"Tổng số máy chủ\").by(\"survey\"));",
        )],
        &[
            "Thêm số liệu dùng chung “Tổng số máy chủ” (may_chu, số đếm, kết quả khảo sát)",
            "Bỏ số liệu dùng chung “Tổng số máy trạm” (may_tram, số đếm)",
        ],
    );
}

#[test]
fn inputs_and_levels() {
    check(
        &[("[0, \"không có\"]", "[1, \"một phần\"], [0, \"không có\"]")],
        &[
            "2.1: số liệu “Mức”: loại mức (2 là đầy đủ; 0 là không có) → mức (2 là đầy đủ; 1 là một phần; 0 là không có)",
        ],
    );
    check(
        &[("count(\"Số cuộc họp\")", "count(\"Số cuộc họp\").by(\"authority\")")],
        &["1.2: số liệu “Số cuộc họp”: nguồn: đơn vị nhập → chỉ tiêu được giao"],
    );
}

#[test]
fn rules_texts_warnings_and_cases() {
    check(
        &[
            (".zero(na)", ""),
            (".evidence(\"Quyết định\")", ".evidence(\"Quyết định thành lập\").guidance(\"Có: điểm tối đa\")"),
            (
                ".warn(\"co_may <= ccvc\", \"Số người có máy lớn hơn tổng số\")",
                ".warn(\"co_may < ccvc\", \"Hãy kiểm tra\")",
            ),
            (".expect(\"không\", #{ co: false }, 0)", ""),
        ],
        &[
            "1.1: tài liệu kiểm chứng “Quyết định” → “Quyết định thành lập”",
            "1.1: thêm hướng dẫn chấm điểm “Có: điểm tối đa”",
            "1.1: số trường hợp thử 2 → 1",
            "1.3: mẫu số bằng 0 là không đánh giá → là lỗi số liệu",
            "1.3: thêm cảnh báo “Hãy kiểm tra” khi không đạt “co_may < ccvc”",
            "1.3: bỏ cảnh báo “Số người có máy lớn hơn tổng số” khi không đạt “co_may <= ccvc”",
        ],
    );
    check(&[("expect(\"có\"", "expect(\"đúng\"")], &["1.1: nội dung 2 trường hợp thử thay đổi"]);
}

#[test]
fn the_policy_of_the_set() {
    check(
        &[
            ("round: 2", "round: 1, rank_by: \"unrounded\", tie_breakers: [\"1\", \"2\"]"),
            ("from: 80", "from: 85"),
            ("Quyết định 1", "Quyết định 2"),
        ],
        &[
            "Bộ chỉ số: căn cứ “Quyết định 1” → “Quyết định 2”",
            "Bộ chỉ số: làm tròn 2 chữ số thập phân → 1 chữ số thập phân",
            "Bộ chỉ số: khung xếp loại “Tốt từ 80%; Khá trên 60%” → “Tốt từ 85%; Khá trên 60%”",
            "Bộ chỉ số: xếp hạng theo chỉ số đã làm tròn → theo chỉ số chưa làm tròn",
            "Bộ chỉ số: thêm chỉ số so tiếp khi bằng nhau “1, 2”",
        ],
    );
}

#[test]
fn the_permission_of_not_applicable_is_structural() {
    check(
        &[("\"Chính sách\", 10)", "\"Chính sách\", 10).not_applicable(false)")],
        &["* 2.2: “không đánh giá”: cho phép → không cho phép"],
    );
}

#[test]
fn indicators_come_go_and_move() {
    check(
        &[("indicator(\"2.2\", \"Chính sách\", 10)", "indicator(\"2.3\", \"Nghị quyết\", 10)")],
        &["* Thêm chỉ số 2.3 “Nghị quyết” (10 điểm)", "* Bỏ chỉ số 2.2 “Chính sách” (10 điểm)"],
    );
    check(
        &[("indicator(\"2.2\", \"Chính sách\", 10)", "indicator(\"2.3\", \"Chính sách số\", 10).key(\"2.2\")")],
        &["* 2.2 chuyển thành 2.3", "2.3: tên “Chính sách” → “Chính sách số”"],
    );
    check(
        &[("indicator(\"2.2\", \"Chính sách\", 10)", "indicator(\"2.2\", \"Chính sách\", 10).key(\"moi\")")],
        &["* 2.2: khóa đối chiếu giữa các phiên bản “2.2” → “moi”"],
    );
}

#[test]
fn main_indexes_and_groups_come_go_and_move() {
    check(
        &[
            ("main_index(\"2\"", "group(\"moi\", \"Nhóm mới\", 20);\nmain_index(\"3\""),
            ("\"Nền tảng\", 60", "\"Nền tảng chung\", 40"),
        ],
        &[
            "Nhóm “Nền tảng”: tên “Nền tảng” → “Nền tảng chung”",
            "* Nhóm “Nền tảng”: điểm tối đa 60 → 40",
            "* Thêm nhóm “Nhóm mới” (20 điểm)",
            "* Chỉ số chính 2 chuyển thành 3",
            "* Chỉ số chính 3 chuyển từ nhóm “Nền tảng” sang nhóm “Nhóm mới”",
        ],
    );
}

#[test]
fn an_indicator_under_another_main_index_has_moved() {
    let old = set(OLD);
    let mut new = old.clone();
    let moved = new.groups[0].main_indexes[0].indicators.pop().unwrap();
    new.groups[0].main_indexes[1].indicators.push(moved);
    new.groups[0].main_indexes[1].indicators.swap(0, 1);
    let told: Vec<String> = diff::diff(&old, &new).into_iter().map(|change| change.text).collect();
    assert_eq!(
        told,
        [
            "1.3 chuyển từ chỉ số chính 1 sang chỉ số chính 2",
            "Bộ chỉ số: thứ tự chỉ số 1.1, 1.2, 1.3, 2.1, 2.2 → 1.1, 1.2, 2.2, 2.1, 1.3"
        ]
    );
}

fn lineage(replacements: &[(&str, &str)]) -> Vec<String> {
    let found = diff::predecessors(&set(OLD), &changed(replacements));
    let other = found.into_iter().filter(|line| line.relation != Relation::Same);
    let code = |code: Option<String>| code.unwrap_or("–".into());
    other
        .map(|line| format!("{} {}→{} {:?}", line.key, code(line.old_code), code(line.new_code), line.relation))
        .collect()
}

#[test]
fn lineage_follows_the_key() {
    let nothing: [&str; 0] = [];
    assert_eq!(lineage(&[]), nothing);
    assert_eq!(
        lineage(&[("Các cuộc họp", "Họp"), ("\"Số cuộc họp\"", "\"Số lần họp\""), ("\"đầy đủ\"", "\"đủ\"")]),
        nothing
    );
    assert_eq!(lineage(&[("\"hop_ca_nam\", 4", "\"hop_ca_nam\", 6")]), ["1.2 1.2→1.2 Changed"]);
    assert_eq!(lineage(&[("\"ccvc\", count(", "\"ccvc\", number(")]), ["1.3 1.3→1.3 Changed"]);
    assert_eq!(lineage(&[("muc / 2 * max", "muc/2 * max")]), ["2.1 2.1→2.1 Changed"]);
    assert_eq!(lineage(&[("muc / 2 * max", "muc  /  2 * max ")]), nothing);
    assert_eq!(lineage(&[("\"Mức\", [[2,", "\"Mức\", [[3,")]), ["2.1 2.1→2.1 Changed"]);
    assert_eq!(
        lineage(&[("indicator(\"2.2\", \"Chính sách\", 10)", "indicator(\"2.3\", \"Chính sách\", 10)")]),
        ["2.3 –→2.3 New", "2.2 2.2→– Dropped"]
    );
    let renumbered = ("indicator(\"2.2\", \"Chính sách\", 10)", "indicator(\"2.3\", \"Chính sách\", 10).key(\"2.2\")");
    let found = diff::predecessors(&set(OLD), &changed(&[renumbered]));
    let last = found.last().unwrap();
    assert_eq!((last.old_code.as_deref(), last.new_code.as_deref()), (Some("2.2"), Some("2.3")));
    assert_eq!(last.relation, Relation::Same);
}

#[test]
fn a_difference_is_json() {
    let changes = diff::diff(&set(OLD), &changed(&[("\"hop_ca_nam\", 4", "\"hop_ca_nam\", 6")]));
    let json = serde_json::to_value(&changes).unwrap();
    let wanted = serde_json::json!([{
        "about": { "param": "hop_ca_nam" }, "key": null, "kind": "changed", "field": "value",
        "old": "4", "new": "6", "text": "Tham số hop_ca_nam: 4 → 6",
    }]);
    assert_eq!(json, wanted);
    assert_eq!(serde_json::from_value::<Vec<diff::Change>>(json).unwrap(), changes);
}

/// Every scalar of the set's JSON, each changed alone, with its path.
fn mutations(at: &serde_json::Value, path: String, out: &mut Vec<(String, serde_json::Value)>) {
    use serde_json::{Value, json};
    match at {
        Value::Object(map) => map.iter().for_each(|(name, inner)| mutations(inner, format!("{path}/{name}"), out)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, inner)| mutations(inner, format!("{path}/{n}"), out))
        }
        Value::Bool(yes) => out.push((path, json!(!yes))),
        Value::Number(number) => out.push((path, json!(number.as_i64().unwrap() + 1))),
        Value::String(text) => {
            let next = text.parse::<i64>().map_or(format!("{text}x"), |number| (number + 1).to_string());
            out.push((path.clone(), json!(next)));
            // Names of kinds and rules: any other one.
            for word in
                ["count", "number", "unit", "survey", "unrounded", "full", "yes_no"].iter().filter(|word| *word != text)
            {
                out.push((path.clone(), json!(word)));
            }
        }
        Value::Null => {}
    }
}

#[test]
fn nothing_that_differs_goes_untold() {
    let old = set(OLD);
    let json = serde_json::to_value(&old).unwrap();
    let mut all = Vec::new();
    mutations(&json, String::new(), &mut all);
    let mut tried = 0;
    for (path, value) in all.into_iter().filter(|(path, _)| !path.ends_with("/line") && !path.ends_with("/column")) {
        let mut mutated = json.clone();
        *mutated.pointer_mut(&path).unwrap() = value;
        let Ok(new) = serde_json::from_value::<IndicatorSet>(mutated) else { continue };
        tried += 1;
        assert_ne!(new, old, "{path}");
        assert!(!diff::diff(&old, &new).is_empty(), "{path}");
    }
    assert!(tried > 200, "{tried}");
}
