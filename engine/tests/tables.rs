//! Tables as people paste them: the decision's own, and the mistakes of others.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use engine::Group;
use engine::table::{RowError, read, slug_of, split};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn read_text(text: &str) -> Result<Vec<Group>, Vec<RowError>> {
    read(&split(text))
}

/// The groups as an outline, or the errors.
fn told(text: &str) -> String {
    let mut out = String::new();
    match read_text(text) {
        Ok(groups) => groups.iter().for_each(|group| outline(group, &mut out)),
        Err(errors) => errors.iter().for_each(|found| {
            let column = found.column.map(|column| format!("/{column}")).unwrap_or_default();
            writeln!(out, "{}{column}: {}", found.row, found.message).unwrap();
        }),
    }
    out
}

fn outline(group: &Group, out: &mut String) {
    writeln!(out, "{} “{}” {}", group.slug, group.name, group.points).unwrap();
    for main in &group.main_indexes {
        writeln!(out, "  {} “{}” {}", main.code, main.name, main.points).unwrap();
        for leaf in &main.indicators {
            writeln!(out, "    {} “{}” {}", leaf.code, leaf.name, leaf.max).unwrap();
            for (field, text) in [("evidence", &leaf.evidence), ("guidance", &leaf.guidance)] {
                if !text.is_empty() {
                    writeln!(out, "      {field} {text:?}").unwrap();
                }
            }
        }
    }
}

#[track_caller]
fn check(text: &str, wanted: &str) {
    let lines = || wanted.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indent = lines().map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default();
    let wanted = lines().map(|line| format!("{}\n", &line[indent..])).collect::<String>();
    assert_eq!(told(text).trim_end(), wanted.trim_end());
}

struct Printed {
    code: String,
    parent: String,
    group: String,
    name: String,
    points: String,
}

