//! Prepares what the pages need before they are compiled: the style, the scripts and the icons.

#![allow(clippy::disallowed_methods, reason = "tools read files of this tree")]
#![expect(clippy::print_stdout, reason = "a build script talks to cargo through its output")]

mod assets;

use std::{env, path::PathBuf};

fn main() {
    let assets = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the crate"))
        .join("../../templates/assets");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the folder for generated files"));
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", assets.display());
    assets::generate(&assets, &out);
}
