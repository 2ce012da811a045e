//! `thuoc tenants create|list|apply`.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::{Subcommand, ValueEnum};
use tenants::store::Db;
use tenants::store::authorities::{self, Authority, Done, Listed};
use tenants::tenant::TenantKind;
use time::Date;

use super::{file, said, today};
use crate::Config;

#[derive(Subcommand)]
pub enum Verb {
    /// Create an authority; run again, it gives the authority at this address the name and kind.
    Create {
        /// Its address: small letters without accents, digits, hyphens.
        #[arg(long)]
        slug: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        kind: Kind,
        /// As narrow places show it; the name where there is none.
        #[arg(long, default_value = "")]
        short_name: String,
        /// Address of the authority above.
        #[arg(long, value_name = "SLUG")]
        parent: Option<String>,
    },
    /// List the authorities as a tree.
    List,
    /// Bring authorities, their units, people and roles to what a file says (TOML, see docs/installation.md). Run twice, it
    /// changes nothing.
    Apply {
        file: PathBuf,
        /// Print a one-time link for each person who has not chosen a password yet.
        #[arg(long)]
        invite: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
    Province,
    District,
    Commune,
    Agency,
}

impl From<Kind> for TenantKind {
    fn from(kind: Kind) -> TenantKind {
        match kind {
            Kind::Province => TenantKind::Province,
            Kind::District => TenantKind::District,
            Kind::Commune => TenantKind::Commune,
            Kind::Agency => TenantKind::Agency,
        }
    }
}

pub async fn run(config: &Config, db: &Db, verb: Verb) -> Result<()> {
    match verb {
        Verb::Create { slug, name, kind, short_name, parent } => {
            let valid_from: Date = today(db);
            let wanted = Authority { slug, name, short_name, kind: kind.into(), parent, valid_from };
            let (_, done) = authorities::ensure(db, &wanted).await.map_err(said)?;
            println!("{}: {}.", wanted.slug, told(done));
            let slug = &wanted.slug;
            println!(
                "Next: thuoc admin create --tenant {slug} --login quantri.{slug} --name \"…\" --role tenant_admin --invite"
            );
            Ok(())
        }
        Verb::List => {
            let all = authorities::list(db).await?;
            if all.is_empty() {
                println!("No authorities yet. Next: thuoc tenants create --slug … --name \"…\" --kind province");
            }
            let tops: Vec<&Listed> = all.iter().filter(|one| one.parent.is_none()).collect();
            tops.into_iter().for_each(|top| branch(&all, top, 0));
            Ok(())
        }
        Verb::Apply { file, invite } => {
            let text = std::fs::read_to_string(&file).map_err(|error| anyhow!("{}: {error}", file.display()))?;
            file::apply(config, db, &text, invite).await.map_err(|error| error.context(file.display().to_string()))
        }
    }
}

pub fn told(done: Done) -> &'static str {
    match done {
        Done::Created => "created",
        Done::Changed => "changed",
        Done::Unchanged => "as it was",
    }
}

fn branch(all: &[Listed], one: &Listed, depth: usize) {
    let kind = one.kind.map_or("-", TenantKind::as_str);
    let sample = if one.is_sample { "  (sample data)" } else { "" };
    println!("{}{}  {kind}  {}{sample}", "  ".repeat(depth), one.slug, one.name);
    all.iter().filter(|below| below.parent == Some(one.id)).for_each(|below| branch(all, below, depth + 1));
}
