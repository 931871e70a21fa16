//! The facts of a snapshot in rows, arranged so that each is found without reading the whole: for
//! explanations, which look at single bindings.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use plasma_check::program::TypeSet;
use plasma_check::schema::Schema;
use plasma_model::{ActorId, Caller, Calls, Server, ServerId, Snapshot};

use crate::past::{End, Past};
use crate::reference::{ActorAt, CallTotal, Callees, CallerKind, Callers, Facts, is_in};

/// A snapshot with its actors by type and its calls by caller, callee and receiving server. Calls are
/// arranged when they are first asked about.
pub(crate) struct Index<'s> {
    snapshot: &'s Snapshot,
    schema: &'s Schema,
    by_type: OnceCell<BTreeMap<&'s str, Vec<ActorAt<'s>>>>,
    by_caller: OnceCell<CallsBy<'s>>,
    by_callee: OnceCell<CallsBy<'s>>,
    received: OnceCell<BTreeMap<&'s ServerId, Received<'s>>>,
    hosted: OnceCell<BTreeMap<&'s ServerId, usize>>,
    any_stale: OnceCell<bool>,
    /// Those before, newest first.
    before: Vec<Index<'s>>,
    end: End,
}

type CallsBy<'s> = BTreeMap<&'s ActorId, Vec<&'s Calls>>;

/// How many calls one server received.
#[derive(Default)]
struct Received<'s> {
    from_clients: f64,
    from_actors: BTreeMap<&'s str, f64>,
}

impl<'s> Index<'s> {
    pub(crate) fn new(snapshot: &'s Snapshot, past: &'s Past, schema: &'s Schema) -> Self {
        let (before, end) = past.before(snapshot);
        let alone = |snapshot: &'s Snapshot| Index {
            snapshot,
            schema,
            by_type: OnceCell::new(),
            by_caller: OnceCell::new(),
            by_callee: OnceCell::new(),
            received: OnceCell::new(),
            hosted: OnceCell::new(),
            any_stale: OnceCell::new(),
            before: Vec::new(),
            end,
        };
        Index {
            before: before.into_iter().map(alone).collect(),
            ..alone(snapshot)
        }
    }

    fn by_type(&self) -> &BTreeMap<&'s str, Vec<ActorAt<'s>>> {
        self.by_type.get_or_init(|| {
            let mut by_type: BTreeMap<&str, Vec<ActorAt<'s>>> = BTreeMap::new();
            for (id, actor) in &self.snapshot.actors {
                let of_type = by_type.entry(actor.actor_type.as_ref()).or_default();
                of_type.push(ActorAt { id, actor });
            }
            by_type
        })
    }

    fn by_callee(&self) -> &CallsBy<'s> {
        self.by_callee
            .get_or_init(|| self.arrange(|calls| Some(&calls.to)))
    }

    fn by_caller(&self) -> &CallsBy<'s> {
        self.by_caller.get_or_init(|| {
            self.arrange(|calls| match &calls.from {
                Caller::Client => None,
                Caller::Actor { id, .. } => Some(id),
            })
        })
    }

    fn arrange(&self, key: impl Fn(&'s Calls) -> Option<&'s ActorId>) -> CallsBy<'s> {
        let mut arranged = CallsBy::new();
        let calls = self.snapshot.calls.iter();
        for calls in calls {
            if let Some(id) = key(calls) {
                arranged.entry(id).or_default().push(calls);
            }
        }
        arranged
    }

    fn received_by(&self) -> &BTreeMap<&'s ServerId, Received<'s>> {
        self.received.get_or_init(|| {
            let mut by_server: BTreeMap<&ServerId, Received<'s>> = BTreeMap::new();
            for calls in &self.snapshot.calls {
                let received = by_server.entry(&calls.to_server).or_default();
                match &calls.from {
                    Caller::Client => received.from_clients += calls.count,
                    Caller::Actor { actor_type, .. } => {
                        *received.from_actors.entry(actor_type).or_default() += calls.count;
                    }
                }
            }
            by_server
        })
    }
}

