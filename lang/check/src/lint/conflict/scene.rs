//! Rules side by side: their variables in one list, their conditions without windows.

use std::sync::Arc;

use super::judge::Domain;
use super::steady::Steady;
use crate::lint::renamed::Renaming;
use crate::program::{
    ActorRef, Atom, AtomKind, BehaviorKind, Condition, EntityRef, Feature, Operand, Range, Rule,
    Scope, ServerRef, TextOperand, TypeSet, Variable, VariableId,
};

/// Rules side by side.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    /// What each variable may stand for.
    pub(super) domains: Vec<Domain>,
    /// What each is called.
    pub(super) names: Vec<Arc<str>>,
    pub(super) needs: Vec<Need>,
    /// What must hold, rule by rule.
    pub(super) conditions: Vec<Condition>,
    /// For how long the cluster must have been so for each of them, in seconds.
    pub(super) seconds: Vec<f64>,
}

/// Whether a variable has a value in every firing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Always,
    /// Where the chosen side of an `or` mentions it.
    IfMentioned,
    /// It belongs to an aggregate.
    Never,
}

/// A rule's part of the scene.
pub(super) struct Part {
    pub(super) variables: Vec<VariableId>,
    /// Place of its condition.
    pub(super) condition: usize,
}

impl Scene {
    /// Adds a rule; `None` where it is not plain what it says of a cluster that does not change.
    pub(super) fn add(&mut self, rule: &Rule) -> Option<Part> {
        let first = self.domains.len() as u32;
        let places = first..first + rule.variables.len() as u32;
        let ids: Vec<VariableId> = places.map(VariableId).collect();
        let renaming = Renaming::of(&ids);
        for variable in &rule.variables {
            let domain = domain(&variable.range, renaming)?;
            let need = match variable.scope {
                Scope::Rule | Scope::ImplicitServer => Need::Always,
                Scope::OrSide => Need::IfMentioned,
                Scope::Aggregate => Need::Never,
            };
            self.push(domain, variable.name.clone(), need);
        }
        let mut steady = Steady::default();
        let condition = renaming.condition(&rule.condition)?;
        self.conditions.push(steady.condition(&condition)?);
        self.seconds.push(steady.seconds);
        Some(Part {
            variables: ids,
            condition: self.conditions.len() - 1,
        })
    }

    /// Adds a condition that must not hold.
    pub(super) fn deny(&mut self, condition: &Condition) -> Option<()> {
        let mut steady = Steady::default();
        let condition = steady.condition(condition)?;
        self.conditions.push(Condition::Not(Box::new(condition)));
        self.seconds.push(steady.seconds);
        Some(())
    }

    /// Adds a variable of a condition that must not hold: it has no value in a firing. `places` are those of
    /// the variables of its rule before it; `None` for a caller of an actor that comes later.
    pub(super) fn local(
        &mut self,
        variable: &Variable,
        places: &[VariableId],
    ) -> Option<VariableId> {
        let domain = domain(&variable.range, Renaming::of(places))?;
        Some(self.push(domain, variable.name.clone(), Need::Never))
    }

    fn push(&mut self, domain: Domain, name: Arc<str>, need: Need) -> VariableId {
        let id = VariableId(self.domains.len() as u32);
        self.domains.push(domain);
        self.names.push(name);
        self.needs.push(need);
        id
    }

    /// Some actor of these types, with a variable of its own.
    pub(super) fn some(&mut self, types: &TypeSet) -> VariableId {
        let domain = Domain::Actors(types.clone(), Vec::new());
        self.push(domain, Arc::from(""), Need::Always)
    }

    /// An argument of a behavior, each actor of a bare type being some actor of it.
    pub(super) fn argument(&mut self, part: &Part, actor: &ActorRef) -> Option<VariableId> {
        match Renaming::of(&part.variables).actor(actor)? {
            ActorRef::Variable(id) => Some(id),
            ActorRef::Anonymous(types) => Some(self.some(&types)),
        }
    }

    /// A server as an argument of a behavior.
    pub(super) fn server(&mut self, part: &Part, server: &ServerRef) -> Option<ServerRef> {
        Some(match server {
            ServerRef::HostOf(actor) => {
                ServerRef::HostOf(ActorRef::Variable(self.argument(part, actor)?))
            }
            ServerRef::Variable(_) => Renaming::of(&part.variables).server(server)?,
        })
    }

