use std::{
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use rand::{Rng, SeedableRng, rngs::StdRng};

/// A source of random bytes. Injected everywhere, so that tests are repeatable.
pub trait RandomSource: Send + Sync + std::fmt::Debug {
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn RandomSource + '_ {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A random UUID (version 4): an unguessable name for addresses.
    pub fn uuid(&self) -> String {
        let mut bytes = self.bytes::<16>();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let mut text = String::with_capacity(36);
        for (place, byte) in bytes.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            write!(text, "{byte:02x}").expect("a text takes everything");
        }
        text
    }
}

/// The operating system's random number generator: fit for tokens and keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomSource;

impl RandomSource for SystemRandomSource {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// The same bytes in the same order for the same seed; for tests only.
#[derive(Debug)]
pub struct SeededRandomSource(Mutex<StdRng>);

impl SeededRandomSource {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl RandomSource for SeededRandomSource {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}
