//! The frame of citizens' pages: crest, name, navigation, footer. No script.

use leptos::prelude::*;
use tenants::paths;
use tenants::tenant::TenantHead;

use crate::page_cache::Portal;
use crate::text::{Lang, t};

/// Links of a tenant's portal: address and name, and which one is open.
#[derive(Clone, Debug, Default)]
pub struct PublicNav {
    links: Vec<(String, String)>,
    path: String,
}

impl PublicNav {
    /// The navigation of a portal: the year and the group being looked at stay chosen.
    pub fn of(portal: &Portal, path: &str) -> PublicNav {
        let slug = &portal.tenant.slug;
        let parts: Vec<&str> = path.split('/').collect();
        let newest = portal.years.first().map(|newest| newest.year);
        let year = parts.get(3).and_then(|part| part.parse::<i32>().ok()).or(newest);
        let group = parts.get(4).filter(|_| matches!(parts.get(2), Some(&("xep-hang" | "so-sanh" | "phuong-phap"))));
        let ranking = match (year, group) {
            (Some(year), Some(group)) => paths::portal_ranking(slug, year, group),
            _ => paths::portal(slug),
        };
        let mut links = vec![(ranking, t("portal-nav-ranking"))];
        if let (Some(year), Some(group)) = (year, group) {
            links.push((paths::portal_compare(slug, year, group), t("compare")));
            links.push((paths::portal_methodology(slug, year, group), t("methodology")));
        }
        links.extend(year.map(|year| (paths::open_data(slug, year), t("open-data"))));
        links.push((paths::portal_search(slug), t("search")));
        PublicNav { links, path: path.to_owned() }
    }
}

#[component]
pub fn PublicLayout(tenant: Option<TenantHead>, nav: PublicNav, children: Children) -> impl IntoView {
    let href = tenant.as_ref().map_or_else(|| "/".to_owned(), |tenant| paths::portal(&tenant.slug));
    let name = tenant.as_ref().map_or_else(|| t("product-name"), |tenant| tenant.name.clone());
    let sample = tenant.is_some_and(|tenant| tenant.is_sample);
    view! {
        <a class="skip" href="#noi-dung">{t("skip-to-content")}</a>
        <header class="site-header">
            <div class="site-header-in">
                <Brand href name line=t("product-line")/>
                <PublicLinks nav/>
            </div>
        </header>
        <main id="noi-dung" class="site-main">{children()}</main>
        <footer class="site-footer">
            {sample.then(|| view! { <span>{t("sample-data")}</span> })}
            <a href=paths::sign_in::PATH>{t("sign-in-link")}</a>
            <LanguageLink/>
        </footer>
    }
}

#[component]
fn PublicLinks(nav: PublicNav) -> impl IntoView {
    let PublicNav { links, path } = nav;
    (!links.is_empty()).then(|| {
        let link = |(href, name): (String, String)| {
            let current = (href == path).then_some("page");
            view! { <a href=href aria-current=current>{name}</a> }
        };
        view! { <nav class="site-nav" aria-label=t("main-navigation")>{links.into_iter().map(link).collect_view()}</nav> }
    })
}

/// The crest with the name of the authority.
#[component]
pub fn Brand(href: String, name: String, line: String) -> impl IntoView {
    view! {
        <a class="brand" href=href>
            <span class="crest" aria-hidden="true">
                <svg viewBox="0 0 24 24" fill="currentColor">
                    <path d="M12 2l2.9 6.6 7.1.7-5.4 4.7 1.6 7L12 17.3 5.8 21l1.6-7L2 9.3l7.1-.7z"/>
                </svg>
            </span>
            <span>
                <strong>{name}</strong>
                <small class="muted">{line}</small>
            </span>
        </a>
    }
}

/// The same page in the other language.
#[component]
pub fn LanguageLink() -> impl IntoView {
    let (code, name) = match Lang::current() {
        Lang::Vi => ("en", "English"),
        Lang::En => ("vi", "Tiếng Việt"),
    };
    view! { <a class="language" href=paths::language(code) lang=code hreflang=code rel="nofollow">{name}</a> }
}
