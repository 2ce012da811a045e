//! `cargo xtask assets [--release]`: builds everything the browser receives into `target/site`.
//!
//! The islands crate becomes wasm, `wasm-bindgen` writes its JavaScript glue, `wasm-opt` shrinks it, and
//! `app/js/build.mjs` bundles styles, scripts and fonts, names each file by its content and compresses it.
//! Without `--release` the optimisers are skipped; the files and their names are otherwise the same.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "usage: cargo xtask assets [--release]";

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["assets"] => assets(false),
        ["assets", "--release"] => assets(true),
        _ => bail!(USAGE),
    }
}

fn assets(release: bool) -> Result<()> {
    let started = Instant::now();
    let places = Places::find()?;
    build_wasm(&places, release)?;
    bind(&places, release)?;
    if release {
        shrink(&places)?;
    }
    bundle(&places, release)?;
    println!("assets: {} in {:.1?}", places.site.display(), started.elapsed());
    Ok(())
}

/// Where things are read and written.
struct Places {
    root: PathBuf,
    /// Cargo's target directory; may lie outside the tree.
    target: PathBuf,
    /// Glue and wasm before bundling.
    glue: PathBuf,
    /// What the server embeds.
    site: PathBuf,
}

impl Places {
    fn find() -> Result<Places> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?.to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let site = root.join("target/site");
        Ok(Places { glue: root.join("target/islands"), target: root.join(target), site, root })
    }
}

fn build_wasm(places: &Places, release: bool) -> Result<()> {
    let profile = if release { "islands" } else { "dev" };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.current_dir(&places.root);
    cargo.args(["build", "-p", "islands", "--lib", "--features", "hydrate"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--profile", profile]);
    run(cargo, "building the islands for the browser")
}

fn bind(places: &Places, release: bool) -> Result<()> {
    let profile = if release { "islands" } else { "debug" };
    let wasm = places.target.join("wasm32-unknown-unknown").join(profile).join("islands.wasm");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&wasm).web(true)?.typescript(false).omit_default_module_path(true);
    bindgen.remove_name_section(release).remove_producers_section(release).out_name("islands");
    fs::create_dir_all(&places.glue)?;
    bindgen.generate(&places.glue).with_context(|| format!("binding {}", wasm.display()))
}

fn shrink(places: &Places) -> Result<()> {
    let wasm = places.glue.join("islands_bg.wasm");
    let mut optimiser = Command::new(places.root.join("app/node_modules/.bin/wasm-opt"));
    optimiser.arg("-Oz").args(["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext"]);
    optimiser.args(["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue"]);
    optimiser.arg(&wasm).arg("-o").arg(&wasm);
    run(optimiser, "shrinking the wasm (is `npm ci` done in app/?)")
}

fn bundle(places: &Places, release: bool) -> Result<()> {
    let mut node = Command::new("node");
    node.current_dir(places.root.join("app")).arg("js/build.mjs").arg(&places.glue).arg(&places.site);
    if release {
        node.arg("--release");
    }
    run(node, "bundling styles, scripts and fonts (is `npm ci` done in app/?)")
}

fn run(mut command: Command, doing: &str) -> Result<()> {
    let status = command.status().with_context(|| format!("{doing}: {command:?}"))?;
    if !status.success() {
        bail!("{doing} failed: {status}");
    }
    Ok(())
}
