//! The real git, with its own home and no prompts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::Person;
use crate::session::encoded;

/// The result of a finished program.
#[derive(Debug)]
pub struct Finished {
    pub succeeded: bool,
    /// `None` if a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Finished {
    fn from(output: Output) -> Self {
        Self {
            succeeded: output.status.success(),
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// One user's git: a home folder, a name, and the password in git's credential store.
pub struct Git {
    home: TempDir,
    folder: PathBuf,
}

impl Git {
    /// The git of a user without an account.
    ///
    /// # Panics
    ///
    /// When its folders cannot be made.
    pub fn anonymous() -> Self {
        Self::with("", "Nobody", "nobody@example.org")
    }

    /// The git of a user who signs in with name and token.
    pub fn of(person: &Person) -> Self {
        Self::signed_in(person, &person.token)
    }

    /// The git of a user who signs in with name and password.
    pub fn with_password_of(person: &Person) -> Self {
        Self::signed_in(person, &person.password)
    }

    fn signed_in(person: &Person, secret: &str) -> Self {
        Self::with_password(&person.name, secret, person.root())
    }

    /// The git of a user who signs in to the site at `root` with a name and a password or token.
    pub fn with_password(name: &str, secret: &str, root: &str) -> Self {
        let known = root.replace("http://", &format!("http://{}:{}@", encoded(name), encoded(secret)));
        Self::with(&format!("{known}\n"), name, &format!("{name}@example.org"))
    }

    fn with(known: &str, name: &str, email: &str) -> Self {
        let home = tempfile::Builder::new().prefix("hearth-git-").tempdir().expect("a temporary folder");
        let configuration = format!(
            "[user]\n name = {name}\n email = {email}\n[init]\n defaultBranch = main\n\
             [credential]\n helper = store\n[advice]\n detachedHead = false\n[protocol]\n version = 2\n"
        );
        fs::write(home.path().join(".gitconfig"), configuration).expect("the home folder is ours");
        fs::write(home.path().join(".git-credentials"), known).expect("the home folder is ours");
        let folder = home.path().join("work");
        fs::create_dir(&folder).expect("the home folder is ours");
        Self { home, folder }
    }

    /// The current folder of commands.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Changes into a folder below the first one: the clone that a command created.
    pub fn enter(&mut self, name: &str) -> &mut Self {
        self.folder = self.home.path().join("work").join(name);
        self
    }

    /// Runs a command that may fail.
    #[track_caller]
    pub fn attempt(&self, arguments: &[&str]) -> Finished {
        self.program("git", arguments, &[])
    }

    /// Runs a command that must succeed, and returns its output.
    ///
    /// # Panics
    ///
    /// When it fails.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        let finished = self.attempt(arguments);
        assert!(finished.succeeded, "git {arguments:?}\n{}{}", finished.out, finished.err);
        finished.out
    }

    /// Runs any program as this user would: with their home and nothing else.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    #[track_caller]
    pub fn program(&self, program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Finished {
        let mut command = Command::new(program);
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("HOME", self.home.path()).env("LC_ALL", "C.UTF-8");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0").env("GIT_ASKPASS", "true");
        command.envs(environment.iter().copied()).current_dir(&self.folder).args(arguments);
        command.output().unwrap_or_else(|e| panic!("cannot start {program}: {e}")).into()
    }

    /// Writes a file in the current folder.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    #[track_caller]
    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.folder.join(file);
        path.parent().map(fs::create_dir_all).transpose().expect("the folder of a file can be made");
        fs::write(path, content).expect("a file can be written");
    }

    /// Commits everything and returns the commit.
    #[track_caller]
    pub fn commit(&self, message: &str) -> String {
        self.run(&["add", "--all"]);
        self.run(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.head()
    }

    /// The commit that is checked out.
    #[track_caller]
    pub fn head(&self) -> String {
        self.run(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// Creates a repository with one commit in `name`, enters it, and pushes it to a repository of the user.
    #[track_caller]
    pub fn begin(&mut self, name: &str, address: &str, files: &[(&str, &str)]) -> String {
        self.run(&["init", "--quiet", name]);
        self.enter(name);
        for (file, content) in files {
            self.write(file, content);
        }
        let commit = self.commit("Begin");
        self.run(&["remote", "add", "origin", address]);
        self.run(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        commit
    }
}
