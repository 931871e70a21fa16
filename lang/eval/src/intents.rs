//! From firings to intents: what each behavior asks for, equal goals merged.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_check::program::{
    ActorRef, BehaviorCall, BehaviorKind, Message, Rule, ServerRef, TypeSet, VariableId,
};
use plasma_check::schema::Schema;
use plasma_model::{
    ActorId, Behavior, Binding, Cause, Entity, Goal, Intent, Resource, ServerId,
    TypeSet as GoalTypes,
};

use crate::budget::Budget;
use crate::message::message_text;
use crate::reference::{Facts, Interpreter, binding_variables};
use crate::{Evaluation, Excess, ReservationState};

/// Collects the firings of rule after rule.
pub(crate) struct IntentBuilder<'a, 's> {
    facts: &'a dyn Facts<'s>,
    intents: Vec<Intent>,
    /// Where the intents about actors and servers are; those about types are few and compared one by
    /// one.
    places: BTreeMap<EntityGoal, usize>,
    /// Where the alerts are, by their text.
    alerts: BTreeMap<Arc<str>, usize>,
    fired: Vec<usize>,
    excesses: Vec<Excess>,
    /// Bindings of the rules so far, or goals where a binding has more than one.
    taken: usize,
}

/// What tells goals about actors and servers apart.
type EntityGoal = (Behavior, Entity, Option<Entity>, Option<Resource>);

impl<'a, 's> IntentBuilder<'a, 's> {
    pub(crate) fn new(facts: &'a dyn Facts<'s>) -> Self {
        IntentBuilder {
            facts,
            intents: Vec::new(),
            places: BTreeMap::new(),
            alerts: BTreeMap::new(),
            fired: Vec::new(),
            excesses: Vec::new(),
            taken: 0,
        }
    }

    /// What the next rule may take.
    pub(crate) fn budget(&self) -> Budget {
        Budget::new(self.taken)
    }

    /// Adds the firings of the next rule, in any order, unless its budget, of which they were
    /// taken, is spent.
    pub(crate) fn add_rule(&mut self, rule: &Rule, mut firings: Vec<Binding>, budget: &Budget) {
        let of_bare_types = self.goals_of_bare_types(rule, firings.len());
        budget.take_bindings(of_bare_types);
        if let Some(bound) = budget.reached() {
            self.fired.push(0);
            self.excesses.push(Excess {
                rule: Arc::clone(&rule.name),
                bound,
            });
            return;
        }
        self.taken += firings.len() + of_bare_types;
        firings.sort();
        firings.dedup();
        self.fired.push(firings.len());
        let variables = Variables::of(rule, self.facts);
        for binding in firings {
            let cause = Cause {
                rule_index: rule.index,
                rule: Arc::clone(&rule.name),
                binding,
            };
            for behavior in &rule.behaviors {
                for goal in variables.goals(behavior, &cause.binding) {
                    self.add(goal, rule.priority, &cause);
                }
            }
        }
    }

    /// How many goals the behaviors about bare types have in so many firings.
    fn goals_of_bare_types(&self, rule: &Rule, firings: usize) -> usize {
        let count = |actor: &ActorRef| match actor {
            ActorRef::Variable(_) => None,
            ActorRef::Anonymous(types) => Some(self.facts.ids(types).len()),
        };
        let host_count = |server: &ServerRef| match server {
            ServerRef::HostOf(actor) => count(actor),
            ServerRef::Variable(_) => None,
        };
        let goals = rule.behaviors.iter().map(|behavior| match &behavior.kind {
            BehaviorKind::Pin(actor)
            | BehaviorKind::Passivate(actor)
            | BehaviorKind::Checkpoint(actor)
            | BehaviorKind::Reserve { actor, .. } => count(actor).unwrap_or(0),
            BehaviorKind::Separate(left, right) | BehaviorKind::Colocate(left, right) => {
                match (count(left), count(right)) {
                    (None, None) => 0,
                    (left, right) => left.unwrap_or(1).saturating_mul(right.unwrap_or(1)),
                }
            }
            BehaviorKind::Migrate { actor, to } => match (count(actor), host_count(to)) {
                (None, None) => 0,
                (actors, hosts) => actors.unwrap_or(1).saturating_mul(hosts.unwrap_or(1)),
            },
            BehaviorKind::Drain(server) => host_count(server).unwrap_or(0),
            BehaviorKind::Balance { .. }
            | BehaviorKind::Spread { .. }
            | BehaviorKind::ScaleOut(_)
            | BehaviorKind::ScaleIn(_)
            | BehaviorKind::Alert(_) => 0,
        });
        goals.fold(0, usize::saturating_add).saturating_mul(firings)
    }

