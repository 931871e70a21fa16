//! The resources that are measured and balanced.

use std::fmt;
use std::ops::{Index, IndexMut};

use serde::{Deserialize, Serialize};

/// A resource of a server, shared by the actors it hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Resource {
    /// Processor time; sizes in core-seconds per second, capacity in cores.
    Cpu,
    /// Memory; sizes and capacity in bytes.
    Mem,
    /// Network, in and out together; sizes and capacity in bytes per second.
    Net,
}

impl Resource {
    /// All resources, in the order in which they are shown.
    pub const ALL: [Resource; 3] = [Resource::Cpu, Resource::Mem, Resource::Net];

    /// The word that stands for the resource in the language and in events.
    pub const fn name(self) -> &'static str {
        match self {
            Resource::Cpu => "cpu",
            Resource::Mem => "mem",
            Resource::Net => "net",
        }
    }

    /// The resource that `name` stands for, if any.
    #[inline]
    pub fn from_name(name: &str) -> Option<Resource> {
        Resource::ALL.into_iter().find(|r| r.name() == name)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One value for each [`Resource`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerResource<T>([T; 3]);

impl<T> PerResource<T> {
    /// Makes one value for each resource.
    pub fn from_fn(mut value: impl FnMut(Resource) -> T) -> Self {
        PerResource(Resource::ALL.map(&mut value))
    }

    /// Each resource with its value.
    pub fn iter(&self) -> impl Iterator<Item = (Resource, &T)> {
        Resource::ALL.into_iter().zip(&self.0)
    }
}

impl<T> Index<Resource> for PerResource<T> {
    type Output = T;

    fn index(&self, resource: Resource) -> &T {
        &self.0[resource as usize]
    }
}

impl<T> IndexMut<Resource> for PerResource<T> {
    fn index_mut(&mut self, resource: Resource) -> &mut T {
        &mut self.0[resource as usize]
    }
}
