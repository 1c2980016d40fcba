//! All checks and tests, in order.

use std::fs;
use std::path::PathBuf;

use crate::home::Home;
use crate::kubernetes::Kubernetes;
use crate::postgres::Postgres;
use crate::program::{self, cargo, cargo_for_tests, in_ci, run, tests};
use crate::report::{Report, say};
use crate::{Outcome, kubernetes, licences, needs, restricted_calls, started, tree};

/// The options of `cargo xtask test`.
#[derive(Default)]
pub(crate) struct Options {
    only: Option<String>,
    no_install: bool,
}

impl Options {
    pub(crate) fn parse(words: &[String]) -> Outcome<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--only" => options.only = Some(words.next().ok_or("--only needs a text")?.clone()),
                "--no-install" => options.no_install = true,
                other => return Err(format!("test knows no option {other:?}")),
            }
        }
        Ok(options)
    }
}

/// `cargo xtask check`: what can be checked without running the product.
pub(crate) fn check() -> bool {
    let mut report = Report::new();
    quick(&mut report);
    report.close()
}

fn quick(report: &mut Report) {
    report.step("files and links", |_| tree::check());
    report.step("programs that are started", |_| started::check());
    report.step("restricted calls", |_| restricted_calls::check());
    report.step("licences and banned crates", |_| licences::check());
    report.step("formatting", |_| run(cargo().args(["fmt", "--all", "--check"])));
    report.step("clippy", |_| {
        run(cargo().args([
            "clippy",
            "--quiet",
            "--keep-going",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
}

/// `cargo xtask test`: installs what is missing, then runs every check and every test.
pub(crate) fn everything(options: &Options) -> Outcome<bool> {
    let mut report = Report::new();
    let skips = SkipLog::new()?;
    let home = Home::new()?;
    if !report.step("what the tests need", |_| needs::ensure(!options.no_install)) {
        return Ok(report.close());
    }
    if options.only.is_none() {
        quick(&mut report);
    }
    // One build for all test steps: always the same packages and features, so that nothing is built twice.
    let built = report.step("build", |_| {
        run(cargo().args(["build", "--workspace", "--all-targets"]))?;
        run(cargo().args(["test", "--quiet", "--workspace", "--all-targets", "--no-run"]))
    });
    if !built {
        return Ok(report.close());
    }
    let mut postgres = None;
    report.step("a private PostgreSQL", |_| {
        postgres = Some(Postgres::start()?);
        Ok(())
    });
    let Some(postgres) = postgres else { return Ok(report.close()) };
    let Some(cluster) = cluster(&mut report) else { return Ok(report.close()) };
    let prepared = |words: &[&str], database: &str| {
        let mut command = cargo_for_tests();
        command
            .args(["test", "--quiet", "--workspace", "--no-fail-fast"])
            .args(words)
            .env("HEARTH_TEST_POSTGRES", postgres.url())
            .env("HEARTH_BIN", program::target().join("debug").join("hearth"))
            .env("HEARTH_TEST_PYTHON", needs::python_path())
            .env("HEARTH_TEST_AXE", needs::axe_path())
            .envs(needs::go_sdk_path().is_file().then(|| ("HEARTH_TEST_GO_SDK", needs::go_sdk_path())))
            .env("HEARTH_E2E_DATABASE", database)
            .env("HEARTH_SKIP_LOG", &skips.file)
            .env("INSTA_UPDATE", "no");
        home.give(&mut command);
        if let Some(cluster) = &cluster {
            cluster.tell(&mut command);
        }
        command
    };
    match &options.only {
        None => {
            report.step("unit, store and page tests", |counts| {
                tests(&mut prepared(&["--lib", "--bins", "--test", "it"], "sqlite"), counts)
            });
            report.step("examples in the documentation", |counts| {
                tests(&mut prepared(&["--doc"], "sqlite"), counts)
            });
            report.step("end to end on SQLite", |counts| {
                tests(&mut prepared(&["--test", "e2e"], "sqlite"), counts)
            });
            report.step("end to end on PostgreSQL", |counts| {
                tests(&mut prepared(&["--test", "e2e"], "postgres"), counts)
            });
        }
        Some(only) => {
            report.step("end to end on SQLite", |counts| {
                tests(&mut prepared(&["--test", "e2e", "--", only], "sqlite"), counts)
            });
        }
    }
    let ignored = report.ignored();
    report.step("nothing was left out", |_| skips.close(ignored));
    Ok(report.close())
}

/// The control plane, with Kueue and a real node. An outer `None` means that something failed; an inner one
/// that a developer's machine has no Go, so the tests that need a cluster are skipped with a message.
#[expect(clippy::option_option, reason = "the caller distinguishes the two kinds of absence")]
fn cluster(report: &mut Report) -> Option<Option<Kubernetes>> {
    if program::find("go").is_none() && !in_ci() {
        say("Go is not installed: the tests on Kubernetes are left out.");
        return Some(None);
    }
    let mut cluster = None;
    let started = report.step("building the control plane, once", |_| kubernetes::build())
        && report.step("the control plane", |_| {
            cluster = Some(Kubernetes::start()?);
            Ok(())
        })
        && report.step("building Kueue, once", |_| kubernetes::build_kueue())
        && report.step("Kueue", |_| cluster.as_mut().map_or(Ok(()), Kubernetes::add_kueue));
    if !started {
        return None;
    }
    let held = report.step("a real node", |_| match kubernetes::no_real_node()? {
        Some(reason) if in_ci() => Err(reason),
        Some(reason) => {
            say(&format!("{reason}: the tests on one are left out."));
            Ok(())
        }
        None => cluster.as_mut().map_or(Ok(()), Kubernetes::add_node),
    });
    held.then_some(cluster)
}

/// Where tests record that they were skipped, and why.
struct SkipLog {
    file: PathBuf,
}

impl SkipLog {
    fn new() -> Outcome<Self> {
        let folder = program::target();
        fs::create_dir_all(&folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
        let file = folder.join("skipped-tests.txt");
        fs::write(&file, "").map_err(|e| format!("cannot write {}: {e}", file.display()))?;
        Ok(Self { file })
    }

    /// Reports skipped tests. In CI they are a failure.
    fn close(&self, ignored: u64) -> Outcome {
        let skipped =
            fs::read_to_string(&self.file).map_err(|e| format!("the list of skips is gone: {e}"))?;
        if skipped.is_empty() && ignored == 0 {
            return Ok(());
        }
        say(skipped.trim_end());
        let summary =
            format!("{} tests could not run, {ignored} are marked ignored", skipped.lines().count());
        say(&summary);
        if in_ci() { Err(summary) } else { Ok(()) }
    }
}
