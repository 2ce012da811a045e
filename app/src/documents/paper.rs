//! The parts documents are made of.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, BorderType, Docx, LineSpacing, LineSpacingType, PageMargin, Paragraph, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, Run, RunFonts, SpecialIndentType, Table, TableAlignmentType, TableCell,
    TableCellMargins, TableLayoutType, TableRow, WidthType,
};
use time::Date;

/// Half-points.
const BODY: usize = 28;
/// Width between the margins, in twentieths of a point.
const LINE: usize = 9_072;

/// Of the authority and the nation's name, and of the motto and the place.
const HEAD: usize = 24;
const MOTTO: usize = 26;
/// Widths of the two sides: the nation's name, 5,010 long in Times New Roman, stands on one line of the right one, also in
/// the wider letters of an office without that font.
const LEFT: usize = LINE - RIGHT;
const RIGHT: usize = 5_600;
/// Lengths of the motto and, on average, of a bold capital letter.
const MOTTO_LENGTH: usize = 3_180;
const CAPITAL: usize = 147;

/// A4 with the margins of the decree: 20 mm top and bottom, 30 left, 20 right.
pub fn sheet() -> Docx {
    let font = RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").cs("Times New Roman");
    let margin = PageMargin::new().top(mm(20)).bottom(mm(20)).left(mm(30)).right(mm(20));
    Docx::new().page_size(11_906, 16_838).page_margin(margin).default_fonts(font).default_size(BODY)
}

/// Twentieths of a point: 56.7 to the millimetre.
fn mm(millimetres: i32) -> i32 {
    millimetres * 567 / 10
}

/// Who issues a document, and where.
pub struct Letterhead<'a> {
    /// "tỉnh Điện Biên"
    pub authority: &'a str,
    pub organ: &'a str,
    /// "…/BB-HĐTĐ", where the document has a number.
    pub number: Option<&'a str>,
    /// "ngày 05 tháng 02 năm 2026"
    pub day: &'a str,
}

