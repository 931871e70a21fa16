//! The facts of columns, for conditions that are read row by row: an actor becomes a row when it is
//! first asked for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use plasma_check::program::TypeSet;
use plasma_check::schema::Schema;
use plasma_columns::{ActorNo, CallKey, CallerKind, Columns, Frame, NOBODY, Partition};
use plasma_model::{Actor, ActorId, Server, ServerId};

use super::scope::{Function, Kinds, Scope, Types};
use super::shared::Shared;
use crate::Past;
use crate::past::End;
use crate::reference::{ActorAt, CallTotal, Callees, CallerKind as AskedKind, Callers, Facts};

/// Looks at the last tick of columns and those before it, with actors in rows where they are asked for.
pub(crate) fn looking_at<R>(
    (columns, past): (&Columns, &Past),
    schema: &Schema,
    look: impl FnOnce(&dyn Facts<'_>) -> R,
) -> R {
    let (before, end) = past.before(columns.frame());
    let shared = Shared::default();
    let scope = Scope::new(columns, before, end, schema, &shared);
    let rows = Rows::of(&scope);
    look(&ColumnFacts::new(&scope, &rows))
}

/// Rows of one frame that somebody asked for.
#[derive(Default)]
pub(crate) struct Rows {
    /// By number; made when the first row is asked for.
    cells: OnceLock<Vec<OnceLock<Box<Row>>>>,
}

type Row = (ActorId, Actor);

impl Rows {
    /// Room for the rows of each frame of a scope.
    pub(crate) fn of(scope: &Scope<'_>) -> Vec<Rows> {
        scope.frames.iter().map(|_| Rows::default()).collect()
    }

    fn get_or_make(
        &self,
        no: ActorNo,
        actors: usize,
        make: impl FnOnce() -> Option<Row>,
    ) -> Option<&Row> {
        let room = || (0..actors).map(|_| OnceLock::new()).collect();
        let cell = self.cells.get_or_init(room).get(no as usize)?;
        if cell.get().is_none() {
            // Whoever comes first: the rows are the same.
            let _ = cell.set(Box::new(make()?));
        }
        cell.get().map(Box::as_ref)
    }
}

/// The facts of the frames of a scope, from one of them on.
pub(crate) struct ColumnFacts<'s> {
    scope: &'s Scope<'s>,
    rows: &'s [Rows],
    moment: usize,
    /// Those before, newest first.
    before: Vec<ColumnFacts<'s>>,
}

/// Where some calls stand, to be added up in order of caller, callee and function.
type Place<'s> = ((u32, u32, &'s str), &'s Partition, usize);

impl<'s> ColumnFacts<'s> {
    pub(crate) fn new(scope: &'s Scope<'s>, rows: &'s [Rows]) -> Self {
        let alone = |moment| ColumnFacts {
            scope,
            rows,
            moment,
            before: Vec::new(),
        };
        ColumnFacts {
            before: (1..scope.frames.len()).map(alone).collect(),
            ..alone(0)
        }
    }

    /// An actor that is alive, by number.
    pub(crate) fn at(&self, no: ActorNo) -> Option<ActorAt<'s>> {
        let frame = self.frame();
        frame.type_of(no)?;
        let columns = self.scope.columns;
        let names = columns.actor_names();
        let row = || Some((ActorId::from(names.name(no)), columns.row(frame, no)?));
        let rows = self.rows.get(self.moment)?;
        let (id, actor) = rows.get_or_make(no, names.len(), row)?;
        Some(ActorAt { id, actor })
    }

    fn frame(&self) -> &'s Frame {
        self.scope.frame(self.moment)
    }

    fn number(&self, id: &ActorId) -> Option<ActorNo> {
        let no = self.scope.columns.actor_names().get(id.as_str())?;
        self.frame().is_live(no).then_some(no)
    }

    /// The live actors of these types, by id.
    fn numbers(&self, types: &TypeSet) -> Vec<ActorNo> {
        let frame = self.frame();
        let types = match self.scope.types(types) {
            Types::Any => return frame.live().to_vec(),
            Types::Of(types) => types,
        };
        let of_types = types.iter().flat_map(|no| frame.of_type(*no));
        let mut numbers: Vec<ActorNo> = of_types.copied().collect();
        if types.len() > 1 {
            numbers.sort_unstable_by_key(|no| self.rank(*no));
        }
        numbers
    }

    fn rank(&self, no: ActorNo) -> u32 {
        let ranks = self.scope.columns.actor_names().ranks();
        // Clients come first.
        ranks.get(no as usize).map_or(0, |rank| rank + 1)
    }

    fn add_places(
        &self,
        (key, partition): (CallKey, &'s Partition),
        places: impl Iterator<Item = usize>,
        found: &mut Vec<Place<'s>>,
    ) {
        let function = self.scope.columns.function_names().name(key.function);
        let end = |list: &[ActorNo], place| list.get(place).copied().unwrap_or(NOBODY);
        found.extend(places.map(|place| {
            let from = self.rank(end(partition.callers(), place));
            let to = self.rank(end(partition.callees(), place));
            ((from, to, function), partition, place)
        }));
    }
}

