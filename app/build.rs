//! A release binary carries the built assets, so it is compiled anew when they change. Debug binaries read the folder.

use std::path::Path;

const MANIFEST: &str = "../target/site/manifest.json";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    println!("cargo::rerun-if-changed={MANIFEST}");
    if !Path::new(MANIFEST).exists() {
        println!("cargo::warning=no assets to carry: run `cargo xtask assets --release` first");
    }
}
