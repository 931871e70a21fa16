//! What is looked at: the present frame, those before it, and what the schema's types are called in
//! them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use plasma_check::program::TypeSet;
use plasma_check::schema::{Schema, TypeId};
use plasma_columns::{
    ActorNo, Adjacency, CallKey, CallerKind, Columns, Frame, FunctionNo, NOBODY, Partition,
    PropertyNo, TypeNo,
};

use super::shared::Shared;
use crate::past::{End, samples_of};

/// The frames of one evaluation.
pub(crate) struct Scope<'c> {
    pub(crate) columns: &'c Columns,
    /// Newest first; the first one is the present.
    pub(crate) frames: Vec<&'c Frame>,
    /// What is before the earliest of them.
    pub(crate) end: End,
    pub(crate) schema: &'c Schema,
    /// Numbers of the schema's types, by their ids; [`NOBODY`] for one that nobody has.
    types: Vec<TypeNo>,
    any_stale: bool,
    pub(crate) shared: &'c Shared,
    /// Owners by member, property by property; made when first asked for.
    owners: BTreeMap<PropertyNo, OnceLock<Owners>>,
}

/// Who refers to whom, from the other end.
#[derive(Debug, Default)]
struct Owners {
    /// Where the owners of each member begin; one more for the end.
    starts: Vec<u32>,
    owners: Vec<u32>,
}

/// Types by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Types {
    Any,
    Of(Vec<TypeNo>),
}

impl Types {
    #[inline]
    pub(crate) fn contains(&self, no: TypeNo) -> bool {
        match self {
            Types::Any => no != NOBODY,
            Types::Of(numbers) => numbers.contains(&no),
        }
    }
}

/// Functions by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Any,
    One(FunctionNo),
}

impl Function {
    pub(crate) fn includes(self, no: FunctionNo) -> bool {
        match self {
            Function::Any => true,
            Function::One(one) => one == no,
        }
    }
}

/// Kinds of callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kinds {
    Client,
    Actors(Types),
}

impl Kinds {
    pub(crate) fn contains(&self, kind: CallerKind) -> bool {
        match (self, kind) {
            (Kinds::Client, CallerKind::Client) => true,
            (Kinds::Actors(types), CallerKind::Actors(no)) => types.contains(no),
            _ => false,
        }
    }
}

impl Owners {
    fn of(refs: &Adjacency, actors: usize) -> Owners {
        let lists = || (0..actors as u32).filter_map(|owner| Some((owner, refs.of(owner)?)));
        let mut starts = vec![0; actors + 1];
        for member in lists().flat_map(|(_, members)| members) {
            if let Some(count) = starts.get_mut(*member as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut owners = vec![0; sum as usize];
        for (owner, members) in lists() {
            for member in members {
                if let Some(place) = next.get_mut(*member as usize) {
                    if let Some(at) = owners.get_mut(*place as usize) {
                        *at = owner;
                    }
                    *place += 1;
                }
            }
        }
        Owners { starts, owners }
    }

    fn of_member(&self, member: ActorNo) -> &[ActorNo] {
        let at = |place: usize| self.starts.get(place).copied().unwrap_or(0) as usize;
        let place = member as usize;
        self.owners
            .get(at(place)..at(place + 1))
            .unwrap_or_default()
    }
}

impl<'c> Scope<'c> {
    pub(crate) fn new(
        columns: &'c Columns,
        before: impl IntoIterator<Item = &'c Frame>,
        end: End,
        schema: &'c Schema,
        shared: &'c Shared,
    ) -> Self {
        let numbers = columns.type_names();
        let types = schema.types.iter();
        let types = types
            .map(|t| numbers.get(&t.name).unwrap_or(NOBODY))
            .collect();
        let mut frames = vec![columns.frame()];
        frames.extend(before);
        Scope {
            columns,
            any_stale: frames.iter().any(|frame| frame.servers.any_stale()),
            frames,
            end,
            schema,
            types,
            shared,
            owners: (columns.frame().all_refs())
                .map(|(property, _)| (property, OnceLock::new()))
                .collect(),
        }
    }

    /// Whether some server was silent in one of the periods.
    pub(crate) fn any_stale(&self) -> bool {
        self.any_stale
    }

    /// Those who refer to an actor at present, in a property or in any.
    pub(crate) fn owners(
        &self,
        property: Option<PropertyNo>,
        member: ActorNo,
    ) -> impl Iterator<Item = ActorNo> {
        let asked = self.owners.iter();
        let asked = asked.filter(move |(no, _)| property.is_none_or(|asked| asked == **no));
        let refs = asked.filter_map(|(no, owners)| Some((self.present().refs(*no)?, owners)));
        refs.flat_map(move |(refs, owners)| {
            let actors = self.columns.actor_names().len();
            let owners = owners.get_or_init(|| Owners::of(refs, actors));
            owners.of_member(member).iter().copied()
        })
    }

    pub(crate) fn present(&self) -> &'c Frame {
        self.columns.frame()
    }

    /// The frame so many periods before the present.
    pub(crate) fn frame(&self, moment: usize) -> &'c Frame {
        // Only moments that there are are looked at.
        self.frames.get(moment).copied().unwrap_or(self.present())
    }

    /// The moments of a window that ends at `now`, newest first; `None` if one of them is missing.
    pub(crate) fn moments(&self, window_seconds: f64, now: usize) -> Option<Range<usize>> {
        let samples = samples_of(window_seconds, self.present().period_seconds)?;
        let end = now.checked_add(samples)?;
        (end <= self.frames.len()).then_some(now..end)
    }

    /// The numbers of a set of types.
    pub(crate) fn types(&self, types: &TypeSet) -> Types {
        let number = |id: &TypeId| self.types.get(id.0 as usize).copied();
        match types {
            TypeSet::Any => Types::Any,
            TypeSet::Of(ids) => {
                let numbers = ids.iter().filter_map(number).filter(|no| *no != NOBODY);
                Types::Of(numbers.collect())
            }
        }
    }

    /// The number of a function; one that nobody called has none.
    pub(crate) fn function(&self, name: Option<&str>) -> Function {
        let number = |name| self.columns.function_names().get(name);
        match name {
            None => Function::Any,
            Some(name) => Function::One(number(name).unwrap_or(NOBODY)),
        }
    }

    /// The number of a property; [`NOBODY`] of one that nobody has told of.
    pub(crate) fn property(&self, name: &str) -> PropertyNo {
        self.columns.property_names().get(name).unwrap_or(NOBODY)
    }

    /// The live actors of some types, each list in order of id.
    pub(crate) fn domain(&self, types: &Types) -> Vec<&'c [u32]> {
        let present = self.present();
        match types {
            Types::Any => vec![present.live()],
            Types::Of(numbers) => numbers.iter().map(|no| present.of_type(*no)).collect(),
        }
    }

    /// The calls of these callers to these callees at a moment, in order of their keys.
    pub(crate) fn partitions(
        &self,
        moment: usize,
        callers: &Kinds,
        callees: &Types,
        function: Function,
    ) -> Vec<(CallKey, &'c Partition)> {
        let all = self.frame(moment).calls.iter();
        let asked = all.filter(|(key, _)| {
            function.includes(key.function)
                && callees.contains(key.callees)
                && callers.contains(key.callers)
        });
        asked.map(|(key, partition)| (*key, partition)).collect()
    }
}
