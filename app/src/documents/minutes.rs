//! The minutes of a session of the appraisal council ("biên bản họp Hội đồng thẩm định"), from what the secretary wrote and
//! what the council decided.

use docx_rs::{Docx, Paragraph};
use tenants::minutes::{Changed, Claimed, Petitioned, Record, Session, Vote};
use tenants::seats::{CouncilDecision, standing_on};

use super::paper::{Letterhead, body, day, head, heading, pack, sheet, signatures, table, title};
use crate::format;

/// A Word file. `authority` is the name of the tenant whose council met.
pub fn minutes(authority: &str, session: &Session, record: &Record) -> Result<Vec<u8>, String> {
    let written = &session.written;
    let [name, about] =
        title("BIÊN BẢN", &format!("Họp Hội đồng thẩm định kết quả {}", uncapitalised(&session.period.name)));
    let document = sheet()
        .add_table(head(&Letterhead {
            authority,
            organ: "Hội đồng thẩm định",
            number: Some("…/BB-HĐTĐ"),
            day: &day(written.held_on),
        }))
        .add_paragraph(name)
        .add_paragraph(about);
    let basis = standing_on(&record.basis, written.held_on).map(basis);
    let document = basis
        .into_iter()
        .fold(document, Docx::add_paragraph)
        .add_paragraph(heading("I. Thời gian, địa điểm, thành phần"));
    let mut document = document
        .add_paragraph(body(&format!("1. Thời gian: {}.", day(written.held_on))))
        .add_paragraph(body(&format!("2. Địa điểm: {}.", or_dots(&written.place))))
        .add_paragraph(body(&format!("3. Chủ trì: {}. Thư ký: {}.", written.chair, written.secretary)))
        .add_paragraph(body("4. Thành viên có mặt:"));
    document = lines(document, &written.present);
    if !written.absent.is_empty() {
        document = lines(document.add_paragraph(body("5. Thành viên vắng mặt:")), &written.absent);
    }
    document = lines(document.add_paragraph(heading("II. Nội dung")), &written.proceedings);
    document = results(document.add_paragraph(heading("III. Kết quả thẩm định")), record);
    document = votes(document, &session.votes);
    document = lines(document.add_paragraph(heading("V. Kết luận")), &written.conclusion);
    document = document
        .add_paragraph(body("Biên bản được lập để các thành viên Hội đồng thông qua và ký."))
        .add_paragraph(Paragraph::new())
        .add_table(signatures(("THƯ KÝ", &written.secretary), ("CHỦ TRÌ", &written.chair)));
    document = changes(document, &record.changed);
    pack(petitions(document, &record.petitions))
}