/// The rows of a decision's table as printed, in its order.
fn printed(file: &str) -> Vec<Printed> {
    let path = format!("{}/../seeds/data/{file}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let row = |record: csv::StringRecord| Printed {
        code: record[0].into(),
        parent: record[1].into(),
        group: record[2].into(),
        name: if record[4].is_empty() { record[3].into() } else { record[4].into() },
        points: record[5].into(),
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// The table as a document puts it on the clipboard: group rows merged over it, numbers with a full stop.
fn pasted(rows: &[Printed], separator: &str) -> String {
    let quoted = |name: &str| match separator {
        "\t" => name.to_string(),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    };
    let mut out = format!("BẢNG CHỈ SỐ\n\nSTT{separator}Chỉ số{separator}Điểm tối đa\n");
    let mut group = "";
    for row in rows {
        if row.group != group {
            group = &row.group;
            let numeral = if group == "nền tảng" { "I" } else { "II" };
            writeln!(out, "{numeral}{separator}{}{separator}250", quoted(&format!("Nhóm chỉ số {group}"))).unwrap();
        }
        let dot = if row.parent.is_empty() { "." } else { "" };
        writeln!(out, "{}{dot}{separator}{}{separator}{}", row.code, quoted(&row.name), row.points).unwrap();
    }
    writeln!(out, "{separator}Tổng cộng{separator}500").unwrap();
    out
}

#[track_caller]
fn check_decision(file: &str, separator: &str, indicators: usize) {
    let rows = printed(file);
    let groups = read_text(&pasted(&rows, separator)).unwrap_or_else(|found| panic!("{found:#?}"));
    assert_eq!(groups.iter().map(|group| group.slug.as_str()).collect::<Vec<_>>(), ["nen-tang", "hoat-dong"]);
    let mut read: Vec<(String, String, String, String, Decimal)> = Vec::new();
    for group in &groups {
        let name = |text: &str| text.to_string();
        let heading = group.name.strip_prefix("Nhóm chỉ số ").unwrap();
        for main in &group.main_indexes {
            read.push((name(&main.code), String::new(), name(heading), name(&main.name), main.points));
            for leaf in &main.indicators {
                read.push((name(&leaf.code), name(&main.code), name(heading), name(&leaf.name), leaf.max));
                assert_eq!(leaf.key, leaf.code);
            }
        }
    }
    let wanted: Vec<_> = rows
        .into_iter()
        .map(|row| (row.code, row.parent, row.group, row.name, row.points.parse::<Decimal>().unwrap()))
        .collect();
    assert_eq!(read, wanted);
    assert_eq!(read.iter().filter(|row| !row.1.is_empty()).count(), indicators);
}

#[test]
fn bang_1_comes_back_to_the_letter() {
    for separator in ["\t", ";", ","] {
        check_decision("bang1", separator, 35);
    }
}

#[test]
fn bang_2_comes_back_to_the_letter() {
    for separator in ["\t", ";", ","] {
        check_decision("bang2", separator, 68);
    }
}

#[cfg(feature = "run")]
#[test]
fn a_pasted_table_is_a_set_that_compiles() {
    let groups = read_text(&pasted(&printed("bang2"), "\t")).unwrap();
    let mut set = engine::run::compile(
        "indicator_set(\"x\", #{ name: \"x\", total: 500 }); group(\"g\", \"g\", 500); main_index(\"1\", \"m\", 500);
         indicator(\"1.1\", \"i\", 500);",
    )
    .unwrap()
    .set;
    set.groups = groups;
    let compiled = engine::run::compile(&engine::print(&set)).unwrap_or_else(|found| panic!("{found:#?}"));
    assert_eq!(compiled.set, set);
}

#[test]
fn columns_are_recognised_in_any_order() {
    let wanted = "
        nhom-chi-so “Nhóm chỉ số” 12.5
          1 “Nhận thức số” 12.5
            1.1 “Họp” 10
              evidence \"Giấy mời\\nKết luận\"
            1.2 “Chuyên mục” 2.5
    ";
    check(
        "Số TT\tĐiểm tự chấm\tTên chỉ số\tThang điểm\tTài liệu kiểm chứng\n(1)\t(2)\t(3)\t(4)\t(5)\n\
         1\t\tNhận thức số\t12,5\t\n1.1\t9\tHọp\t10\t\"Giấy mời\nKết luận\"\n1.2\t\tChuyên mục\t2,5 điểm\t",
        wanted,
    );
    check(
        "Điểm;Tiêu chí;Mã;Ghi chú\n12,5;Nhận thức số;1;\n10;Họp;1.1;\"Giấy mời\nKết luận\"\n2,5;Chuyên mục;1.2;",
        wanted,
    );
}

#[test]
fn without_a_header_the_cells_tell() {
    let wanted = "
        nhom-chi-so “Nhóm chỉ số” 15
          1 “Nhận thức số” 15
            1.1 “Họp” 10
            1.2 “Chuyên mục” 5
    ";
    check("1\tNhận thức số\t15\n1.1\tHọp\t10\n1.2\tChuyên mục\t5", wanted);
    check("1. Nhận thức số\t15\n1.1. Họp\t10\n1.2. Chuyên mục\t5", wanted);
}

#[test]
fn a_column_of_numbers_may_have_no_heading() {
    check(
        "Lĩnh vực\t\tChỉ số\tĐiểm\nChung\t1\tNhận thức số\t10\nChung\t1.1\tHọp\t10",
        "
        nhom-chi-so “Nhóm chỉ số” 10
          1 “Nhận thức số” 10
            1.1 “Họp” 10
        ",
    );
}

#[test]
fn points_above_may_be_left_out() {
    check(
        "TT\tNội dung\tĐiểm\nA\tNền tảng\t\n1\tNhận thức\t\n1.1\tHọp\t10\n2\tThể chế\t\n2.1\tKế hoạch\t1.000\nB\tNền tảng\t5\n3\tHạ tầng\t\n3.1\tMạng\t5",
        "
        nen-tang “Nền tảng” 1010
          1 “Nhận thức” 10
            1.1 “Họp” 10
          2 “Thể chế” 1000
            2.1 “Kế hoạch” 1000
        nen-tang-2 “Nền tảng” 5
          3 “Hạ tầng” 5
            3.1 “Mạng” 5
        ",
    );
}

#[test]
fn numerals_are_main_indexes_where_no_number_has_a_dot() {
    check(
        "TT\tChỉ số\tĐiểm\nI\tNhận thức\t15\n1\tHọp\t10\n2\tChuyên mục\t5\nII\tThể chế\t5\n1\tKế hoạch\t5",
        "
        nhom-chi-so “Nhóm chỉ số” 20
          1 “Nhận thức” 15
            1.1 “Họp” 10
            1.2 “Chuyên mục” 5
          2 “Thể chế” 5
            2.1 “Kế hoạch” 5
        ",
    );
}

#[test]
fn a_numeral_above_its_own_indicator_is_a_main_index() {
    check(
        "TT\tChỉ số\tĐiểm\n\tNhóm chỉ số nền tảng\t15\nI\tNhận thức\t10\n1.1\tHọp\t10\n2\tThể chế\t5\n2.1\tKế hoạch\t5",
        "
        nen-tang “Nhóm chỉ số nền tảng” 15
          1 “Nhận thức” 10
            1.1 “Họp” 10
          2 “Thể chế” 5
            2.1 “Kế hoạch” 5
        ",
    );
}

#[test]
fn deeper_rows_with_points_are_the_indicators() {
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t20\n1.1\tHọp\t15\n1.1.1\tHọp quý\t10\n1.1.2\tHọp năm\t5\n1.2\tChuyên mục\t5",
        "
        nhom-chi-so “Nhóm chỉ số” 20
          1 “Nhận thức” 20
            1.1.1 “Họp: Họp quý” 10
            1.1.2 “Họp: Họp năm” 5
            1.2 “Chuyên mục” 5
        ",
    );
}

#[test]
fn deeper_rows_without_points_tell_how_it_is_scored() {
    check(
        "TT\tChỉ số\tĐiểm\tMinh chứng\n1\tNhận thức\t15\t\n1.1\tHọp\t10\tGiấy mời\n1.1.1\tĐủ bốn cuộc: điểm tối đa\t\t\n\
         -\tDưới bốn cuộc: một nửa\t5\tKết luận\n1.2\tChuyên mục\t5\t\na)\tCó tin bài\t\t",
        "
        nhom-chi-so “Nhóm chỉ số” 15
          1 “Nhận thức” 15
            1.1 “Họp” 10
              evidence \"Giấy mời\"
              guidance \"1.1.1 Đủ bốn cuộc: điểm tối đa\\n- Dưới bốn cuộc: một nửa: 5\"
            1.2 “Chuyên mục” 5
              guidance \"a) Có tin bài\"
        ",
    );
}

#[test]
fn a_row_without_a_number_continues_the_row_above() {
    check(
        "TT\tChỉ số\tĐiểm\tGhi chú\n1\tNhận thức\t10\t\n1.1\tCơ quan tổ chức\t\tGiấy mời\n\tcác cuộc họp\t10\tKết luận\n\tđịnh kỳ\t\t\n\t\t\tBiên bản",
        "
        nhom-chi-so “Nhóm chỉ số” 10
          1 “Nhận thức” 10
            1.1 “Cơ quan tổ chức các cuộc họp định kỳ” 10
              evidence \"Giấy mời\\nKết luận\\nBiên bản\"
        ",
    );
}

#[test]
fn footnotes_and_signatures_are_part_of_no_name() {
    let wanted = "
        nhom-chi-so “Nhóm chỉ số” 10
          1 “Nhận thức” 10
            1.1 “Họp” 5
            1.2 “Ngày hội” 5
    ";
    let table = "TT\tChỉ số\tĐiểm\n1\tNhận thức¹\t10\n1.1\tHọp (*)\t5\n1.2\tNgày hội\t5\n";
    for below in [
        "\tGhi chú: điểm làm tròn hai chữ số\t",
        "(*) Họp toàn cơ quan\t\t",
        "\t(*) Họp toàn cơ quan\t\n\t[1] Theo Quyết định 2001\t",
        "\n\tNgười lập biểu\t\n\tNguyễn Văn A\t",
        "KT. CHỦ TỊCH\t\t",
        "\tTổng cộng\t10\n\tNgười lập biểu\t",
    ] {
        check(&format!("{table}{below}"), wanted);
    }
}

#[test]
fn a_row_alone_between_indicators_is_asked_about() {
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t5\n1.1\tHọp\t5\nHạ tầng số\n2\tMạng\t5\n2.1\tĐường truyền\t5",
        "
        4/1: Dòng này không có số thứ tự; nếu là nhóm chỉ số, hãy đánh số I, II, … hoặc bắt đầu tên bằng “Nhóm”.
        ",
    );
}

#[test]
fn a_heading_on_every_page_is_no_row_and_may_order_the_columns_anew() {
    check(
        "TT\tChỉ số\tĐiểm tối đa\n(1)\t(2)\t(3)\n1\tNhận thức\t10\n1.1\tHọp\t5\nTT\tĐiểm tối đa\tChỉ số\n(1)\t(2)\t(3)\n1.2\t5\tNgày hội",
        "
        nhom-chi-so “Nhóm chỉ số” 10
          1 “Nhận thức” 10
            1.1 “Họp” 5
            1.2 “Ngày hội” 5
        ",
    );
}

#[test]
fn lines_with_dashes_in_a_name_tell_how_it_is_scored() {
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t10\n1.1\t\"Có kế hoạch\nhằng năm\n- Đã ban hành: 10\n- Chưa: 0\"\t10",
        "
        nhom-chi-so “Nhóm chỉ số” 10
          1 “Nhận thức” 10
            1.1 “Có kế hoạch hằng năm” 10
              guidance \"- Đã ban hành: 10\\n- Chưa: 0\"
        ",
    );
}

