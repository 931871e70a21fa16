//! The trace engine: recorded events as an engine that tells what once was, and takes no orders.

use std::path::Path;
use std::sync::Arc;

use plasma_model::{Event, Hello, PERIOD_SECONDS_DEFAULT};

use super::decode::FORMAT_VERSION;
use super::{Located, TraceError, TraceReader};
use crate::{Batch, Engine, EngineError, Orders, Origin, Stopper};

/// The name of the engine where the trace does not say it.
const ENGINE_UNKNOWN: &str = "trace";

/// Recorded events as an engine. Its periods do not wait: a batch is there as soon as it is read.
pub struct TraceEngine {
    reader: TraceReader,
    hello: Hello,
    schema: Option<String>,
    /// Events read ahead: those that open the trace, and what follows the last tick.
    ahead: Vec<Located>,
    stopper: Stopper,
    finished: bool,
}

impl TraceEngine {
    /// Opens a trace and reads what it says of itself.
    ///
    /// # Errors
    /// If it cannot be opened, or its beginning is not a trace.
    pub fn open(path: &Path) -> Result<Self, TraceError> {
        TraceEngine::new(TraceReader::open(path)?)
    }

    /// Replays what `reader` reads.
    ///
    /// # Errors
    /// If the beginning of it is not a trace.
    pub fn new(mut reader: TraceReader) -> Result<Self, TraceError> {
        let mut hello = Hello {
            version: FORMAT_VERSION,
            engine: ENGINE_UNKNOWN.to_owned(),
            period: PERIOD_SECONDS_DEFAULT,
        };
        let mut schema = None;
        let mut ahead = Vec::new();
        while let Some(located) = reader.next_event()? {
            let opening = match &located.event {
                Event::Hello(given) => {
                    hello = given.clone();
                    true
                }
                Event::Schema { source } => {
                    schema = Some(source.clone());
                    true
                }
                _ => false,
            };
            ahead.push(located);
            if !opening {
                break;
            }
        }
        Ok(TraceEngine {
            reader,
            hello,
            schema,
            ahead,
            stopper: Stopper::new(),
            finished: false,
        })
    }
}

impl Engine for TraceEngine {
    fn hello(&self) -> &Hello {
        &self.hello
    }

    fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    fn next_batch(&mut self) -> Result<Option<Batch>, EngineError> {
        if self.finished || self.stopper.is_stopped() {
            return Ok(None);
        }
        let mut read = std::mem::take(&mut self.ahead);
        // The event that ended the opening may be a tick itself.
        while !matches!(read.last(), Some(last) if matches!(last.event, Event::Tick { .. })) {
            match self.reader.next_event()? {
                Some(located) => read.push(located),
                None => {
                    self.ahead = read;
                    return Ok(None);
                }
            }
        }
        let positions = read.iter().map(|located| located.position).collect();
        Ok(Some(Batch {
            events: read.into_iter().map(|located| located.event).collect(),
            origin: Some(Origin {
                file: Arc::clone(self.reader.file()),
                positions,
            }),
            ..Batch::default()
        }))
    }

    fn submit(&mut self, _orders: Orders) -> Result<(), EngineError> {
        Err(EngineError::ReadOnly {
            what: format!("{} is a recording", self.reader.file()),
        })
    }

    fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    fn finish(&mut self) -> Result<Vec<Event>, EngineError> {
        self.finished = true;
        let rest = std::mem::take(&mut self.ahead);
        Ok(rest.into_iter().map(|located| located.event).collect())
    }
}
