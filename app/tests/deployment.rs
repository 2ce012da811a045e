//! What an administrator is given to copy: `.env.sample` and `compose.yaml`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use serde_json::Value;
use tenants::files::blobs::{BlobStore, S3Settings};
use tenants::ids::TenantId;

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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The Python that moto runs in; it reads YAML too.
fn python() -> PathBuf {
    let told = Command::new(root().join("scripts/test-servers")).arg("moto").output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    PathBuf::from(String::from_utf8(told.stdout).unwrap().trim()).with_file_name("python")
}

fn names(of: &Value) -> Vec<String> {
    match of {
        Value::Object(fields) => fields.keys().cloned().collect(),
        Value::Array(items) => items.iter().map(|item| item.as_str().unwrap().to_owned()).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn compose_names_nothing_that_is_not_there() {
    let program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let read = Command::new(python()).args(["-c", program]).arg(root().join("compose.yaml")).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let compose: Value = serde_json::from_slice(&read.stdout).unwrap();
    let (services, volumes) = (&compose["services"], names(&compose["volumes"]));
    for (name, service) in services.as_object().unwrap() {
        assert!(service["image"].is_string() || service["build"].is_string(), "{name} runs nothing");
        for (other, how) in service["depends_on"].as_object().into_iter().flatten() {
            let other = &services[other];
            match how["condition"].as_str().unwrap() {
                "service_healthy" => assert!(other["healthcheck"]["test"].is_array(), "{name} waits for ever"),
                "service_completed_successfully" => assert!(other.is_object() && other["restart"].is_null(), "{name}"),
                unknown => panic!("{name}: {unknown}"),
            }
        }
        for volume in names(&service["volumes"]) {
            let source = volume.split(':').next().unwrap();
            match source.strip_prefix("./") {
                Some(file) => assert!(root().join(file).is_file(), "{name}: {source} is not there"),
                None => assert!(volumes.iter().any(|known| known == source), "{name}: {source} is not declared"),
            }
        }
    }
    let app = &services["app"];
    assert_eq!((&app["read_only"], &app["cap_drop"][0]), (&Value::Bool(true), &Value::from("ALL")));
    // Compose's own words aside, the application is given what it reads, under the names of the sample.
    let sample = by_compose(&uncommented());
    for name in names(&app["environment"]) {
        assert!(sample.contains_key(&name), "{name} is no setting");
    }
    for published in services.as_object().unwrap().values().flat_map(|service| names(&service["ports"])) {
        assert!(published.starts_with("127.0.0.1:"), "{published} is open to the network");
    }
}

/// moto, with keys asked for.
struct Store {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
    settings: BTreeMap<String, String>,
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Store {
    fn start() -> Store {
        let folder = tempfile::tempdir().unwrap();
        let here = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut moto = Command::new(python().with_file_name("moto_server"));
        moto.args(["-H", "127.0.0.1", "-p", &here.port().to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let child = moto.spawn().unwrap();
        let began = Instant::now();
        while TcpStream::connect(here).is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "moto does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        let stands_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deployment/mc.py");
        let mc = format!("#!/bin/sh\nexec '{}' '{}' \"$@\"\n", python().display(), stands_in.display());
        std::fs::write(folder.path().join("mc"), mc).unwrap();
        let mut store = Store { child, address: format!("http://{here}"), folder, settings: BTreeMap::new() };
        let made = store.run("chmod +x \"$FOLDER/mc\" && mc prepare \"$ADDRESS\"");
        let (key, secret) = made.trim().split_once(' ').unwrap();
        let host = |key: &str, secret: &str| format!("http://{key}:{secret}@{here}");
        store.settings = [
            ("MC_HOST_files", host(key, secret)),
            ("MC_HOST_app", host("thuoc-app", "thuoc-secret")),
            ("BUCKET", "thuoc".into()),
            ("APP_KEY", "thuoc-app".into()),
            ("APP_SECRET", "thuoc-secret".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        store
    }

    /// What a shell command prints.
    fn run(&self, command: &str) -> String {
        let path = format!("{}:{}", self.folder.path().display(), std::env::var("PATH").unwrap());
        let done = Command::new("sh")
            .args(["-c", command])
            .env("PATH", path)
            .env("MC_STATE", self.folder.path().join("keys.json"))
            .env("FOLDER", self.folder.path())
            .env("ADDRESS", &self.address)
            .env("SCRIPT", root().join("deploy/store-user.sh"))
            .envs(&self.settings)
            .output()
            .unwrap();
        assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }
}

/// `deploy/store-user.sh` makes a key that is enough for the application, and for nothing else; run again, it changes
/// nothing.
#[tokio::test]
async fn the_store_gives_the_application_a_key_of_its_bucket_alone() {
    let store = Store::start();
    for _ in 0..2 {
        store.run("sh \"$SCRIPT\"");
    }
    store.run("mc mb --ignore-existing files/others");
    let keys: BTreeMap<String, [String; 2]> =
        serde_json::from_slice(&std::fs::read(store.folder.path().join("keys.json")).unwrap()).unwrap();
    let [access_key, secret_key] = keys["thuoc-app"].clone();
    let of = |bucket: &str| {
        BlobStore::s3(&S3Settings {
            endpoint: store.address.clone(),
            region: "us-east-1".into(),
            bucket: bucket.into(),
            access_key: access_key.clone(),
            secret_key: secret_key.clone(),
        })
    };
    let (own, others, tenant) = (of("thuoc"), of("others"), TenantId::new());
    let content = || futures::stream::once(std::future::ready(Ok(bytes::Bytes::from("nội dung"))));
    // Twice: what is known already is asked for in other words.
    for _ in 0..2 {
        own.put(tenant, content(), 100).await.unwrap();
    }
    let sha256 = own.list(tenant).await.unwrap().remove(0);
    let read: Vec<bytes::Bytes> = own.get(tenant, &sha256, None).await.unwrap().try_collect().await.unwrap();
    assert_eq!(read.concat(), "nội dung".as_bytes());
    assert!(own.modified(tenant, &sha256).await.unwrap().is_some() && own.now().await.is_ok());
    own.delete(tenant, &sha256).await.unwrap();
    assert_eq!(own.length(tenant, &sha256).await.unwrap(), None);
    assert!(others.put(tenant, content(), 100).await.is_err() && others.list(tenant).await.is_err());
}