#[test]
fn beside_a_decimal_point_another_is_no_mark_of_thousands() {
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t15.625\n1.1\tHọp\t12.5\n1.2\tNgày hội\t3.125",
        "
        nhom-chi-so “Nhóm chỉ số” 15.625
          1 “Nhận thức” 15.625
            1.1 “Họp” 12.5
            1.2 “Ngày hội” 3.125
        ",
    );
}

#[test]
fn points_may_be_percentages() {
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t20%\n1.1\tHọp\t12,5 %\n1.2\tNgày hội\t7,5%",
        "
        nhom-chi-so “Nhóm chỉ số” 20
          1 “Nhận thức” 20
            1.1 “Họp” 12.5
            1.2 “Ngày hội” 7.5
        ",
    );
}

#[test]
fn letters_from_before_unicode_are_named() {
    check(
        "TT\tChØ sè\t§iÓm tèi ®a\n1\tNhËn thøc sè\t10\n1.1\tTû lÖ ng\u{ad}êi d©n hµi lßng\t10",
        "
        1: Chữ ở đây theo bảng mã TCVN3 (ABC, phông .VnTime), không phải Unicode; hãy chuyển mã (Unikey: Ctrl+Shift+F6) rồi nhập lại.
        2: Chữ ở đây theo bảng mã TCVN3 (ABC, phông .VnTime), không phải Unicode; hãy chuyển mã (Unikey: Ctrl+Shift+F6) rồi nhập lại.
        3: Chữ ở đây theo bảng mã TCVN3 (ABC, phông .VnTime), không phải Unicode; hãy chuyển mã (Unikey: Ctrl+Shift+F6) rồi nhập lại.
        ",
    );
}

