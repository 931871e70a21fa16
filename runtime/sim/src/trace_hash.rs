//! The fingerprint of a run: equal for two runs exactly if everything that can be seen is.

use std::hash::{Hash, Hasher};

/// FNV-1a, 64 bits, over everything that happens in a world, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceHash(u64);

impl Default for TraceHash {
    fn default() -> Self {
        TraceHash(0xcbf2_9ce4_8422_2325)
    }
}

impl TraceHash {
    /// Adds something that happened.
    pub(crate) fn note(&mut self, what: impl Hash) {
        what.hash(self);
    }

    /// The fingerprint so far.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }
}

impl Hasher for TraceHash {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u64::from(*byte);
            self.0 = self.0.wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
