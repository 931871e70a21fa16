//! Streams the events of a trace, one by one, in constant memory.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use plasma_model::{Event, EventView};

use super::input::{Format, Input};
use super::lines::Lines;
use super::packed::Packed;
use super::{Problem, TraceError};
use crate::{Place, Position};

/// An event with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// The event.
    pub event: Event,
    /// Where it stands in the file.
    pub position: Position,
}

/// Reads the events of a trace one after the other.
pub struct TraceReader {
    file: Arc<str>,
    source: Source,
    progress: Progress,
    ended: bool,
}

enum Source {
    JsonLines(Lines),
    MessagePack(Packed),
}

/// How far a trace was read.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    has_events: bool,
    last_tick_seconds: Option<f64>,
    inside_period: bool,
}

impl TraceReader {
    /// Opens a trace. One named `.zst` is decompressed as it is read; one named `.msgpack` (before
    /// `.zst`) is MessagePack, any other JSON Lines.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, TraceError> {
        let name = path.display().to_string();
        match Input::open(path) {
            Ok(input) => Ok(TraceReader::of(&name, Format::of(path), input)),
            Err(error) => Err(TraceError {
                file: name,
                position: None,
                problem: Problem::Open(error),
            }),
        }
    }

    /// Reads a trace that is not compressed from anything. `name` stands for it in messages, and
    /// tells its format.
    pub fn new(name: &str, input: Box<dyn BufRead + Send>) -> Self {
        TraceReader::of(name, Format::of(Path::new(name)), Input::new(input))
    }

    /// Reads a trace from anything, compressed with zstd or not, in the format that its first bytes show.
    /// `name` stands for it in messages.
    ///
    /// # Errors
    /// If its first bytes cannot be read.
    pub fn recognising(name: &str, input: Box<dyn BufRead + Send>) -> Result<Self, TraceError> {
        match Input::recognised(input) {
            Ok((format, input)) => Ok(TraceReader::of(name, format, input)),
            Err(error) => Err(TraceError {
                file: name.to_owned(),
                position: None,
                problem: Problem::Read(error),
            }),
        }
    }

    fn of(name: &str, format: Format, input: Input) -> Self {
        TraceReader {
            file: Arc::from(name),
            source: match format {
                Format::JsonLines => Source::JsonLines(Lines::new(input)),
                Format::MessagePack => Source::MessagePack(Packed::new(input)),
            },
            progress: Progress::default(),
            ended: false,
        }
    }

    /// Name of the trace, as the user gave it.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Where the event last read stands.
    pub fn place(&self) -> Place {
        Place {
            file: Arc::clone(&self.file),
            position: self.source.position(),
        }
    }

    /// Time of the last tick read, in seconds.
    pub fn last_tick_seconds(&self) -> Option<f64> {
        self.progress.last_tick_seconds
    }

    /// The next event; `None` at the end of a trace that ends with a whole period.
    ///
    /// # Errors
    /// At the first mistake; after it the trace gives nothing more.
    pub fn next_event(&mut self) -> Result<Option<Located>, TraceError> {
        let Some(view) = self.next_view()? else {
            return Ok(None);
        };
        let event = view.into_owned();
        let position = self.source.position();
        Ok(Some(Located { event, position }))
    }

    /// The next event, borrowed from the reader: the way of those who read millions.
    ///
    /// # Errors
    /// As [`TraceReader::next_event`].
    pub fn next_view(&mut self) -> Result<Option<EventView<'_>>, TraceError> {
        if self.ended {
            return Ok(None);
        }
        // Until an event was read without a mistake.
        self.ended = true;
        match self.source.advance() {
            Ok(true) => {}
            Ok(false) => return self.end().map(|()| None),
            Err(problem) => return Err(self.error(problem)),
        }
        match self.source.event() {
            Ok(event) => {
                self.progress.follow(&event);
                self.ended = false;
                Ok(Some(event))
            }
            Err(problem) => Err(self.error(problem)),
        }
    }

    /// Whether the trace may end here.
    fn end(&self) -> Result<(), TraceError> {
        match self.progress {
            Progress {
                last_tick_seconds: None,
                ..
            } => Err(TraceError {
                file: self.file.to_string(),
                position: None,
                problem: match self.progress.has_events {
                    true => Problem::NoTick,
                    false => Problem::Empty,
                },
            }),
            Progress {
                inside_period: true,
                last_tick_seconds,
                ..
            } => Err(self.error(Problem::Truncated { last_tick_seconds })),
            _ => Ok(()),
        }
    }

    /// A mistake where the trace was read last.
    fn error(&self, problem: Problem) -> TraceError {
        let problem = match problem {
            Problem::Truncated { .. } => Problem::Truncated {
                last_tick_seconds: self.progress.last_tick_seconds,
            },
            problem => problem,
        };
        TraceError {
            file: self.file.to_string(),
            position: Some(self.source.position()),
            problem,
        }
    }
}

impl Source {
    fn advance(&mut self) -> Result<bool, Problem> {
        match self {
            Source::JsonLines(lines) => lines.advance(),
            Source::MessagePack(packed) => packed.advance(),
        }
    }

    fn event(&self) -> Result<EventView<'_>, Problem> {
        match self {
            Source::JsonLines(lines) => lines.event(),
            Source::MessagePack(packed) => packed.event(),
        }
    }

    fn position(&self) -> Position {
        match self {
            Source::JsonLines(lines) => Position::Line(lines.number()),
            Source::MessagePack(packed) => packed.position(),
        }
    }
}

impl Progress {
    /// Keeps track of whole periods, to say how far a truncated trace can be used.
    fn follow(&mut self, event: &EventView<'_>) {
        self.has_events = true;
        match event {
            EventView::Actor(_) | EventView::Calls(_) => self.inside_period = true,
            EventView::Owned(Event::Tick { t, .. }) => {
                self.last_tick_seconds = Some(*t);
                self.inside_period = false;
            }
            EventView::Owned(
                Event::Server(_)
                | Event::Actor(_)
                | Event::Calls(_)
                | Event::ActorGone { .. }
                | Event::ServerGone { .. },
            ) => self.inside_period = true,
            // After its tick a recording tells what was decided and done.
            EventView::Owned(
                Event::Hello(_)
                | Event::Schema { .. }
                | Event::Decision { .. }
                | Event::Policy { .. }
                | Event::Actions { .. }
                | Event::Outcome(_),
            ) => {}
        }
    }
}

impl Iterator for TraceReader {
    type Item = Result<Located, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_event().transpose()
    }
}