/// What the council meets under.
fn basis(decision: &CouncilDecision) -> Paragraph {
    let told = format!("Căn cứ Quyết định số {} {} về Hội đồng thẩm định.", decision.number, day(decision.date));
    body(&told)
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn or_dots(text: &str) -> &str {
    if text.is_empty() { "…" } else { text }
}

/// Each line a paragraph of its own.
fn lines(document: Docx, text: &str) -> Docx {
    let text = if text.is_empty() { "…" } else { text };
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .fold(document, |document, line| document.add_paragraph(body(line)))
}

fn results(mut document: Docx, record: &Record) -> Docx {
    let excluded = record.changed.iter().filter(|changed| changed.appraised.is_none()).count();
    let adjusted = record.changed.iter().filter(|changed| changed.appraised.is_some() && !changed.by_rules).count();
    let anew = match record.accepted_anew {
        0 => String::new(),
        anew => format!(" (trong đó {anew} điểm được tính lại theo quy tắc sửa đổi sau khi đơn vị ký)"),
    };
    let told = format!(
        "Công nhận {} điểm tự đánh giá{anew}; điều chỉnh {adjusted}; quyết định không đánh giá {excluded} chỉ số; còn {} chỉ số chưa quyết định.",
        record.accepted, record.open,
    );
    document = document.add_paragraph(body(&told));
    let columns = [
        ("Hạng", 10, true),
        ("Đơn vị", 45, false),
        ("Điểm", 15, true),
        ("Điểm tối đa", 15, true),
        ("Chỉ số", 15, true),
    ];
    for group in &record.groups {
        let row = |line: &tenants::ranking::RankingLine| {
            vec![
                line.rank
                    .map_or_else(|| if line.ranked { "–" } else { "Không xếp hạng" }.into(), |rank| rank.to_string()),
                named(&line.unit_name, line.self_assessed),
                format::points(line.points, 2),
                format::points(line.applicable_maximum, 2),
                format::percent(line.index, 2),
            ]
        };
        document = document
            .add_paragraph(heading(&group.name))
            .add_table(table(&columns, group.rows.iter().map(row).collect()));
    }
    document
}

/// A unit by its name, marked where it sent nothing.
fn named(name: &str, self_assessed: bool) -> String {
    if self_assessed { name.to_owned() } else { format!("{name} (không tự đánh giá)") }
}

fn votes(document: Docx, votes: &[Vote]) -> Docx {
    let document = document.add_paragraph(heading("IV. Biểu quyết"));
    if votes.is_empty() {
        return document.add_paragraph(body("Phiên họp không có nội dung biểu quyết."));
    }
    let columns = [
        ("Nội dung", 46, false),
        ("Đồng ý", 12, true),
        ("Không đồng ý", 14, true),
        ("Không có ý kiến", 14, true),
        ("Kết quả", 14, false),
    ];
    let row = |vote: &Vote| {
        let carried = if vote.is_carried() { "Thông qua" } else { "Không thông qua" };
        let counts = [vote.in_favour, vote.against, vote.abstained].map(|count| count.to_string());
        std::iter::once(vote.question.clone()).chain(counts).chain([carried.to_owned()]).collect()
    };
    document.add_table(table(&columns, votes.iter().map(row).collect()))
}

fn changes(document: Docx, changed: &[Changed]) -> Docx {
    if changed.is_empty() {
        return document;
    }
    let columns = [
        ("Đơn vị", 30, false),
        ("Chỉ số", 10, false),
        ("Đơn vị đã ký", 13, true),
        ("Thẩm định", 17, true),
        ("Lý do", 30, false),
    ];
    let row = |one: &Changed| {
        let appraised = one.appraised.map_or_else(|| "không đánh giá".into(), |points| format::points(points, 2));
        let claimed = match one.claimed {
            Claimed::Nothing => "–".into(),
            Claimed::Points(points) => format::points(points, 2),
            Claimed::NotApplicable => "đề nghị không đánh giá".into(),
        };
        let reason = match one.reason.as_str() {
            "" if one.by_rules => "Tính lại theo quy tắc sửa đổi sau khi đơn vị ký".into(),
            reason => reason.to_owned(),
        };
        vec![named(&one.unit, one.self_assessed), one.code.clone(), claimed, appraised, reason]
    };
    let first = heading("Phụ lục 1. Các chỉ số được điều chỉnh hoặc không đánh giá").page_break_before(true);
    document.add_paragraph(first).add_table(table(&columns, changed.iter().map(row).collect()))
}

fn petitions(document: Docx, petitions: &[Petitioned]) -> Docx {
    if petitions.is_empty() {
        return document;
    }
    let columns =
        [("Đơn vị", 24, false), ("Chỉ số", 10, false), ("Kiến nghị", 33, false), ("Trả lời của Hội đồng", 33, false)];
    let row = |one: &Petitioned| {
        vec![
            one.unit.clone(),
            one.code.clone(),
            one.text.clone(),
            one.answer.clone().unwrap_or_else(|| "chưa trả lời".into()),
        ]
    };
    let first = heading("Phụ lục 2. Kiến nghị của đơn vị và trả lời của Hội đồng");
    document.add_paragraph(first).add_table(table(&columns, petitions.iter().map(row).collect()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{Cursor, Read};

    use tenants::ids::CouncilDecisionId;
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn the_minutes_name_the_decision_the_council_meets_under() {
        let decision = CouncilDecision {
            id: CouncilDecisionId::new(),
            number: "12/QĐ-UBND".into(),
            date: date!(2026 - 01 - 05),
            file: None,
            by: String::new(),
            at: datetime!(2026-01-05 09:00 +7),
        };
        let bytes = pack(sheet().add_paragraph(basis(&decision))).unwrap();
        let mut document = String::new();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        archive.by_name("word/document.xml").unwrap().read_to_string(&mut document).unwrap();
        assert!(document.contains("Căn cứ Quyết định số 12/QĐ-UBND ngày 05 tháng 01 năm 2026"), "{document}");
    }
}
