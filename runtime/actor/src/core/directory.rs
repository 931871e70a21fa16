//! The directory: who has which actor, in which epoch. Its compare-and-set is the only commit point
//! of activations and moves; every change is in the log before it is answered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::directory::{DirectoryAnswer, DirectoryRequest, Expected, LastMove, Record};
use crate::id::{ActorId, Address, Epoch, name_hash};
use crate::store::{self, Store, StoreError};
use crate::wire::{self, WireError};

/// One change: the new records, written together or not at all.
#[derive(Serialize, Deserialize)]
struct LogEntry {
    records: Vec<Record>,
}

/// The directory's records and its place in the log.
pub(crate) struct Directory {
    records: BTreeMap<ActorId, Record>,
    next_entry: u64,
}

/// Who of the cluster is alive, as the directory's node knows it.
pub(crate) struct Cluster {
    /// Servers where actors may be activated, in order.
    pub(crate) hosts: Vec<Address>,
    /// Lives that have been declared dead.
    pub(crate) dead: BTreeSet<Address>,
}

/// An answer, and a target that must learn that its copies are committed.
pub(crate) struct Decision {
    pub(crate) answer: DirectoryAnswer,
    pub(crate) committed: Option<(Address, Address, u64)>,
}

impl From<DirectoryAnswer> for Decision {
    fn from(answer: DirectoryAnswer) -> Self {
        Self {
            answer,
            committed: None,
        }
    }
}

fn log_key(number: u64) -> String {
    format!("directory/log/{number:016}")
}

impl Directory {
    /// The directory as its log tells it.
    ///
    /// # Errors
    /// When the log cannot be read as one.
    pub(crate) fn open(store: &dyn Store) -> Result<Self, WireError> {
        let mut directory = Self {
            records: BTreeMap::new(),
            next_entry: 0,
        };
        while let Some(stored) = store.get(&log_key(directory.next_entry)) {
            let entry: LogEntry = wire::decode(&stored.value)?;
            directory.apply(&entry);
        }
        Ok(directory)
    }

    fn apply(&mut self, entry: &LogEntry) {
        self.next_entry += 1;
        for record in &entry.records {
            self.records.insert(record.actor, record.clone());
        }
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        self.records.values().cloned().collect()
    }

    fn write(&mut self, store: &mut dyn Store, records: Vec<Record>) -> Result<(), StoreError> {
        let entry = LogEntry { records };
        let key = log_key(self.next_entry);
        let mut bytes = Vec::new();
        if let Err(error) = wire::encode(&entry, &mut bytes) {
            let reason = error.to_string();
            return Err(StoreError::Failed { key, reason });
        }
        store.put(&key, &bytes, store::Expected::Absent)?;
        self.apply(&entry);
        Ok(())
    }

    /// Answers a request.
    ///
    /// # Errors
    /// When the store refuses the log entry; nothing has changed then.
    pub(crate) fn answer(
        &mut self,
        from: Address,
        request: &DirectoryRequest,
        cluster: &Cluster,
        store: &mut dyn Store,
    ) -> Result<Decision, StoreError> {
        match request {
            DirectoryRequest::Locate {
                actor,
                propose,
                create,
            } => {
                if !create && !self.records.contains_key(actor) {
                    return Ok(DirectoryAnswer::Located { record: None }.into());
                }
                let record = self.locate(*actor, *propose, cluster, store)?;
                Ok(DirectoryAnswer::Located { record }.into())
            }
            DirectoryRequest::Look { actors, .. } => {
                let found = actors.iter().filter_map(|actor| self.records.get(actor));
                let records = found.cloned().collect();
                Ok(DirectoryAnswer::Records { records }.into())
            }
            DirectoryRequest::Commit {
                source,
                wave,
                target,
                actors,
            } => {
                let last = LastMove {
                    from: *source,
                    wave: *wave,
                };
                // The target may finish a move whose source is dead, and nobody else's.
                let entitled = from == *source || cluster.dead.contains(source);
                let done = entitled && self.compare_and_set(last, *target, actors, store)?;
                Ok(Decision {
                    answer: DirectoryAnswer::Decided { done },
                    committed: done.then_some((*target, *source, *wave)),
                })
            }
            DirectoryRequest::Retain {
                source,
                wave,
                actors,
            } => {
                let last = LastMove {
                    from: *source,
                    wave: *wave,
                };
                let done = from == *source && self.compare_and_set(last, *source, actors, store)?;
                Ok(DirectoryAnswer::Decided { done }.into())
            }
            DirectoryRequest::Reactivate {
                owner,
                actor,
                epoch,
            } => {
                let record = self.reactivate(*owner, *actor, *epoch, store)?;
                Ok(DirectoryAnswer::Located { record }.into())
            }
        }
    }

