//! A move, at the target: admission, the prepared copies, and the directory's word.

use crate::actor::Origin;
use crate::directory::{DirectoryRequest, Expected, LastMove, Record};
use crate::frame::{Body, Message};
use crate::id::{ActorId, Address};
use crate::time::Time;
use crate::wire;

use super::cell::Header;
use super::chain::Chain;
use super::entry::{Hosted, Route};
use super::event::{ActorPhase, Effect};
use super::input::Admission;
use super::meter::Priced;
use super::move_source::Parcel;
use super::shared::Shared;
use super::timer::Due;

/// How often a prepared copy that hears nothing asks the directory how it stands.
const LOOK_PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// How far a move is, at its target.
enum Step {
    /// The driver has been asked.
    Asking,
    /// Room is kept; chunks may come.
    Receiving { next: u32, bytes: Vec<u8> },
    /// The copies are complete, and do nothing.
    Prepared { entries: Vec<u32> },
}

/// A move to this node.
pub(crate) struct IncomingMove {
    actors: Vec<Expected>,
    step: Step,
    step_number: u32,
}

/// A move as its target names it: the source, and the source's number.
type Wave = (Address, u64);

impl Shared {
    /// A source asks for room.
    pub(crate) fn admission_asked(
        &mut self,
        from: Address,
        wave: u64,
        actors: Vec<Expected>,
        state_bytes: u64,
    ) {
        if let Some(reason) = self.inadmissible(&actors) {
            self.send_to(from, Body::Refused { wave, reason });
            return;
        }
        let ids = actors.iter().map(|(actor, _)| *actor).collect();
        self.incoming.insert(
            (from, wave),
            IncomingMove {
                actors,
                step: Step::Asking,
                step_number: 0,
            },
        );
        self.limit_incoming((from, wave));
        if self.config.asks_admission {
            self.effects.push(Effect::Admission {
                from,
                wave,
                actors: ids,
                state_bytes,
            });
        } else {
            self.admit((from, wave));
        }
    }

    fn inadmissible(&mut self, actors: &[Expected]) -> Option<String> {
        if !self.config.hosts_actors {
            return Some("this node hosts no actors".to_owned());
        }
        let prepared: usize = self
            .incoming
            .values()
            .map(|moving| moving.actors.len())
            .sum();
        if prepared + actors.len() > self.config.limits.prepared {
            return Some("too many actors are moving here already".to_owned());
        }
        for (actor, _) in actors {
            let name = self.catalog.actor_name(*actor);
            let Some(entry) = self.entry_of(*actor) else {
                return Some(format!("the type of {name} is not known here"));
            };
            let coming = self
                .incoming
                .values()
                .any(|moving| moving.actors.iter().any(|(other, _)| other == actor));
            if coming || self.hosted(entry).is_some() {
                return Some(format!("{name} is here already"));
            }
        }
        None
    }

    /// The driver has decided about a move to here.
    pub(crate) fn admission_decided(&mut self, admission: Admission) {
        let key = (admission.from, admission.wave);
        let asked = self
            .incoming
            .get(&key)
            .is_some_and(|moving| matches!(moving.step, Step::Asking));
        if !asked {
            return;
        }
        match admission.verdict {
            Ok(()) => self.admit(key),
            Err(reason) => {
                self.incoming.remove(&key);
                let wave = admission.wave;
                self.send_to(admission.from, Body::Refused { wave, reason });
            }
        }
    }

    fn admit(&mut self, key: Wave) {
        if let Some(moving) = self.incoming.get_mut(&key) {
            moving.step = Step::Receiving {
                next: 0,
                bytes: Vec::new(),
            };
        }
        self.limit_incoming(key);
        self.send_to(key.0, Body::Admitted { wave: key.1 });
    }

    /// Drops an admission that is not used in time.
    fn limit_incoming(&mut self, key: Wave) {
        let limits = self.config.limits;
        let late = self.now + limits.quiesce * 2 + limits.move_step;
        self.set_incoming_timer(key, late);
    }

    fn set_incoming_timer(&mut self, key: Wave, late: Time) {
        if let Some(moving) = self.incoming.get_mut(&key) {
            moving.step_number += 1;
            let (from, wave) = key;
            let step = moving.step_number;
            self.timers.at(late, Due::MoveTarget { from, wave, step });
        }
    }

