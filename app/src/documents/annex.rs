//! The annex of indicators that are not assessed ("phụ lục các chỉ số không đánh giá") of one unit.

use docx_rs::Paragraph;
use tenants::assessments::{Annex, AnnexRow};
use tenants::decisions::Decision;
use tenants::sheets::ClaimGround;

use super::paper::{Letterhead, body, head, heading, pack, sheet, signatures, table, title};

/// A Word file. `authority` is the name of the tenant.
pub fn annex(authority: &str, annex: &Annex) -> Result<Vec<u8>, String> {
    let unit = &annex.head.unit_name;
    let [name, about] = title("PHỤ LỤC", &format!("Các chỉ số không đánh giá của kỳ “{}”", annex.head.period.name));
    let trim = engine::number::trim;
    let mut document = sheet()
        .add_table(head(&Letterhead { authority, organ: unit, number: None, day: "ngày … tháng … năm …" }))
        .add_paragraph(name)
        .add_paragraph(about)
        .add_paragraph(body(&format!("Đơn vị: {unit}. Bộ chỉ số: {}.", annex.head.set_name)));
    let draft = annex.rows.iter().any(|row| row.draft);
    // With time of its own the unit may still sign.
    if annex.head.is_unsent() && !draft {
        document = document.add_paragraph(body("Đơn vị không tự đánh giá trong kỳ này."));
    }
    if draft {
        document =
            document.add_paragraph(body("Bản nháp: những đề nghị ghi “chưa ký” chưa được thủ trưởng đơn vị ký."));
    }
    document = match annex.rows.as_slice() {
        [] => document.add_paragraph(body("Không có chỉ số nào được đề nghị hoặc xác định không đánh giá.")),
        rows => {
            let columns = [
                ("Mã", 8, false),
                ("Chỉ số", 27, false),
                ("Điểm tối đa", 10, true),
                ("Căn cứ, lý do", 30, false),
                ("Quyết định của Hội đồng", 25, false),
            ];
            document.add_table(table(&columns, rows.iter().map(|row| line(row, annex.decided)).collect()))
        }
    };
    if annex.decided {
        let told = format!(
            "Điểm loại trừ: {}. Tổng điểm tối đa tương ứng: {}/{}.",
            trim(annex.total - annex.applicable),
            trim(annex.applicable),
            trim(annex.total)
        );
        document = document.add_paragraph(heading("Tổng hợp")).add_paragraph(body(&told));
    }
    let signed = signatures(("NGƯỜI LẬP", ""), ("THỦ TRƯỞNG ĐƠN VỊ", ""));
    pack(document.add_paragraph(Paragraph::new()).add_table(signed))
}

fn line(row: &AnnexRow, decided: bool) -> Vec<String> {
    let by = match (row.exempt, &row.claim) {
        (true, _) => "Cơ quan thường trực xác định.",
        (_, Some(_)) if row.draft => "Đơn vị dự kiến đề nghị (chưa ký).",
        (_, Some(_)) => "Đơn vị đề nghị.",
        _ if row.implied && row.draft => "Mẫu số bằng 0 theo số liệu chưa ký.",
        _ if row.implied => "Mẫu số bằng 0, theo quy định của bộ chỉ số.",
        _ => "",
    };
    let why = row.claim.as_ref().map(|claim| {
        let ground = match claim.ground {
            ClaimGround::NoFunction => "Không có chức năng, nhiệm vụ",
            ClaimGround::NotThisYear => "Năm đánh giá chưa phải thực hiện",
        };
        format!(" {ground}: {}", claim.reason)
    });
    let decision = match &row.decided {
        Some(made) => {
            let verdict = match made.decision {
                Decision::NotApplicable => "Đồng ý không đánh giá",
                _ => "Không đồng ý; chấm điểm",
            };
            let points = made.points.map(|points| format!(" {}", engine::number::trim(points))).unwrap_or_default();
            let reason = if made.reason.is_empty() { String::new() } else { format!(". {}", made.reason) };
            format!("{verdict}{points}{reason}")
        }
        None if row.draft => "Chưa gửi Hội đồng".into(),
        None if decided => "Chưa quyết định".into(),
        None => "Chưa thông báo".into(),
    };
    let maximum = engine::number::trim(row.maximum);
    vec![row.code.clone(), row.name.clone(), maximum, format!("{by}{}", why.unwrap_or_default()), decision]
}