impl<'s> Facts<'s> for ColumnFacts<'s> {
    fn t(&self) -> f64 {
        self.frame().t
    }

    fn period_seconds(&self) -> f64 {
        self.frame().period_seconds
    }

    fn servers(&self) -> &'s BTreeMap<ServerId, Server> {
        self.frame().servers.rows()
    }

    fn actor(&self, id: &ActorId) -> Option<ActorAt<'s>> {
        self.at(self.number(id)?)
    }

    fn earlier(&self, periods: usize) -> Option<&dyn Facts<'s>> {
        match periods.checked_sub(1) {
            None => Some(self),
            Some(place) => self.before.get(place).map(|facts| facts as &dyn Facts<'s>),
        }
    }

    fn end(&self) -> End {
        self.scope.end
    }

    fn any_stale(&self) -> bool {
        self.frame().servers.any_stale()
    }

    fn schema(&self) -> &'s Schema {
        self.scope.schema
    }

    fn actors(&self, types: &TypeSet) -> Vec<ActorAt<'s>> {
        let numbers = self.numbers(types).into_iter();
        numbers.filter_map(|no| self.at(no)).collect()
    }

    fn ids(&self, types: &TypeSet) -> Vec<ActorId> {
        let names = self.scope.columns.actor_names();
        let numbers = self.numbers(types).into_iter();
        numbers.map(|no| ActorId::from(names.name(no))).collect()
    }

    fn host(&self, id: &ActorId) -> Option<&'s ServerId> {
        let host = self.frame().host_of(self.number(id)?);
        let name = self.scope.columns.server_names().name(host);
        let (id, _) = self.servers().get_key_value(name)?;
        Some(id)
    }

    fn calls(&self, from: Callers<'_>, to: Callees<'_>, function: Option<&str>) -> CallTotal {
        let one = |id| self.number(id);
        let type_of = |no| Types::Of(self.frame().type_of(no).into_iter().collect());
        let (caller, kinds) = match from {
            Callers::Clients => (Some(NOBODY), Kinds::Client),
            Callers::All(types) => (None, Kinds::Actors(self.scope.types(types))),
            Callers::One(id) => match one(id) {
                Some(no) => (Some(no), Kinds::Actors(type_of(no))),
                None => return CallTotal::NONE,
            },
        };
        let (callee, callees) = match to {
            Callees::All(types) => (None, self.scope.types(types)),
            Callees::One(id) => match one(id) {
                Some(no) => (Some(no), type_of(no)),
                None => return CallTotal::NONE,
            },
        };
        let function: Function = self.scope.function(function);
        let mut found = Vec::new();
        for asked in self
            .scope
            .partitions(self.moment, &kinds, &callees, function)
        {
            let partition = asked.1;
            match (caller, callee) {
                (Some(caller), Some(callee)) => {
                    self.add_places(asked, partition.between(caller, callee), &mut found);
                }
                (Some(caller), None) => {
                    self.add_places(asked, partition.of_caller(caller), &mut found);
                }
                (None, Some(callee)) => {
                    let places = partition
                        .of_callee(callee)
                        .iter()
                        .map(|place| *place as usize);
                    self.add_places(asked, places, &mut found);
                }
                (None, None) => self.add_places(asked, 0..partition.len(), &mut found),
            }
        }
        found.sort_by_key(|(place, ..)| *place);
        let mut total = CallTotal::NONE;
        for (_, partition, place) in found {
            let count = partition.counts().get(place).copied().unwrap_or(0.0);
            let size = Some(partition.size(place)).filter(|size| !size.is_nan());
            total.add(count, size, partition.latency(place));
        }
        total
    }

    fn received(&self, kind: AskedKind<'_>, by: Option<&ServerId>) -> f64 {
        let kinds = match kind {
            AskedKind::Clients => Kinds::Client,
            AskedKind::Actors(types) => Kinds::Actors(self.scope.types(types)),
        };
        let calls = &self.frame().calls;
        let asked = calls.caller_kinds().filter(|kind| kinds.contains(*kind));
        let by = by.map(|id| self.scope.columns.server_names().get(id.as_str()));
        let of_kind = |kind: CallerKind| {
            let received = calls.received(kind);
            match by {
                None => received.iter().sum(),
                Some(server) => {
                    let sum = server.and_then(|no| received.get(no as usize));
                    sum.copied().unwrap_or(0.0)
                }
            }
        };
        asked.map(of_kind).sum()
    }

    fn hosted(&self, by: &ServerId) -> usize {
        let no = self.scope.columns.server_names().get(by.as_str());
        no.map_or(0, |no| self.frame().hosted(no) as usize)
    }
}
