//! Tables of indicators out of office files, as people have them: read in the worker, made into groups.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use tenants::indicator_sets::OfficeTable;
use tenants::indicator_sets::sandbox::{self, WorkerCommand};

async fn table(file: &str) -> OfficeTable {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(file);
    let worker = WorkerCommand { program: env!("CARGO_BIN_EXE_rules-worker").into(), args: Vec::new() };
    sandbox::table(&worker, &std::fs::read(path).unwrap()).await.unwrap()
}

/// The indicators that a file becomes, as the page makes them of it: through the box where it can be mended.
async fn told(file: &str) -> Vec<String> {
    let pasted = engine::table::join(&table(file).await.rows);
    match engine::table::read(&engine::table::split(&pasted)) {
        Ok(groups) => {
            let mains = groups.iter().flat_map(|group| &group.main_indexes);
            let rows = mains.flat_map(|main| {
                let leaves = main.indicators.iter().map(|leaf| format!("{} {} {}", leaf.code, leaf.name, leaf.max));
                std::iter::once(format!("{} {} {}", main.code, main.name, main.points)).chain(leaves)
            });
            rows.collect()
        }
        Err(errors) => errors.iter().map(|error| format!("row {}: {}", error.row, error.message)).collect(),
    }
}

#[track_caller]
fn refused(told: &[String], row: usize, message: &str) {
    let named = told.iter().any(|line| line.starts_with(&format!("row {row}: ")) && line.contains(message));
    assert!(named, "{told:#?}");
}

#[tokio::test]
async fn numbers_of_cells_keep_their_decimals() {
    let one = ["1 Nhận thức số 3.125", "1.1 Có kế hoạch 3.125"];
    assert_eq!(told("04-import-three-decimals-a.xlsx").await, one);
    let two = ["1 Nhận thức số 3", "1.1 Có kế hoạch 1.125", "1.2 Có họp 1.875"];
    assert_eq!(told("04-import-three-decimals-b.xlsx").await, two);
}

#[tokio::test]
async fn what_a_formula_leaves_behind_the_digits_is_dropped() {
    let read = told("08-float-noise-import.xlsx").await;
    assert!(read[1].starts_with("1.1 ") && read[1].ends_with(" 0.3"), "{read:?}");
}

#[tokio::test]
async fn percentages_are_what_the_cell_shows() {
    let wanted = ["1 Nhận thức số 20", "1.1 Có kế hoạch 12.5", "1.2 Có họp 7.5"];
    assert_eq!(told("09-percent-points-import.xlsx").await, wanted);
}

#[tokio::test]
async fn numbers_that_became_dates_are_named() {
    let read = told("10-date-codes-import.xlsx").await;
    refused(&read, 3, "“01/01/2025” là ngày tháng");
    refused(&read, 4, "“01/02/2025” là ngày tháng");
}

#[tokio::test]
async fn breaks_tabs_and_hyphens_of_word_part_words() {
    let read = told("05-word-soft-break.docx").await;
    assert_eq!(read[1..], ["1.1 Tỷ lệ máy trạm được kết nối 12.5", "1.2 Giai đoạn 2021-2025 có họp 7.5"]);
}

#[tokio::test]
async fn of_a_decision_only_the_table_of_indicators_is_read() {
    let wanted = ["1 Nhận thức số 20", "1.1 Có kế hoạch 12.5", "1.2 Có họp 7.5"];
    assert_eq!(told("12-decision-layout-docx.docx").await, wanted);
    let notes = table("12-decision-layout-docx.docx").await.notes;
    assert_eq!(notes, ["Đã bỏ qua 2 bảng khác của văn bản (tiêu đề, chữ ký)."]);
}

#[tokio::test]
async fn automatic_numbers_are_read_as_word_shows_them() {
    let read = table("13-word-auto-numbering.docx").await;
    let codes: Vec<&str> = read.rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(codes, ["Stt", "1.", "2.", "3."]);
    assert!(read.notes.iter().any(|note| note.contains("đánh số tự động")), "{:?}", read.notes);
}

#[tokio::test]
async fn a_table_inside_a_cell_tears_no_row() {
    let wanted = ["1 Nhận thức số 20", "1.1 Có kế hoạch 12.5", "1.2 Có họp 7.5"];
    assert_eq!(told("14-nested-table-docx.docx").await, wanted);
}

#[tokio::test]
async fn mistakes_of_the_table_are_named_by_the_rows_of_excel() {
    refused(&told("35-code-1.10-number.xlsx").await, 12, "Nếu là 1.10, hãy định dạng cột số thứ tự là văn bản");
    refused(&told("36-total-row.xlsx").await, 5, "30 điểm nhưng các chỉ số cộng lại được 20");
}

#[tokio::test]
async fn spaces_that_do_not_break_group_thousands() {
    let wanted = ["1 Nhận thức số 1000.5", "1.1 Có kế hoạch 1000", "1.2 Có họp 0.5"];
    assert_eq!(told("38-nbsp-thousands.xlsx").await, wanted);
}

/// The same table three times: numbers that show their level, numbers that do not, numbers inside the names.
#[tokio::test]
async fn automatic_numbers_say_their_level() {
    let wanted =
        ["1 Nhận thức số 20", "1.1 Có kế hoạch 12.5", "1.2 Có họp 7.5", "2 Thể chế số 10", "2.1 Có quy chế 10"];
    for file in ["word-numbering-dotted.docx", "word-numbering-each-level.docx", "word-numbering-in-names.docx"] {
        assert_eq!(told(file).await, wanted, "{file}");
    }
}

#[tokio::test]
async fn headings_of_two_rows_are_read_together() {
    let wanted = ["1 Nhận thức số 20", "1.1 Có kế hoạch 12.5", "1.2 Có họp 7.5"];
    for file in ["word-heading-two-rows.docx", "excel-heading-two-rows.xlsx"] {
        assert_eq!(told(file).await, wanted, "{file}");
    }
}