#[test]
fn everything_wrong_is_told_at_once() {
    check(
        "STT\tChỉ số\tĐiểm tối đa\n1\tNhận thức\t30\n1.1\tHọp\tmười\n1.1\tChuyên mục\t10\n1.2\t\t5\n1.3\tNgày hội\t\n\
         1.4\tÂm\t-5\n1.5\tKhông\t0\n3.1\tLạc\t5\n2\tThể chế\t20\n2.1\tKế hoạch\t15\n2.Ă\tSai mã\t5\n\tThừa điểm\t5\n3\tTrống\t5\n4\tHạ tầng\t10\n4.1\tMạng\t8\n",
        "
        3/3: “mười” không phải số điểm; viết ví dụ 10 hoặc 12,5.
        4/1: Mã 1.1 đã dùng ở dòng 3. Nếu là 1.10, hãy định dạng cột số thứ tự là văn bản rồi dán lại.
        5/2: Dòng này chưa có tên chỉ số.
        6/3: Chỉ số 1.3 chưa có điểm tối đa.
        7/3: Điểm tối đa không được âm: −5.
        8/3: Điểm tối đa phải lớn hơn 0.
        9/1: 3.1 không đứng dưới chỉ số chính 3: bảng thiếu dòng 3 hoặc số thứ tự sai.
        12/1: Mã “2.Ă” chỉ được gồm chữ không dấu, chữ số và dấu chấm.
        13/1: Dòng này có điểm nhưng không có số thứ tự.
        14/1: Chỉ số chính 3 “Trống” không có chỉ số thành phần nào.
        15/3: Chỉ số chính 4 “Hạ tầng” ghi 10 điểm nhưng các phần cộng lại được 8.
        ",
    );
}

#[test]
fn sums_name_both_numbers() {
    check(
        "TT\tChỉ số\tĐiểm\nI\tNền tảng\t11\n1\tNhận thức\t10\n1.1\tHọp\t10\n\tTổng điểm\t12",
        "
        2/3: Nhóm “Nền tảng” ghi 11 điểm nhưng các phần cộng lại được 10.
        ",
    );
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t10\n1.1\tHọp\t10\nTổng cộng\t\t12,5",
        "
        4/3: Dòng tổng ghi 12,5 điểm nhưng các chỉ số cộng lại được 10.
        ",
    );
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t10\n1.1\tHọp\t10\n1.1.1\tQuý\t4\n1.1.2\tNăm\t5",
        "
        3/3: Chỉ số 1.1 “Họp” ghi 10 điểm nhưng các phần cộng lại được 9.
        ",
    );
}

