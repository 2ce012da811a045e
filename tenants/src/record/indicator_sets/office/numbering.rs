//! Automatic numbers of a Word document: "1.", "1.1", "a)", counted as Word counts them (ISO/IEC 29500-1, 17.9).

use std::collections::{HashMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Levels of a list.
const LEVELS: usize = 9;

/// The lists of a document, and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// What a paragraph names: the list it counts in, and where it begins anew.
    lists: HashMap<String, List>,
    definitions: HashMap<String, Definition>,
    styles: HashMap<String, Style>,
    counts: HashMap<String, [Option<u32>; LEVELS]>,
    begun: HashSet<String>,
}

/// The number of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// As Word shows it.
    pub shown: String,
    /// With the numbers above it, "1.2" for the "2." below "1.": where a level shows only its own.
    pub path: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    definition: String,
    starts: HashMap<usize, u32>,
}

#[derive(Debug, Default)]
struct Definition {
    levels: HashMap<usize, Level>,
    /// A style whose list is meant instead.
    link: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Level {
    start: u32,
    format: String,
    /// "%1.%2."
    text: String,
    /// All its numbers are Arabic.
    is_legal: bool,
    style: Option<String>,
}

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    list: Option<String>,
    level: Option<usize>,
}

impl Numbering {
    /// From "numbering.xml" and "styles.xml"; both may be missing.
    pub(super) fn read(numbering: &str, styles: &str) -> Result<Numbering, quick_xml::Error> {
        let mut read = Numbering::default();
        read.read_lists(numbering)?;
        read.read_styles(styles)?;
        Ok(read)
    }

    /// The number of the next paragraph, which has this style and, of its own, this list and level. Paragraphs are asked
    /// about in their order, each once.
    pub(super) fn label(&mut self, style: Option<&str>, list: Option<&str>, level: Option<usize>) -> Option<Label> {
        let (list, level) = match list {
            Some(list) => (list.to_owned(), level.unwrap_or_default()),
            None => self.of_style(style?)?,
        };
        let list = self.lists.get(&list).map(|_| list)?;
        let name = self.definition_of(&list)?;
        if level >= LEVELS {
            return None;
        }
        let definition = self.definitions.get(&name)?;
        let counts = self.counts.entry(name.clone()).or_default();
        if self.begun.insert(list.clone())
            && let Some(found) = self.lists.get(&list)
        {
            found.starts.keys().filter(|at| **at < LEVELS).for_each(|at| counts[*at] = None);
        }
        let starts = &self.lists.get(&list)?.starts;
        let start = |at: usize| {
            let own = starts.get(&at).copied();
            own.unwrap_or_else(|| definition.levels.get(&at).map_or(1, |level| level.start))
        };
        for (at, count) in counts.iter_mut().enumerate().take(level) {
            *count = Some(count.unwrap_or_else(|| start(at)));
        }
        counts[level] = Some(counts[level].map_or_else(|| start(level), |count| count.saturating_add(1)));
        counts[level + 1..].fill(None);
        Some(Label { shown: written(definition, level, counts), path: path(definition, level, counts) })
    }

    /// The list a style counts in, its own or that of the style it is based on.
    fn of_style(&self, style: &str) -> Option<(String, usize)> {
        let mut name = style;
        // Styles may be based on each other in a circle.
        for _ in 0..16 {
            let style = self.styles.get(name)?;
            if let Some(list) = &style.list {
                let definition = self.definition_of(list).and_then(|name| self.definitions.get(&name));
                let levels = definition.map(|definition| &definition.levels);
                let named = levels.into_iter().flatten().find(|(_, level)| level.style.as_deref() == Some(name));
                return Some((list.clone(), style.level.or(named.map(|(at, _)| *at)).unwrap_or_default()));
            }
            name = style.based_on.as_deref()?;
        }
        None
    }

    fn definition_of(&self, list: &str) -> Option<String> {
        let name = &self.lists.get(list)?.definition;
        let link = self.definitions.get(name).and_then(|definition| definition.link.as_ref());
        let linked = link.and_then(|style| self.styles.get(style)?.list.as_ref());
        let linked = linked.and_then(|list| self.lists.get(list)).map(|list| &list.definition);
        Some(linked.unwrap_or(name).clone())
    }

