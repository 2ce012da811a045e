//! The workbook of a sheet: a table to fill in, and a hidden sheet that says what was there. Always in Vietnamese.

use engine::InputKind;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::slot::{BEFORE, FORMAT, TABLE, column};
use super::wording::{self, Shown};
use super::{Blank, BlankRow, BlankSection, Locked, Slot};
use crate::clock::wall_clock;
use crate::sheets::{ClaimGround, Field};
use crate::{Error, Result};

/// Headings of the columns, with their widths in characters.
const COLUMNS: [(u16, &str, f64); 15] = [
    (column::NAME, "", 0.0),
    (column::CODE, "Mã", 7.0),
    (column::INDICATOR, "Chỉ số thành phần", 42.0),
    (column::MAXIMUM, "Điểm tối đa", 9.0),
    (column::LABEL, "Số liệu", 38.0),
    (column::ANSWER, "Giá trị", 18.0),
    (column::UNIT, "Đơn vị tính", 12.0),
    (column::LAST, "Năm trước", 13.0),
    (column::POINTS, "Điểm hiện tại", 10.0),
    (column::OWN, "Điểm tự chấm, nếu khác công thức", 14.0),
    (column::EXPLANATION, "Giải trình", 44.0),
    (column::GROUND, "Đề nghị không đánh giá: căn cứ", 28.0),
    (column::REASON, "Lý do không đánh giá", 30.0),
    (column::CONFIRM, "Xác nhận số liệu lấy từ năm trước", 14.0),
    (column::GUIDANCE, "Hướng dẫn chấm điểm; tài liệu kiểm chứng", 60.0),
];
/// Row of the headings; the title and how to fill it in stand above.
const HEAD: u32 = 3;
/// Column of the hidden sheet from which on the lists of levels stand.
const LISTS: u16 = 4;

const HOW: &str = "Chỉ nhập ở ô nền vàng. Số viết kiểu Việt Nam (1.234,5) hoặc để Excel tự định dạng đều được. Điền xong, lưu dạng .xlsx rồi bấm “Nộp biểu Excel”: hệ thống cho xem trước mọi thay đổi, chưa ghi gì trước khi bạn xác nhận. Tài liệu kiểm chứng đính kèm trên hệ thống.";

/// The bytes of an .xlsx file. The same sheet gives the same bytes.
pub fn write(blank: &Blank) -> Result<Vec<u8>> {
    bytes(blank).map_err(Error::internal)
}

fn bytes(blank: &Blank) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(u16::try_from(blank.head.period.year).unwrap_or(2000), 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(title(blank)).set_creation_datetime(&made));
    let mut table = Table::begin(blank)?;
    for (field, last) in &blank.facts {
        table.fact(field, last.as_deref())?;
    }
    for section in &blank.sections {
        table.section(section)?;
    }
    let Table { sheet, before, .. } = table;
    book.push_worksheet(sheet);
    book.push_worksheet(before);
    book.save_to_buffer()
}

/// "Sở Tư pháp, Năm 2025".
fn title(blank: &Blank) -> String {
    format!("{}, {}", blank.head.unit_name, blank.head.period.name)
}

struct Table {
    sheet: Worksheet,
    before: Worksheet,
    look: Look,
    /// Next row of each of the two sheets, and the next free column for a list.
    row: u32,
    told: u32,
    list: u16,
    /// Nobody may write: the whole table is to be read.
    closed: bool,
}

/// How cells look.
struct Look {
    fixed: Format,
    strong: Format,
    number: Format,
    heading: Format,
    section: Format,
    answer: Format,
    words: Format,
}

impl Look {
    fn new() -> Look {
        let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_border(FormatBorder::Thin);
        let cell = cell.set_border_color(Color::RGB(0x00D8_D3C8));
        let answer = cell.clone().set_background_color(Color::RGB(0x00FF_F9E0)).set_unlocked();
        Look {
            fixed: cell.clone(),
            strong: cell.clone().set_bold(),
            number: cell.clone().set_num_format("#,##0.##").set_align(FormatAlign::Right),
            heading: cell.clone().set_bold().set_background_color(Color::RGB(0x00EF_EBE2)),
            section: cell.clone().set_bold().set_background_color(Color::RGB(0x00F7_F4EE)),
            answer: answer.clone().set_align(FormatAlign::Right),
            words: answer,
        }
    }
}

