//! The words on screen: Fluent messages in `locales/{vi,en}/*.ftl`, one file per page or noun.
//!
//! The language belongs to the request: [`language`] reads the cookie `lang` and everything below it, rendering
//! included, asks [`Lang::current`]. Vietnamese is the default and the fallback.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::Entry;
use islands::texts::Texts;
use rust_embed::Embed;
use unic_langid::langid;

#[derive(Embed)]
#[folder = "locales"]
struct Locales;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    Vi,
    En,
}

pub const COOKIE: &str = "lang";

tokio::task_local! {
    static LANG: Lang;
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Vi, Lang::En];

    /// The language of this request; Vietnamese outside of one.
    pub fn current() -> Lang {
        LANG.try_with(|lang| *lang).unwrap_or(Lang::Vi)
    }

    /// As in the cookie, the folder and `<html lang>`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// The language a reader chose with the cookie, or Vietnamese.
    pub fn chosen(cookies: &CookieJar) -> Lang {
        cookies.get(COOKIE).and_then(|cookie| Lang::parse(cookie.value())).unwrap_or(Lang::Vi)
    }

    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// Runs the rest of the request in the reader's language.
pub async fn language(cookies: CookieJar, request: Request, next: Next) -> Response {
    LANG.scope(Lang::chosen(&cookies), next.run(request)).await
}

/// The message of a key.
pub fn t(key: &str) -> String {
    t_with(key, [])
}

/// The message of a key, where there is one.
pub fn t_if(key: &str) -> Option<String> {
    let none = FluentArgs::new();
    message(Lang::current(), key, &none).or_else(|| message(Lang::Vi, key, &none))
}

/// The message of a key with its variables: `t_with("saved-at", [("at", time.into())])`.
/// Numbers choose plurals only; format what is shown with `crate::format`.
pub fn t_with<const N: usize>(key: &str, values: [(&str, FluentValue<'_>); N]) -> String {
    filled(key, &values.into_iter().collect())
}

/// The message of a key with variables that were kept as texts, e.g. in a notice.
pub fn t_filled(key: &str, values: &BTreeMap<String, String>) -> String {
    filled(key, &values.iter().map(|(name, text)| (name.as_str(), FluentValue::from(text.as_str()))).collect())
}

fn filled(key: &str, args: &FluentArgs<'_>) -> String {
    let lang = Lang::current();
    let found = message(lang, key, args).or_else(|| message(Lang::Vi, key, args));
    found.unwrap_or_else(|| {
        tracing::error!(key, "no such text");
        key.to_owned()
    })
}

/// Every message whose key begins with `prefix`, for an island. Variables stay as `{$name}`.
pub fn texts(prefix: &str) -> Texts {
    let bundle = bundle(Lang::current());
    let keys = bundle.keys.iter().filter(|key| key.starts_with(prefix));
    let none = FluentArgs::new();
    let pairs = keys.filter_map(|key| Some((key.clone(), message(Lang::current(), key, &none)?)));
    Texts(pairs.collect::<BTreeMap<_, _>>())
}

/// All keys of a language, sorted.
pub fn keys(lang: Lang) -> &'static [String] {
    &bundle(lang).keys
}

struct Language {
    messages: FluentBundle<FluentResource>,
    keys: Vec<String>,
}

fn bundle(lang: Lang) -> &'static Language {
    static LANGUAGES: LazyLock<[Language; 2]> = LazyLock::new(|| Lang::ALL.map(load));
    match lang {
        Lang::Vi => &LANGUAGES[0],
        Lang::En => &LANGUAGES[1],
    }
}

fn load(lang: Lang) -> Language {
    let id = match lang {
        Lang::Vi => langid!("vi"),
        Lang::En => langid!("en"),
    };
    let mut messages = FluentBundle::new_concurrent(vec![id]);
    // The isolation marks would end up in titles, attributes and copied text; our languages run one way.
    messages.set_use_isolating(false);
    let mut keys = Vec::new();
    for file in Locales::iter().filter(|file| file.starts_with(lang.code()) && file.ends_with(".ftl")) {
        let Some(content) = Locales::get(&file) else { continue };
        let source = String::from_utf8_lossy(&content.data).into_owned();
        let resource = FluentResource::try_new(source).unwrap_or_else(|(rest, errors)| {
            tracing::error!(%file, ?errors, "a text file has mistakes; its other messages are used");
            rest
        });
        keys.extend(resource.entries().filter_map(key_of));
        if let Err(errors) = messages.add_resource(resource) {
            tracing::error!(%file, ?errors, "a text is there twice; the first one is used");
        }
    }
    keys.sort();
    Language { messages, keys }
}

fn key_of(entry: &Entry<&str>) -> Option<String> {
    match entry {
        Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    }
}

fn message(lang: Lang, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let messages = &bundle(lang).messages;
    let pattern = messages.get_message(key)?.value()?;
    Some(messages.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
}
