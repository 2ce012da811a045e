//! What was typed, put back into one control after the other.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lol_html::errors::AttributeNameError;
use lol_html::html_content::{ContentType, Element};
use tenants::Problem;

use super::find::concerns;
use super::{escaped, plain};
use crate::refused_form::Kept;

/// What a control was given beside its value.
pub enum Mended {
    Plain,
    /// What to mend, to stand behind it.
    Told(Vec<String>),
}

pub struct Controls {
    fields: HashMap<String, Vec<String>>,
    /// How many controls of a name were filled: several of one name take their texts in order.
    filled: HashMap<String, usize>,
    problems: Vec<Problem>,
    /// The list whose options come now.
    list: Rc<RefCell<Option<String>>>,
}

impl Controls {
    pub fn new(kept: &Kept, problems: Vec<Problem>) -> Controls {
        let mut fields: HashMap<String, Vec<String>> = HashMap::new();
        for (name, text) in &kept.fields {
            fields.entry(name.clone()).or_default().push(text.clone());
        }
        Controls { fields, filled: HashMap::new(), problems, list: Rc::default() }
    }

    pub fn put(&mut self, el: &mut Element<'_, '_>) -> Result<Mended, AttributeNameError> {
        if el.tag_name() == "option" {
            self.choose(el)?;
            return Ok(Mended::Plain);
        }
        let Some(name) = el.get_attribute("name").map(|name| plain(&name)) else { return Ok(Mended::Plain) };
        let kind = el.get_attribute("type").unwrap_or_default();
        let ours = !matches!(kind.as_str(), "hidden" | "password" | "submit" | "button" | "reset" | "image");
        if !ours || el.has_attribute("data-anew") || el.has_attribute("disabled") {
            return Ok(Mended::Plain);
        }
        match (el.tag_name().as_str(), kind.as_str()) {
            ("select", _) => self.enter_list(el, &name),
            ("textarea", _) => {
                if let Some(text) = self.next(&name) {
                    // The first line break of a text area is not part of its text.
                    let first = if text.starts_with(['\n', '\r']) { "\n" } else { "" };
                    el.set_inner_content(&format!("{first}{text}"), ContentType::Text);
                }
            }
            (_, "checkbox" | "radio") => return self.tick(el, &name).map(|()| Mended::Plain),
            (_, "file") => {}
            _ => {
                if let Some(text) = self.next(&name) {
                    el.set_attribute("value", &escaped(&text))?;
                }
            }
        }
        self.mend(el, &name)
    }

    fn next(&mut self, name: &str) -> Option<String> {
        let filled = self.filled.entry(name.to_owned()).or_default();
        let text = self.fields.get(name)?.get(*filled).cloned();
        *filled += 1;
        text
    }

    fn enter_list(&self, el: &mut Element<'_, '_>, name: &str) {
        if let (true, Some(ends)) = (self.fields.contains_key(name), el.end_tag_handlers()) {
            *self.list.borrow_mut() = Some(name.to_owned());
            let list = self.list.clone();
            ends.push(Box::new(move |_| {
                *list.borrow_mut() = None;
                Ok(())
            }));
        }
    }

    fn choose(&self, el: &mut Element<'_, '_>) -> Result<(), AttributeNameError> {
        let list = self.list.borrow();
        let Some(chosen) = list.as_ref().and_then(|name| self.fields.get(name)) else { return Ok(()) };
        let value = plain(&el.get_attribute("value").unwrap_or_default());
        set(el, "selected", chosen.contains(&value))
    }

    fn tick(&self, el: &mut Element<'_, '_>, name: &str) -> Result<(), AttributeNameError> {
        let value = el.get_attribute("value").map_or_else(|| "on".to_owned(), |value| plain(&value));
        set(el, "checked", self.fields.get(name).is_some_and(|texts| texts.contains(&value)))
    }

    fn mend(&mut self, el: &mut Element<'_, '_>, name: &str) -> Result<Mended, AttributeNameError> {
        let (mine, others) = std::mem::take(&mut self.problems).into_iter().partition(|one| concerns(one, name));
        self.problems = others;
        let mine: Vec<Problem> = mine;
        if mine.is_empty() {
            return Ok(Mended::Plain);
        }
        el.set_attribute("aria-invalid", "true")?;
        Ok(Mended::Told(mine.into_iter().map(|problem| problem.message).collect()))
    }
}

fn set(el: &mut Element<'_, '_>, name: &str, on: bool) -> Result<(), AttributeNameError> {
    if on {
        return el.set_attribute(name, "");
    }
    el.remove_attribute(name);
    Ok(())
}