impl Table {
    fn begin(blank: &Blank) -> std::result::Result<Table, XlsxError> {
        let mut table = Table {
            sheet: Worksheet::new(),
            before: Worksheet::new(),
            look: Look::new(),
            row: HEAD + 1,
            told: 0,
            list: LISTS,
            closed: !blank.head.can.edit,
        };
        table.sheet.set_name(TABLE)?;
        table.before.set_name(BEFORE)?.set_very_hidden(true);
        table.top(blank)?;
        table.tell("format", FORMAT, "")?;
        table.tell("sheet", &blank.head.id.to_string(), "")?;
        table.tell("title", &title(blank), "")?;
        table.tell("rules", &blank.rules, "")?;
        let options = ProtectionOptions { format_columns: true, format_rows: true, ..ProtectionOptions::new() };
        table.sheet.protect_with_options(&options);
        Ok(table)
    }

    fn top(&mut self, blank: &Blank) -> std::result::Result<(), XlsxError> {
        let any = |wanted: fn(&BlankRow) -> bool| blank.sections.iter().flat_map(|section| &section.rows).any(wanted);
        let (unconfirmed, adjustable) = (any(|row| row.unconfirmed), any(|row| row.row.adjustable));
        let sheet = &mut self.sheet;
        for (place, heading, width) in COLUMNS {
            let unused = (place == column::CONFIRM && !unconfirmed) || (place == column::OWN && !adjustable);
            if place == column::NAME || unused {
                sheet.set_column_hidden(place)?;
            } else {
                sheet.set_column_width(place, width)?;
            }
            let last = blank.last_year.filter(|_| place == column::LAST);
            let heading = last.map_or_else(|| heading.to_owned(), |year| format!("Năm {year}"));
            sheet.write_string_with_format(HEAD, place, heading, &self.look.heading)?;
        }
        let large = Format::new().set_bold().set_font_size(14);
        let about = format!("{} · hạn nộp {}", blank.head.set_name, wall_clock(blank.head.due));
        sheet.write_string_with_format(0, column::CODE, format!("Phiếu tự đánh giá: {}", title(blank)), &large)?;
        sheet.write_string(1, column::CODE, about)?;
        sheet.write_string(2, column::CODE, HOW)?;
        sheet.set_freeze_panes(HEAD + 1, column::MAXIMUM)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(HEAD, HEAD)?;
        Ok(())
    }

    /// A line of the hidden sheet.
    fn tell(&mut self, kind: &str, name: &str, value: &str) -> std::result::Result<(), XlsxError> {
        for (place, text) in [(0, kind), (1, name), (2, value)] {
            self.before.write_string(self.told, place, text)?;
        }
        self.told += 1;
        Ok(())
    }

