use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek},
    os::unix::fs::{OpenOptionsExt, symlink},
    path::{Component, Path, PathBuf},
};

use tar::{Archive, EntryType};

use crate::{
    Result,
    error::{ArchiveFault, At, Error},
};

/// Limits on the contents of an archive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caps {
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
    /// The maximum nesting depth of folders.
    pub(crate) depth: usize,
}

/// The header and padding of an entry.
const BYTES_AROUND_AN_ENTRY: u64 = 4 << 10;

impl Caps {
    /// The maximum size of an archive within these limits.
    pub(crate) const fn archive_bytes(self) -> u64 {
        self.bytes.saturating_add(self.entries.saturating_mul(BYTES_AROUND_AN_ENTRY))
    }
}

/// Unpacks a tar file into a fresh folder, after scanning all of it: nothing is written of an archive that
/// exceeds its limits. An entry that would leave the folder is an error; a link that points outside is left
/// out, and returned.
pub(crate) fn unpack(mut archive: impl Read + Seek, into: &Path, caps: Caps) -> Result<Vec<String>> {
    measure(&mut archive, caps)?;
    archive.rewind().map_err(damaged)?;
    let mut unpacker = Unpacker { into, links: HashSet::new(), left_out: Vec::new() };
    for entry in Archive::new(archive).entries().map_err(damaged)? {
        unpacker.entry(&mut entry.map_err(damaged)?)?;
    }
    Ok(unpacker.left_out)
}

fn measure(archive: &mut (impl Read + Seek), caps: Caps) -> Result<()> {
    let mut bytes = 0_u64;
    let mut archive = Archive::new(archive);
    for (number, entry) in (1..).zip(archive.entries_with_seek().map_err(damaged)?) {
        if number > caps.entries {
            return Err(Error::Archive(ArchiveFault::TooManyEntries(caps.entries)));
        }
        let entry = entry.map_err(damaged)?;
        bytes = bytes.saturating_add(entry.size());
        if bytes > caps.bytes {
            return Err(Error::Archive(ArchiveFault::TooLarge(caps.bytes)));
        }
        if entry.path().map_err(damaged)?.components().count() > caps.depth {
            return Err(Error::Archive(ArchiveFault::TooDeep(caps.depth)));
        }
    }
    Ok(())
}

struct Unpacker<'a> {
    into: &'a Path,
    /// Links that were created: nothing is written through them.
    links: HashSet<PathBuf>,
    left_out: Vec<String>,
}

