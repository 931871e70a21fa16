//! Streams the events of a trace, line by line, in constant memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use plasma_model::{EVENT_LINE_BYTES_MAX, Event};

use super::decode::decode;
use super::{Problem, TraceError};
use crate::Place;

/// Bytes read from the disk at a time.
const BUFFER_BYTES: usize = 256 << 10;

/// What some editors write at the start of a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// An event with its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// The event.
    pub event: Event,
    /// Its line in the file, from 1.
    pub line: u64,
}

/// Reads the events of a trace one after the other. Empty lines are passed over.
pub struct TraceReader {
    file: Arc<str>,
    input: Box<dyn BufRead + Send>,
    compressed: bool,
    buffer: Vec<u8>,
    line: u64,
    last_tick_seconds: Option<f64>,
    inside_period: bool,
    ended: bool,
}

impl TraceReader {
    /// Opens a trace; one named `.zst` is decompressed as it is read.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, TraceError> {
        let name = path.display().to_string();
        let compressed = path.extension().is_some_and(|ext| ext == "zst");
        let open = || -> io::Result<Box<dyn BufRead + Send>> {
            let file = File::open(path)?;
            if file.metadata()?.is_dir() {
                return Err(io::Error::new(
                    io::ErrorKind::IsADirectory,
                    "it is a folder, not a file",
                ));
            }
            Ok(if compressed {
                let decoder = zstd::stream::read::Decoder::new(file)?;
                Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder))
            } else {
                Box::new(BufReader::with_capacity(BUFFER_BYTES, file))
            })
        };
        match open() {
            Ok(input) => Ok(TraceReader {
                compressed,
                ..TraceReader::new(&name, input)
            }),
            Err(error) => Err(TraceError {
                file: name,
                line: None,
                problem: Problem::Open(error),
            }),
        }
    }

    /// Reads a trace from anything; `name` stands for it in messages.
    pub fn new(name: &str, input: Box<dyn BufRead + Send>) -> Self {
        TraceReader {
            file: Arc::from(name),
            input,
            compressed: false,
            buffer: Vec::new(),
            line: 0,
            last_tick_seconds: None,
            inside_period: false,
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
            line: self.line,
        }
    }

    /// Time of the last tick read, in seconds.
    pub fn last_tick_seconds(&self) -> Option<f64> {
        self.last_tick_seconds
    }

    /// The next event; `None` at the end of a trace that ends with a whole period.
    ///
    /// # Errors
    /// At the first mistake; after it the trace gives nothing more.
    pub fn next_event(&mut self) -> Result<Option<Located>, TraceError> {
        if self.ended {
            return Ok(None);
        }
        let next = self.read_event();
        if !matches!(next, Ok(Some(_))) {
            self.ended = true;
        }
        next
    }

    fn read_event(&mut self) -> Result<Option<Located>, TraceError> {
        loop {
            if !self.read_line()? {
                return self.end();
            }
            let complete = self.buffer.last() == Some(&b'\n');
            if self.line == 1 && self.buffer.starts_with(BYTE_ORDER_MARK) {
                self.buffer.drain(..BYTE_ORDER_MARK.len());
            }
            let text = str::from_utf8(&self.buffer).map_err(|error| {
                // A cut in the middle of a character is a cut, not a wrong encoding.
                if !complete && error.error_len().is_none() {
                    self.truncated()
                } else {
                    let column = error.valid_up_to() + 1;
                    self.error(Problem::NotUtf8 { column })
                }
            })?;
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let event = match decode(text) {
                Ok(Some(event)) => event,
                Ok(None) if !complete => return Err(self.truncated()),
                Ok(None) => {
                    return Err(self.error(Problem::NotJson {
                        column: text.len(),
                        message: "the object is not closed".to_owned(),
                    }));
                }
                Err(problem) => return Err(self.error(problem)),
            };
            self.follow(&event);
            return Ok(Some(Located {
                event,
                line: self.line,
            }));
        }
    }

    /// Reads one line into the buffer; `false` at the end of the input.
    fn read_line(&mut self) -> Result<bool, TraceError> {
        self.buffer.clear();
        self.line += 1;
        let limit = EVENT_LINE_BYTES_MAX as u64 + 2;
        let read = (&mut self.input)
            .take(limit)
            .read_until(b'\n', &mut self.buffer);
        let content = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        if content.len() > EVENT_LINE_BYTES_MAX {
            return Err(self.error(Problem::LineTooLong {
                max_bytes: EVENT_LINE_BYTES_MAX,
            }));
        }
        match read {
            Ok(bytes) => Ok(bytes > 0),
            // A compressed trace whose last frame was not finished.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(self.truncated()),
            Err(error) if self.compressed => Err(self.error(Problem::Decompress(error))),
            Err(error) => Err(self.error(Problem::Read(error))),
        }
    }

    /// Keeps track of whole periods, to say how far a truncated trace can be used.
    fn follow(&mut self, event: &Event) {
        match event {
            Event::Tick { t, .. } => {
                self.last_tick_seconds = Some(*t);
                self.inside_period = false;
            }
            Event::Server(_)
            | Event::Actor(_)
            | Event::Calls(_)
            | Event::ActorGone { .. }
            | Event::ServerGone { .. } => self.inside_period = true,
            // After its tick a recording tells what was decided and done.
            Event::Hello(_)
            | Event::Schema { .. }
            | Event::Decision { .. }
            | Event::Actions { .. }
            | Event::Outcome(_) => {}
        }
    }

    fn end(&mut self) -> Result<Option<Located>, TraceError> {
        match (self.last_tick_seconds, self.inside_period) {
            (None, _) => Err(TraceError {
                file: self.file.to_string(),
                line: None,
                problem: Problem::NoTick,
            }),
            (Some(_), true) => Err(self.truncated()),
            (Some(_), false) => Ok(None),
        }
    }

    fn truncated(&self) -> TraceError {
        self.error(Problem::Truncated {
            last_tick_seconds: self.last_tick_seconds,
        })
    }

    /// A mistake at the line last read.
    fn error(&self, problem: Problem) -> TraceError {
        TraceError {
            file: self.file.to_string(),
            line: Some(self.line),
            problem,
        }
    }
}

impl Iterator for TraceReader {
    type Item = Result<Located, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_event().transpose()
    }
}
