//! Compiles the push helper, a program without dependencies, with its own settings: it has to be small and
//! quick to start whatever profile the server is built with.

use std::{env, path::PathBuf, process::Command};

fn main() {
    let source = "hook/main.rs";
    println!("cargo::rerun-if-changed=hook");
    let variable = |name: &str| env::var(name).expect("cargo sets this for build scripts");
    let output = PathBuf::from(variable("OUT_DIR")).join("hearth-push-helper");
    let mut command = Command::new(variable("RUSTC"));
    command
        .args(["--edition=2024", "--crate-name=hearth_push_helper", "--crate-type=bin"])
        .args(["-Copt-level=s", "-Cpanic=abort", "-Cstrip=symbols", "-Ccodegen-units=1", "-Clto=fat"])
        .args(["--target", &variable("TARGET")])
        .arg("-o")
        .arg(&output)
        .arg(source);
    if let Ok(linker) = env::var("RUSTC_LINKER") {
        command.arg(format!("-Clinker={linker}"));
    }
    let status = command.status().expect("the compiler that builds this crate can be started");
    assert!(status.success(), "the push helper does not compile");
}
