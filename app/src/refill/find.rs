//! Which form of a page is meant: the one sent to the same address whose hidden fields agree best with what was sent.

use std::cell::RefCell;
use std::rc::Rc;

use lol_html::errors::RewritingError;
use lol_html::html_content::Element;
use lol_html::{RewriteStrSettings, element, rewrite_str};
use tenants::Problem;

use super::plain;
use crate::refused_form::Kept;

/// The form that is meant.
#[derive(Debug)]
pub struct Found {
    /// Which of the page's forms, from 0.
    pub form: usize,
    pub id: String,
    /// The folds around it, each by its place among the page's.
    pub folded: Vec<usize>,
    pub in_island: bool,
    /// Fields at which a problem can stand.
    names: Vec<String>,
}

impl Found {
    /// Whether a problem can stand at a field of the form.
    pub fn takes(&self, problem: &Problem) -> bool {
        !self.in_island && self.names.iter().any(|name| concerns(problem, name))
    }
}

/// Whether a problem is about a field; a figure of the unit is called `f-` and its name.
pub fn concerns(problem: &Problem, name: &str) -> bool {
    !problem.field.is_empty() && (problem.field == name || name.strip_prefix("f-") == Some(problem.field.as_str()))
}

/// One form of the page, and how well it fits.
#[derive(Default)]
struct Candidate {
    form: usize,
    id: Option<String>,
    folded: Vec<usize>,
    in_island: bool,
    sent_here: bool,
    agreeing: i32,
    known: i32,
    names: Vec<String>,
}

#[derive(Default)]
struct Scan {
    forms: Vec<Candidate>,
    open: Rc<RefCell<Open>>,
    details: usize,
}

/// What is open where the scan stands.
#[derive(Default)]
struct Open {
    form: Option<usize>,
    folds: Vec<usize>,
    islands: usize,
}

/// The form what was kept belongs to; `None` where the page has none.
pub fn find(page: &str, kept: &Kept) -> Result<Option<Found>, RewritingError> {
    let scan = RefCell::new(Scan::default());
    let handlers = vec![
        element!("form", |el| {
            scan.borrow_mut().enter_form(el, kept);
            Ok(())
        }),
        element!("details", |el| {
            scan.borrow_mut().enter_fold(el);
            Ok(())
        }),
        element!("leptos-island", |el| {
            scan.borrow_mut().enter_island(el);
            Ok(())
        }),
        element!("input, select, textarea, button", |el| {
            scan.borrow_mut().control(el, kept);
            Ok(())
        }),
    ];
    rewrite_str(page, RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() })?;
    let forms = scan.into_inner().forms.into_iter().filter(|form| form.sent_here);
    // The first of several that fit alike.
    let best = forms.rev().max_by_key(|form| (form.agreeing, form.known));
    Ok(best.map(|form| Found {
        form: form.form,
        id: form.id.unwrap_or_else(|| format!("{}-o", super::ANCHOR)),
        folded: form.folded,
        in_island: form.in_island,
        names: form.names,
    }))
}

impl Scan {
    fn enter_form(&mut self, el: &mut Element<'_, '_>, kept: &Kept) {
        let number = self.forms.len();
        let open = self.open.clone();
        open.borrow_mut().form = Some(number);
        self.forms.push(Candidate {
            form: number,
            id: el.get_attribute("id"),
            folded: open.borrow().folds.clone(),
            in_island: open.borrow().islands > 0,
            sent_here: el.get_attribute("action").is_some_and(|action| sent_to(&action, kept)),
            ..Candidate::default()
        });
        at_end(el, move || open.borrow_mut().form = None);
    }

    fn enter_fold(&mut self, el: &mut Element<'_, '_>) {
        let open = self.open.clone();
        open.borrow_mut().folds.push(self.details);
        self.details += 1;
        at_end(el, move || {
            open.borrow_mut().folds.pop();
        });
    }

    fn enter_island(&mut self, el: &mut Element<'_, '_>) {
        let open = self.open.clone();
        open.borrow_mut().islands += 1;
        at_end(el, move || open.borrow_mut().islands -= 1);
    }

    fn control(&mut self, el: &Element<'_, '_>, kept: &Kept) {
        let named = el.get_attribute("form");
        let inside = self.open.borrow().form;
        let form = match named {
            Some(id) => self.forms.iter_mut().find(|form| form.id.as_deref() == Some(id.as_str())),
            None => inside.and_then(|number| self.forms.get_mut(number)),
        };
        let Some(form) = form else { return };
        if el.get_attribute("formaction").is_some_and(|action| sent_to(&action, kept)) {
            form.sent_here = true;
        }
        let Some(name) = el.get_attribute("name").map(|name| plain(&name)) else { return };
        let kind = el.get_attribute("type").unwrap_or_default();
        let sent = kept.fields.iter().any(|(field, _)| *field == name);
        if kind == "hidden" {
            let value = plain(&el.get_attribute("value").unwrap_or_default());
            let agrees = kept.fields.iter().any(|(field, text)| *field == name && *text == value);
            form.agreeing += if agrees { 1 } else { -1 };
        } else if sent {
            form.known += 1;
        }
        let takes = !matches!(kind.as_str(), "hidden" | "checkbox" | "radio" | "file") && el.tag_name() != "button";
        if takes && !form.names.contains(&name) {
            form.names.push(name);
        }
    }
}

fn sent_to(action: &str, kept: &Kept) -> bool {
    plain(action).split(['?', '#']).next() == Some(kept.action.as_str())
}

fn at_end(el: &mut Element<'_, '_>, then: impl FnOnce() + 'static) {
    if let Some(ends) = el.end_tag_handlers() {
        ends.push(Box::new(move |_| {
            then();
            Ok(())
        }));
    }
}
