//! A finished page, with what was typed put back into the form it was typed into.
//!
//! The page is rewritten as text, so no form has to do anything for it: the form is known by where it is sent and by its
//! hidden fields, a field by its name. Hidden fields keep what the page has now (a revision, for instance); files cannot be
//! put back, and a field marked `data-anew` (a confirmation of what is shown) is to be filled in again. Forms inside
//! an island get no elements, which the island would stumble over: only values.

mod controls;
mod find;

use std::cell::RefCell;
use std::rc::Rc;

use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, element, rewrite_str};
use tenants::Problem;

use self::controls::{Controls, Mended};
use self::find::{Found, find};
use crate::refused_form::Kept;

/// The id of what is said about the form, where the browser goes.
pub const ANCHOR: &str = "can-sua";

/// What stands beside the form: made by the caller, who knows how things look.
pub struct Words<'a> {
    /// The notice; it is given the problems that stand at no field, and the id of the form where it stands apart from it.
    pub notice: &'a dyn Fn(Vec<Problem>, Option<&str>) -> String,
    /// What to mend at a field.
    pub problem: &'a dyn Fn(&str) -> String,
    /// All that was typed, for a page without the form.
    pub rest: &'a dyn Fn() -> String,
}

/// The page with the form filled again, or with what was typed above everything where the form is not there any more.
pub fn fill(page: String, kept: &Kept, words: &Words<'_>) -> String {
    let filled = match find(&page, kept) {
        Ok(Some(found)) => put_back(&page, kept, &found, words),
        Ok(None) => on_top(&page, &format!("{}{}", (words.notice)(kept.problems.clone(), None), (words.rest)())),
        Err(error) => Err(error),
    };
    filled.unwrap_or_else(|error| {
        tracing::error!(%error, "a refused form was not put back");
        format!("{}{}{page}", (words.notice)(kept.problems.clone(), None), (words.rest)())
    })
}

fn put_back(
    page: &str,
    kept: &Kept,
    found: &Found,
    words: &Words<'_>,
) -> Result<String, lol_html::errors::RewritingError> {
    let (placed, apart): (Vec<_>, Vec<_>) = kept.problems.iter().cloned().partition(|problem| found.takes(problem));
    let state = Rc::new(RefCell::new(Place::default()));
    let controls = RefCell::new(Controls::new(kept, placed));
    let at_form = |el: &mut Element<'_, '_>| {
        if state.borrow_mut().enter_form(el, found) {
            el.set_attribute("id", &found.id)?;
            if !found.in_island {
                el.prepend(&(words.notice)(apart.clone(), None), ContentType::Html);
            }
        }
        Ok(())
    };
    let at_control = |el: &mut Element<'_, '_>| {
        if state.borrow().belongs(el, found) {
            let mended = controls.borrow_mut().put(el)?;
            if let Mended::Told(told) = mended {
                el.after(&told.iter().map(|told| (words.problem)(told)).collect::<String>(), ContentType::Html);
            }
        }
        Ok(())
    };
    let top = found.in_island.then(|| (words.notice)(apart.clone(), Some(&found.id)));
    let handlers = vec![
        element!("form", at_form),
        element!("details", |el| {
            if state.borrow_mut().is_to_open(found) {
                el.set_attribute("open", "")?;
            }
            Ok(())
        }),
        element!(".staff-in", |el| {
            if let Some(top) = &top {
                el.prepend(top, ContentType::Html);
            }
            Ok(())
        }),
        element!("input, select, textarea, option", at_control),
    ];
    rewrite_str(page, RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() })
}

fn on_top(page: &str, words: &str) -> Result<String, lol_html::errors::RewritingError> {
    let handler = element!(".staff-in", |el| {
        el.prepend(words, ContentType::Html);
        Ok(())
    });
    rewrite_str(page, RewriteStrSettings { element_content_handlers: vec![handler], ..RewriteStrSettings::new() })
}

/// Where in the page the rewriting is.
#[derive(Default)]
struct Place {
    forms: usize,
    details: usize,
    inside: Rc<RefCell<bool>>,
}

impl Place {
    /// Whether this is the form.
    fn enter_form(&mut self, el: &mut Element<'_, '_>, found: &Found) -> bool {
        let here = self.forms == found.form;
        self.forms += 1;
        if here && let Some(ends) = el.end_tag_handlers() {
            *self.inside.borrow_mut() = true;
            let inside = self.inside.clone();
            ends.push(Box::new(move |_| {
                *inside.borrow_mut() = false;
                Ok(())
            }));
        }
        here
    }

    fn is_to_open(&mut self, found: &Found) -> bool {
        self.details += 1;
        found.folded.contains(&(self.details - 1))
    }

    /// A control belongs to the form around it, or to the one it names. Options follow their list.
    fn belongs(&self, el: &Element<'_, '_>, found: &Found) -> bool {
        match el.get_attribute("form") {
            Some(id) => id == found.id,
            None => *self.inside.borrow() || el.tag_name() == "option",
        }
    }
}

/// An attribute's text as it was meant.
fn plain(attribute: &str) -> String {
    let text = attribute.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
    text.replace("&#39;", "'").replace("&amp;", "&")
}

/// A text as an attribute holds it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