    fn locate(
        &mut self,
        actor: ActorId,
        propose: Option<Address>,
        cluster: &Cluster,
        store: &mut dyn Store,
    ) -> Result<Option<Record>, StoreError> {
        let known = self.records.get(&actor);
        if let Some(record) = known.filter(|record| !cluster.dead.contains(&record.owner)) {
            return Ok(Some(record.clone()));
        }
        let Some(owner) = propose.or_else(|| choose(actor, &cluster.hosts)) else {
            return Ok(None);
        };
        let record = Record {
            actor,
            owner,
            epoch: known.map_or(Epoch(1), |record| record.epoch.next()),
            had_state: known.is_some(),
            reserved: known.is_some_and(|record| record.reserved),
            last_move: known.and_then(|record| record.last_move),
        };
        self.write(store, vec![record.clone()])?;
        Ok(Some(record))
    }

    /// Sets the owner of all the actors and raises their epochs, if all are at the wave's source in
    /// the epochs expected. A repeated request is answered as the first one was.
    fn compare_and_set(
        &mut self,
        wave: LastMove,
        owner: Address,
        actors: &[Expected],
        store: &mut dyn Store,
    ) -> Result<bool, StoreError> {
        let done = |record: &Record, epoch: Epoch| {
            record.owner == owner && record.epoch == epoch.next() && record.last_move == Some(wave)
        };
        let mut changed = Vec::with_capacity(actors.len());
        let mut repeated = 0;
        for (actor, epoch) in actors {
            let Some(record) = self.records.get(actor) else {
                return Ok(false);
            };
            if done(record, *epoch) {
                repeated += 1;
                continue;
            }
            if record.owner != wave.from || record.epoch != *epoch {
                return Ok(false);
            }
            changed.push(Record {
                owner,
                epoch: epoch.next(),
                last_move: Some(wave),
                ..record.clone()
            });
        }
        if changed.is_empty() || repeated > 0 {
            return Ok(changed.is_empty() && repeated > 0);
        }
        self.write(store, changed)?;
        Ok(true)
    }

    fn reactivate(
        &mut self,
        owner: Address,
        actor: ActorId,
        epoch: Epoch,
        store: &mut dyn Store,
    ) -> Result<Option<Record>, StoreError> {
        let Some(record) = self.records.get(&actor) else {
            return Ok(None);
        };
        if record.owner != owner || record.epoch != epoch {
            return Ok(Some(record.clone()));
        }
        let record = Record {
            epoch: epoch.next(),
            had_state: true,
            ..record.clone()
        };
        self.write(store, vec![record.clone()])?;
        Ok(Some(record))
    }
}

/// A server for an actor that nobody proposed a place for: spread evenly by the actor's id.
fn choose(actor: ActorId, hosts: &[Address]) -> Option<Address> {
    let count = u64::try_from(hosts.len()).ok().filter(|count| *count > 0)?;
    let spread = name_hash(&format!("{actor:?}")) % count;
    hosts.get(usize::try_from(spread).ok()?).copied()
}
