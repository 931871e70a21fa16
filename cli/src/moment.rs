//! One moment of a snapshot or trace file, with the schema that it announces.

use std::io::BufReader;
use std::path::Path;

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_engine::trace::TraceReader;
use plasma_eval::Past;
use plasma_scenario::{Recorded, TraceMoment, read_moment};

use crate::analysis::SchemaSource;
use crate::failure::Failure;
use crate::policy_file::STANDARD_INPUT;
use crate::{output, standard_input};
use plasma_scenario::visible;

/// The cluster at one tick of a file.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// The cluster.
    pub(crate) columns: Columns,
    /// The ticks before.
    pub(crate) past: Past,
    /// The application's schema, if the file announces it.
    pub(crate) schema: Option<SchemaSource>,
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Opens a snapshot or trace; `-` is standard input, in any format.
pub(crate) fn open(path: &Path) -> Result<TraceReader, Failure> {
    let opened = match is_standard_input(path) {
        true => {
            let input = BufReader::new(standard_input::take("the snapshot")?);
            TraceReader::recognising(STANDARD_INPUT, Box::new(input))
        }
        false => TraceReader::open(path),
    };
    opened.map_err(|error| Failure::new(error.to_string()))
}

/// Reads a file up to its tick at `at_seconds`; by default to its last one. If there is none at that very
/// time, it is said which one is taken. What was before, [`Moment::looking_back`] tells once it is known what
/// is looked at.
pub(crate) fn read(path: &Path, at_seconds: Option<f64>) -> Result<Moment, Failure> {
    match is_standard_input(path) {
        true => read_with_past(path, at_seconds),
        false => read_keeping(path, at_seconds, Past::default()),
    }
}

/// The same for a prompt, at which anything may be asked: keeps of the ticks before what there is
/// room for.
pub(crate) fn read_with_past(path: &Path, at_seconds: Option<f64>) -> Result<Moment, Failure> {
    read_keeping(path, at_seconds, Past::of_everything())
}

/// The same with what a recording tells of the decision at that tick.
pub(crate) fn read_recorded(
    path: &Path,
    at_seconds: Option<f64>,
) -> Result<(Moment, Option<Recorded>), Failure> {
    let mut past = match is_standard_input(path) {
        true => Past::of_everything(),
        false => Past::default(),
    };
    let (moment, recorded) =
        plasma_scenario::read_recorded(open(path)?, at_seconds, None, &mut past)
            .map_err(|error| Failure::new(error.to_string()))?;
    Ok((Moment::of(moment, past, path), recorded))
}

fn read_keeping(path: &Path, at_seconds: Option<f64>, mut past: Past) -> Result<Moment, Failure> {
    let moment = read_moment(open(path)?, at_seconds, None, &mut past)
        .map_err(|error| Failure::new(error.to_string()))?;
    Ok(Moment::of(moment, past, path))
}

impl Moment {
    fn of(moment: TraceMoment, past: Past, path: &Path) -> Moment {
        if let Some(asked_seconds) = moment.instead_of_seconds {
            let name = match is_standard_input(path) {
                true => STANDARD_INPUT.into(),
                false => path.display().to_string(),
            };
            let t = moment.columns.frame().t;
            output::problem(&visible(&format!(
                "note: {name} has no tick at {asked_seconds} s; this is the one at {t} s"
            )));
        }
        let schema = moment.schema.map(|text| SchemaSource {
            name: format!("{} (schema)", path.display()),
            text,
        });
        Moment {
            columns: moment.columns,
            past,
            schema,
        }
    }

    /// The same with what was before, as far as a policy looks back: the file is read again for it, unless
    /// it is standard input.
    pub(crate) fn looking_back(
        self,
        program: &CheckedProgram,
        path: &Path,
    ) -> Result<Moment, Failure> {
        let mut past = Past::of(program);
        if !past.is_needed() || is_standard_input(path) {
            return Ok(self);
        }
        let at_seconds = Some(self.columns.frame().t);
        let again = read_moment(open(path)?, at_seconds, None, &mut past)
            .map_err(|error| Failure::new(error.to_string()))?;
        Ok(Moment {
            columns: again.columns,
            past,
            schema: self.schema,
        })
    }
}