    fn fixed(&mut self, place: u16, text: &str) -> std::result::Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, place, text, &self.look.fixed).map(drop)
    }

    fn band(&mut self, code: &str, name: &str) -> std::result::Result<(), XlsxError> {
        for place in column::CODE..=column::GUIDANCE {
            let text = match place {
                column::CODE => code,
                column::INDICATOR => name,
                _ => "",
            };
            self.sheet.write_string_with_format(self.row, place, text, &self.look.section)?;
        }
        self.row += 1;
        Ok(())
    }

    fn fact(&mut self, field: &Field, last: Option<&str>) -> std::result::Result<(), XlsxError> {
        if self.row == HEAD + 1 {
            self.band("", "Số liệu dùng chung: nhập một lần, nhiều chỉ số cùng đọc")?;
        }
        self.blank_line()?;
        self.sheet.write_string(self.row, column::NAME, Slot::Fact(field.name.clone()).to_string())?;
        self.figure(Slot::Fact(field.name.clone()), field, last, !self.closed)?;
        self.row += 1;
        Ok(())
    }

    fn section(&mut self, section: &BlankSection) -> std::result::Result<(), XlsxError> {
        self.band(&section.code, &section.name)?;
        section.rows.iter().try_for_each(|row| self.indicator(row))
    }

    fn indicator(&mut self, blank: &BlankRow) -> std::result::Result<(), XlsxError> {
        let row = &blank.row;
        self.tell("row", &row.code, &row.revision.to_string())?;
        let open = blank.locked.is_none() && !self.closed;
        let own: Vec<&Field> = row.fields.iter().filter(|field| !field.shared).collect();
        let first = own.first().map_or_else(
            || format!("*alone/{}", row.code),
            |field| format!("*{}", Slot::Input(row.code.clone(), field.name.clone())),
        );
        self.blank_line()?;
        self.sheet.write_string(self.row, column::NAME, first)?;
        self.fixed(column::CODE, &row.code)?;
        self.sheet.write_string_with_format(self.row, column::INDICATOR, &row.name, &self.look.strong)?;
        self.number(column::MAXIMUM, row.maximum)?;
        match row.score.points {
            Some(points) => self.number(column::POINTS, points)?,
            None => self.fixed(column::POINTS, "–")?,
        }
        self.fixed(column::GUIDANCE, &guidance(blank))?;
        self.answers(blank, open)?;
        for (position, field) in own.iter().enumerate() {
            let slot = Slot::Input(row.code.clone(), field.name.clone());
            if position > 0 {
                self.blank_line()?;
                self.sheet.write_string(self.row, column::NAME, slot.to_string())?;
            }
            let last = blank.last.as_ref().and_then(|last| last.values.get(&field.name)).map(String::as_str);
            self.figure(slot, field, last, open)?;
            self.row += 1;
        }
        self.row += u32::from(own.is_empty());
        Ok(())
    }

    /// Explanation, claim and confirmation: once an indicator, on its first line.
    fn answers(&mut self, blank: &BlankRow, open: bool) -> std::result::Result<(), XlsxError> {
        let row = &blank.row;
        let code = || row.code.clone();
        if row.adjustable {
            let shown = if row.own_points.is_empty() {
                Shown::Text(String::new())
            } else {
                wording::shown(&InputKind::Number, &row.own_points)
            };
            self.cell(column::OWN, &shown, true, open)?;
            self.was(Slot::Own(code()), &row.own_points)?;
        }
        self.words(column::EXPLANATION, Slot::Explanation(code()), &row.explanation, open)?;
        if row.may_claim {
            let (ground, reason) = row.claim.as_ref().map_or((None, ""), |claim| (Some(claim.ground), &claim.reason));
            let shown = ground.map(wording::ground).unwrap_or_default();
            self.cell(column::GROUND, &Shown::Text(shown.into()), false, open)?;
            self.was(Slot::Ground(code()), ground.map(ClaimGround::as_str).unwrap_or_default())?;
            let entries = ClaimGround::ALL.map(wording::ground).map(String::from);
            self.choose(column::GROUND, &entries)?;
            self.words(column::REASON, Slot::Reason(code()), reason, open)?;
        }
        if blank.unconfirmed {
            self.cell(column::CONFIRM, &Shown::Text(String::new()), false, open)?;
            self.choose(column::CONFIRM, &[wording::CONFIRMED.to_owned()])?;
        }
        Ok(())
    }

    fn words(&mut self, place: u16, slot: Slot, text: &str, open: bool) -> std::result::Result<(), XlsxError> {
        let text = wording::lines(text);
        self.cell(place, &Shown::Text(text.clone()), false, open)?;
        self.was(slot, &text)
    }

    fn was(&mut self, slot: Slot, value: &str) -> std::result::Result<(), XlsxError> {
        if value.is_empty() { Ok(()) } else { self.tell("was", &slot.to_string(), value) }
    }

    /// A figure's label, cell, unit and last year.
    fn figure(
        &mut self,
        slot: Slot,
        field: &Field,
        last: Option<&str>,
        open: bool,
    ) -> std::result::Result<(), XlsxError> {
        self.fixed(column::LABEL, &field.label)?;
        self.fixed(column::UNIT, wording::unit(&field.kind))?;
        let shown = |value: &str| match value {
            "" => Shown::Text(String::new()),
            value => wording::shown(&field.kind, value),
        };
        self.cell(column::ANSWER, &shown(&field.value), true, open)?;
        self.was(slot, &field.value)?;
        match last.map(shown) {
            Some(Shown::Number(number)) => {
                self.sheet.write_number_with_format(self.row, column::LAST, number, &self.look.number)?;
            }
            Some(Shown::Text(text)) => self.fixed(column::LAST, &text)?,
            None => self.fixed(column::LAST, "")?,
        }
        self.check(&field.kind)
    }

    /// An answer's cell, to be filled in where it is open.
    fn cell(&mut self, place: u16, shown: &Shown, is_figure: bool, open: bool) -> std::result::Result<(), XlsxError> {
        let look = match (open, is_figure) {
            (true, true) => &self.look.answer,
            (true, false) => &self.look.words,
            (false, true) => &self.look.number,
            (false, false) => &self.look.fixed,
        };
        match shown {
            Shown::Number(number) => self.sheet.write_number_with_format(self.row, place, *number, look),
            Shown::Text(text) => self.sheet.write_string_with_format(self.row, place, text, look),
        }
        .map(drop)
    }

    /// What the figure's cell accepts. Numbers are only warned about: an Excel that is not set to Vietnamese takes
    /// "1.234,5" for a text, and it is read rightly all the same.
    fn check(&mut self, kind: &InputKind) -> std::result::Result<(), XlsxError> {
        let not_negative = DataValidationRule::GreaterThanOrEqualTo(0.0);
        let check = match kind {
            InputKind::YesNo => return self.choose(column::ANSWER, &[wording::YES, wording::NO].map(String::from)),
            InputKind::Level(choices) => {
                let entries: Vec<String> = choices.iter().map(wording::level).collect();
                return self.choose(column::ANSWER, &entries);
            }
            InputKind::Count => DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)),
            InputKind::Percent => DataValidation::new().allow_decimal_number(DataValidationRule::Between(0.0, 100.0)),
            InputKind::Number | InputKind::Money => DataValidation::new().allow_decimal_number(not_negative),
        };
        let told = match kind {
            InputKind::Count => "Hãy nhập số nguyên, từ 0 trở lên.",
            InputKind::Percent => "Hãy nhập số từ 0 đến 100; 85 % nhập là 85.",
            _ => "Hãy nhập một số, từ 0 trở lên.",
        };
        let check = check
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title("Hãy kiểm tra lại")?
            .set_error_message(format!("{told} Nếu bạn viết số kiểu Việt Nam và số đã đúng, chọn Yes."))?;
        self.sheet.add_data_validation(self.row, column::ANSWER, self.row, column::ANSWER, &check).map(drop)
    }

    /// The cell takes one of these entries. They stand in the hidden sheet, where their length does not matter.
    fn choose(&mut self, place: u16, entries: &[String]) -> std::result::Result<(), XlsxError> {
        let mut end = 0;
        for (row, entry) in (0..).zip(entries) {
            self.before.write_string(row, self.list, entry)?;
            end = row;
        }
        let name = rust_xlsxwriter::utility::column_number_to_name(self.list);
        let range = Formula::new(format!("{BEFORE}!${name}$1:${name}${}", end + 1));
        let check = DataValidation::new()
            .allow_list_formula(range)
            .set_error_title("Hãy chọn trong danh sách")?
            .set_error_message("Bấm mũi tên bên cạnh ô để chọn, hoặc xóa trắng ô.")?;
        self.sheet.add_data_validation(self.row, place, self.row, place, &check)?;
        self.list += 1;
        Ok(())
    }

    /// Borders for every cell of a line, also those that stay empty.
    fn blank_line(&mut self) -> std::result::Result<(), XlsxError> {
        for place in column::CODE..=column::GUIDANCE {
            self.sheet.write_blank(self.row, place, &self.look.fixed)?;
        }
        Ok(())
    }

    fn number(&mut self, place: u16, number: rust_decimal::Decimal) -> std::result::Result<(), XlsxError> {
        match wording::shown(&InputKind::Number, &engine::number::trim(number)) {
            Shown::Number(number) => {
                self.sheet.write_number_with_format(self.row, place, number, &self.look.number).map(drop)
            }
            Shown::Text(text) => self.fixed(place, &text),
        }
    }
}

/// What the reader needs to know about an indicator.
fn guidance(blank: &BlankRow) -> String {
    let row = &blank.row;
    let locked = match &blank.locked {
        Some(Locked::Exempt) => "Không đánh giá theo danh mục của cơ quan thường trực.".to_owned(),
        Some(Locked::Colleague(name)) => format!("Do {name} nhập."),
        None => String::new(),
    };
    let unconfirmed = if blank.unconfirmed { "Số liệu lấy từ năm trước, chưa xác nhận." } else { "" };
    let proof = format!("Tài liệu kiểm chứng: {}", row.evidence_hint);
    let proof = if row.evidence_hint.is_empty() { "" } else { proof.as_str() };
    let parts = [locked.as_str(), unconfirmed, row.guidance.trim(), proof];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}
