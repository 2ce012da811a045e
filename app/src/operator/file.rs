//! `thuoc tenants apply`: authorities with their units, people and roles as one file says.
//!
//! What the file does not name stays as it is; people it names have the roles it gives them and no others. Each authority is
//! brought up to the file whole or not at all.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;
use tenants::Caller;
use tenants::accounts::{self, AccountState, NewPerson};
use tenants::caller::Role;
use tenants::ids::UnitId;
use tenants::members::{self, NewMember};
use tenants::store::authorities::{self, Authority};
use tenants::store::{Db, Tx};
use tenants::tenant::TenantKind;
use tenants::units::{self, NewUnit, UnitKind};
use time::Date;

use super::tenants_verb::told;
use super::{address, said, today};
use crate::Config;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    tenant: Vec<TenantEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TenantEntry {
    slug: String,
    name: String,
    kind: TenantKind,
    #[serde(default)]
    short_name: String,
    parent: Option<String>,
    #[serde(default)]
    unit: Vec<UnitEntry>,
    #[serde(default)]
    person: Vec<PersonEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitEntry {
    code: String,
    name: String,
    kind: UnitKind,
    #[serde(default)]
    short_name: String,
    /// Code of the unit above.
    parent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonEntry {
    login: String,
    name: String,
    email: Option<String>,
    /// "tenant_admin", "unit_editor:CODE".
    roles: Vec<String>,
}

#[derive(Default)]
struct Count {
    units: u32,
    people: u32,
    given: u32,
    ended: u32,
}

pub async fn apply(config: &Config, db: &Db, text: &str, invite: bool) -> Result<()> {
    let file: File = toml::from_str(text)?;
    ensure!(!file.tenant.is_empty(), "the file names no authority: begin with [[tenant]]");
    let today = today(db);
    for entry in &file.tenant {
        let wanted = Authority {
            slug: entry.slug.clone(),
            name: entry.name.clone(),
            short_name: entry.short_name.clone(),
            kind: entry.kind,
            parent: entry.parent.clone(),
            valid_from: today,
        };
        let at = || entry.slug.clone();
        let (id, done) = authorities::ensure(db, &wanted).await.map_err(said).with_context(at)?;
        let tx = db.begin(&Caller::operator(id)).await?;
        let mut count = Count::default();
        let by_code = bring_units(&tx, entry, today, &mut count).await.with_context(at)?;
        let mut links = Vec::new();
        for person in &entry.person {
            let account = bring_person(&tx, person, &by_code, &mut count).await;
            let account = account.with_context(|| format!("{}: {}", entry.slug, person.login))?;
            let waits = accounts::get(&tx, account).await?.0.state == AccountState::Invited;
            if invite && waits {
                links.push((person, accounts::send(&tx, account).await.map_err(said)?));
            }
        }
        tx.commit().await?;
        println!(
            "{}: {}; {} units and {} people added, {} roles given, {} ended.",
            entry.slug,
            told(done),
            count.units,
            count.people,
            count.given,
            count.ended
        );
        for (person, link) in links {
            println!("{} ({}): {}", person.login, person.name, address(config, &link));
        }
    }
    println!(
        "Next: thuoc admin token --login … prints a link for whoever has not chosen a password yet, or add --invite."
    );
    Ok(())
}

async fn bring_units(tx: &Tx, entry: &TenantEntry, today: Date, count: &mut Count) -> Result<BTreeMap<String, UnitId>> {
    let there = units::list(tx).await?;
    let mut by_code: BTreeMap<String, UnitId> =
        there.iter().map(|unit| (unit.official_code.clone(), unit.id)).collect();
    for unit in &entry.unit {
        if let Some(known) = there.iter().find(|known| known.official_code == unit.code) {
            ensure!(
                known.name == unit.name.trim() && known.kind == unit.kind,
                "unit {} is “{}” ({}) here; a unit is renamed in the browser, from a day on",
                unit.code,
                known.name,
                known.kind.as_str()
            );
            continue;
        }
        let above =
            |code: &String| by_code.get(code).copied().ok_or_else(|| anyhow!("no unit {code} above {}", unit.code));
        let parent = unit.parent.as_ref().map(above).transpose()?;
        let new = NewUnit {
            kind: unit.kind,
            official_code: unit.code.clone(),
            name: unit.name.clone(),
            short_name: unit.short_name.clone(),
            valid_from: today,
            parent,
        };
        let id = units::create(tx, new).await.map_err(said).with_context(|| format!("unit {}", unit.code))?;
        by_code.insert(unit.code.clone(), id);
        count.units += 1;
    }
    Ok(by_code)
}

async fn bring_person(
    tx: &Tx,
    person: &PersonEntry,
    by_code: &BTreeMap<String, UnitId>,
    count: &mut Count,
) -> Result<tenants::ids::AccountId> {
    ensure!(!person.roles.is_empty(), "give at least one role");
    let new = NewPerson { login: person.login.clone(), name: person.name.clone(), email: person.email.clone() };
    let (account, created) = accounts::create(tx, &new, None).await.map_err(said)?;
    count.people += u32::from(created);
    let mut wanted = Vec::new();
    for text in &person.roles {
        let (name, code) = text.split_once(':').map_or((text.as_str(), None), |(name, code)| (name, Some(code)));
        let role = Role::parse(name).with_context(|| format!("no such role: {name}"))?;
        let unit =
            code.map(|code| by_code.get(code).copied().with_context(|| format!("no unit {code}"))).transpose()?;
        let given = members::give(tx, NewMember { account, role, unit }).await.map_err(said)?;
        count.given += u32::from(given);
        wanted.push((role, unit));
    }
    for held in accounts::get(tx, account).await?.0.roles {
        if !wanted.contains(&(held.role, held.unit.map(|(unit, _)| unit))) {
            members::end(tx, held.id).await.map_err(said)?;
            count.ended += 1;
        }
    }
    Ok(account)
}
