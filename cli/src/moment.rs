//! One moment of a snapshot or trace file, with the schema that it announces.

use std::io::BufReader;
use std::path::Path;

use plasma_engine::trace::TraceReader;
use plasma_model::Snapshot;
use plasma_scenario::read_moment;

use crate::analysis::SchemaSource;
use crate::failure::Failure;
use crate::standard_input;

/// The cluster at one tick of a file.
#[derive(Debug)]
pub(crate) struct Moment {
    /// The cluster.
    pub(crate) snapshot: Snapshot,
    /// The application's schema, if the file announces it.
    pub(crate) schema: Option<SchemaSource>,
}

/// Opens a snapshot or trace; `-` is standard input.
fn open(path: &Path) -> Result<TraceReader, Failure> {
    if path.as_os_str() == "-" {
        let input = BufReader::new(standard_input::take("the snapshot")?);
        return Ok(TraceReader::new("<stdin>", Box::new(input)));
    }
    TraceReader::open(path).map_err(|error| Failure::new(error.to_string()))
}

/// Reads a file up to its tick at `at_seconds`; by default to its last one.
pub(crate) fn read(path: &Path, at_seconds: Option<f64>) -> Result<Moment, Failure> {
    let reader = open(path)?;
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
