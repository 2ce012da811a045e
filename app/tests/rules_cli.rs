//! `thuoc rules …` as others script against it: exit codes, what goes to which stream, and the JSON.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with a set of three indicators: a level, a ratio of shared staff, a yes/no.
struct Folder(TempDir);

const SET: &str = r#"
indicator_set("xa", #{ name: "Bộ thử", total: 40, not_applicable: true, bands: [#{ name: "Tốt", from: 80 }] });
param("hop_ca_nam", 4);
fact("ccvc", count("Tổng số CCVC"));
group("chung", "Nhóm chung", 40);
main_index("1", "Nhận thức số", 20);
indicator("1.1", "Trưởng ban", 10)
    .input("cap", level("Trưởng ban", [[2, "người đứng đầu"], [1, "cấp phó"], [0, "không có"]]))
    .formula("cap / 2 * max").not_applicable(false).expect("cấp phó", #{ cap: 1 }, 5);
indicator("1.2", "Họp", 10).input("so_cuoc_hop", count("Số cuộc họp")).formula("target(so_cuoc_hop, hop_ca_nam) * max")
    .expect("đủ cuộc họp", #{ so_cuoc_hop: 4 }, 10);
main_index("2", "Hạ tầng số", 20);
indicator("2.1", "Máy tính", 20).input("co_may", count("Số CCVC có máy tính")).formula("ratio(co_may, ccvc) * max")
    .expect("đủ máy", #{ co_may: 52, ccvc: 52 }, 20);
"#;

impl Folder {
    fn new() -> Folder {
        let folder = Folder(TempDir::new().unwrap());
        folder.write("set.rhai", SET);
        folder
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn rules(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_thuoc")).arg("rules").args(args).current_dir(self.0.path()).output().unwrap()
    }

    fn score(&self, answers: &Value) -> Output {
        self.write("answers.json", &answers.to_string());
        self.rules(&["score", "set.rhai", "--answers", "answers.json"])
    }

    #[track_caller]
    fn card(&self, answers: &Value) -> Value {
        let output = self.score(answers);
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Exit code 1, nothing on standard output, the named error on standard error.
    #[track_caller]
    fn refused(&self, kind: &str, answers: &Value) {
        let output = self.score(answers);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""), "{kind}");
        assert!(stderr(&output).starts_with(&format!("error[{kind}]")), "{kind}: {}", stderr(&output));
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn check_is_silent_about_a_clean_set() {
    let output = Folder::new().rules(&["check", "set.rhai"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), String::new()));
}

#[test]
fn check_names_file_line_and_column() {
    let folder = Folder::new();
    folder.write(
        "sum.rhai",
        &SET.replace("main_index(\"2\", \"Hạ tầng số\", 20)", "main_index(\"2\", \"Hạ tầng số\", 21)"),
    );
    folder.write("name.rhai", &SET.replace("ratio(co_may, ccvc)", "ratio(co_may, cvcc)"));
    let output = folder.rules(&["check", "set.rhai", "sum.rhai", "name.rhai"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<String> = stdout(&output).lines().map(String::from).collect();
    assert!(lines[0].starts_with("sum.rhai:5:1: ") && lines[1].starts_with("sum.rhai:12:1: "), "{lines:#?}");
    assert!(lines[2].starts_with("name.rhai:13:103: ") && lines[2].ends_with("Có phải “ccvc”?"), "{lines:#?}");
    assert_eq!(lines.len(), 3);
}

#[test]
fn check_answers_machines_in_json() {
    let folder = Folder::new();
    folder.write("broken.rhai", "indicator_set(\"x\", #{");
    let output = folder.rules(&["check", "--json", "set.rhai", "broken.rhai"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(
        (&found[0]["file"], &found[0]["line"], &found[0]["severity"]),
        (&json!("broken.rhai"), &json!(1), &json!("error"))
    );
}

#[test]
fn a_hostile_script_is_a_finding() {
    let folder = Folder::new();
    folder.write("hostile.rhai", "let m = #{}; loop { m[`${m.len()}`] = m; }");
    let output = folder.rules(&["check", "hostile.rhai"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).starts_with("hostile.rhai:"), "{}", stdout(&output));
}

#[test]
fn a_file_that_cannot_be_read_is_a_finding_of_that_file() {
    let folder = Folder::new();
    std::fs::write(folder.0.path().join("latin.rhai"), b"// t\xean").unwrap();
    folder.write("broken.rhai", "group(");
    let output = folder.rules(&["check", "nothing.rhai", "latin.rhai", ".", "set.rhai", "broken.rhai"]);
    let all = stdout(&output);
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), String::new()));
    assert_eq!(lines[..2], ["nothing.rhai:0:0: Không có tệp này.", "latin.rhai:0:0: Tệp không phải là văn bản UTF-8."]);
    assert!(
        lines[2].starts_with(".:0:0: ") && lines[3].starts_with("broken.rhai:1:") && lines.len() == 4,
        "{lines:#?}"
    );

    let output = folder.rules(&["check", "--json", "nothing.rhai", "set.rhai"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found[0]["code"], &found[0]["line"]), (&json!("unreadable"), &json!(0)));

    for args in
        [&["test", "nothing.rhai"][..], &["print", "nothing.rhai"], &["score", "set.rhai", "--answers", "no.json"]]
    {
        let output = folder.rules(args);
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()));
        assert!(stderr(&output).contains("Không có tệp này.") && stderr(&output).lines().count() == 1, "{args:?}");
    }
}

#[test]
fn a_warning_is_told_and_changes_no_exit_code() {
    let folder = Folder::new();
    folder.write("odd.rhai", &SET.replace(".expect(\"đủ cuộc họp\", #{ so_cuoc_hop: 4 }, 10)", ""));
    let output = folder.rules(&["check", "odd.rhai"]);
    let expected = "odd.rhai:10:1: cảnh báo: [1.2] Công thức chưa có trường hợp thử nào.\n";
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), expected));
}

#[test]
fn output_nobody_reads_ends_quietly() {
    let folder = Folder::new();
    folder.write("answers.json", "{}");
    folder.write("broken.rhai", "group(");
    let run = |args: &[&str]| {
        // The reading end is closed before anything is written.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_thuoc"));
        let output = command.arg("rules").args(args).current_dir(folder.0.path()).stdout(writer).output().unwrap();
        (output.status.code(), stderr(&output))
    };
    assert_eq!(run(&["print", "set.rhai"]), (Some(0), String::new()));
    assert_eq!(run(&["score", "set.rhai", "--answers", "answers.json"]), (Some(0), String::new()));
    assert_eq!(run(&["test", "set.rhai"]), (Some(0), String::new()));
    assert_eq!(run(&["check", "broken.rhai"]), (Some(1), String::new()));
    assert_eq!(run(&["check", "--json", "broken.rhai"]), (Some(1), String::new()));
}

#[test]
fn test_names_each_case_that_fails() {
    let folder = Folder::new();
    let output = folder.rules(&["test", "set.rhai"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "3 passed, 0 failed\n"));
    folder.write("red.rhai", &SET.replace("#{ cap: 1 }, 5)", "#{ cap: 1 }, 7.5)"));
    let output = folder.rules(&["test", "red.rhai"]);
    let expected = "red.rhai: 1.1 “cấp phó”: mong đợi 7,5, thực tế 5\n2 passed, 1 failed\n";
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), expected));
}