    fn read_lists(&mut self, xml: &str) -> Result<(), quick_xml::Error> {
        let (mut definition, mut list, mut level) = (String::new(), String::new(), 0);
        let mut in_list = false;
        each(xml, |name, tag| {
            let value = attribute(tag, "w:val");
            let number = || value.as_deref().and_then(|value| value.parse::<u32>().ok());
            match name {
                "w:abstractNum" => {
                    definition = attribute(tag, "w:abstractNumId").unwrap_or_default();
                    self.definitions.insert(definition.clone(), Definition::default());
                    in_list = false;
                }
                "w:num" => {
                    list = attribute(tag, "w:numId").unwrap_or_default();
                    in_list = true;
                }
                "w:abstractNumId" => {
                    let made = List { definition: value.clone().unwrap_or_default(), ..List::default() };
                    self.lists.insert(list.clone(), made);
                }
                "w:lvlOverride" | "w:lvl" => {
                    level = attribute(tag, "w:ilvl").and_then(|at| at.parse().ok()).unwrap_or(0)
                }
                "w:startOverride" => {
                    let start = number().unwrap_or(1);
                    self.lists.entry(list.clone()).or_default().starts.insert(level, start);
                }
                "w:numStyleLink" => {
                    self.definitions.get_mut(&definition).into_iter().for_each(|found| found.link = value.clone());
                }
                // A level that a list defines anew is that of all its definition's lists: nobody has both in a table.
                "w:start" | "w:numFmt" | "w:lvlText" | "w:isLgl" | "w:pStyle" => {
                    let owner = if in_list { self.lists.get(&list).map(|list| list.definition.clone()) } else { None };
                    let owner = owner.unwrap_or_else(|| definition.clone());
                    let Some(found) = self.definitions.get_mut(&owner) else { return };
                    let one = found.levels.entry(level).or_insert_with(|| Level { start: 1, ..Level::default() });
                    match name {
                        "w:start" => one.start = number().unwrap_or(1),
                        "w:numFmt" => one.format = value.unwrap_or_default(),
                        "w:lvlText" => one.text = value.unwrap_or_default(),
                        "w:isLgl" => one.is_legal = true,
                        _ => one.style = value,
                    }
                }
                _ => (),
            }
        })
    }

    fn read_styles(&mut self, xml: &str) -> Result<(), quick_xml::Error> {
        let mut name = String::new();
        each(xml, |tag_name, tag| {
            if tag_name == "w:style" {
                name = attribute(tag, "w:styleId").unwrap_or_default();
                self.styles.insert(name.clone(), Style::default());
            }
            let Some(style) = self.styles.get_mut(&name) else { return };
            match tag_name {
                "w:basedOn" => style.based_on = attribute(tag, "w:val"),
                "w:numId" => style.list = attribute(tag, "w:val"),
                "w:ilvl" => style.level = attribute(tag, "w:val").and_then(|level| level.parse().ok()),
                _ => (),
            }
        })
    }
}

/// Every element that begins.
fn each(xml: &str, mut told: impl FnMut(&str, &BytesStart<'_>)) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event()? {
            Event::Start(tag) | Event::Empty(tag) => told(tag.name().as_ref(), &tag),
            Event::Eof => return Ok(()),
            _ => (),
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.try_get_attribute(name).ok().flatten().map(|found| found.value.into_owned())
}

/// "%1.%2" with the counts in place of the marks.
fn written(definition: &Definition, level: usize, counts: &[Option<u32>; LEVELS]) -> String {
    let Some(own) = definition.levels.get(&level) else { return String::new() };
    if own.format == "bullet" {
        return "-".into();
    }
    let mut out = String::new();
    let mut letters = own.text.chars();
    while let Some(letter) = letters.next() {
        let digit = (letter == '%').then(|| letters.clone().next().and_then(|digit| digit.to_digit(10))).flatten();
        let Some(at) = digit.and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1)).filter(|at| *at < LEVELS)
        else {
            out.push(letter);
            continue;
        };
        letters.next();
        let format = definition.levels.get(&at).map_or("decimal", |level| level.format.as_str());
        out.push_str(&number(counts[at].unwrap_or(1), if own.is_legal { "decimal" } else { format }));
    }
    out
}

/// The numbers above a level and its own, as far up as they are Arabic; nothing where the level shows them itself or there
/// are none.
fn path(definition: &Definition, level: usize, counts: &[Option<u32>; LEVELS]) -> Option<String> {
    let is_arabic = |at: usize| {
        let found = definition.levels.get(&at);
        found.is_some_and(|level| matches!(level.format.as_str(), "decimal" | "") && level.text.contains('%'))
    };
    let own = definition.levels.get(&level)?;
    if !is_arabic(level) || own.text.matches('%').count() != 1 || !own.text.contains(&format!("%{}", level + 1)) {
        return None;
    }
    let top = (0..level).rev().take_while(|at| is_arabic(*at)).last()?;
    let numbers = (top..=level).map(|at| counts[at].unwrap_or(1).to_string());
    Some(numbers.collect::<Vec<_>>().join("."))
}

