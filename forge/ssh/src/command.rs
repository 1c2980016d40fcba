//! The line that a client wants to have run. It is no shell: one of five commands, a path, and no more.

use hearth_core::RepositoryKind;

/// Longer lines are not looked at.
const LONGEST_LINE: usize = 512;
/// Longer names belong to nobody.
const LONGEST_NAME: usize = 100;

/// The repository that a path names: `/owner/name.git`, `models/owner/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) kind: RepositoryKind,
    pub(crate) owner: String,
    pub(crate) name: String,
}

/// What a session of `git-lfs-transfer` is for, as its client says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LfsPurpose {
    Download,
    Upload,
    Lock,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    UploadPack(At),
    ReceivePack(At),
    UploadArchive(At),
    LfsAuthenticate(At, LfsPurpose),
    LfsTransfer(At, LfsPurpose),
}

/// Why a line is not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadLine {
    /// There is no such command.
    Command,
    /// The path names no repository.
    Path,
    /// The rest of the line is wrong.
    Rest,
}

impl Command {
    /// Parses `command path` or `command path word`, with exactly one space between them.
    pub(crate) fn parse(line: &[u8]) -> Result<Self, BadLine> {
        let line = std::str::from_utf8(line).map_err(|_| BadLine::Command)?;
        if line.len() > LONGEST_LINE {
            return Err(BadLine::Rest);
        }
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        let alone = || At::parse(rest);
        let with_purpose = || {
            let (path, purpose) = rest.split_once(' ').ok_or(BadLine::Rest)?;
            Ok((At::parse(path)?, LfsPurpose::parse(purpose).ok_or(BadLine::Rest)?))
        };
        match name {
            "git-upload-pack" => alone().map(Self::UploadPack),
            "git-receive-pack" => alone().map(Self::ReceivePack),
            "git-upload-archive" => alone().map(Self::UploadArchive),
            "git-lfs-authenticate" => match with_purpose()? {
                (_, LfsPurpose::Lock) => Err(BadLine::Rest),
                (at, purpose) => Ok(Self::LfsAuthenticate(at, purpose)),
            },
            "git-lfs-transfer" => with_purpose().map(|(at, purpose)| Self::LfsTransfer(at, purpose)),
            _ => Err(BadLine::Command),
        }
    }
}

impl Command {
    /// What the line begins with.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::UploadPack(_) => "git-upload-pack",
            Self::ReceivePack(_) => "git-receive-pack",
            Self::UploadArchive(_) => "git-upload-archive",
            Self::LfsAuthenticate(..) => "git-lfs-authenticate",
            Self::LfsTransfer(..) => "git-lfs-transfer",
        }
    }

    pub(crate) const fn at(&self) -> &At {
        match self {
            Self::UploadPack(at)
            | Self::ReceivePack(at)
            | Self::UploadArchive(at)
            | Self::LfsAuthenticate(at, _)
            | Self::LfsTransfer(at, _) => at,
        }
    }
}

impl LfsPurpose {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "download" => Some(Self::Download),
            "upload" => Some(Self::Upload),
            "lock" => Some(Self::Lock),
            _ => None,
        }
    }
}

impl At {
    /// A path in single quotes, as git writes it, or without any, as `git-lfs` does.
    fn parse(text: &str) -> Result<Self, BadLine> {
        let path = match text.strip_prefix('\'') {
            Some(rest) => rest.strip_suffix('\'').ok_or(BadLine::Path)?,
            None => text,
        };
        let path = path.strip_prefix('/').unwrap_or(path);
        let (kind, path) = match path.split_once('/') {
            Some(("models", rest)) => (RepositoryKind::Model, rest),
            Some(("datasets", rest)) => (RepositoryKind::Dataset, rest),
            _ => (RepositoryKind::Code, path),
        };
        let (owner, name) = path.split_once('/').ok_or(BadLine::Path)?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        if !(is_name(owner) && is_name(name)) {
            return Err(BadLine::Path);
        }
        Ok(Self { kind, owner: owner.to_owned(), name: name.to_owned() })
    }
}

