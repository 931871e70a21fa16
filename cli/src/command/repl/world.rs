//! What a prompt looks at: nothing yet, one moment of a file, or a running cluster.

use std::borrow::Cow;

use plasma_columns::Columns;
use plasma_eval::Past;

use super::live::Cluster;

/// What a prompt looks at.
pub(super) enum World {
    /// Nothing yet.
    Nothing,
    /// One moment, from a file, and what was before.
    Still(Box<Columns>, Past),
    /// A cluster of this process, as it is now.
    Live(Cluster),
}

impl World {
    /// The cluster as it is now, and as it was before.
    pub(super) fn now(&self) -> Result<(Cow<'_, Columns>, Past), String> {
        match self {
            World::Nothing => Err(
                "error: there is no cluster to look at yet\n  help: `:snapshot FILE`, \
                                   or start with --snapshot, --trace or --app\n"
                    .to_owned(),
            ),
            World::Still(columns, past) => Ok((Cow::Borrowed(columns), past.clone())),
            World::Live(cluster) => cluster
                .now()
                .map(|(columns, past)| (Cow::Owned(columns), past))
                .map_err(|mistake| format!("error: {mistake}")),
        }
    }
}
