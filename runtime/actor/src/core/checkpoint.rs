//! Checkpoints: an actor's state in the store, for the time after a failure.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::actor::Durability;
use crate::id::{ActorId, Epoch, FunctionId};
use crate::store::Expected;
use crate::time::Time;
use crate::wire;

use super::entry::Hosted;
use super::event::{ActorPhase, Event};
use super::meter::Priced;
use super::shared::Shared;
use super::timer::Due;

#[derive(Serialize, Deserialize)]
struct Checkpoint {
    layout_hash: u64,
    epoch: Epoch,
    written_at_nanos: u64,
    state: Vec<u8>,
    timers: Vec<(Duration, FunctionId, Arc<[u8]>)>,
}

fn checkpoint_key(actor: ActorId) -> String {
    format!("checkpoint/{:016x}", actor.bits())
}

impl Shared {
    /// Writes an actor's checkpoint, if its type has them. The state must be at rest.
    pub(crate) fn checkpoint(&mut self, entry: u32) {
        let now = self.now;
        let Some(description) = self.description(entry) else {
            return;
        };
        let Some(found) = self.entries.get_mut(entry as usize) else {
            return;
        };
        let (actor, Some(hosted)) = (found.id, &mut found.hosted) else {
            return;
        };
        if description.durability == Durability::None {
            return;
        }
        let state = match hosted.cell.encode_state() {
            Ok(state) => state,
            Err(error) => {
                let reason = error.to_string();
                self.event(Event::StoreFailed { reason });
                return;
            }
        };
        hosted.changed = false;
        hosted.state_bytes = state.len() as u64;
        let checkpoint = Checkpoint {
            layout_hash: description.layout_hash,
            epoch: hosted.epoch,
            written_at_nanos: now.as_nanos(),
            timers: hosted.remaining_timers(now),
            state,
        };
        self.write_checkpoint(actor, &checkpoint);
    }

    fn write_checkpoint(&mut self, actor: ActorId, checkpoint: &Checkpoint) {
        let mut bytes = Vec::new();
        let encoded = wire::encode(checkpoint, &mut bytes);
        self.meter.price(Priced::Encode(bytes.len()));
        let key = checkpoint_key(actor);
        let written = match encoded {
            Ok(()) => self
                .store
                .put(&key, &bytes, Expected::Any)
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(reason) = written {
            self.event(Event::StoreFailed { reason });
        }
    }

    /// A call that may have changed the state has ended: the next checkpoint is due in an interval.
    pub(crate) fn state_changed(&mut self, entry: u32) {
        let now = self.now;
        let Some(found) = self.entries.get_mut(entry as usize) else {
            return;
        };
        let (kind, Some(hosted)) = (found.kind, &mut found.hosted) else {
            return;
        };
        hosted.changed = true;
        if hosted.checkpoint_pending {
            return;
        }
        let Some(registered) = self.catalog.registered(kind) else {
            return;
        };
        if let Durability::Checkpoint(interval) = registered.description.durability {
            hosted.checkpoint_pending = true;
            self.timers.at(now + interval, Due::Checkpoint { entry });
        }
    }

    pub(crate) fn checkpoint_due(&mut self, entry: u32) {
        let Some(hosted) = self.hosted(entry) else {
            return;
        };
        hosted.checkpoint_pending = false;
        let at_rest = hosted.phase == ActorPhase::Active && hosted.cell.has_state();
        if !hosted.changed {
            return;
        }
        // Else the end of the call that has the state, or of the move, sets the next time.
        if at_rest {
            self.checkpoint(entry);
        }
    }

    /// Gives an activation the state of its checkpoint and returns the checkpoint's age; `None` if
    /// there is no (readable) checkpoint.
    pub(crate) fn restore(&mut self, actor: ActorId, hosted: &mut Hosted) -> Option<Duration> {
        let stored = self.store.get(&checkpoint_key(actor))?;
        let checkpoint: Checkpoint = wire::decode(&stored.value).ok()?;
        let description = self.catalog.describe(actor)?;
        if checkpoint.layout_hash != description.layout_hash {
            return None;
        }
        self.meter.price(Priced::Decode(checkpoint.state.len()));
        hosted.cell.decode_state(&checkpoint.state).ok()?;
        hosted.state_bytes = checkpoint.state.len() as u64;
        hosted.timers.clear();
        for (remaining, function, arguments) in checkpoint.timers {
            self.timer_number += 1;
            let due = self.now + remaining;
            let timer = super::entry::ActorTimer {
                due,
                function,
                arguments,
            };
            hosted.timers.insert(self.timer_number, timer);
        }
        let written_at = Time::from_nanos(checkpoint.written_at_nanos);
        Some(self.now.since(written_at))
    }

    /// Forgets the checkpoint of an actor that has left.
    pub(crate) fn forget_checkpoint(&mut self, actor: ActorId, epoch: Epoch) {
        let key = checkpoint_key(actor);
        let ours = self.store.get(&key).is_some_and(|stored| {
            wire::decode::<Checkpoint>(&stored.value)
                .is_ok_and(|checkpoint| checkpoint.epoch <= epoch)
        });
        if ours && let Err(error) = self.store.delete(&key) {
            let reason = error.to_string();
            self.event(Event::StoreFailed { reason });
        }
    }
}
