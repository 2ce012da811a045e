//! Forms as they stand on a page, filled in and sent.

use scraper::{ElementRef, Html, Selector};

/// A field somebody types into.
const TYPED: [&str; 6] = ["text", "search", "email", "tel", "url", ""];

#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub posts: bool,
    pub multipart: bool,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// What is sent when nothing is changed.
    pub value: Option<String>,
    pub longest: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    File,
    Other,
}

fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

/// Every form of a page; those without an address of their own go to `path`.
pub fn forms(page: &Html, path: &str) -> Vec<Form> {
    page.select(&select("form")).map(|form| read(form, path)).collect()
}

/// Addresses of our own that the page links to.
pub fn links(page: &Html) -> Vec<String> {
    let anchors = select("a[href]");
    let hrefs = page.select(&anchors).filter_map(|link| link.value().attr("href"));
    let ours = hrefs.filter(|href| href.starts_with('/') && !href.starts_with("//"));
    ours.map(|href| href.split('#').next().unwrap().to_owned()).collect()
}

fn read(form: ElementRef<'_>, path: &str) -> Form {
    let attr = |name: &str| form.value().attr(name).unwrap_or_default();
    let action = Some(attr("action")).filter(|action| !action.is_empty()).unwrap_or(path);
    let named = select("input[name], textarea[name], select[name], button[name]");
    let controls = form.select(&named);
    let mut fields: Vec<Field> =
        controls.filter(|control| control.value().attr("disabled").is_none()).map(field).collect();
    // One button is pressed, and one of several choices made.
    let mut seen = std::collections::BTreeSet::new();
    fields.retain(|field| field.kind != Kind::Other || field.value.is_none() || seen.insert(field.name.clone()));
    Form {
        action: action.split('#').next().unwrap().to_owned(),
        posts: attr("method") == "post",
        multipart: attr("enctype").starts_with("multipart"),
        fields,
    }
}

fn field(control: ElementRef<'_>) -> Field {
    let attr = |name: &str| control.value().attr(name).unwrap_or_default();
    let own = control.value().attr("value").map(str::to_owned);
    let (kind, value) = match control.value().name() {
        "textarea" => (Kind::Text, Some(control.text().collect())),
        "select" => (Kind::Other, Some(chosen(control))),
        "button" => (Kind::Other, own),
        _ => match attr("type") {
            "file" => (Kind::File, None),
            kind if TYPED.contains(&kind) && attr("inputmode").is_empty() => (Kind::Text, own.or(Some(String::new()))),
            "date" => (Kind::Other, own.filter(|day| !day.is_empty()).or_else(|| Some(day(attr("max"))))),
            "checkbox" => (Kind::Other, Some(own.unwrap_or("on".into()))),
            "radio" if control.value().attr("checked").is_none() => (Kind::Other, None),
            "hidden" | "radio" => (Kind::Other, own),
            _ => (Kind::Other, own.filter(|value| !value.is_empty()).or(Some("1".into()))),
        },
    };
    let longest = attr("maxlength").parse().unwrap_or(usize::MAX);
    Field { name: attr("name").into(), kind, value, longest }
}

fn day(latest: &str) -> String {
    if latest.is_empty() { "2030-01-01".into() } else { latest.into() }
}

fn chosen(control: ElementRef<'_>) -> String {
    let all: Vec<ElementRef<'_>> = control.select(&select("option")).collect();
    let value = |option: &ElementRef<'_>| option.value().attr("value").unwrap_or_default().to_owned();
    let marked = all.iter().find(|option| option.value().attr("selected").is_some()).map(value);
    let first = all.iter().map(value).find(|value| !value.is_empty());
    marked.filter(|value| !value.is_empty()).or(first).unwrap_or_default()
}

impl Form {
    /// The fields as they are sent, with other texts and files where `write` gives some.
    pub fn filled(&self, write: impl Fn(&Field) -> Option<String>) -> Vec<(Field, String)> {
        let value = |field: &Field| Some((field.clone(), write(field).or_else(|| field.value.clone())?));
        self.fields.iter().filter_map(value).collect()
    }
}

/// The body of a form, and its type. A file's text is its name, its content a small PDF.
pub fn encoded(multipart: bool, fields: &[(Field, String)]) -> (&'static str, Vec<u8>) {
    if !multipart {
        let pair = |(field, text): &(Field, String)| format!("{}={}", percent(&field.name), percent(text));
        let all = fields.iter().filter(|(field, _)| field.kind != Kind::File).map(pair).collect::<Vec<_>>();
        return ("application/x-www-form-urlencoded", all.join("&").into_bytes());
    }
    let mut body = Vec::new();
    for (field, text) in fields {
        let quoted = |text: &str| text.replace('"', "%22").replace(['\r', '\n'], " ");
        let (about, content) = match field.kind {
            Kind::File => {
                (format!("; filename=\"{}\"\r\nContent-Type: application/pdf", quoted(text)), tenants::testing::PDF)
            }
            _ => (String::new(), text.as_bytes()),
        };
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{}\"{about}\r\n\r\n", quoted(&field.name));
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    ("multipart/form-data; boundary=x", body)
}

/// Text as part of a form or a query.
pub fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