/// Names that somebody could have. Quotes, spaces and slashes are in none, and none looks like an option.
fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=LONGEST_NAME).contains(&text.len())
        && text.bytes().all(is_plain)
        && !text.starts_with('-')
        && !matches!(text, "." | "..")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(kind: RepositoryKind, owner: &str, name: &str) -> At {
        At { kind, owner: owner.into(), name: name.into() }
    }

    #[test]
    fn lines_of_git_and_of_git_lfs_are_read() {
        let llm = || at(RepositoryKind::Code, "mei", "llm");
        for line in
            ["git-upload-pack '/mei/llm.git'", "git-upload-pack 'mei/llm.git'", "git-upload-pack 'mei/llm'"]
        {
            assert_eq!(Command::parse(line.as_bytes()), Ok(Command::UploadPack(llm())), "{line}");
        }
        assert_eq!(
            Command::parse(b"git-receive-pack '/models/mei/llm.git'"),
            Ok(Command::ReceivePack(at(RepositoryKind::Model, "mei", "llm")))
        );
        assert_eq!(
            Command::parse(b"git-lfs-authenticate mei/llm.git upload"),
            Ok(Command::LfsAuthenticate(llm(), LfsPurpose::Upload))
        );
        assert_eq!(
            Command::parse(b"git-lfs-transfer '/mei/llm.git' lock"),
            Ok(Command::LfsTransfer(llm(), LfsPurpose::Lock))
        );
    }

    #[test]
    fn nothing_else_is_run() {
        for (line, why) in [
            ("", BadLine::Command),
            ("sh -c ls", BadLine::Command),
            ("git upload-pack '/mei/llm.git'", BadLine::Command),
            ("git-upload-pack", BadLine::Path),
            ("git-upload-pack  '/mei/llm.git'", BadLine::Path),
            ("git-upload-pack '/mei/llm.git' --strict", BadLine::Path),
            ("git-upload-pack '/mei/llm.git", BadLine::Path),
            ("git-upload-pack '/mei/../llm.git'", BadLine::Path),
            ("git-upload-pack '/../llm.git'", BadLine::Path),
            ("git-upload-pack '//mei/llm.git'", BadLine::Path),
            ("git-upload-pack '~mei/llm.git'", BadLine::Path),
            ("git-upload-pack 'mei/l'\\''lm'", BadLine::Path),
            ("git-upload-pack --help/x", BadLine::Path),
            ("git-lfs-authenticate mei/llm.git", BadLine::Rest),
            ("git-lfs-authenticate mei/llm.git lock", BadLine::Rest),
            ("git-lfs-transfer mei/llm.git remove", BadLine::Rest),
        ] {
            assert_eq!(Command::parse(line.as_bytes()), Err(why), "{line}");
        }
        assert_eq!(Command::parse(b"git-upload-pack '/mei/llm\xff.git'"), Err(BadLine::Command));
        assert_eq!(Command::parse("git-upload-pack 'm/x".repeat(100).as_bytes()), Err(BadLine::Rest));
    }

    /// Every line that means this command.
    fn forms(command: &Command) -> Vec<String> {
        let (name, at) = (command.name(), command.at());
        let purpose = match command {
            Command::LfsAuthenticate(_, purpose) | Command::LfsTransfer(_, purpose) => Some(purpose),
            Command::UploadPack(_) | Command::ReceivePack(_) | Command::UploadArchive(_) => None,
        };
        let kind = match at.kind {
            RepositoryKind::Code => "",
            RepositoryKind::Dataset => "datasets/",
            RepositoryKind::Model => "models/",
        };
        let purpose = match purpose {
            None => "",
            Some(LfsPurpose::Download) => " download",
            Some(LfsPurpose::Upload) => " upload",
            Some(LfsPurpose::Lock) => " lock",
        };
        let mut forms = Vec::new();
        for (slash, quote, ending) in ["/", ""]
            .into_iter()
            .flat_map(|slash| ["'", ""].map(|quote| (slash, quote)))
            .flat_map(|(slash, quote)| ["", ".git"].map(|ending| (slash, quote, ending)))
        {
            let path = format!("{slash}{kind}{}/{}{ending}", at.owner, at.name);
            forms.push(format!("{name} {quote}{path}{quote}{purpose}"));
        }
        forms
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(line in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(command) = Command::parse(&line) {
                prop_assert!(forms(&command).iter().any(|form| form.as_bytes() == line));
            }
        }

        #[test]
        fn what_looks_like_a_line_is_one_of_the_canonical_forms(
            line in "(git-upload-pack|git-receive-pack|git-lfs-transfer|git-upload-archive) '?/?(models/)?[a-z.'/ -]{1,12}/[a-z.'\\\\ -]{1,12}(.git)?'?( upload| lock)?"
        ) {
            if let Ok(command) = Command::parse(line.as_bytes()) {
                prop_assert!(forms(&command).contains(&line), "{line}");
            }
        }

        #[test]
        fn every_canonical_form_is_read(
            owner in "[a-z][a-z0-9-]{0,20}",
            name in "[a-z][a-z0-9_-]{0,20}",
            kind in 0_usize..3,
        ) {
            prop_assume!(owner != "models" && owner != "datasets");
            let kind = [RepositoryKind::Code, RepositoryKind::Dataset, RepositoryKind::Model][kind];
            let command = Command::ReceivePack(at(kind, &owner, &name));
            for form in forms(&command) {
                prop_assert_eq!(Command::parse(form.as_bytes()), Ok(command.clone()));
            }
        }
    }
}
