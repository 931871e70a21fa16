//! What a prompt looks at: nothing yet, one moment of a file, or a running cluster.

use std::borrow::Cow;

use plasma_eval::Past;
use plasma_model::Snapshot;

use super::live::Cluster;

/// What a prompt looks at.
pub(super) enum World {
    /// Nothing yet.
    Nothing,
    /// One moment, from a file, and what was before.
    Still(Box<Snapshot>, Past),
    /// A cluster of this process, as it is now.
    Live(Cluster),
}

impl World {
    /// The cluster as it is now, and as it was before.
    pub(super) fn now(&self) -> Result<(Cow<'_, Snapshot>, Past), String> {
        match self {
            World::Nothing => Err(
                "error: there is no cluster to look at yet\n  help: `:snapshot FILE`, \
                                   or start with --snapshot, --trace or --app\n"
                    .to_owned(),
            ),
            World::Still(snapshot, past) => Ok((Cow::Borrowed(snapshot), past.clone())),
            World::Live(cluster) => cluster
                .now()
                .map(|(snapshot, past)| (Cow::Owned(snapshot), past))
                .map_err(|mistake| format!("error: {mistake}")),
        }
    }
}
