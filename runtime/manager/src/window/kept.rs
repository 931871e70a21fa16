//! What is kept of an actor beside its columns, and how an update of it is taken over.

use std::collections::BTreeMap;

use plasma_columns::{ActorNo, PropertyNo};
use plasma_model::{ActorView, Entries, Field, Resource, Usage, Value};

use super::usage::ActorFigures;
use super::{Known, Window, WindowError};

/// Bits of one resource among those of an actor.
const FIGURE_BITS: u32 = 4;

/// Its moves were counted from the first period on, in which nobody knows them.
pub(super) const HAS_HIDDEN_MOVES: u16 = 1 << 12;
/// It was there at the first tick, at which nobody knows its age.
pub(super) const HAS_HIDDEN_AGE: u16 = 1 << 13;
/// Its age was given in the running period.
pub(super) const IS_AGE_GIVEN: u16 = 1 << 14;
/// Its time since the last call was given in the running period.
pub(super) const IS_IDLE_GIVEN: u16 = 1 << 15;

/// What is kept of all actors beside their columns.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptActors {
    /// By number: which figures were sent, and the flags above.
    bits: Vec<u16>,
    /// Figures that were sent, and are overridden by the other one of their resource.
    overridden: BTreeMap<(ActorNo, Resource), f64>,
    /// Moves in the first period.
    pub(super) hidden_moves: BTreeMap<ActorNo, f64>,
    /// Those that appeared in the running period.
    pub(super) appeared: Vec<ActorNo>,
    pub(super) ages: Vec<(ActorNo, Field<f64>)>,
    pub(super) idles: Vec<(ActorNo, Field<f64>)>,
}

impl KeptActors {
    pub(super) fn bytes(&self) -> usize {
        let overridden = size_of::<((ActorNo, Resource), f64)>();
        self.bits.capacity() * size_of::<u16>()
            + self.overridden.len() * overridden
            + self.appeared.capacity() * size_of::<ActorNo>()
            + (self.ages.capacity() + self.idles.capacity()) * size_of::<(ActorNo, Field<f64>)>()
    }

    pub(super) fn shrink(&mut self) {
        self.bits.shrink_to_fit();
        self.appeared = Vec::new();
        (self.ages, self.idles) = (Vec::new(), Vec::new());
    }

    pub(super) fn has(&self, actor: ActorNo, flag: u16) -> bool {
        self.bits
            .get(actor as usize)
            .is_some_and(|bits| bits & flag != 0)
    }

    pub(super) fn set(&mut self, actor: ActorNo, flag: u16, is_on: bool) {
        let place = actor as usize;
        if place >= self.bits.len() {
            self.bits.resize(place + 1, 0);
        }
        if let Some(bits) = self.bits.get_mut(place) {
            *bits = if is_on { *bits | flag } else { *bits & !flag };
        }
    }

    /// An actor has ended.
    pub(super) fn forget(&mut self, actor: ActorNo) {
        self.set(actor, u16::MAX, false);
        self.hidden_moves.remove(&actor);
        if !self.overridden.is_empty() {
            for resource in Resource::ALL {
                self.overridden.remove(&(actor, resource));
            }
        }
    }

    /// An actor's figures as they were sent.
    pub(super) fn figures(&self, actor: ActorNo, resource: Resource, shown: Usage) -> ActorFigures {
        let bits = self.bits.get(actor as usize).copied().unwrap_or(0);
        let bits = (bits >> (FIGURE_BITS * resource as u32)) as u8 & 0x0f;
        let overridden = || self.overridden.get(&(actor, resource)).copied();
        ActorFigures::restored(shown, bits, overridden)
    }

    pub(super) fn keep(&mut self, actor: ActorNo, resource: Resource, figures: &ActorFigures) {
        let (bits, overridden) = figures.kept();
        let shift = FIGURE_BITS * resource as u32;
        self.set(actor, 0x0f << shift, false);
        self.set(actor, u16::from(bits) << shift, true);
        if let Some(figure) = overridden {
            self.overridden.insert((actor, resource), figure);
        } else if !self.overridden.is_empty() {
            self.overridden.remove(&(actor, resource));
        }
    }
}

