//! The parts documents are made of.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, LineSpacing, PageMargin, Paragraph, Run, RunFonts, SpecialIndentType, Table, TableCell,
    TableLayoutType, TableRow, WidthType,
};
use time::Date;

/// Half-points.
const BODY: usize = 28;
/// Width between the margins, in twentieths of a point.
const LINE: usize = 9_072;

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

/// Authority on the left, the nation on the right.
pub fn head(authority: &str, organ: &str, place_and_date: &str) -> Table {
    let left = cell(vec![
        centred(run(&authority.to_uppercase()).size(26)),
        centred(run(&organ.to_uppercase()).size(26).bold()),
        centred(run("_______")),
    ]);
    let right = cell(vec![
        centred(run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").size(26).bold()),
        centred(run("Độc lập - Tự do - Hạnh phúc").bold()),
        centred(run("_______________________")),
        centred(run(place_and_date).italic()),
    ]);
    let widths = vec![LINE * 2 / 5, LINE * 3 / 5];
    Table::without_borders(vec![TableRow::new(vec![left, right])]).set_grid(widths).width(LINE, WidthType::Dxa)
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
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn days_are_written_as_the_decree_says() {
        assert_eq!(day(date!(2026 - 02 - 05)), "ngày 05 tháng 02 năm 2026");
        assert_eq!(day(date!(2026 - 03 - 15)), "ngày 15 tháng 3 năm 2026");
    }
}