    /// A piece of the actors has arrived.
    pub(crate) fn chunk_arrived(&mut self, key: Wave, index: u32, last: bool, chunk: &[u8]) {
        let (from, wave) = key;
        let receiving = self.incoming.get_mut(&key).map(|moving| &mut moving.step);
        let Some(Step::Receiving { next, bytes }) = receiving else {
            if last {
                let reason = "the admission has lapsed".to_owned();
                self.send_to(from, Body::Refused { wave, reason });
            }
            return;
        };
        if index != *next {
            return;
        }
        *next += 1;
        bytes.extend_from_slice(chunk);
        if !last {
            self.limit_incoming(key);
            return;
        }
        let bytes = std::mem::take(bytes);
        match self.prepare(key, &bytes) {
            Ok(entries) => {
                if let Some(moving) = self.incoming.get_mut(&key) {
                    moving.step = Step::Prepared { entries };
                }
                self.set_incoming_timer(key, self.now + LOOK_PAUSE);
                self.send_to(from, Body::Prepared { wave });
            }
            Err((entries, reason)) => {
                self.incoming.remove(&key);
                self.discard(&entries);
                self.send_to(from, Body::Refused { wave, reason });
            }
        }
    }

    /// Makes the copies. On an error, those made so far are given back.
    fn prepare(&mut self, key: Wave, bytes: &[u8]) -> Result<Vec<u32>, (Vec<u32>, String)> {
        self.meter.price(Priced::Decode(bytes.len()));
        let mut entries = Vec::new();
        let parcels: Vec<Parcel> = match wire::decode(bytes) {
            Ok(parcels) => parcels,
            Err(error) => return Err((entries, error.to_string())),
        };
        let Some(moving) = self.incoming.get(&key) else {
            return Err((entries, "the admission has lapsed".to_owned()));
        };
        let expected = moving.actors.clone();
        let came = parcels.iter().map(|parcel| parcel.actor);
        if !came.eq(expected.iter().map(|(actor, _)| *actor)) {
            return Err((entries, "other actors came than were admitted".to_owned()));
        }
        for (parcel, (_, epoch)) in parcels.into_iter().zip(expected) {
            match self.prepare_one(key, parcel, epoch) {
                Ok(entry) => entries.push(entry),
                Err(reason) => return Err((entries, reason)),
            }
        }
        Ok(entries)
    }

    fn prepare_one(
        &mut self,
        key: Wave,
        parcel: Parcel,
        epoch: crate::id::Epoch,
    ) -> Result<u32, String> {
        let name = self.catalog.actor_name(parcel.actor);
        let unknown = || format!("the type of {name} is not known here");
        let entry = self.entry_of(parcel.actor).ok_or_else(unknown)?;
        if self.hosted(entry).is_some() {
            return Err(format!("{name} is here already"));
        }
        let registered = self.registered(entry).ok_or_else(unknown)?;
        let description = registered.description;
        if description.layout_hash != parcel.layout_hash {
            return Err(format!(
                "the state of {name} is of another version of its type"
            ));
        }
        let mut cell = registered.operations.new_cell();
        cell.decode_state(&parcel.state)
            .map_err(|error| format!("the state of {name}: {error}"))?;
        let mut hosted = Hosted::new(cell, ActorPhase::Prepared, epoch);
        hosted.wave = Some(key);
        hosted.state_bytes = parcel.state.len() as u64;
        hosted.deaths = parcel.deaths;
        if let Some(found) = self.entry(entry) {
            found.hosted = Some(hosted);
        }
        self.add_caller(entry, key.0);
        self.adopt_timers(entry, parcel.timers);
        for message in parcel.calls {
            self.adopt_call(entry, message);
        }
        let queued = self.hosted(entry).map_or(0, |hosted| hosted.cell.queued());
        if let Some(hosted) = self.hosted(entry) {
            hosted.sent_calls = queued;
        }
        Ok(entry)
    }

    /// Puts a call that came with its actor into the copy's mailbox, whose bound it had passed.
    fn adopt_call(&mut self, entry: u32, message: Message) {
        let function = self
            .description(entry)
            .and_then(|description| description.function_index(message.function))
            .and_then(|index| u16::try_from(index).ok());
        let deadline = match message.remaining_nanos {
            None => Time::NEVER,
            Some(nanos) => self.now + std::time::Duration::from_nanos(nanos),
        };
        let Some(function) = function else {
            let error = wire::WireError::new("call", "the actor's type has no such function");
            self.refuse(&message, crate::context::malformed(error));
            return;
        };
        let header = Header {
            function,
            caller: message.caller,
            reply: self.reply_to(entry, message.origin, message.number, deadline),
            deadline,
            chain: Chain::from_actors(&message.ancestors),
        };
        if let Some(hosted) = self.hosted(entry) {
            hosted.cell.push(header, message.arguments);
        }
    }

    /// The directory has committed a move to here.
    pub(crate) fn wave_committed(&mut self, key: Wave) {
        let prepared = self
            .incoming
            .get(&key)
            .is_some_and(|moving| matches!(moving.step, Step::Prepared { .. }));
        if !prepared {
            return;
        }
        let Some(moving) = self.incoming.remove(&key) else {
            return;
        };
        let Step::Prepared { entries } = moving.step else {
            return;
        };
        for entry in &entries {
            self.activate_copy(*entry);
        }
        self.send_to(key.0, Body::Activated { wave: key.1 });
    }