    fn add(&mut self, goal: Goal, priority: i64, cause: &Cause) {
        let next = self.intents.len();
        let place = match (entity_goal(&goal), &goal) {
            (Some(key), _) => *self.places.entry(key).or_insert(next),
            (None, Goal::Alert { text }) => *self.alerts.entry(Arc::clone(text)).or_insert(next),
            (None, _) => {
                let same = self.intents.iter().position(|intent| intent.goal == goal);
                same.unwrap_or(self.intents.len())
            }
        };
        match self.intents.get_mut(place) {
            None => self.intents.push(Intent {
                goal,
                priority,
                causes: vec![cause.clone()],
            }),
            Some(intent) => {
                intent.priority = intent.priority.max(priority);
                // One firing may ask twice for the same, `colocate(Folder, Folder)` for one.
                if intent.causes.last() != Some(cause) {
                    intent.causes.push(cause.clone());
                }
            }
        }
    }

    pub(crate) fn finish(self, reservations: Vec<ReservationState>) -> Evaluation {
        Evaluation {
            intents: self.intents,
            fired: self.fired,
            reservations,
            excesses: self.excesses,
        }
    }
}

fn entity_goal(goal: &Goal) -> Option<EntityGoal> {
    let actor = |id: &ActorId| Entity::Actor(id.clone());
    let server = |id: &ServerId| Entity::Server(id.clone());
    let (first, second, resource) = match goal {
        Goal::Pin { actor: a } | Goal::Passivate { actor: a } | Goal::Checkpoint { actor: a } => {
            (actor(a), None, None)
        }
        Goal::Drain { server: s } => (server(s), None, None),
        Goal::Reserve { actor: a, resource } => (actor(a), None, Some(*resource)),
        Goal::Separate { a, b } | Goal::Colocate { a, b } => (actor(a), Some(actor(b)), None),
        Goal::Migrate { actor: a, to } => (actor(a), Some(server(to)), None),
        Goal::Spread { .. }
        | Goal::Balance { .. }
        | Goal::ScaleOut { .. }
        | Goal::ScaleIn { .. }
        | Goal::Alert { .. } => return None,
    };
    Some((goal.behavior(), first, second, resource))
}

/// What the variables of a rule stand for in its firings.
struct Variables<'v, 's> {
    rule: &'v Rule,
    facts: &'v dyn Facts<'s>,
    /// Place of each variable in a binding.
    places: Vec<Option<usize>>,
}

impl<'v, 's> Variables<'v, 's> {
    fn of(rule: &'v Rule, facts: &'v dyn Facts<'s>) -> Self {
        let mut places = vec![None; rule.variables.len()];
        for (place, variable) in binding_variables(rule).enumerate() {
            if let Some(at) = places.get_mut(variable.0 as usize) {
                *at = Some(place);
            }
        }
        Variables {
            rule,
            facts,
            places,
        }
    }