#[test]
fn score_answers_the_scorecard() {
    let folder = Folder::new();
    let card = folder.card(&json!({
        "facts": { "ccvc": 52 },
        "answers": {
            "1.1": { "inputs": { "cap": 2 } },
            "1.2": { "points": "7.5", "inputs": { "so_cuoc_hop": 4 } },
            "2.1": { "inputs": { "co_may": "48" } },
        },
    }));
    // 10 + 7.5 + 18.46 of 40
    assert_eq!((&card["set"], &card["total"], &card["points"]), (&json!("xa"), &json!("40.00"), &json!("35.96")));
    assert_eq!(
        (&card["applicable_maximum"], &card["index"], &card["band"]),
        (&json!("40.00"), &json!("89.90"), &json!("Tốt"))
    );
    assert_eq!(card["pending"], json!([]));
    assert_eq!(
        card["main_indexes"]["1"],
        json!({ "points": "17.50", "applicable_maximum": "20.00", "percent": "87.50" })
    );
    let computer = &card["indicators"]["2.1"];
    assert_eq!(
        (&computer["state"], &computer["points"], &computer["maximum"]),
        (&json!("scored"), &json!("18.46"), &json!("20.00"))
    );
    assert_eq!(computer["explanation"]["text"], "48/52 = 92,31% → 48/52 × 20 = 18,46 điểm");
}

#[test]
fn what_is_left_out_is_pending_and_the_index_null() {
    let card = Folder::new().card(&json!({ "answers": { "1.1": { "inputs": { "cap": 1 } } } }));
    assert_eq!((&card["pending"], &card["index"], &card["band"]), (&json!(["1.2", "2.1"]), &Value::Null, &Value::Null));
    assert_eq!((&card["points"], &card["applicable_maximum"]), (&json!("5.00"), &json!("40.00")));
    let pending = &card["indicators"]["2.1"];
    assert_eq!(
        (&pending["state"], &pending["points"], &pending["warnings"]),
        (&json!("pending"), &Value::Null, &json!([]))
    );
}

