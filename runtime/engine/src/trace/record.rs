//! Writes a recording: what an engine told, what was decided, and how it ended.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use plasma_model::{ActorId, ActorUpdate, Event, Field, PlanDocument, ServerId, ServerUpdate};

use super::input::{Format, is_compressed};
use crate::system_text;

/// How hard recordings are compressed: the level that costs least.
const COMPRESSION_LEVEL: i32 = 1;

/// A recording that could not be written to its end.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot record to {file}: {}{}",
    system_text(source),
    if *is_begun { "; what was recorded before can be read" } else { "" }
)]
pub struct RecordError {
    /// Name of the file, as the user gave it.
    pub file: String,
    /// Whether a part of it was written before.
    pub is_begun: bool,
    /// What went wrong.
    #[source]
    pub source: io::Error,
}

/// Writes events to a trace as they come; of servers and actors only what changed.
///
/// The run matters more than its recording: a failure (a full disk) is kept and ends the
/// recording, and [`Recorder::finish`] tells it; writing on does nothing.
pub struct Recorder {
    file: String,
    format: Format,
    sink: Sink,
    servers: BTreeMap<ServerId, ServerUpdate>,
    actors: BTreeMap<ActorId, ActorUpdate>,
    failed: Option<io::Error>,
    /// Whether a whole period is on the disk.
    is_begun: bool,
}

enum Sink {
    Plain(BufWriter<Box<dyn Write + Send>>),
    Compressed(zstd::stream::write::Encoder<'static, Box<dyn Write + Send>>),
}

impl Recorder {
    /// Creates (or replaces) the file; one named `.zst` is compressed, one named `.msgpack` (before
    /// `.zst`) is MessagePack.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn create(path: &Path) -> Result<Self, RecordError> {
        let name = path.display().to_string();
        let create = || -> io::Result<Self> {
            let file: Box<dyn Write + Send> = Box::new(File::create(path)?);
            if is_compressed(path) {
                let encoder = zstd::stream::write::Encoder::new(file, COMPRESSION_LEVEL)?;
                Ok(Recorder::with_sink(&name, Sink::Compressed(encoder)))
            } else {
                Ok(Recorder::new(&name, file))
            }
        };
        create().map_err(|source| RecordError {
            file: name.clone(),
            is_begun: false,
            source,
        })
    }

    /// Records to anything; `name` stands for it in messages, and tells the format.
    pub fn new(name: &str, output: Box<dyn Write + Send>) -> Self {
        Recorder::with_sink(name, Sink::Plain(BufWriter::new(output)))
    }

    fn with_sink(name: &str, sink: Sink) -> Self {
        Recorder {
            file: name.to_owned(),
            format: Format::of(Path::new(name)),
            sink,
            servers: BTreeMap::new(),
            actors: BTreeMap::new(),
            failed: None,
            is_begun: false,
        }
    }

    /// Records an event. A tick, and what follows it, is on the disk when this returns.
    pub fn write(&mut self, event: &Event) {
        if self.failed.is_some() {
            return;
        }
        if let Err(error) = self.try_write(event) {
            self.failed = Some(error);
        }
    }

    /// Whether the recording has failed: told once at the end, shown at once where there is a view.
    pub fn failure(&self) -> Option<&io::Error> {
        self.failed.as_ref()
    }

    /// Closes the recording.
    ///
    /// # Errors
    /// If any part of it could not be written.
    pub fn finish(mut self) -> Result<(), RecordError> {
        let closed = match self.failed.take() {
            Some(error) => Err(error),
            None => match self.sink {
                Sink::Plain(mut sink) => sink.flush(),
                Sink::Compressed(sink) => sink.finish().and_then(|mut file| file.flush()),
            },
        };
        closed.map_err(|source| RecordError {
            file: self.file,
            is_begun: self.is_begun,
            source,
        })
    }