    /// An atom that must hold, with a variable for each bare type in it. In a call feature a bare type
    /// means all its actors, of which there has to be one.
    pub(super) fn with_names(&mut self, atom: &Atom) -> Atom {
        let mut atom = atom.clone();
        let mut given: Vec<(TypeSet, VariableId)> = Vec::new();
        let mut name = |actor: &mut ActorRef| {
            let ActorRef::Anonymous(types) = actor else {
                return;
            };
            let known = given.iter().find(|(known, _)| known == types);
            let id = match known {
                Some((_, id)) => *id,
                None => {
                    let id = self.some(types);
                    given.push((types.clone(), id));
                    id
                }
            };
            *actor = ActorRef::Variable(id);
        };
        for_each_actor(&mut atom.kind, &mut name);
        atom
    }
}

/// What a variable of this range may stand for.
fn domain(range: &Range, renaming: Renaming<'_>) -> Option<Domain> {
    Some(match range {
        Range::Actors(types) => Domain::Actors(types.clone(), Vec::new()),
        Range::Callers {
            types,
            callee,
            function,
            ..
        } => {
            let called = (renaming.actor(callee)?, function.clone());
            Domain::Actors(types.clone(), vec![called])
        }
        Range::Servers => Domain::Servers,
    })
}

/// Visits the actors that an atom names, those of calculations apart.
fn for_each_actor(atom: &mut AtomKind, visit: &mut dyn FnMut(&mut ActorRef)) {
    let of_server = |server: &mut ServerRef, visit: &mut dyn FnMut(&mut ActorRef)| {
        if let ServerRef::HostOf(actor) = server {
            visit(actor);
        }
    };
    match atom {
        AtomKind::Compare { left, right, .. } => {
            for operand in [left, right] {
                if let Operand::Feature(feature) = operand {
                    of_feature(feature, visit);
                }
            }
        }
        AtomKind::Same { left, right, .. } => {
            for entity in [left, right] {
                match entity {
                    EntityRef::Actor(actor) => visit(actor),
                    EntityRef::Server(server) => of_server(server, visit),
                }
            }
        }
        AtomKind::InRef { member, owner, .. } => {
            visit(member);
            visit(owner);
        }
        AtomKind::On { actor, server } => {
            visit(actor);
            of_server(server, visit);
        }
        AtomKind::Published { actor, .. } => visit(actor),
        AtomKind::CompareText { left, right, .. } => {
            for text in [left, right] {
                match text {
                    TextOperand::Literal(_) => {}
                    TextOperand::Published { actor, .. } => visit(actor),
                    TextOperand::Label { server, .. } => of_server(server, visit),
                }
            }
        }
    }
}

fn of_feature(feature: &mut Feature, visit: &mut dyn FnMut(&mut ActorRef)) {
    match feature {
        Feature::ServerResource {
            server: ServerRef::HostOf(actor),
            ..
        }
        | Feature::Gauge {
            of: EntityRef::Actor(actor) | EntityRef::Server(ServerRef::HostOf(actor)),
            ..
        }
        | Feature::ActorResource { actor, .. }
        | Feature::Published { actor, .. } => visit(actor),
        Feature::Calls { caller, callee, .. } => {
            // They go on to mean all of the type.
            visit(&mut callee.clone());
            if let crate::program::CallerRef::Actor(actor) = caller {
                visit(&mut actor.clone());
            }
        }
        Feature::ServerResource { .. } | Feature::Gauge { .. } => {}
    }
}

/// Whether a `pin` is of all actors of its types whenever its rule fires; those types then.
pub(super) fn whole_types<'r>(rule: &'r Rule, pin: &'r BehaviorKind) -> Option<&'r TypeSet> {
    let BehaviorKind::Pin(actor) = pin else {
        return None;
    };
    match actor {
        ActorRef::Anonymous(types) => Some(types),
        ActorRef::Variable(id) => {
            let mut is_mentioned = false;
            rule.condition.for_each_atom(&mut |atom, _| {
                atom.for_each_variable(&mut |mentioned| is_mentioned |= mentioned == *id);
            });
            match &rule.variables.get(id.0 as usize)?.range {
                Range::Actors(types) if !is_mentioned => Some(types),
                _ => None,
            }
        }
    }
}