#[test]
fn an_accepted_na_leaves_the_maximum_and_all_of_a_main_index_has_no_percent() {
    let card = Folder::new().card(&json!({ "answers": {
        "1.1": { "points": 10 }, "1.2": { "points": "5" }, "2.1": { "not_applicable": true },
    } }));
    assert_eq!((&card["applicable_maximum"], &card["index"]), (&json!("20.00"), &json!("75.00")));
    assert_eq!(card["main_indexes"]["2"], json!({ "points": "0.00", "applicable_maximum": "0.00", "percent": null }));
    assert_eq!(card["indicators"]["2.1"]["state"], "not_applicable");
}

#[test]
fn a_wrong_answer_is_a_named_error_and_never_a_score() {
    let folder = Folder::new();
    let with = |code: &str, answer: Value| json!({ "facts": { "ccvc": 52 }, "answers": { code: answer } });
    folder.refused("not_applicable_forbidden", &with("1.1", json!({ "not_applicable": true })));
    folder.refused("own_points_forbidden", &with("1.2", json!({ "inputs": { "so_cuoc_hop": 1 }, "own_points": "5" })));
    folder.refused("unknown_indicator", &with("9.9", json!({ "points": "1" })));
    folder.refused("missing_input", &with("1.2", json!({ "inputs": {} })));
    folder.refused("unknown_input", &with("1.2", json!({ "inputs": { "so_cuoc_hop": 1, "so_khac": 1 } })));
    folder.refused("wrong_type", &with("1.2", json!({ "inputs": { "so_cuoc_hop": true } })));
    folder.refused("wrong_type", &with("1.2", json!({ "inputs": { "so_cuoc_hop": "bốn" } })));
    folder.refused("wrong_type", &with("1.2", json!({ "inputs": { "so_cuoc_hop": null } })));
    folder.refused("wrong_type", &json!({ "facts": { "ccvc": [52] } }));
    folder.refused("malformed", &with("1.2", json!({ "points": "nhiều" })));
    folder.refused("malformed", &json!([]));
    folder.refused("malformed", &with("1.2", json!({ "input": { "so_cuoc_hop": 1 } })));
    folder.refused("negative_number", &with("1.2", json!({ "inputs": { "so_cuoc_hop": -1 } })));
    folder.refused("fractional_count", &with("1.2", json!({ "inputs": { "so_cuoc_hop": "1.5" } })));
    folder.refused("out_of_range", &with("1.1", json!({ "inputs": { "cap": 3 } })));
    folder.refused("out_of_range", &with("1.2", json!({ "points": "10.01" })));
    folder.refused("missing_input", &json!({ "answers": { "2.1": { "inputs": { "co_may": 1 } } } }));
    folder.refused(
        "zero_denominator",
        &json!({ "facts": { "ccvc": 0 }, "answers": { "2.1": { "inputs": { "co_may": 0 } } } }),
    );
    folder.refused("negative_number", &json!({ "facts": { "ccvc": -5 }, "answers": {} }));
    folder.refused("unknown_input", &json!({ "facts": { "khac": 5 }, "answers": {} }));
}

impl Folder {
    fn score_text(&self, answers: &str) -> Output {
        self.write("answers.json", answers);
        self.rules(&["score", "set.rhai", "--answers", "answers.json"])
    }
}