impl<'s> Facts<'s> for Index<'s> {
    fn t(&self) -> f64 {
        self.snapshot.t
    }

    fn period_seconds(&self) -> f64 {
        self.snapshot.period_seconds
    }

    fn servers(&self) -> &'s BTreeMap<ServerId, Server> {
        &self.snapshot.servers
    }

    fn actor(&self, id: &ActorId) -> Option<ActorAt<'s>> {
        let (id, actor) = self.snapshot.actors.get_key_value(id)?;
        Some(ActorAt { id, actor })
    }

    fn earlier(&self, periods: usize) -> Option<&dyn Facts<'s>> {
        match periods.checked_sub(1) {
            None => Some(self),
            Some(place) => self.before.get(place).map(|index| index as &dyn Facts<'s>),
        }
    }

    fn end(&self) -> End {
        self.end
    }

    fn any_stale(&self) -> bool {
        let mut servers = self.snapshot.servers.values();
        *self
            .any_stale
            .get_or_init(|| servers.any(|server| server.stale))
    }

    fn schema(&self) -> &'s Schema {
        self.schema
    }

    fn actors(&self, types: &TypeSet) -> Vec<ActorAt<'s>> {
        let TypeSet::Of(ids) = types else {
            let live = self.snapshot.actors.iter();
            return live.map(|(id, actor)| ActorAt { id, actor }).collect();
        };
        let names = ids.iter().filter_map(|id| self.schema.get(*id));
        let of_types = names.filter_map(|t| self.by_type().get(t.name.as_ref()));
        let mut actors: Vec<ActorAt<'s>> = of_types.flatten().copied().collect();
        if ids.len() > 1 {
            actors.sort_by_key(|at| at.id);
        }
        actors
    }

    fn calls(&self, from: Callers<'_>, to: Callees<'_>, function: Option<&str>) -> CallTotal {
        let candidates = match (from, to) {
            (_, Callees::One(to)) => self.by_callee().get(to),
            (Callers::One(from), _) => self.by_caller().get(from),
            _ => {
                return total(self.snapshot.calls.iter().filter(|calls| {
                    self.is_from(calls, from) && self.is_to(calls, to) && is_in(calls, function)
                }));
            }
        };
        // Most are of others: the ids are compared before anybody is looked up.
        let among = candidates.into_iter().flatten().copied().filter(|calls| {
            is_in(calls, function) && is_of(calls, from) && {
                self.is_from(calls, from) && self.is_to(calls, to)
            }
        });
        total(among)
    }

    fn hosted(&self, by: &ServerId) -> usize {
        let hosted = self.hosted.get_or_init(|| {
            let mut hosted: BTreeMap<&ServerId, usize> = BTreeMap::new();
            for actor in self.snapshot.actors.values() {
                *hosted.entry(&actor.server).or_default() += 1;
            }
            hosted
        });
        hosted.get(by).copied().unwrap_or(0)
    }

    fn received(&self, kind: CallerKind<'_>, by: Option<&ServerId>) -> f64 {
        let of_server = |received: &Received<'s>| match kind {
            CallerKind::Clients => received.from_clients,
            CallerKind::Actors(types) => {
                let from = received.from_actors.iter();
                from.filter(|(actor_type, _)| self.includes(types, actor_type))
                    .map(|(_, count)| count)
                    .sum()
            }
        };
        match by {
            Some(server) => self.received_by().get(server).map_or(0.0, of_server),
            None => self.received_by().values().map(of_server).sum(),
        }
    }
}

/// Whether these calls may come from one of `from`, as far as the call alone tells.
fn is_of(calls: &Calls, from: Callers<'_>) -> bool {
    match (&calls.from, from) {
        (Caller::Client, Callers::Clients) => true,
        (Caller::Actor { id, .. }, Callers::One(one)) => id == one,
        (Caller::Actor { .. }, Callers::All(_)) => true,
        _ => false,
    }
}

fn total<'s>(calls: impl Iterator<Item = &'s Calls>) -> CallTotal {
    let mut total = CallTotal::NONE;
    for calls in calls {
        total.add(calls.count, calls.size, calls.latency);
    }
    total
}
