//! What a prompt looks at: nothing yet, one moment of a file, or a running cluster.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use plasma_columns::Columns;
use plasma_eval::Past;
use plasma_model::{Event, EventView};
use serde_json::json;

use super::answer::{Answer, Refusal};
use super::command::Tick;
use super::live::Running;
use super::options::Format;
use crate::analysis::SchemaSource;
use crate::failure::Failure;
use crate::moment;

/// What a prompt looks at.
pub(super) enum World {
    /// Nothing yet.
    Nothing,
    /// One moment, from a file, and what was before.
    Still(Box<Still>),
    /// A running cluster, as it is now.
    Live(Running),
}

/// One moment of a file.
pub(super) struct Still {
    path: PathBuf,
    columns: Columns,
    past: Past,
    /// The times of all ticks of the file, in seconds, once they were asked for.
    ticks: Vec<f64>,
}

impl Still {
    /// The moment at a time, by default the last one; with the schema that the file announces.
    pub(super) fn open(
        path: &Path,
        at_seconds: Option<f64>,
    ) -> Result<(Still, Option<SchemaSource>), Failure> {
        let moment = moment::read_with_past(path, at_seconds)?;
        let still = Still {
            path: path.to_owned(),
            columns: moment.columns,
            past: moment.past,
            ticks: Vec::new(),
        };
        Ok((still, moment.schema))
    }

    /// The same file at another tick.
    pub(super) fn at(&mut self, tick: Tick) -> Result<(Still, Option<SchemaSource>), Refusal> {
        if self.path.as_os_str() == "-" {
            return Err(Refusal::helped(
                "standard input can be read once only",
                "put the trace into a file and `:attach` that",
            ));
        }
        let at_seconds = match tick {
            Tick::Seconds(seconds) => Some(seconds),
            Tick::Last => None,
            Tick::First => self.ticks()?.first().copied(),
            Tick::Next | Tick::Previous => Some(self.beside(tick == Tick::Next)?),
        };
        let (mut still, schema) = Still::open(&self.path, at_seconds)?;
        still.ticks = std::mem::take(&mut self.ticks);
        Ok((still, schema))
    }

    /// The tick after the present one, or before it.
    fn beside(&mut self, is_after: bool) -> Result<f64, Refusal> {
        let now = self.columns.frame().t;
        let next = |ticks: &[f64]| match is_after {
            true => ticks.iter().find(|t| **t > now).copied(),
            false => ticks.iter().rfind(|t| **t < now).copied(),
        };
        if let Some(seconds) = next(&self.ticks) {
            return Ok(seconds);
        }
        // It was never read, or has grown since.
        let found = next(self.ticks()?);
        let which = if is_after { "last" } else { "first" };
        found.ok_or_else(|| {
            let path = self.path.display();
            format!("error: t = {now} s is the {which} tick of {path}").into()
        })
    }

    /// The times of all ticks. A file that is cut off has those up to there.
    fn ticks(&mut self) -> Result<&[f64], Refusal> {
        let mut reader = moment::open(&self.path)?;
        self.ticks.clear();
        while let Ok(Some(event)) = reader.next_view() {
            if let EventView::Owned(Event::Tick { t, .. }) = event {
                self.ticks.push(t);
            }
        }
        Ok(&self.ticks)
    }

    /// What is looked at.
    pub(super) fn title(&self, format: Format) -> Answer {
        title(format, &self.path.display().to_string(), &self.columns)
    }
}

impl World {
    /// The cluster as it is now, and as it was before.
    pub(super) fn now(&self) -> Result<(Cow<'_, Columns>, Cow<'_, Past>), Refusal> {
        match self {
            World::Nothing => Err(Refusal::helped(
                "there is no cluster to look at yet",
                "`:attach FILE`, or start with --snapshot, --trace or --app",
            )),
            World::Still(still) => Ok((Cow::Borrowed(&still.columns), Cow::Borrowed(&still.past))),
            World::Live(running) => match running.now() {
                Ok((columns, past)) => Ok((Cow::Owned(columns), Cow::Owned(past))),
                Err(mistake) => Err(format!("error: {mistake}").into()),
            },
        }
    }
}

/// What is looked at: `run.jsonl: t = 10 s, 2 servers, 3 actors`.
pub(super) fn title(format: Format, name: &str, columns: &Columns) -> Answer {
    let (t, servers) = (columns.frame().t, columns.servers().len());
    let actors = columns.frame().live().len();
    Answer::of(
        format,
        "cluster",
        || format!("{name}: t = {t} s, {servers} servers, {actors} actors\n"),
        || json!({"name": name, "t": t, "servers": servers, "actors": actors}),
    )
}
