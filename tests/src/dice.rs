//! Reproducible randomness.

use ring::rand::{SecureRandom as _, SystemRandom};

/// A generator that yields the same numbers for the same seed: xorshift.
pub struct Dice {
    seed: u64,
    state: u64,
}

impl Dice {
    /// With this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// With the seed from `HEARTH_TEST_SEED`, or else the test's default.
    pub fn of_this_run(usual: u64) -> Self {
        Self::new(named().unwrap_or(usual))
    }

    /// With the seed from `HEARTH_TEST_SEED`, or else a random one. A test that uses it prints the seed.
    ///
    /// # Panics
    ///
    /// When the system gives no random bytes.
    pub fn drawn() -> Self {
        let draw = || {
            let mut bytes = [0; 8];
            SystemRandom::new().fill(&mut bytes).expect("the system gives random bytes");
            u64::from_le_bytes(bytes)
        };
        Self::new(named().unwrap_or_else(draw))
    }

    /// The seed that reproduces these numbers.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// A number below `bound`, which is not 0.
    ///
    /// # Panics
    ///
    /// When `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % bound as u64).expect("it is below a usize")
    }
}

fn named() -> Option<u64> {
    std::env::var("HEARTH_TEST_SEED").ok()?.parse().ok()
}
