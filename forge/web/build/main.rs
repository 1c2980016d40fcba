//! Prepares what the pages need before they are compiled: the words, the style, the scripts and the icons.

#![allow(clippy::disallowed_methods, reason = "tools read files of this tree")]
#![expect(clippy::print_stdout, reason = "a build script speaks to cargo through its output")]

mod assets;
mod words;

use std::{env, fs, path::PathBuf};

fn main() {
    let templates = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the crate"))
        .join("../../templates");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the folder for generated files"));
    println!("cargo::rerun-if-changed=build");
    for folder in ["assets", "locales"] {
        println!("cargo::rerun-if-changed={}", templates.join(folder).display());
    }
    match words::generate(&templates.join("locales")) {
        Ok(code) => {
            fs::write(out.join("words.rs"), code).expect("the folder for generated files is writable");
        }
        Err(problems) => {
            for problem in &problems {
                println!("cargo::error={problem}");
            }
            std::process::exit(1);
        }
    }
    assets::generate(&templates.join("assets"), &out);
}
