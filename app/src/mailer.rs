//! Reminders and mail, once a minute for every tenant. The inbox needs none of it: without a mail server only the
//! reminders are written.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tenants::notices::{self, Letter};
use tenants::store::operator;
use tenants::tenant::TenantHead;
use tenants::{Caller, year};
use time::OffsetDateTime;

use crate::pages::account::inbox::words;
use crate::text::{t, t_with};
use crate::{App, format};

const EVERY: Duration = Duration::from_secs(60);
/// Nobody's telephone rings at night: mail waits from nine in the evening to seven in the morning.
const QUIET_FROM: u8 = 21;
const QUIET_TO: u8 = 7;
/// In characters.
const LONGEST_SUBJECT: usize = 140;

/// Walks its rounds for as long as the server runs. A round that fails is told in the log; the next one tries again.
pub async fn walk(app: App) {
    let mut rounds = tokio::time::interval(EVERY);
    loop {
        rounds.tick().await;
        if let Err(error) = round(&app).await {
            tracing::warn!(?error, "a round of reminders and mail failed");
        }
    }
}

/// Reminds and mails everybody who is due now. One letter that cannot be sent does not keep the others.
pub async fn round(app: &App) -> anyhow::Result<()> {
    let mailer = match &app.config.mail {
        Some(mail) => Some((AsyncSmtpTransport::<Tokio1Executor>::from_url(&mail.url)?.build(), mail.from.parse()?)),
        None => None,
    };
    for (tenant, _) in operator::list_tenants(&app.db).await? {
        let caller = Caller::system(tenant.id);
        let tx = app.db.begin(&caller).await?;
        year::remind(&tx).await?;
        tx.commit().await?;
        if let Some((mailer, from)) = mailer.as_ref().filter(|_| !is_quiet(app.db.clock.now())) {
            deliver(app, &caller, &tenant, mailer, from).await?;
        }
    }
    Ok(())
}

fn is_quiet(now: OffsetDateTime) -> bool {
    let hour = now.to_offset(format::HANOI).hour();
    !(QUIET_TO..QUIET_FROM).contains(&hour)
}

async fn deliver(
    app: &App,
    caller: &Caller,
    tenant: &TenantHead,
    mailer: &AsyncSmtpTransport<Tokio1Executor>,
    from: &Mailbox,
) -> anyhow::Result<()> {
    let tx = app.db.begin(caller).await?;
    let letters = notices::letters(&tx).await?;
    tx.commit().await?;
    for letter in letters {
        let sent = match message(app, tenant, &letter, from) {
            Ok(message) => mailer.send(message).await.map(drop).map_err(anyhow::Error::from),
            Err(error) => Err(error),
        };
        let tx = app.db.begin(caller).await?;
        match sent {
            Ok(()) => notices::close(&tx, &letter).await?,
            Err(error) => {
                tracing::warn!(account = %letter.account, %error, "a letter could not be sent; it is tried again");
                notices::retry(&tx, &letter).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

/// One mail with everything that is new: the notice itself as the subject where there is only one.
fn message(app: &App, tenant: &TenantHead, letter: &Letter, from: &Mailbox) -> anyhow::Result<Message> {
    let subject = match letter.notices.as_slice() {
        [one] => words(one),
        several => t_with("mail-subject", [("count", several.len().into())]),
    };
    let to = Mailbox::new(Some(letter.name.clone()), letter.address.parse()?);
    let subject = one_line(&format!("[{}] {subject}", tenant.name));
    let message = Message::builder().from(from.clone()).to(to).subject(subject);
    Ok(message.header(ContentType::TEXT_PLAIN).body(body(app, tenant, letter))?)
}

/// What people wrote ends up in subjects: no line of it may become a header, and a page of it is no subject.
fn one_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST_SUBJECT) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

fn body(app: &App, tenant: &TenantHead, letter: &Letter) -> String {
    let site = app.config.public_url.clone().unwrap_or_default();
    let mut lines = vec![t_with("mail-greeting", [("name", letter.name.clone().into())]), String::new()];
    for notice in &letter.notices {
        lines.push(format!("- {} ({})", words(notice), format::moment(notice.at)));
        if !site.is_empty() {
            lines.push(format!("  {site}{}", notice.link));
        }
    }
    lines.extend([String::new(), t_with("mail-end", [("tenant", tenant.name.clone().into())]), t("mail-automatic")]);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_subject_is_one_short_line() {
        assert_eq!(one_line("Sở  A:\r\nBcc: x@example.vn\u{0}"), "Sở A: Bcc: x@example.vn");
        assert_eq!(one_line(&"ắ".repeat(300)), format!("{}…", "ắ".repeat(140)));
    }

    #[test]
    fn nights_are_quiet() {
        assert!(is_quiet(datetime!(2026-01-20 21:00 +7)));
        assert!(is_quiet(datetime!(2026-01-21 06:59 +7)));
        assert!(!is_quiet(datetime!(2026-01-21 07:00 +7)));
        assert!(!is_quiet(datetime!(2026-01-21 20:59 +7)));
    }
}
