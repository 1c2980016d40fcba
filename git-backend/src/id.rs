//! Ids: of objects in a repository, and of repositories in the store.

use std::{fmt, str::FromStr};

use crate::Invalid;

/// The full SHA-1 name of an object, shown as 40 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId([u8; 20]);

impl ObjectId {
    /// Git's name for "no object", used for the missing side of a reference update.
    pub const ZERO: Self = Self([0; 20]);
    /// The tree without entries.
    pub const EMPTY_TREE: Self = Self([
        0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88, 0xfb,
        0xee, 0x49, 0x04,
    ]);

    /// From the twenty raw bytes.
    pub const fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The twenty raw bytes.
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Whether this is [`ObjectId::ZERO`].
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// The first ten digits, as pages show it.
    pub fn short(&self) -> String {
        self.to_string()[..10].to_owned()
    }

    pub(crate) fn gix(self) -> gix::ObjectId {
        gix::ObjectId::Sha1(self.0)
    }

    pub(crate) fn git2(self) -> git2::Oid {
        git2::Oid::from_bytes(&self.0).expect("twenty bytes are an object id")
    }
}

impl FromStr for ObjectId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let mut bytes = [0; 20];
        if text.len() != 40 {
            return Err(Invalid::ObjectId);
        }
        match data_encoding::HEXLOWER_PERMISSIVE.decode_mut(text.as_bytes(), &mut bytes) {
            Ok(_) => Ok(Self(bytes)),
            Err(_) => Err(Invalid::ObjectId),
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl TryFrom<String> for ObjectId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        id.to_string()
    }
}

impl From<git2::Oid> for ObjectId {
    fn from(id: git2::Oid) -> Self {
        Self(id.as_bytes().try_into().expect("libgit2 is built for SHA-1"))
    }
}

impl From<&gix::oid> for ObjectId {
    fn from(id: &gix::oid) -> Self {
        Self(id.as_bytes().try_into().expect("gix is built for SHA-1"))
    }
}

impl From<gix::ObjectId> for ObjectId {
    fn from(id: gix::ObjectId) -> Self {
        Self::from(id.as_ref())
    }
}

/// Where a repository is stored. It is independent of names and owners, so that a rename or a transfer moves
/// no files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StorageId(String);

impl StorageId {
    const MAX_BYTES: usize = 64;

    /// Accepts 1 to 64 of `a-z`, `0-9` and `-`.
    pub fn new(id: impl Into<String>) -> Result<Self, Invalid> {
        let id = id.into();
        let is_fine = (1..=Self::MAX_BYTES).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if is_fine { Ok(Self(id)) } else { Err(Invalid::StorageId) }
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Two levels of folders, evenly distributed even for consecutive numbers.
    pub(crate) fn shards(&self) -> [String; 2] {
        // FNV-1a: must never change, because it names folders on disk.
        let hash = self
            .0
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let bytes = hash.to_be_bytes();
        [format!("{:02x}", bytes[3]), format!("{:02x}", bytes[2])]
    }
}

impl From<i64> for StorageId {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for StorageId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
