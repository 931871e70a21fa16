//! What a prompt looks at: nothing yet, one moment of a file, or a running cluster.

use std::borrow::Cow;

use plasma_model::Snapshot;

use super::live::Cluster;

/// What a prompt looks at.
pub(super) enum World {
    /// Nothing yet.
    Nothing,
    /// One moment, from a file.
    Still(Box<Snapshot>),
    /// A cluster of this process, as it is now.
    Live(Cluster),
}

impl World {
    /// The cluster as it is now.
    pub(super) fn snapshot(&self) -> Result<Cow<'_, Snapshot>, String> {
        match self {
            World::Nothing => Err(
                "error: there is no cluster to look at yet\n  help: `:snapshot FILE`, \
                                   or start with --snapshot, --trace or --app\n"
                    .to_owned(),
            ),
            World::Still(snapshot) => Ok(Cow::Borrowed(snapshot)),
            World::Live(cluster) => cluster
                .snapshot()
                .map(Cow::Owned)
                .map_err(|mistake| format!("error: {mistake}")),
        }
    }
}
