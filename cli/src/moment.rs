//! One moment of a snapshot or trace file, with the schema that it announces.

use std::fs::File;
use std::path::Path;

use plasma_engine::trace::TraceReader;
use plasma_model::Snapshot;
use plasma_scenario::read_moment;

use crate::analysis::SchemaSource;
use crate::failure::Failure;

/// The cluster at one tick of a file.
#[derive(Debug)]
pub(crate) struct Moment {
    /// The cluster.
    pub(crate) snapshot: Snapshot,
    /// The application's schema, if the file announces it.
    pub(crate) schema: Option<SchemaSource>,
}

/// Reads a file up to its tick at `at_seconds`; by default to its last one.
pub(crate) fn read(path: &Path, at_seconds: Option<f64>) -> Result<Moment, Failure> {
    // A file that cannot be opened is told as one of any other kind.
    File::open(path).map_err(|error| Failure::reading(path, &error))?;
    let reader = TraceReader::open(path).map_err(|error| Failure::new(error.to_string()))?;
    let moment =
        read_moment(reader, at_seconds, None).map_err(|error| Failure::new(error.to_string()))?;
    let schema = moment.schema.map(|text| SchemaSource {
        name: format!("{} (schema)", path.display()),
        text,
    });
    Ok(Moment {
        snapshot: moment.snapshot,
        schema,
    })
}
