//! What an administrator is given to copy: `.env.sample` and `compose.yaml`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
}

/// The sample with every setting in force.
fn uncommented() -> String {
    let sample = read(".env.sample");
    let in_force = |line: &str| {
        let setting = line.strip_prefix('#').filter(|rest| {
            let name = rest.split('=').next().unwrap_or_default();
            rest.contains('=')
                && !name.is_empty()
                && name.chars().all(|c| c.is_ascii_uppercase() || "_0123456789".contains(c))
        });
        setting.unwrap_or(line).to_owned()
    };
    sample.lines().map(in_force).collect::<Vec<_>>().join("\n") + "\n"
}

/// As `scripts/run` reads it.
fn by_a_shell(text: &str) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    std::fs::write(&file, text).unwrap();
    let script = format!("set -euo pipefail; set -a; source '{}'; set +a; env -0", file.display());
    let output = Command::new("bash").args(["-c", &script]).env_clear().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.split('\0').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

/// As compose reads it: quotation marks around a whole value go; unquoted, a `#` after a space begins a comment.
fn by_compose(text: &str) -> BTreeMap<String, String> {
    let setting = |line: &str| {
        let (name, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
        let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let plain = || value.split(" #").next().unwrap_or_default().trim();
        Some((name.to_owned(), quoted.unwrap_or_else(plain).to_owned()))
    };
    text.lines().filter_map(setting).collect()
}

#[test]
fn every_setting_of_the_sample_is_read_alike_by_a_shell_and_by_compose() {
    let text = uncommented();
    let (shell, compose) = (by_a_shell(&text), by_compose(&text));
    assert!(compose.len() > 20, "{compose:?}");
    for (name, value) in &compose {
        assert_eq!(shell.get(name), Some(value), "{name}");
    }
    assert_eq!(compose["MAIL_FROM"], "Chuyển đổi số <cds@example.vn>");
}

#[test]
fn the_program_understands_every_setting_of_the_sample() {
    let data = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_thuoc"))
        .arg("serve")
        .env_clear()
        .envs(by_a_shell(&uncommented()))
        .env("THUOC_DATA", data.path())
        .env("THUOC_LISTEN", "127.0.0.1:0")
        // Nobody is there; so far it comes only when everything was understood.
        .env("DATABASE_URL", format!("postgres://thuoc_app@localhost/thuoc?host={}", data.path().display()))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("connecting to the database"), "{told}");
}

/// The lines of compose.yaml that belong to a service, or to the settings shared under `x-settings`.
fn part<'a>(compose: &'a str, head: &str) -> Vec<&'a str> {
    let deep = |line: &str| line.len() - line.trim_start().len();
    let lines = compose.lines().skip_while(|line| line.split(':').next().unwrap_or_default() != head);
    let own = deep(head);
    lines.skip(1).take_while(|line| line.trim().is_empty() || deep(line) > own).collect()
}

#[test]
fn compose_gives_the_application_no_password_but_its_own() {
    let compose = read("compose.yaml");
    let secrets =
        ["POSTGRES_PASSWORD", "OWNER_PASSWORD", "DATABASE_OWNER_URL", "STORE_ROOT_USER", "STORE_ROOT_PASSWORD"];
    let shared = part(&compose, "x-settings");
    let app = part(&compose, "  app");
    assert!(app.contains(&"    environment: *settings") && shared.iter().any(|line| line.contains("APP_PASSWORD")));
    for secret in secrets {
        assert!(!shared.iter().chain(&app).any(|line| line.contains(secret)), "the application is told {secret}");
    }
    let with_settings = compose.matches("*settings").count();
    assert_eq!(with_settings, 1, "only the application is given the application's settings");
    // Every variable compose asks for is in the sample.
    let sample = by_compose(&uncommented());
    let wanted = compose.split("${").skip(1).map(|rest| rest.split([':', '}']).next().unwrap());
    for name in wanted {
        assert!(sample.contains_key(name), "{name} is not in .env.sample");
    }
}