#[test]
fn what_a_spreadsheet_does_to_numbers_is_said() {
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t10\n1,1\tHọp\t10\n2\tThể chế\t5\n02/01/2025\tKế hoạch\t5",
        "
        5/1: “02/01/2025” là ngày tháng: bảng tính đã đổi số thứ tự; hãy định dạng cột số thứ tự là văn bản rồi dán lại.
        ",
    );
    check(
        "TT\tChỉ số\tĐiểm\n1\tNhận thức\t10\n1.1\tHọp\t01/05/2025",
        "
        3/3: “01/05/2025” là ngày tháng: bảng tính đã đổi số điểm; hãy định dạng cột điểm là số rồi nhập lại.
        ",
    );
}

#[test]
fn a_text_that_is_no_table_is_refused() {
    check("", "\n1: Không tìm thấy cột điểm tối đa; hãy dán cả dòng tiêu đề của bảng.");
    check("Chỉ số về nhận thức", "\n1: Không tìm thấy cột điểm tối đa; hãy dán cả dòng tiêu đề của bảng.");
    check("TT\tChỉ số\tĐiểm", "\n1: Bảng không có dòng nào dưới dòng tiêu đề.");
    check(
        "TT\tChỉ số\tĐiểm\n1\tHọp\t10\n2\tKế hoạch\t5",
        "\n2: Bảng chỉ có một cấp: mỗi chỉ số chính (1, 2, …) cần các chỉ số thành phần (1.1, 1.2, …).",
    );
    check("1\t2\t3\n4\t5\t6", "\n1: Không tìm thấy cột tên chỉ số; hãy dán cả dòng tiêu đề của bảng.");
}

#[test]
fn a_table_has_its_limits() {
    let rows: String =
        (1..=501).fold("TT\tChỉ số\tĐiểm\n1\tA\t\n".into(), |rows, at| format!("{rows}1.{at}\tB\t1\n"));
    check(&rows, "\n1: Bảng có 501 chỉ số; tối đa 500.");
    let long = format!("TT\tChỉ số\tĐiểm\n1\tA\t1\n1.1\t{}\t1", "a".repeat(1024 * 1024));
    check(&long, "\n1: Bảng quá lớn: tối đa 1 MB chữ.");
    let wide = format!("{}\n{}", "\t".repeat(400_000), "x\n".repeat(200_000));
    check(&wide, "\n1: Không tìm thấy cột điểm tối đa; hãy dán cả dòng tiêu đề của bảng.");
    let wrong = format!("TT\tChỉ số\tĐiểm\n{}", "1.1\t\tx\n".repeat(100_000));
    assert_eq!(read_text(&wrong).unwrap_err().len(), 500);
}

#[test]
fn a_group_has_a_slug() {
    assert_eq!(slug_of("Hạ tầng số"), "ha-tang-so");
}

fn cell() -> impl Strategy<Value = String> {
    let often = [
        "1",
        "1.1",
        "1.2",
        "1.1.1",
        "2",
        "2.1",
        "I",
        "II",
        "A",
        "-",
        "a)",
        "",
        "Tổng cộng",
        "Nhóm chỉ số",
        "10",
        "5",
        "\"",
        "\"a\nb\"",
    ];
    prop_oneof![4 => prop::sample::select(often.to_vec()).prop_map(String::from), 1 => "\\PC{0,6}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Whatever is pasted, what is read has codes, names and sums that agree.
    #[test]
    fn what_is_read_is_sound(rows in prop::collection::vec(prop::collection::vec(cell(), 1..4), 0..12), separator in "[\t;,]") {
        let body: Vec<String> = rows.iter().map(|row| row.join(&separator)).collect();
        let header = ["TT", "Chỉ số", "Điểm"].join(&separator);
        let Ok(groups) = read_text(&format!("{header}\n{}", body.join("\n"))) else { return Ok(()) };
        let mut codes = std::collections::HashSet::new();
        for group in &groups {
            prop_assert_eq!(group.points, group.main_indexes.iter().map(|main| main.points).sum::<Decimal>());
            prop_assert!(!group.name.is_empty() && group.slug == slug_of(&group.slug) && !group.slug.is_empty());
            for main in &group.main_indexes {
                prop_assert_eq!(main.points, main.indicators.iter().map(|leaf| leaf.max).sum::<Decimal>());
                prop_assert!(!main.indicators.is_empty() && codes.insert(main.code.clone()) && !main.name.is_empty());
                for leaf in &main.indicators {
                    let below = leaf.code.strip_prefix(main.code.as_str()).is_some_and(|rest| rest.starts_with('.'));
                    prop_assert!(below && codes.insert(leaf.code.clone()));
                    prop_assert!(leaf.max > Decimal::ZERO && !leaf.name.is_empty());
                }
            }
        }
    }
}
