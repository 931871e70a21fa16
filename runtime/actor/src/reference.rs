//! References to actors: plain data that also know, as a cache, their place in the core's tables.

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::actor::{Functions, tag_of};
use crate::id::ActorId;

/// A reference to an actor of type `A`: it can be stored in state, sent in calls, compared and
/// copied; it keeps nothing alive. The functions of `A` are its methods.
///
/// Its own operations are associated functions (`Ref::id(&file)`), so that they never hide a
/// function of the actor.
pub struct Ref<A: Functions> {
    methods: A::Methods,
}

impl<A: Functions> Ref<A> {
    /// The actor of this key, whether or not it exists. Application setups give out keys from 1 in
    /// order of creation; keys above [`KEY_MAX`](crate::KEY_MAX) are cut to it.
    #[must_use]
    pub fn new(key: u64) -> Self {
        Self::to(ActorId::new(tag_of::<A>(), key))
    }

    /// The actor of this id, if the id is of this type.
    #[must_use]
    pub fn from_id(id: ActorId) -> Option<Self> {
        (id.tag() == tag_of::<A>()).then(|| Self::to(id))
    }

    pub(crate) fn to(id: ActorId) -> Self {
        Self {
            methods: A::Methods::new(Target::new(id)),
        }
    }

    /// The actor's id.
    #[must_use]
    pub fn id(this: &Self) -> ActorId {
        this.methods.target().id
    }

    /// The actor's key.
    #[must_use]
    pub fn key(this: &Self) -> u64 {
        Self::id(this).key()
    }
}

impl<A: Functions> Deref for Ref<A> {
    type Target = A::Methods;

    fn deref(&self) -> &A::Methods {
        &self.methods
    }
}

impl<A: Functions> Clone for Ref<A> {
    fn clone(&self) -> Self {
        Self::to(Self::id(self))
    }
}

impl<A: Functions> fmt::Debug for Ref<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", A::NAME, Self::key(self))
    }
}

impl<A: Functions> PartialEq for Ref<A> {
    fn eq(&self, other: &Self) -> bool {
        Self::id(self) == Self::id(other)
    }
}

impl<A: Functions> Eq for Ref<A> {}

impl<A: Functions> PartialOrd for Ref<A> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<A: Functions> Ord for Ref<A> {
    fn cmp(&self, other: &Self) -> Ordering {
        Self::id(self).cmp(&Self::id(other))
    }
}

impl<A: Functions> Hash for Ref<A> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        Self::id(self).hash(hasher);
    }
}

impl<A: Functions> Serialize for Ref<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::key(self).serialize(serializer)
    }
}

impl<'de, A: Functions> Deserialize<'de> for Ref<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Self::new)
    }
}

/// A type with a method for each function of an actor type, over that actor's [`Target`]. What
/// `#[functions]` writes looks like this:
///
/// ```text
/// pub struct FileMethods(Target);
/// impl Methods for FileMethods {
///     fn new(target: Target) -> Self { Self(target) }
///     fn target(&self) -> &Target { &self.0 }
/// }
/// impl FileMethods {
///     pub fn size<'a>(&'a self, cx: &'a Context) -> Call<'a, File, u64> {
///         Call::new(cx, &self.0, FileCall::Size())
///     }
/// }
/// ```
pub trait Methods: 'static {
    /// The methods of this actor.
    fn new(target: Target) -> Self;
    /// The actor.
    fn target(&self) -> &Target;
}

/// An actor to be called, with a cached place in the calling core's tables. The cache is a hint:
/// it is checked at each use and copies start without it.
pub struct Target {
    pub(crate) id: ActorId,
    pub(crate) edge: Cell<u32>,
}

/// The value of an unset [`Target::edge`].
pub(crate) const NO_EDGE: u32 = u32::MAX;

impl Target {
    pub(crate) fn new(id: ActorId) -> Self {
        Self {
            id,
            edge: Cell::new(NO_EDGE),
        }
    }
}
