//! `thuoc admin create|reset-password|unlock|disable|enable|token`.

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};
use tenants::Caller;
use tenants::accounts::{self, AccountState, NewPerson, Password};
use tenants::caller::Role;
use tenants::ids::{AccountId, TenantId};
use tenants::members::{self, NewMember};
use tenants::store::{Db, operator, sign_in};
use tenants::units;

use super::{address, password, said};
use crate::Config;

#[derive(Subcommand)]
pub enum Verb {
    /// Create an account with a role; run again, it changes nothing. An account that is there gets the role.
    Create {
        /// Address of the authority.
        #[arg(long, value_name = "SLUG")]
        tenant: String,
        #[arg(long)]
        login: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: Option<String>,
        /// tenant_admin, period_manager, rule_admin, publisher, inspector, council_chair, council_secretary, appraiser,
        /// unit_approver, unit_editor.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Official code of the unit, for roles of a unit.
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
        /// The password is the first line of standard input.
        #[arg(long, conflicts_with = "invite")]
        password_stdin: bool,
        /// Print a one-time link by which the person chooses a password.
        #[arg(long)]
        invite: bool,
    },
    /// Give an account another password, from standard input or by a one-time link. Its sessions end.
    ResetPassword {
        #[command(flatten)]
        who: Who,
        /// The password is the first line of standard input; without this a one-time link is printed.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Forget the failed attempts that slow somebody's sign-in down.
    Unlock(Who),
    /// Keep somebody out, at once and everywhere.
    Disable(Who),
    /// Let somebody in again who was disabled.
    Enable(Who),
    /// Print a new one-time link by which somebody chooses a password; earlier ones no longer work.
    Token(Who),
}

#[derive(Args)]
pub struct Who {
    #[arg(long)]
    login: String,
    /// Authority whose log tells of it; one the person has a role in where none is named.
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
}

fn role(name: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::as_str).join(", ");
    Role::parse(name).ok_or_else(|| format!("no such role; there are {}", known()))
}

pub async fn run(config: &Config, db: &Db, verb: Verb) -> Result<()> {
    match verb {
        Verb::Create { tenant, login, name, email, role, unit, password_stdin, invite } => {
            let typed = if password_stdin { Some(password()?) } else { None };
            let wanted = Wanted { tenant, person: NewPerson { login, name, email }, role, unit };
            create(config, db, wanted, typed, invite).await
        }
        Verb::ResetPassword { who, password_stdin: false } | Verb::Token(who) => token(config, db, &who).await,
        Verb::ResetPassword { who, password_stdin: true } => {
            let (account, tenant) = find(db, &who).await?;
            let chosen = Password::choose(&password()?, &[&who.login]).await.map_err(said)?;
            let tx = db.begin(&Caller::operator(tenant)).await?;
            accounts::set_password(&tx, account, chosen).await.map_err(said)?;
            tx.commit().await?;
            println!("{}: another password; whoever was signed in no longer is.", who.login);
            Ok(())
        }
        Verb::Unlock(who) => {
            let (account, tenant) = find(db, &who).await?;
            let tx = db.begin(&Caller::operator(tenant)).await?;
            accounts::unlock(&tx, account).await.map_err(said)?;
            tx.commit().await?;
            println!("{}: failed attempts are forgotten; sign in again.", who.login);
            Ok(())
        }
        Verb::Disable(who) => {
            let (account, tenant) = find(db, &who).await?;
            let tx = db.begin(&Caller::operator(tenant)).await?;
            accounts::disable(&tx, account).await.map_err(said)?;
            tx.commit().await?;
            println!(
                "{}: disabled; all sessions have ended. Undo: thuoc admin enable --login {}",
                who.login, who.login
            );
            Ok(())
        }
        Verb::Enable(who) => {
            let (account, tenant) = find(db, &who).await?;
            let tx = db.begin(&Caller::operator(tenant)).await?;
            accounts::enable(&tx, account).await.map_err(said)?;
            tx.commit().await?;
            println!("{}: may sign in.", who.login);
            Ok(())
        }
    }
}

struct Wanted {
    tenant: String,
    person: NewPerson,
    role: Role,
    unit: Option<String>,
}

async fn create(config: &Config, db: &Db, wanted: Wanted, typed: Option<String>, invite: bool) -> Result<()> {
    let tenant = tenant(db, &wanted.tenant).await?;
    let login = wanted.person.login.trim().to_lowercase();
    let known = accounts::find(db, &login).await?;
    ensure!(
        known.is_some() || invite || typed.is_some(),
        "say --invite for a one-time link, or --password-stdin and the password on standard input"
    );
    let chosen = match (&known, &typed) {
        (None, Some(typed)) => Some(Password::choose(typed, &[&login, &wanted.person.name]).await.map_err(said)?),
        _ => None,
    };
    let tx = db.begin(&Caller::operator(tenant)).await?;
    let unit = match &wanted.unit {
        None => None,
        Some(code) => {
            let found = units::list(&tx).await?.into_iter().find(|unit| unit.official_code == *code);
            Some(found.with_context(|| format!("no unit has the code {code} in {}", wanted.tenant))?.id)
        }
    };
    let (account, created) = accounts::create(&tx, &wanted.person, chosen).await.map_err(said)?;
    let given = members::give(&tx, NewMember { account, role: wanted.role, unit }).await.map_err(said)?;
    let link = if created && invite { Some(accounts::send(&tx, account).await.map_err(said)?) } else { None };
    tx.commit().await?;
    println!(
        "{login}: {}, {}.",
        if created { "created" } else { "there already" },
        match given {
            true => format!("is {} of {} now", wanted.role.as_str(), wanted.tenant),
            false => format!("{} of {} as before", wanted.role.as_str(), wanted.tenant),
        }
    );
    match (link, known) {
        (Some(link), _) => println!("Next: give this link to {}:\n{}", wanted.person.name, address(config, &link)),
        (None, Some((_, AccountState::Invited))) => {
            println!("Next: thuoc admin token --login {login} prints a new link for choosing a password.");
        }
        (None, Some(_)) if typed.is_some() => {
            println!("The password is as it was. Next: thuoc admin reset-password --login {login} --password-stdin");
        }
        (None, _) => println!("Next: thuoc serve, and sign in as {login}."),
    }
    Ok(())
}

async fn token(config: &Config, db: &Db, who: &Who) -> Result<()> {
    let (account, tenant) = find(db, who).await?;
    let tx = db.begin(&Caller::operator(tenant)).await?;
    let link = accounts::send(&tx, account).await.map_err(said)?;
    tx.commit().await?;
    println!("Next: give this link to the person; earlier ones no longer work:\n{}", address(config, &link));
    Ok(())
}

async fn tenant(db: &Db, slug: &str) -> Result<TenantId> {
    let found = operator::tenant_by_slug(db, slug).await?;
    let missing =
        || format!("no authority at {slug}; thuoc tenants list shows those there are, thuoc tenants create makes one");
    Ok(found.with_context(missing)?.id)
}

async fn find(db: &Db, who: &Who) -> Result<(AccountId, TenantId)> {
    let Some((account, _)) = accounts::find(db, &who.login).await? else {
        bail!("no account is called {}; thuoc admin create makes one", who.login);
    };
    let tenant = match &who.tenant {
        Some(slug) => tenant(db, slug).await?,
        None => {
            let first = sign_in::tenants_of(db, account).await?.into_iter().next();
            first.context("the account has no role now; name the authority it had one in with --tenant")?.id
        }
    };
    Ok((account, tenant))
}