fn number(count: u32, format: &str) -> String {
    match format {
        "none" => String::new(),
        "decimalZero" => format!("{count:02}"),
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperLetter" => letters(count),
        "lowerLetter" => letters(count).to_lowercase(),
        _ => count.to_string(),
    }
}

fn roman(mut count: u32) -> String {
    const PARTS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if count > 3999 {
        return count.to_string();
    }
    let mut out = String::new();
    for (worth, letters) in PARTS {
        while count >= worth {
            out.push_str(letters);
            count -= worth;
        }
    }
    out
}

/// Word goes on after "Z" with "AA", "BB".
fn letters(count: u32) -> String {
    let Some(before) = count.checked_sub(1).filter(|before| *before < 26 * 10) else { return count.to_string() };
    let letter = u8::try_from(before % 26).map_or('?', |at| char::from(b'A' + at));
    let times = usize::try_from(before / 26 + 1).unwrap_or(1);
    std::iter::repeat_n(letter, times).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn level(at: usize, format: &str, text: &str) -> String {
        format!(
            "<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>"
        )
    }

    fn numbering(levels: &str, styles: &str) -> Numbering {
        let lists = format!(
            "<w:numbering><w:abstractNum w:abstractNumId=\"7\">{levels}</w:abstractNum>\
             <w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num>\
             <w:num w:numId=\"2\"><w:abstractNumId w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/></w:lvlOverride></w:num>\
             </w:numbering>"
        );
        Numbering::read(&lists, styles).unwrap()
    }

    #[track_caller]
    fn check(numbering: &mut Numbering, asked: &[(&str, usize)], labels: &[&str]) {
        let told: Vec<String> =
            asked.iter().map(|(list, level)| numbering.label(None, Some(list), Some(*level)).unwrap().shown).collect();
        assert_eq!(told, labels);
    }

    #[test]
    fn levels_count_below_each_other() {
        let levels = [level(0, "decimal", "%1."), level(1, "decimal", "%1.%2")].concat();
        let asked = [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1)];
        check(&mut numbering(&levels, ""), &asked, &["1.", "1.1", "1.2", "2.", "2.1"]);
        check(&mut numbering(&levels, ""), &[("1", 1), ("2", 0), ("2", 0)], &["1.1", "5.", "6."]);
    }

    #[test]
    fn formats_are_those_of_word() {
        let levels =
            [level(0, "upperRoman", "%1."), level(1, "lowerLetter", "%2)"), level(2, "bullet", "\u{f0b7}")].concat();
        let asked = [("1", 0), ("1", 0), ("1", 0), ("1", 0), ("1", 1), ("1", 2), ("1", 1)];
        check(&mut numbering(&levels, ""), &asked, &["I.", "II.", "III.", "IV.", "a)", "-", "b)"]);
        assert_eq!([number(28, "upperLetter"), number(1994, "lowerRoman")], ["BB", "mcmxciv"]);
    }

    #[test]
    fn a_level_that_shows_only_its_own_number_has_those_above_it() {
        let levels = [level(0, "upperRoman", "%1."), level(1, "decimal", "%2."), level(2, "decimal", "%3.")].concat();
        let mut read = numbering(&levels, "");
        let mut path = |level| read.label(None, Some("1"), Some(level)).unwrap().path;
        assert_eq!([path(0), path(1), path(2), path(2)], [None, None, Some("1.1".into()), Some("1.2".into())]);
        assert_eq!([path(1), path(2)], [None, Some("2.1".into())]);
        let shown = [level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "%3)")].concat();
        let mut read = numbering(&shown, "");
        assert!((0..3).all(|level| read.label(None, Some("1"), Some(level)).unwrap().path.is_none()));
    }

    #[test]
    fn a_style_may_bring_the_list() {
        let styles = "<w:styles><w:style w:styleId=\"A\"><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>\
             <w:style w:styleId=\"B\"><w:basedOn w:val=\"A\"/></w:style><w:style w:styleId=\"C\"><w:basedOn w:val=\"C\"/></w:style></w:styles>";
        let mut read = numbering(&[level(0, "decimal", "%1."), level(1, "decimal", "%1.%2")].concat(), styles);
        assert_eq!(read.label(Some("B"), None, None).unwrap().shown, "1.1");
        assert_eq!(read.label(Some("A"), None, None).unwrap().shown, "1.2");
        assert_eq!((read.label(Some("C"), None, None), read.label(None, None, None)), (None, None));
        assert_eq!(read.label(Some("A"), Some("0"), None), None, "0 takes the number away");
    }
}