impl Window {
    pub(super) fn actor(&mut self, update: &ActorView<'_>) -> Result<(), WindowError> {
        let Known { live, host } = self.check_actor(update)?;
        self.begin();
        let no = match (live, &update.actor_type, host) {
            (Some(no), ..) => no,
            (None, Field::Known(actor_type), Some(host)) => {
                self.appear(update.id, actor_type, host)
            }
            // Refused before.
            _ => return Ok(()),
        };
        let before = self.columns.frame().host_of(no);
        let moved_to = host.filter(|host| *host != before);
        if let Some(host) = moved_to {
            let actor_type = self.columns.frame().type_of(no);
            self.columns.place(no, actor_type.unwrap_or_default(), host);
            self.count_move(no);
        }
        let host = moved_to.unwrap_or(before);
        let (left, on) = (self.capacities(before), self.capacities(host));
        let updates = [&update.cpu, &update.mem, &update.net];
        for ((resource, given), (left, on)) in Resource::ALL
            .into_iter()
            .zip(updates)
            .zip(left.into_iter().zip(on))
        {
            if moved_to.is_none() && given.is_keep() {
                continue;
            }
            let mut figures = self.figures(no, resource);
            if moved_to.is_some() {
                figures.leave_host(left);
            }
            figures.update(given);
            self.show(no, resource, &figures, on);
        }
        self.take_properties(no, update);
        match update.mailbox {
            Field::Keep => {}
            Field::Unknown => self.columns.set_mailbox(no, None),
            // Exact: so many messages do not occur.
            Field::Known(queued) => self.columns.set_mailbox(no, Some(queued as f64)),
        }
        let given = match update.moves {
            Field::Keep => None,
            Field::Unknown => Some(None),
            Field::Known(moves) => Some(Some(moves as f64)),
        };
        if let Some(moves) = given {
            self.kept.set(no, HAS_HIDDEN_MOVES, false);
            self.columns.set_moves(no, moves);
        }
        if !update.age.is_keep() {
            self.kept.set(no, IS_AGE_GIVEN, true);
            self.kept.ages.push((no, update.age));
        }
        if !update.idle.is_keep() {
            self.kept.set(no, IS_IDLE_GIVEN, true);
            self.kept.idles.push((no, update.idle));
        }
        Ok(())
    }

    fn appear(&mut self, id: &str, actor_type: &str, host: u32) -> ActorNo {
        let no = self.columns.number_actor(id);
        self.last = no;
        let actor_type = self.columns.number_type(actor_type);
        self.columns.place(no, actor_type, host);
        self.gone.remove(&no);
        self.kept.forget(no);
        self.kept.appeared.push(no);
        match self.ticks {
            0 => self.kept.set(no, HAS_HIDDEN_MOVES, true),
            _ => self.columns.set_moves(no, Some(0.0)),
        }
        no
    }

    fn count_move(&mut self, no: ActorNo) {
        if self.kept.has(no, HAS_HIDDEN_MOVES) {
            *self.kept.hidden_moves.entry(no).or_default() += 1.0;
        } else if let Some(moves) = self.columns.frame().moves().get(no) {
            self.columns.set_moves(no, Some(moves + 1.0));
        }
    }

    /// An actor's figures as they were sent.
    pub(super) fn figures(&self, no: ActorNo, resource: Resource) -> ActorFigures {
        let shown = self.columns.frame().usage_of(no, resource);
        self.kept.figures(no, resource, shown)
    }

    /// Shows figures on a host with this capacity.
    pub(super) fn show(
        &mut self,
        no: ActorNo,
        resource: Resource,
        figures: &ActorFigures,
        capacity: Option<f64>,
    ) {
        self.kept.keep(no, resource, figures);
        self.columns
            .set_usage(no, resource, figures.on_host(capacity));
    }

    fn take_properties(&mut self, no: ActorNo, update: &ActorView<'_>) {
        let refs: &[_] = match &update.refs {
            Field::Keep => return self.take_values(no, &update.values),
            Field::Unknown => &[],
            Field::Known(refs) => refs,
        };
        let mut given: Vec<PropertyNo> = Vec::with_capacity(refs.len());
        let mut members = Vec::new();
        for (property, ids) in refs {
            let property = self.columns.number_property(property);
            members.clear();
            members.extend(ids.iter().map(|id| self.columns.number_actor(id)));
            self.columns.set_refs(no, property, Some(&members));
            given.push(property);
        }
        let others = self.columns.frame().all_refs();
        let others =
            others.filter(|(property, refs)| refs.of(no).is_some() && !given.contains(property));
        let others: Vec<PropertyNo> = others.map(|(property, _)| property).collect();
        for property in others {
            self.columns.set_refs(no, property, None);
        }
        self.take_values(no, &update.values);
    }

    fn take_values(&mut self, no: ActorNo, values: &Field<Entries<'_, Value>>) {
        let values: &[_] = match values {
            Field::Keep => return,
            Field::Unknown => &[],
            Field::Known(values) => values,
        };
        let mut given: Vec<PropertyNo> = Vec::with_capacity(values.len());
        for (property, value) in values {
            let property = self.columns.number_property(property);
            self.columns.set_value(no, property, Some(value.clone()));
            given.push(property);
        }
        let others = self.columns.frame().all_published();
        let others = others
            .filter(|(property, values)| values.get(no).is_some() && !given.contains(property));
        let others: Vec<PropertyNo> = others.map(|(property, _)| property).collect();
        for property in others {
            self.columns.set_value(no, property, None);
        }
    }
}
