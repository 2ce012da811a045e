//! `thuoc tenants …` and `thuoc admin …` as others script against them, on a folder that begins empty.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use app::Config;
use axum::http::StatusCode;
use tempfile::TempDir;

use crate::common::Service;

const PASSWORD: &str = "con trâu ăn cỏ bên cầu đá";

fn thuoc(data: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_thuoc"))
        .args(args)
        .env_clear()
        .env("THUOC_DATA", data)
        .env("PUBLIC_URL", "http://thuoc.example")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[track_caller]
fn done(data: &Path, args: &[&str], input: &str) -> String {
    let output = thuoc(data, args, input);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{args:?}: {err}");
    out
}

#[track_caller]
fn refused(data: &Path, args: &[&str], input: &str, says: &str) {
    let output = thuoc(data, args, input);
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && err.contains(says), "{args:?}: {err}");
}

fn token(printed: &str) -> String {
    let (_, rest) = printed.split_once("http://thuoc.example/moi?ma=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

async fn serve(data: &Path) -> Service {
    let data = data.to_owned();
    Service::with(move |config: &mut Config| config.data = data).await
}

#[tokio::test]
async fn a_real_authority_starts_from_an_empty_folder() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let create = ["tenants", "create", "--slug", "vi-du", "--name", "Tỉnh Ví Dụ", "--kind", "province"];
    assert!(done(data, &["tenants", "list"], "").contains("thuoc tenants create"));
    assert!(done(data, &create, "").starts_with("vi-du: created."));
    assert!(done(data, &create, "").starts_with("vi-du: as it was."));
    assert_eq!(done(data, &["tenants", "list"], "").trim(), "vi-du  province  Tỉnh Ví Dụ");
    let admin = |more: &[&'static str]| {
        let all = ["admin", "create", "--tenant", "vi-du", "--login", "quantri.vidu", "--name", "Trần Thị An"];
        all.into_iter().chain(["--role", "tenant_admin"]).chain(more.iter().copied()).collect::<Vec<_>>()
    };
    refused(data, &admin(&[]), "", "--invite");
    refused(data, &admin(&["--password-stdin"]), "1234567890\n", "password: ");
    assert!(done(data, &admin(&["--password-stdin"]), &format!("{PASSWORD}\n")).contains("quantri.vidu: created"));
    assert!(done(data, &admin(&["--password-stdin"]), "another good passphrase\n").contains("password is as it was"));
    refused(data, &["admin", "token", "--login", "ai-do"], "", "no account is called ai-do");
    refused(data, &["tenants", "create", "--slug", "moi", "--name", "X", "--kind", "district"], "", "slug: ");
    refused(data, &["seed", "demo"], "", "real authority");
    let invited = ["admin", "create", "--tenant", "vi-du", "--login", "quanly", "--name", "Lê Văn Bình"];
    let invited: Vec<_> = invited.into_iter().chain(["--role", "period_manager", "--invite"]).collect();
    let first = token(&done(data, &invited, ""));
    assert!(done(data, &invited, "").contains("thuoc admin token --login quanly"));
    let second = token(&done(data, &["admin", "token", "--login", "quanly", "--tenant", "vi-du"], ""));
    assert_ne!(first, second);

    let service = serve(data).await;
    let cookie = service.sign_in("quantri.vidu", PASSWORD).await;
    assert_eq!(service.page("/lam-viec", &cookie).await.status, StatusCode::OK);
    invitation(&service, &first, &second).await;
    own_password(&service).await;
    let disable = ["admin", "disable", "--login", "quanly"];
    let cookie = service.sign_in("quanly", "ngựa ô phi qua đèo gió").await;
    assert!(done(data, &disable, "").contains("disabled"));
    assert_eq!(service.page("/lam-viec", &cookie).await.status, StatusCode::SEE_OTHER);
    refused(data, &["admin", "token", "--login", "quanly"], "", "khóa");
    assert!(done(data, &["admin", "enable", "--login", "quanly"], "").contains("may sign in"));
    assert!(done(data, &["admin", "unlock", "--login", "quanly"], "").contains("forgotten"));
    let reset = ["admin", "reset-password", "--login", "quanly", "--password-stdin"];
    done(data, &reset, &format!("{PASSWORD} mới\n"));
    assert!(!service.sign_in("quanly", &format!("{PASSWORD} mới")).await.is_empty());
}

async fn invitation(service: &Service, first: &str, second: &str) {
    assert_eq!(service.get(&format!("/moi?ma={first}")).await.status, StatusCode::NOT_FOUND);
    let page = service.get(&format!("/moi?ma={second}")).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Lê Văn Bình"), "{}", page.body);
    let chosen = |password: &str, again: &str| format!("ma={second}&password={password}&again={again}");
    let differs = service.post("/moi", &chosen("mot+hai+ba+bon", "mot"), None).await;
    assert_eq!(differs.status, StatusCode::UNPROCESSABLE_ENTITY);
    let weak = service.post("/moi", &chosen("1234567890", "1234567890"), None).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.body.contains("dễ đoán"), "{}", weak.body);
    let phrase = "con+ong+bay+qua+suối+xa";
    let entered = service.post("/moi", &chosen(phrase, phrase), None).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/lam-viec"));
    assert_eq!(service.page("/lam-viec", &entered.cookie()).await.status, StatusCode::OK);
    let again = service.post("/moi", &chosen(phrase, phrase), None).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

async fn own_password(service: &Service) {
    let here = service.sign_in("quanly", "con ong bay qua suối xa").await;
    let elsewhere = service.sign_in("quanly", "con ong bay qua suối xa").await;
    let new = "ngựa+ô+phi+qua+đèo+gió";
    let wrong = service.post("/lam-viec/mat-khau", &format!("old=sai&password={new}&again={new}"), Some(&here)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("old=con+ong+bay+qua+suối+xa&password={new}&again={new}");
    let changed = service.post("/lam-viec/mat-khau", &form, Some(&here)).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    assert_eq!(service.page("/lam-viec", &here).await.status, StatusCode::OK);
    assert_eq!(service.page("/lam-viec", &elsewhere).await.status, StatusCode::SEE_OTHER);
}

const FILE: &str = r#"
[[tenant]]
slug = "vi-du"
name = "Tỉnh Ví Dụ"
kind = "province"

[[tenant.unit]]
code = "SNV"
name = "Sở Nội vụ"
kind = "department"

[[tenant.person]]
login = "an"
name = "Trần Thị An"
roles = ["tenant_admin", "unit_editor:SNV"]

[[tenant]]
slug = "xa-vi-du"
name = "Xã Ví Dụ"
kind = "commune"
parent = "vi-du"
"#;

#[test]
fn a_file_applied_twice_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let file = data.join("authorities.toml");
    let apply = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let args: Vec<&str> =
            ["tenants", "apply", file.to_str().unwrap()].into_iter().chain(more.iter().copied()).collect();
        thuoc(data, &args, "")
    };
    let out = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    let first = apply(FILE, &["--invite"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let said = out(&first);
    assert!(said.contains("vi-du: created; 1 units and 1 people added, 2 roles given, 0 ended."), "{said}");
    assert_eq!(token(&said).len(), 32);
    let said = out(&apply(FILE, &[]));
    for slug in ["vi-du", "xa-vi-du"] {
        let line = format!("{slug}: as it was; 0 units and 0 people added, 0 roles given, 0 ended.");
        assert!(said.contains(&line), "{said}");
    }
    let said = out(&apply(&FILE.replace(", \"unit_editor:SNV\"", ""), &[]));
    assert!(said.contains("0 roles given, 1 ended"), "{said}");
    for (wrong, says) in [
        ("\"unit_editor:SNV\"", "\"unit_editor:KHONG\"", "no unit KHONG"),
        ("kind = \"province\"", "kind = \"tỉnh\"", "unknown variant"),
        ("parent =", "cha =", "unknown field"),
        ("login = \"an\"", "login = \"ân\"", "login: "),
    ]
    .map(|(from, to, says)| (FILE.replace(from, to), says))
    {
        let output = apply(&wrong, &[]);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && err.contains(says), "{says}: {err}");
    }
    assert_eq!(done(data, &["tenants", "list"], "").lines().count(), 2);
}