    fn try_write(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Server(update) => match self.changed_server(update) {
                Some(update) => self.append(&Event::Server(update)),
                None => Ok(()),
            },
            Event::Actor(update) => match self.changed_actor(update) {
                Some(update) => self.append(&Event::Actor(update)),
                None => Ok(()),
            },
            Event::ServerGone { id } => {
                self.servers.remove(id);
                self.append(event)
            }
            Event::ActorGone { id } => {
                self.actors.remove(id);
                self.append(event)
            }
            Event::Decision { t, policy, plan } => {
                // Times of this machine: not part of what was decided.
                let plan = PlanDocument {
                    stats: None,
                    ..plan.clone()
                };
                self.append(&Event::Decision {
                    t: *t,
                    policy: policy.clone(),
                    plan,
                })?;
                self.flush()
            }
            Event::Tick { .. }
            | Event::Policy { .. }
            | Event::Actions { .. }
            | Event::Outcome(_) => {
                self.append(event)?;
                self.flush()
            }
            Event::Hello(_) | Event::Schema { .. } | Event::Calls(_) => self.append(event),
        }
    }

    fn append(&mut self, event: &Event) -> io::Result<()> {
        let sink: &mut dyn Write = match &mut self.sink {
            Sink::Plain(sink) => sink,
            Sink::Compressed(sink) => sink,
        };
        match self.format {
            Format::JsonLines => {
                serde_json::to_writer(&mut *sink, event)?;
                sink.write_all(b"\n")
            }
            Format::MessagePack => {
                let bytes = rmp_serde::to_vec_named(event).map_err(io::Error::other)?;
                sink.write_all(&bytes)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Plain(sink) => sink.flush()?,
            Sink::Compressed(sink) => sink.flush()?,
        }
        self.is_begun = true;
        Ok(())
    }

    /// What of `update` is new; `None` if nothing is.
    fn changed_server(&mut self, update: &ServerUpdate) -> Option<ServerUpdate> {
        let Some(known) = self.servers.get_mut(&update.id) else {
            self.servers.insert(update.id.clone(), update.clone());
            return Some(update.clone());
        };
        let mut change = ServerUpdate::new(update.id.clone());
        let changed = [
            differs(&mut known.cpu, &update.cpu, &mut change.cpu),
            differs(&mut known.mem, &update.mem, &mut change.mem),
            differs(&mut known.net, &update.net, &mut change.net),
            differs(&mut known.labels, &update.labels, &mut change.labels),
            differs(
                &mut known.contended,
                &update.contended,
                &mut change.contended,
            ),
        ];
        changed.contains(&true).then_some(change)
    }

    fn changed_actor(&mut self, update: &ActorUpdate) -> Option<ActorUpdate> {
        let Some(known) = self.actors.get_mut(&update.id) else {
            self.actors.insert(update.id.clone(), update.clone());
            return Some(update.clone());
        };
        let mut change = ActorUpdate::new(update.id.clone());
        let changed = [
            differs(
                &mut known.actor_type,
                &update.actor_type,
                &mut change.actor_type,
            ),
            differs(&mut known.server, &update.server, &mut change.server),
            differs(&mut known.cpu, &update.cpu, &mut change.cpu),
            differs(&mut known.mem, &update.mem, &mut change.mem),
            differs(&mut known.net, &update.net, &mut change.net),
            differs(&mut known.refs, &update.refs, &mut change.refs),
            differs(&mut known.values, &update.values, &mut change.values),
            differs(&mut known.mailbox, &update.mailbox, &mut change.mailbox),
            differs(&mut known.idle, &update.idle, &mut change.idle),
            differs(&mut known.age, &update.age, &mut change.age),
            differs(&mut known.moves, &update.moves, &mut change.moves),
            differs(&mut known.epoch, &update.epoch, &mut change.epoch),
        ];
        changed.contains(&true).then_some(change)
    }
}

/// Takes over a field that was given and differs from what is known. A resource counts as one
/// field, since two of its three figures give the third: half of them would be ambiguous.
fn differs<T: Clone + PartialEq>(
    known: &mut Field<T>,
    given: &Field<T>,
    change: &mut Field<T>,
) -> bool {
    if given.is_keep() || known == given {
        return false;
    }
    known.clone_from(given);
    change.clone_from(given);
    true
}