    fn activate_copy(&mut self, entry: u32) {
        let own = self.own();
        let Some(found) = self.entry(entry) else {
            return;
        };
        let Some(hosted) = &mut found.hosted else {
            return;
        };
        hosted.epoch = hosted.epoch.next();
        hosted.phase = ActorPhase::Active;
        hosted.wave = None;
        hosted.sent_calls = 0;
        hosted.origin = Some(Origin::Moved);
        found.last_epoch = hosted.epoch;
        let route = found.route;
        self.flush_trail(entry);
        self.announce(entry, Origin::Moved);
        self.checkpoint(entry);
        self.rearm_timers(entry);
        match route {
            // Calls of this node's own actors may still be on the old path.
            Route::At(old) if old != own => self.flush_route(entry, old),
            Route::Flushing { .. } => {}
            _ => self.set_route(entry, Route::Here),
        }
        self.schedule(entry);
    }

    /// The source has given up (after the directory's word, if the state was sent).
    pub(crate) fn move_aborted(&mut self, key: Wave) {
        if let Some(moving) = self.incoming.remove(&key)
            && let Step::Prepared { entries } = moving.step
        {
            self.discard(&entries);
        }
    }

    /// Drops copies that were not committed. Their source has the calls that came with them; those
    /// that came by themselves are sent on.
    fn discard(&mut self, entries: &[u32]) {
        for entry in entries {
            let entry = *entry;
            let came = self.hosted(entry).map_or(0, |hosted| hosted.sent_calls);
            let (later, given_up) = self.take_queued_messages(entry, came);
            self.counters.expired += given_up;
            drop(self.take_queued_messages(entry, 0));
            let Some(found) = self.entry(entry) else {
                continue;
            };
            found.hosted = None;
            if found.route == Route::Here {
                found.route = Route::Unknown;
            }
            self.dispatch_all(entry, later);
        }
    }

    /// A step takes too long, or prepared copies ask how they stand.
    pub(crate) fn move_target_late(&mut self, key: Wave, step_number: u32) {
        let Some(moving) = self.incoming.get(&key) else {
            return;
        };
        if moving.step_number != step_number {
            return;
        }
        let (source, wave) = key;
        if matches!(moving.step, Step::Prepared { .. }) {
            let actors: Vec<ActorId> = moving.actors.iter().map(|(actor, _)| *actor).collect();
            self.set_incoming_timer(key, self.now + LOOK_PAUSE * 4);
            self.request(DirectoryRequest::Look {
                source,
                wave,
                actors,
            });
        } else {
            self.incoming.remove(&key);
            let reason = "the admission has lapsed".to_owned();
            self.send_to(source, Body::Refused { wave, reason });
        }
    }

    /// The link to a node is broken.
    pub(crate) fn targets_lose_link(&mut self, peer: Address) {
        let concerned: Vec<Wave> = self
            .incoming
            .keys()
            .filter(|(from, _)| *from == peer)
            .copied()
            .collect();
        for key in concerned {
            let prepared = self
                .incoming
                .get(&key)
                .is_some_and(|moving| matches!(moving.step, Step::Prepared { .. }));
            if prepared {
                self.set_incoming_timer(key, self.now);
            } else {
                self.incoming.remove(&key);
            }
        }
    }

    /// The records of prepared copies: they follow the directory's word, or go on waiting for it.
    pub(crate) fn target_looked(&mut self, key: Wave, records: &[Record]) {
        let (source, wave) = key;
        let own = self.own();
        let Some(moving) = self.incoming.get(&key) else {
            return;
        };
        if !matches!(moving.step, Step::Prepared { .. }) {
            return;
        }
        let last = Some(LastMove { from: source, wave });
        let all = |holds: &dyn Fn(&Record, &Expected) -> bool| {
            moving.actors.iter().all(|expected| {
                let record = records.iter().find(|record| record.actor == expected.0);
                record.is_some_and(|record| holds(record, expected))
            })
        };
        let committed = all(&|record, (_, epoch)| {
            record.owner == own && record.epoch == epoch.next() && record.last_move == last
        });
        let undecided = all(&|record, (_, epoch)| record.owner == source && record.epoch == *epoch);
        if committed {
            self.wave_committed(key);
        } else if undecided {
            if self.dead.contains(&source) {
                // The source died undecided: its state is complete here.
                let actors = moving.actors.clone();
                self.request(DirectoryRequest::Commit {
                    source,
                    wave,
                    target: own,
                    actors,
                });
            }
        } else {
            self.move_aborted(key);
        }
    }

    /// The link to a node is broken: its moves are decided anew.
    pub(crate) fn moves_lose_link(&mut self, peer: Address) {
        self.sources_lose_link(peer);
        self.targets_lose_link(peer);
    }
}
