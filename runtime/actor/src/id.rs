//! Names of things: actors, functions, types, servers and their incarnations.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many bits of an [`ActorId`] hold the key; the rest holds the type's tag.
const KEY_BITS: u32 = 44;
/// The largest key an actor may have.
pub const KEY_MAX: u64 = (1 << KEY_BITS) - 1;
/// Keys below this are for actors created by the application's setup or named by it; those above
/// are given out by servers (12 bits of server number, 32 bits of counter).
pub const SETUP_KEY_MAX: u64 = (1 << 32) - 1;
/// The largest number a server may have (a server's number is part of the keys it gives out).
pub const SERVER_NUMBER_MAX: u32 = (1 << (KEY_BITS - 32)) - 2;

/// FNV-1a of a name, usable in constants.
#[must_use]
pub const fn name_hash(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash ^= bytes[at] as u64;
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// An actor's type, as a 20-bit hash of its name; a catalog refuses two types with one tag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TypeTag(u32);

impl TypeTag {
    /// The tag of the type of this name.
    #[must_use]
    pub const fn of(name: &str) -> Self {
        let hash = name_hash(name);
        Self(((hash ^ (hash >> 40)) & 0xf_ffff) as u32)
    }
}

impl fmt::Debug for TypeTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "type:{:05x}", self.0)
    }
}

/// An actor of the whole cluster: its type's tag and its key. A catalog turns it into a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ActorId(u64);

impl ActorId {
    /// The actor of this type and key. Of keys above [`KEY_MAX`] only the low bits count.
    #[must_use]
    pub const fn new(tag: TypeTag, key: u64) -> Self {
        Self(((tag.0 as u64) << KEY_BITS) | (key & KEY_MAX))
    }

    /// Its type.
    #[must_use]
    pub const fn tag(self) -> TypeTag {
        TypeTag((self.0 >> KEY_BITS) as u32)
    }

    /// Its key, unique within its type.
    #[must_use]
    pub const fn key(self) -> u64 {
        self.0 & KEY_MAX
    }

    pub(crate) const fn bits(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}-{}", self.tag(), self.key())
    }
}

/// A function of an actor type on the wire: a hash of its name, so that adding or reordering
/// functions does not change what the others are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FunctionId(u32);

impl FunctionId {
    /// The id of the function of this name.
    #[must_use]
    pub const fn of(name: &str) -> Self {
        let hash = name_hash(name);
        Self((hash ^ (hash >> 32)) as u32)
    }
}

/// A server (or gateway, or the directory's node) by its number, from 0 to [`SERVER_NUMBER_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ServerId(pub u32);

impl fmt::Display for ServerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s{}", self.0)
    }
}

/// One life of a server: after a restart it has the same number and the next incarnation, and none
/// of its actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// Which server.
    pub server: ServerId,
    /// Which of its lives, counted from 1.
    pub incarnation: u32,
}

impl Address {
    /// The first life of the server of this number.
    #[must_use]
    pub const fn first(number: u32) -> Self {
        Self {
            server: ServerId(number),
            incarnation: 1,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.server, self.incarnation)
    }
}

/// Counts an actor's activations: each activation, move and regained copy has a higher one, given
/// by the directory only.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Epoch(pub u64);

impl Epoch {
    /// The one after this.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