impl Unpacker<'_> {
    fn entry<R: Read>(&mut self, entry: &mut tar::Entry<'_, R>) -> Result<()> {
        let path = entry.path().map_err(damaged)?.into_owned();
        let kind = entry.header().entry_type();
        if matches!(kind, EntryType::XGlobalHeader) {
            return Ok(());
        }
        let Some(relative) = self.safe(&path) else { return Err(escapes(&path)) };
        if relative.as_os_str().is_empty() {
            return Ok(());
        }
        let target = self.into.join(&relative);
        match kind {
            EntryType::Directory => fs::create_dir_all(&target).at(&target),
            EntryType::Regular | EntryType::Continuous => {
                make_parent(&target)?;
                let mode = if entry.header().mode().unwrap_or(0o644) & 0o111 == 0 { 0o644 } else { 0o755 };
                let mut file =
                    OpenOptions::new().write(true).create_new(true).mode(mode).open(&target).at(&target)?;
                copy(entry, &mut file).at(&target)
            }
            EntryType::Symlink => {
                let link =
                    entry.link_name().map_err(damaged)?.map(std::borrow::Cow::into_owned).unwrap_or_default();
                if !stays_inside(&relative, &link) {
                    self.left_out.push(relative.display().to_string());
                    return Ok(());
                }
                make_parent(&target)?;
                symlink(&link, &target).at(&target)?;
                self.links.insert(relative);
                Ok(())
            }
            _ => Err(Error::Archive(ArchiveFault::OddEntry(path.display().to_string()))),
        }
    }

    /// The path below the folder, if it is plain and does not pass through a link.
    fn safe(&self, path: &Path) -> Option<PathBuf> {
        let mut relative = PathBuf::new();
        for part in path.components() {
            match part {
                Component::Normal(name) => {
                    if self.links.contains(&relative) {
                        return None;
                    }
                    relative.push(name);
                }
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        Some(relative)
    }
}

/// True for a target that climbs only at its start and no further than the folder. The rest may pass through
/// other links, which had to satisfy the same rule.
fn stays_inside(link: &Path, target: &Path) -> bool {
    let mut depth = link.components().count() - 1;
    let mut has_descended = false;
    !target.as_os_str().is_empty()
        && target.components().all(|part| match part {
            Component::Normal(_) => {
                has_descended = true;
                true
            }
            Component::CurDir => true,
            Component::ParentDir => {
                let may_climb = depth > 0 && !has_descended;
                depth = depth.saturating_sub(1);
                may_climb
            }
            Component::RootDir | Component::Prefix(_) => false,
        })
}

fn make_parent(target: &Path) -> Result<()> {
    target.parent().map_or(Ok(()), |parent| fs::create_dir_all(parent).at(parent))
}

fn copy(from: &mut impl Read, to: &mut File) -> io::Result<()> {
    io::copy(from, to).map(drop)
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
fn damaged(error: io::Error) -> Error {
    Error::Archive(ArchiveFault::Damaged(error.to_string()))
}

fn escapes(path: &Path) -> Error {
    Error::Archive(ArchiveFault::Escapes(path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPS: Caps = Caps { entries: 100, bytes: 1 << 20, depth: 30 };

    enum Given<'a> {
        File(&'a str, &'a [u8]),
        Link(&'a str, &'a str),
        Hard(&'a str, &'a str),
    }

    /// Names are written unchecked: the crate's own builder refuses bad ones.
    fn archive(entries: &[Given<'_>]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for entry in entries {
            let mut header = tar::Header::new_gnu();
            let (name, link, kind, content): (_, _, _, &[u8]) = match entry {
                Given::File(name, content) => (name, "", EntryType::Regular, content),
                Given::Link(name, target) => (name, *target, EntryType::Symlink, b""),
                Given::Hard(name, target) => (name, *target, EntryType::Link, b""),
            };
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
            header.set_entry_type(kind);
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            builder.append(&header, content).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn try_unpack(entries: &[Given<'_>]) -> (tempfile::TempDir, Result<Vec<String>>) {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("in");
        fs::create_dir(&inner).unwrap();
        let result = unpack(io::Cursor::new(archive(entries)), &inner, CAPS);
        (folder, result)
    }

    #[test]
    fn files_folders_and_inner_links_are_unpacked() {
        let (folder, result) =
            try_unpack(&[Given::File("a/b/x.py", b"print()"), Given::Link("a/b/y", "../../a/b/x.py")]);
        assert!(result.unwrap().is_empty());
        assert_eq!(fs::read(folder.path().join("in/a/b/y")).unwrap(), b"print()");
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_refused() {
        for name in ["../evil", "/evil", "a/../../evil"] {
            let (folder, result) = try_unpack(&[Given::File(name, b"x")]);
            assert!(matches!(result, Err(Error::Archive(ArchiveFault::Escapes(_)))), "{name}");
            assert!(!folder.path().join("evil").exists());
        }
    }

    #[test]
    fn a_link_that_points_outside_is_left_out_and_named() {
        for target in ["/etc/passwd", "../../x", "a/../..", "b/..", ""] {
            let (folder, result) = try_unpack(&[Given::Link("p/link", target)]);
            assert_eq!(result.unwrap(), ["p/link"], "{target}");
            assert!(folder.path().join("in/p/link").symlink_metadata().is_err());
        }
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let (_folder, result) = try_unpack(&[Given::Link("l", "."), Given::File("l/x", b"x")]);
        assert!(matches!(result, Err(Error::Archive(ArchiveFault::Escapes(_)))));
        let (_folder, result) = try_unpack(&[Given::File("x", b"x"), Given::Hard("h", "x")]);
        assert!(matches!(result, Err(Error::Archive(ArchiveFault::OddEntry(_)))));
    }

    #[test]
    fn of_an_archive_beyond_its_caps_nothing_is_written() {
        let big = vec![0; 600 << 10];
        let many: Vec<_> = (0..101).map(|n| format!("f{n}")).collect();
        let many: Vec<_> = many.iter().map(|name| Given::File(name, b"")).collect();
        let deep = "d/".repeat(40);
        let refusals = [
            (vec![Given::File("a", &big), Given::File("b", &big)], ArchiveFault::TooLarge(1 << 20)),
            (many, ArchiveFault::TooManyEntries(100)),
            (vec![Given::File("a", b""), Given::File(&deep, b"")], ArchiveFault::TooDeep(30)),
        ];
        for (entries, fault) in refusals {
            let (folder, result) = try_unpack(&entries);
            assert!(matches!(result, Err(Error::Archive(found)) if found == fault), "{fault}");
            assert_eq!(fs::read_dir(folder.path().join("in")).unwrap().count(), 0, "{fault}");
        }
    }
}
