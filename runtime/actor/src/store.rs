//! Where the core keeps what must outlive an activation: checkpoints and the directory's log.

use std::collections::BTreeMap;

/// A key-value store with conditional writes. Writes are durable (as far as the store is) when the
/// method returns.
pub trait Store {
    /// The value of a key and its version.
    fn get(&self, key: &str) -> Option<Stored>;

    /// Writes a value if the key has the expected version (`None`: no value yet, or `Any`).
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it has another version, [`StoreError::Failed`] if the medium
    /// refuses.
    fn put(&mut self, key: &str, value: &[u8], expected: Expected) -> Result<Version, StoreError>;

    /// Forgets a key; forgetting an unknown key is no error.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if the medium refuses.
    fn delete(&mut self, key: &str) -> Result<(), StoreError>;
}

/// Counts the writes of one key, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u64);

/// Which version a conditional write expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Any version, or none.
    Any,
    /// The key must have no value.
    Absent,
    /// The key must have exactly this version.
    Version(Version),
}

/// A value and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The bytes.
    pub value: Vec<u8>,
    /// How often the key has been written.
    pub version: Version,
}

/// Why a write did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The key has another version than expected.
    #[error("`{key}` has been written by someone else")]
    Conflict {
        /// The key.
        key: String,
    },
    /// The medium refused.
    #[error("`{key}` cannot be written: {reason}")]
    Failed {
        /// The key.
        key: String,
        /// The medium's reason.
        reason: String,
    },
}

/// The store in memory: lives as long as its server.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    values: BTreeMap<String, Stored>,
}

impl Store for MemoryStore {
    fn get(&self, key: &str) -> Option<Stored> {
        self.values.get(key).cloned()
    }

    fn put(&mut self, key: &str, value: &[u8], expected: Expected) -> Result<Version, StoreError> {
        let present = self.values.get_mut(key);
        let fits = match (expected, present.as_ref()) {
            (Expected::Any, _) | (Expected::Absent, None) => true,
            (Expected::Version(wanted), Some(stored)) => stored.version == wanted,
            _ => false,
        };
        if !fits {
            return Err(StoreError::Conflict { key: key.into() });
        }
        let Some(stored) = present else {
            let version = Version(1);
            let value = value.to_vec();
            self.values.insert(key.into(), Stored { value, version });
            return Ok(version);
        };
        stored.value.clear();
        stored.value.extend_from_slice(value);
        stored.version = Version(stored.version.0 + 1);
        Ok(stored.version)
    }

    fn delete(&mut self, key: &str) -> Result<(), StoreError> {
        self.values.remove(key);
        Ok(())
    }
}