    fn entity<'b>(&self, variable: VariableId, binding: &'b Binding) -> Option<&'b Entity> {
        let place = self.places.get(variable.0 as usize).copied().flatten()?;
        binding.get(place).map(|(_, entity)| entity)
    }

    /// Every actor that is meant, by id: a bare type stands for each of its actors.
    fn actors(&self, actor: &ActorRef, binding: &Binding) -> Vec<ActorId> {
        match actor {
            ActorRef::Anonymous(types) => self.facts.ids(types),
            ActorRef::Variable(id) => match self.entity(*id, binding) {
                Some(Entity::Actor(id)) => vec![id.clone()],
                _ => Vec::new(),
            },
        }
    }

    /// Every server that is meant, once, by id.
    fn servers(&self, server: &ServerRef, binding: &Binding) -> Vec<ServerId> {
        let mut servers: Vec<ServerId> = match server {
            ServerRef::Variable(id) => match self.entity(*id, binding) {
                Some(Entity::Server(id)) => vec![id.clone()],
                _ => Vec::new(),
            },
            ServerRef::HostOf(actor) => {
                let actors = self.actors(actor, binding);
                let hosts = actors.iter().filter_map(|id| self.facts.host(id));
                hosts.cloned().collect()
            }
        };
        servers.sort();
        servers.dedup();
        servers
    }

    fn text(&self, message: &Message, binding: &Binding) -> String {
        let interpreter = Interpreter::new(self.facts, self.rule);
        let assignment = interpreter.assignment_of(binding);
        // A firing is possible on the snapshot on which it fires.
        assignment.map_or_else(String::new, |assignment| {
            message_text(&interpreter, message, &assignment)
        })
    }

    /// What one behavior asks for in one firing.
    fn goals(&self, behavior: &BehaviorCall, binding: &Binding) -> Vec<Goal> {
        let each = |actor| self.actors(actor, binding).into_iter();
        match &behavior.kind {
            BehaviorKind::Pin(actor) => each(actor).map(|actor| Goal::Pin { actor }).collect(),
            BehaviorKind::Passivate(actor) => {
                each(actor).map(|actor| Goal::Passivate { actor }).collect()
            }
            BehaviorKind::Checkpoint(actor) => each(actor)
                .map(|actor| Goal::Checkpoint { actor })
                .collect(),
            BehaviorKind::Reserve { actor, resource } => each(actor)
                .map(|actor| Goal::Reserve {
                    actor,
                    resource: *resource,
                })
                .collect(),
            BehaviorKind::Separate(left, right) => pairs(each(left), each(right))
                .map(|(a, b)| Goal::Separate { a, b })
                .collect(),
            BehaviorKind::Colocate(left, right) => pairs(each(left), each(right))
                .map(|(a, b)| Goal::Colocate { a, b })
                .collect(),
            BehaviorKind::Drain(server) => {
                let servers = self.servers(server, binding).into_iter();
                servers.map(|server| Goal::Drain { server }).collect()
            }
            BehaviorKind::Migrate { actor, to } => {
                let servers = self.servers(to, binding);
                let goals = each(actor).flat_map(|actor| {
                    let servers = servers.iter();
                    let goal = move |to: &ServerId| Goal::Migrate {
                        actor: actor.clone(),
                        to: to.clone(),
                    };
                    servers.map(goal).collect::<Vec<_>>()
                });
                goals.collect()
            }
            BehaviorKind::ScaleOut(count) => vec![Goal::ScaleOut { count: *count }],
            BehaviorKind::ScaleIn(count) => vec![Goal::ScaleIn { count: *count }],
            BehaviorKind::Alert(message) => {
                let text = self.text(message, binding);
                vec![Goal::Alert { text: text.into() }]
            }
            BehaviorKind::Spread { types, by } => vec![Goal::Spread {
                types: goal_types(types, self.facts.schema()),
                by: by.clone(),
            }],
            BehaviorKind::Balance {
                types,
                resource,
                bounds,
            } => vec![Goal::Balance {
                types: goal_types(types, self.facts.schema()),
                resource: *resource,
                bounds: *bounds,
            }],
        }
    }
}

/// Every pair with the lesser actor first; an actor with itself is no pair.
fn pairs(
    left: impl Iterator<Item = ActorId>,
    right: impl Iterator<Item = ActorId>,
) -> impl Iterator<Item = (ActorId, ActorId)> {
    let right: Vec<ActorId> = right.collect();
    left.flat_map(move |a| {
        let with_a = right.iter().filter(|b| **b != a);
        let ordered = with_a.map(|b| match a < *b {
            true => (a.clone(), b.clone()),
            false => (b.clone(), a.clone()),
        });
        ordered.collect::<Vec<_>>()
    })
}

fn goal_types(types: &TypeSet, schema: &Schema) -> GoalTypes {
    match types {
        TypeSet::Any => GoalTypes::Any,
        TypeSet::Of(ids) => {
            let named = ids.iter().filter_map(|id| schema.get(*id));
            GoalTypes::Of(named.map(|t| Arc::clone(&t.name)).collect())
        }
    }
}