#[test]
fn answers_are_read_strictly() {
    let folder = Folder::new();
    let check = |answers: &str, expected: &str| {
        let output = folder.score_text(answers);
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()), "{answers}");
        assert!(stderr(&output).starts_with(expected), "{answers}: {}", stderr(&output));
    };
    check(r#"[{}, {}]"#, "error[malformed]");
    check(r#"{"facts": [], "answers": {}}"#, "error[malformed] facts");
    check(r#"{"answers": []}"#, "error[malformed] answers");
    check(r#"{"answers": {"1.2": [{"so_cuoc_hop": 4}, false, null]}}"#, "error[malformed] 1.2");
    check(r#"{"answers": {"1.2": {"inputs": []}}}"#, "error[malformed] 1.2: inputs");
    check(r#"{"answers": {"1.2": {"points": 1}, "1.2": {"points": 2}}}"#, "error[malformed] answers: duplicate key");
    check(r#"{"answers": {}, "answers": {}}"#, "error[malformed] duplicate key \"answers\"");
    check(r#"{"answers": {"1.2": {"points": 1, "points": 2}}}"#, "error[malformed] 1.2: duplicate key");
    check(r#"{"facts": {"ccvc": 1, "ccvc": 2}}"#, "error[malformed] facts: duplicate key");
    check(r#"{"khac": {}}"#, "error[malformed] unknown field \"khac\"");
    check(r#"{"facts": {"ccvc": "1_000"}}"#, "error[wrong_type] facts: ccvc");
    check(r#"{"answers": {"1.2": {"points": "1_0"}}}"#, "error[malformed] 1.2: points");
    check(r#"{"facts": {"ccvc": 1e400}}"#, "error[out_of_range] facts: ccvc");
    check(r#"{"facts": {"ccvc": 123456789012345678901234567890}}"#, "error[out_of_range] facts: ccvc");
    check(r#"{"answers": {"1.2": {"points": 1e400}}}"#, "error[out_of_range] 1.2: points");
    check(r#"{"answers": {"1.2": {"not_applicable": "yes"}}}"#, "error[malformed] 1.2: not_applicable");
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let folder = Folder::new();
    let read = |number: &str| {
        let answers =
            format!(r#"{{"facts": {{"ccvc": 3}}, "answers": {{"2.1": {{"inputs": {{"co_may": {number}}}}}}}}}"#);
        let output = folder.score_text(&answers);
        let card: Value = serde_json::from_slice(&output.stdout).map_err(|_| stderr(&output)).unwrap();
        let reads = card["indicators"]["2.1"]["explanation"]["reads"].as_array().unwrap().clone();
        reads.into_iter().find(|read| read["name"] == "co_may").unwrap()["value"].clone()
    };
    folder.write("set.rhai", &SET.replace("count(\"Số CCVC có máy tính\")", "number(\"Số CCVC có máy tính\")"));
    assert_eq!(read("0.1"), json!("0.1"));
    assert_eq!(read("0.1234567890123456789012345"), json!("0.1234567890123456789012345"));
    assert_eq!(read("\"0.30\""), json!("0.3"));
    assert_eq!(read("2e-3"), json!("0.002"));
}

#[test]
fn scores_to_rank_are_read_strictly() {
    let folder = Folder::new();
    let check = |scores: &str, expected: &str| {
        folder.write("scores.json", scores);
        let output = folder.rules(&["rank", "scores.json"]);
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()), "{scores}");
        assert!(stderr(&output).starts_with(expected), "{scores}: {}", stderr(&output));
    };
    check(r#"{}"#, "error[malformed]");
    check(r#"[["A", "1", "2"]]"#, "error[malformed]");
    check(r#"[{"unit": "A", "points": "1_0", "applicable_maximum": "20"}]"#, "error[malformed] A: points");
    check(r#"[{"unit": "A", "points": 1e400, "applicable_maximum": 20}]"#, "error[out_of_range] A: points");
    check(r#"[{"unit": "A", "points": 1, "points": 2, "applicable_maximum": 20}]"#, "error[malformed]");
    check(r#"[{"unit": "A", "points": 1}]"#, "error[malformed] A: needs");
}

/// `thuoc rules rank` of a text: exit code, standard output, standard error.
fn ranked(text: &str) -> (bool, String, String) {
    let folder = Folder::new();
    folder.write("scores.json", text);
    let output = folder.rules(&["rank", "scores.json"]);
    (output.status.success(), stdout(&output), stderr(&output))
}

#[test]
fn a_unit_twice_an_unknown_field_and_an_overflow_are_refused_with_their_reason() {
    let row = r#""unit":"A","points":1,"applicable_maximum":2"#;
    for (text, reason) in [
        (format!("[{{{row}}},{{{row}}}]"), "unit \"A\" stands here twice"),
        (format!("[{{{row},\"pointz\":3}}]"), "unknown field \"pointz\""),
        (format!("[{{{row},\"unit\":\"B\"}}]"), "duplicate key \"unit\""),
        (
            r#"[{"unit":"A","points":"0.0000000000000000000000000003","applicable_maximum":"79228162514264337593543950335"}]"#
                .into(),
            "error[overflow] A:",
        ),
    ] {
        let (done, out, told) = ranked(&text);
        assert!(!done && out.is_empty() && told.contains(reason), "{text}: {out}{told}");
    }
    let most =
        r#"[{"unit":"A","points":79228162514264337593543950335,"applicable_maximum":79228162514264337593543950335}]"#;
    let (done, out, _) = ranked(most);
    assert!(done && out.contains(r#""index": "100.00""#), "{out}");
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_text() {
    let folder = Folder::new();
    folder.write("marked.rhai", &format!("\u{feff}{SET}"));
    for verb in ["check", "test", "print"] {
        let output = folder.rules(&[verb, "marked.rhai"]);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    }
    folder.write("answers.json", "\u{feff}{\"answers\":{\"1.1\":{\"inputs\":{\"cap\":1}}}}");
    let output = folder.rules(&["score", "marked.rhai", "--answers", "answers.json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let (done, out, told) = ranked("\u{feff}[{\"unit\":\"A\",\"points\":1,\"applicable_maximum\":2}]");
    assert!(done && out.contains(r#""index": "50.00""#), "{out}{told}");
}

#[test]
fn scores_are_exact_and_a_minus_before_a_power_is_outside_it() {
    let folder = Folder::new();
    let set = |max: u32, rest: &str| {
        format!(
            "indicator_set(\"thu\", #{{ name: \"Thử\", total: {max} }});\ngroup(\"g\", \"Nhóm\", {max});\n\
             main_index(\"1\", \"Chính\", {max});\nindicator(\"1.1\", \"Tên\", {max}).input(\"x\", count(\"x\")){rest};\n"
        )
    };
    let ratio = ".input(\"b\", count(\"b\")).formula(\"ratio(x, b) * max\").expect(\"5 trên 24\", #{ x: 5, b: 24 }, 3.13)\
                 .expect(\"1003 trên 3000\", #{ x: 1003, b: 3000 }, 5.02).expect(\"1 trên 3000\", #{ x: 1, b: 3000 }, 0.01)";
    folder.write("ratio.rhai", &set(15, ratio));
    assert_eq!(stdout(&folder.rules(&["test", "ratio.rhai"])).trim(), "3 passed, 0 failed");
    folder.write("minus.rhai", &set(100, ".formula(\"-x ** 2 + 20\").expect(\"ba\", #{ x: 3 }, 11)"));
    assert_eq!(stdout(&folder.rules(&["test", "minus.rhai"])).trim(), "1 passed, 0 failed");
    let checked = stdout(&folder.rules(&["check", "minus.rhai"]));
    assert!(checked.contains("cảnh báo: [1.1] “-x ** 2” được tính là -(x ** 2)"), "{checked}");
}

#[test]
fn every_error_is_told_at_once() {
    let folder = Folder::new();
    let output = folder.score(&json!({ "answers": { "9.9": {}, "1.1": { "inputs": { "cap": 7 } }, "1.2": {} } }));
    assert_eq!(stderr(&output).lines().count(), 3, "{}", stderr(&output));
}

#[test]
fn rank_shares_places_and_leaves_the_undefined_last() {
    let folder = Folder::new();
    folder.write(
        "scores.json",
        r#"[{"unit": "A", "points": "400", "applicable_maximum": "500"}, {"unit": "B", "points": "0", "applicable_maximum": "0"},
            {"unit": "C", "points": "462.5", "applicable_maximum": "500"}, {"unit": "D", "points": "320", "applicable_maximum": "400"},
            {"unit": "E", "points": "1", "applicable_maximum": "500"}]"#,
    );
    let output = folder.rules(&["rank", "scores.json"]);
    let ranked: Value = serde_json::from_slice(&output.stdout).unwrap();
    let row = |row: &Value| (row["unit"].clone(), row["index"].clone(), row["rank"].clone());
    let rows: Vec<_> = ranked.as_array().unwrap().iter().map(row).collect();
    let expected = [
        (json!("C"), json!("92.50"), json!(1)),
        (json!("A"), json!("80.00"), json!(2)),
        (json!("D"), json!("80.00"), json!(2)),
        (json!("E"), json!("0.20"), json!(4)),
        (json!("B"), Value::Null, Value::Null),
    ];
    assert_eq!(rows, expected);
    assert_eq!(ranked[0]["points"], "462.5");
}

#[test]
fn printing_and_compiling_again_changes_nothing() {
    let folder = Folder::new();
    let once = folder.rules(&["print", "set.rhai"]);
    folder.write("again.rhai", &stdout(&once));
    let twice = folder.rules(&["print", "again.rhai"]);
    assert!(once.status.success() && !once.stdout.is_empty());
    assert_eq!(stdout(&once), stdout(&twice));
}

#[test]
fn the_shipped_sets_are_clean() {
    let sets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds/sets");
    for entry in std::fs::read_dir(sets).unwrap() {
        let path = entry.unwrap().path();
        let file = path.to_str().unwrap();
        for verb in ["check", "test"] {
            let output = Folder::new().rules(&[verb, file]);
            assert!(output.status.success(), "{verb} {file}: {}{}", stdout(&output), stderr(&output));
        }
    }
}
