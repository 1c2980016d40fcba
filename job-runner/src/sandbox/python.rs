use std::{
    collections::BTreeSet,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde::Deserialize;
use url::Url;

/// Asks an interpreter where it and its libraries are. A name in `PATH` may be a script that finds the real
/// one, a virtual environment has two prefixes, and links may lead elsewhere.
const QUESTION: &str = "\
import json, os, sys
paths = [sys.prefix, sys.exec_prefix, getattr(sys, 'base_prefix', sys.prefix), getattr(sys, 'base_exec_prefix', sys.prefix)]
print(json.dumps({'executable': sys.executable, 'version': '.'.join(map(str, sys.version_info[:3])), 'prefixes': paths,
    'real': os.path.realpath(sys.executable),
    'sites': [[path, os.stat(path).st_mtime_ns] for path in sys.path if path.endswith(('site-packages', 'dist-packages')) and os.path.isdir(path)]}))";

/// Makes an environment in the first folder that also sees the packages of the image, and installs the file into
/// it with the image's own pip: what the image has already is not installed again. Runs in the sandbox.
pub(crate) const INSTALL_PACKAGES: &str = "\
import os, sys, venv
folder, requirements = sys.argv[1:3]
shared = [path for path in sys.path if path.endswith(('site-packages', 'dist-packages'))]
venv.EnvBuilder(symlinks=True).create(folder)
library = os.path.join(folder, 'lib', 'python%d.%d' % sys.version_info[:2], 'site-packages')
with open(os.path.join(library, 'image.pth'), 'w') as links:
    links.write('import site; ' + '; '.join('site.addsitedir(%r)' % path for path in shared) + '\\n')
python = os.path.join(folder, 'bin', 'python')
os.execv(python, [python, '-I', '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--no-cache-dir',
    '--progress-bar', 'off', '--no-warn-script-location', '--requirement', requirements])";

/// Asks the machine's own pip for its index: the configured one, else the one that it ships with.
const INDEX_QUESTION: &str = "\
import subprocess, sys
told = subprocess.run([sys.executable, '-m', 'pip', 'config', 'list'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
lines = [line.partition('=') for line in told.stdout.decode().splitlines()]
found = [value.strip('\\'\"') for name, _, value in lines if name in ('global.index-url', 'install.index-url', ':env:.index-url')]
if found:
    print(found[-1])
else:
    from pip._internal.models.index import PyPI
    print(PyPI.simple_url)";

/// Lists for `env.lock` what the program can import, sorted, one `name==version` per line.
pub(crate) const LOCK_QUESTION: &str = "\
import platform, sys
print('# ' + platform.python_implementation() + ' ' + platform.python_version() + ' ' + platform.platform())
try:
    from importlib.metadata import distributions
    found = {(d.metadata['Name'] or '?', d.version or '?') for d in distributions()}
except ImportError:
    import pkg_resources
    found = {(d.project_name, d.version) for d in pkg_resources.working_set}
for name, version in sorted(found, key=lambda pair: pair[0].lower()):
    print(name + '==' + version)";

const PATIENCE: Duration = Duration::from_secs(20);

/// An interpreter on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Interpreter {
    pub(crate) executable: String,
    pub(crate) version: String,
    /// Folders outside the system's that must be visible for it to work.
    pub(crate) folders: Vec<PathBuf>,
    /// Changes when packages are added to it or removed.
    pub(crate) stamp: String,
}

#[derive(Deserialize)]
struct Answer {
    executable: String,
    version: String,
    prefixes: Vec<PathBuf>,
    real: PathBuf,
    /// Folders of packages, and when they were changed.
    sites: serde_json::Value,
}

/// Finds an interpreter by name or path; the error has its output.
pub(crate) fn probe(python: &str) -> Result<Interpreter, String> {
    let answer = ask(python, QUESTION)?;
    let answer: Answer =
        serde_json::from_str(answer.trim()).map_err(|_| format!("{python} is not a Python interpreter"))?;
    if answer.executable.is_empty() {
        return Err(format!("{python} does not know where it is"));
    }
    let bin = answer.real.parent().map(Path::to_owned);
    // `bin/python` is one level below the prefix; for a lone executable elsewhere its folder is made visible.
    let home = bin.as_deref().and_then(Path::parent).map(Path::to_owned);
    let mut folders = BTreeSet::new();
    for prefix in answer.prefixes.into_iter().chain(home.filter(|home| home.join("lib").is_dir()).or(bin)) {
        let real = prefix.canonicalize().unwrap_or_else(|_| prefix.clone());
        for folder in [prefix, real] {
            if folder.parent().is_none() {
                return Err(format!("{python} has the whole machine as its folder"));
            }
            if !folder.starts_with("/usr") && folder.is_dir() {
                folders.insert(folder);
            }
        }
    }
    let outermost: Vec<PathBuf> = folders
        .iter()
        .filter(|folder| !folders.iter().any(|other| *folder != other && folder.starts_with(other)))
        .cloned()
        .collect();
    Ok(Interpreter {
        executable: answer.executable,
        version: answer.version,
        folders: outermost,
        stamp: answer.sites.to_string(),
    })
}

/// The address of the package index that the machine's own pip uses.
pub(crate) fn package_index(python: &str) -> Result<Url, String> {
    ask(python, INDEX_QUESTION)?.trim().parse().map_err(|_| format!("{python} knows no package index"))
}

fn ask(python: &str, question: &str) -> Result<String, String> {
    let mut child = Command::new(python)
        .args(["-I", "-c", question])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .current_dir("/")
        .spawn()
        .map_err(|error| format!("{python}: {error}"))?;
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => break,
            Ok(Some(status)) => return Err(format!("{python} ended with {status}")),
            Ok(None) if started.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                let _ = child.kill().and_then(|()| child.wait().map(drop));
                return Err(format!("{python} does not answer"));
            }
            Err(error) => return Err(format!("{python}: {error}")),
        }
    }
    let mut answer = String::new();
    if let Some(mut output) = child.stdout.take() {
        output.read_to_string(&mut answer).map_err(|error| format!("{python}: {error}"))?;
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_that_is_no_interpreter_is_said_to_be_none() {
        assert!(probe("/bin/true").is_err());
        assert!(probe("/no/such/python").unwrap_err().contains("/no/such/python"));
    }

    #[test]
    fn the_folders_of_an_interpreter_hold_its_executable_or_are_the_systems() {
        let Ok(found) = probe("python3") else { return };
        let executable = Path::new(&found.executable);
        assert!(
            executable.starts_with("/usr")
                || found.folders.iter().any(|folder| executable.starts_with(folder))
        );
    }
}