/// The authority on the left, the nation on the right, each above its line; below them the number, the place and the day.
pub fn head(letterhead: &Letterhead<'_>) -> Table {
    let organ = letterhead.organ.to_uppercase();
    let left = cell(vec![
        centred(run(&format!("UBND {}", letterhead.authority).to_uppercase()).size(HEAD)),
        centred(run(&organ).size(HEAD).bold()),
        rule(LEFT, organ_rule(&organ)),
    ]);
    let right = cell(vec![
        centred(run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").size(HEAD).bold()),
        centred(run("Độc lập - Tự do - Hạnh phúc").size(MOTTO).bold()),
        rule(RIGHT, MOTTO_LENGTH),
    ]);
    let number = letterhead.number.map(|number| format!("Số: {number}")).unwrap_or_default();
    let place = format!("{}, {}", place_of(letterhead.authority), letterhead.day);
    let below =
        [centred(run(&number).size(HEAD)), centred(run(&place).size(MOTTO).italic())].map(|line| cell(vec![line]));
    let [number, day] = below;
    Table::without_borders(vec![sides(left, right), sides(number, day)])
        .set_grid(vec![LEFT, RIGHT])
        .width(LEFT + RIGHT, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(0, 0, 0, 0))
}

/// A row of the head. Without widths of their own Word makes cells as wide as it likes.
fn sides(left: TableCell, right: TableCell) -> TableRow {
    TableRow::new(vec![left.width(LEFT, WidthType::Dxa), right.width(RIGHT, WidthType::Dxa)])
}

/// The name of the place a document is issued at: that of the authority without what kind it is. A city named after a
/// person or by a number keeps the word, as the decree has it (annex I, II.4).
fn place_of(authority: &str) -> String {
    let name = authority.trim();
    for kind in ["tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "phường", "xã", "đặc khu"]
    {
        let Some((own, rest)) = name.split_at_checked(kind.len()) else { continue };
        let Some(rest) = rest.strip_prefix(' ').map(str::trim_start) else { continue };
        let keeps = rest == "Hồ Chí Minh" || rest.starts_with(|first: char| first.is_ascii_digit());
        if own.to_lowercase() == kind && !rest.is_empty() {
            return if keeps { capitalised(name) } else { rest.to_owned() };
        }
    }
    name.to_owned()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A drawn line in the middle of a column.
fn rule(column: usize, length: usize) -> Paragraph {
    let side = i32::try_from(column.saturating_sub(length) / 2).unwrap_or_default();
    let spacing = LineSpacing::new().before(20).after(60).line(40).line_rule(LineSpacingType::Exact);
    let mut line = Paragraph::new().size(2).indent(Some(side), None, Some(side), None).line_spacing(spacing);
    let border = ParagraphBorder::new(ParagraphBorderPosition::Top).val(BorderType::Single).size(6).space(0);
    line.property = line.property.set_borders(ParagraphBorders::with_empty().set(border.color("000000")));
    line
}

/// From a third to a half of the text above it.
fn organ_rule(organ: &str) -> usize {
    (organ.chars().count() * CAPITAL * 2 / 5).clamp(600, LEFT / 2)
}

/// Two signatures, side by side.
pub fn signatures(left: (&str, &str), right: (&str, &str)) -> Table {
    let place = |(title, name): (&str, &str)| {
        let mut lines = vec![centred(run(title).bold()), centred(run("(Ký, ghi rõ họ tên)").italic())];
        lines.extend((0..3).map(|_| Paragraph::new()));
        lines.push(centred(run(name).bold()));
        cell(lines)
    };
    let row = TableRow::new(vec![place(left), place(right)]);
    Table::without_borders(vec![row]).set_grid(vec![LINE / 2, LINE / 2]).width(LINE, WidthType::Dxa)
}

pub fn title(name: &str, about: &str) -> [Paragraph; 2] {
    [centred(run(name).bold()).line_spacing(spaced(240)), centred(run(about).bold())]
}

pub fn heading(text: &str) -> Paragraph {
    Paragraph::new().add_run(run(text).bold()).line_spacing(spaced(120)).keep_next(true)
}

/// A paragraph of the body: justified, first line indented by 10 mm.
pub fn body(text: &str) -> Paragraph {
    let first = Some(SpecialIndentType::FirstLine(mm(10)));
    Paragraph::new()
        .add_run(run(text))
        .align(AlignmentType::Both)
        .indent(None, first, None, None)
        .line_spacing(spaced(120))
}

/// A table with headings; widths in parts of a hundred, texts of number columns to the right.
pub fn table(columns: &[(&str, usize, bool)], rows: Vec<Vec<String>>) -> Table {
    let headings = columns.iter().map(|(name, ..)| cell(vec![centred(small(name).bold())]));
    let mut lines = vec![TableRow::new(headings.collect())];
    for row in rows {
        let cells = row.iter().zip(columns).map(|(text, (_, _, number))| {
            let paragraph = Paragraph::new().add_run(small(text));
            cell(vec![if *number { paragraph.align(AlignmentType::Right) } else { paragraph }])
        });
        lines.push(TableRow::new(cells.collect()));
    }
    let widths = columns.iter().map(|(_, share, _)| LINE * share / 100).collect();
    Table::new(lines).set_grid(widths).width(LINE, WidthType::Dxa).layout(TableLayoutType::Fixed)
}

/// "ngày 05 tháng 02 năm 2026", as the decree writes days below 10 and months below 3.
pub fn day(date: Date) -> String {
    let month = u8::from(date.month());
    let month = if month < 3 { format!("{month:02}") } else { month.to_string() };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

/// The bytes of a finished document.
pub fn pack(docx: Docx) -> Result<Vec<u8>, String> {
    let mut bytes = Cursor::new(Vec::new());
    docx.build().pack(&mut bytes).map_err(|cause| cause.to_string())?;
    Ok(bytes.into_inner())
}

fn cell(paragraphs: Vec<Paragraph>) -> TableCell {
    paragraphs.into_iter().fold(TableCell::new(), TableCell::add_paragraph)
}

fn centred(run: Run) -> Paragraph {
    Paragraph::new().add_run(run).align(AlignmentType::Center)
}

/// A text; its lines become lines of the paragraph. Control characters, which no document may hold, are left out.
fn run(text: &str) -> Run {
    let seen = |line: &str| line.chars().filter(|c| !c.is_control() || *c == '\t').collect::<String>();
    let mut lines = text.lines().map(seen);
    let first = Run::new().add_text(lines.next().unwrap_or_default());
    lines.fold(first, |run, line| run.add_break(docx_rs::BreakType::TextWrapping).add_text(line))
}

fn small(text: &str) -> Run {
    run(text).size(24)
}

fn spaced(before: u32) -> LineSpacing {
    LineSpacing::new().before(before).after(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use time::macros::date;

    use super::*;

    #[test]
    fn the_head_is_laid_out_as_the_decree_has_it() {
        let letterhead =
            Letterhead {
                authority: "tỉnh Điện Biên", organ: "Sở Nội vụ", number: None, day: "ngày … tháng …"
            };
        let bytes = pack(sheet().add_table(head(&letterhead))).unwrap();
        let mut document = String::new();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        archive.by_name("word/document.xml").unwrap().read_to_string(&mut document).unwrap();
        assert!(
            document.contains("Điện Biên, ngày … tháng …") && document.contains("UBND TỈNH ĐIỆN BIÊN"),
            "{document}"
        );
        assert!(!document.contains("__"), "lines are drawn, not written");
        assert_eq!(document.matches("<w:pBdr><w:top").count(), 2);
        assert!(!document.contains("<w:left w:val=\"single\""), "a line is no box");
        assert_eq!(document.matches(&format!("<w:tcW w:w=\"{RIGHT}\"")).count(), 2);
        assert!(document.contains("w:type=\"fixed\""));
    }

    #[test]
    fn a_document_is_issued_at_a_place_not_in_a_room() {
        let check = |authority: &str, place: &str| assert_eq!(place_of(authority), place, "{authority}");
        check("tỉnh Điện Biên", "Điện Biên");
        check("Tỉnh Thừa Thiên Huế", "Thừa Thiên Huế");
        check("huyện Nậm Pồ", "Nậm Pồ");
        check("thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh");
        check("Quận 1", "Quận 1");
        check("phường Xã Đàn", "Xã Đàn");
        check("Xãi", "Xãi");
        check("Điện Biên", "Điện Biên");
    }

    #[test]
    fn days_are_written_as_the_decree_says() {
        assert_eq!(day(date!(2026 - 02 - 05)), "ngày 05 tháng 02 năm 2026");
        assert_eq!(day(date!(2026 - 03 - 15)), "ngày 15 tháng 3 năm 2026");
    }
}
