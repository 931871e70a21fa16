//! When a condition holds.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use plasma_check::program::{
    ActorRef, Aggregation, Atom, AtomKind, BehaviorKind, Comparison, Condition, EntityRef, Operand,
    OrSide, Rule, ServerRef, TextOperand, VariableId,
};
use plasma_check::schema::PropertyKind;
use plasma_model::{ActorId, Entity, ServerId, Value};

use super::assignment::{ActorAt, Assignment, Bound, ServerAt};
use super::effort::Effort;
use super::facts::Facts;
use crate::Truth;
use crate::budget::Budget;

/// Reads the conditions of one rule on one snapshot.
pub(crate) struct Interpreter<'a, 's> {
    pub(crate) facts: &'a dyn Facts<'s>,
    pub(crate) rule: &'a Rule,
    /// Hosts of the actors that the firing in question has reserved: atoms about their load count
    /// as satisfied. Empty where no reservation is held.
    pub(crate) reserved_hosts: BTreeSet<&'s ServerId>,
    /// So many periods before the present is what is being looked at.
    pub(super) moment: Cell<usize>,
    /// What it may cost in place of the budget of a rule.
    effort: Option<&'a Effort<'a>>,
    /// What evaluating this rule may still take.
    pub(crate) budget: Budget,
    /// Whether an aggregate is being looked at: what it ranges over is not the load of a host that
    /// the rule asks about, reserved or not.
    is_in_aggregate: Cell<bool>,
    /// The aggregates that are the same for all bindings, by place and moment, once they are known; `None` where
    /// each is looked up anew.
    aggregates: Option<RefCell<KnownAggregates>>,
}

/// Values of aggregates by their place in the rule and the moment looked at.
type KnownAggregates = BTreeMap<(usize, usize), Option<f64>>;

/// Whether an atom is wanted true or, under `not`, false.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Positive,
    Negative,
}

/// The value of one side of a comparison, for one choice of its anonymous actor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample<'s> {
    /// `None` is unknown.
    pub(crate) value: Option<f64>,
    /// Whose load it is, if it is the load of a server.
    pub(crate) load_of: Option<&'s ServerId>,
    /// The actor chosen for a bare type.
    pub(crate) chosen: Option<ActorAt<'s>>,
}

impl Sample<'_> {
    /// Unknown, and about nobody.
    pub(crate) const NOTHING: Self = Sample {
        value: None,
        load_of: None,
        chosen: None,
    };

    /// The same with another value, if it is known.
    pub(crate) fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Sample {
            value: self.value.map(change),
            ..self
        }
    }
}

impl<'a, 's> Interpreter<'a, 's> {
    /// Without any reservation in force.
    pub(crate) fn new(facts: &'a dyn Facts<'s>, rule: &'a Rule) -> Self {
        Interpreter {
            facts,
            rule,
            reserved_hosts: BTreeSet::new(),
            moment: Cell::new(0),
            effort: None,
            budget: Budget::new(0),
            is_in_aggregate: Cell::new(false),
            aggregates: None,
        }
    }

    /// Looks at aggregates that are the same for all bindings once.
    pub(crate) fn remembering(self) -> Self {
        Interpreter {
            aggregates: Some(RefCell::default()),
            ..self
        }
    }

    /// Looks at an aggregate by itself.
    pub(crate) fn within_aggregate<T>(&self, look: impl FnOnce() -> T) -> T {
        let was_within = self.is_in_aggregate.replace(true);
        let result = look();
        self.is_in_aggregate.set(was_within);
        result
    }

    /// The value of an aggregate, if it is remembered.
    pub(crate) fn known_aggregate(&self, aggregation: &Aggregation) -> Option<Option<f64>> {
        let known = self.aggregates.as_ref()?.borrow();
        known.get(&(aggregation.index, self.moment.get())).copied()
    }

    /// Remembers the value of an aggregate if it is the same for all bindings.
    pub(crate) fn keep_aggregate(&self, aggregation: &Aggregation, value: Option<f64>) {
        if let (Some(known), true) = (&self.aggregates, aggregation.is_closed) {
            let place = (aggregation.index, self.moment.get());
            known.borrow_mut().insert(place, value);
        }
    }

    /// Within an allowance: once it is used up no candidate is looked at any more, and what is found
    /// then says nothing.
    pub(crate) fn within(self, effort: &'a Effort<'a>) -> Self {
        Interpreter {
            effort: Some(effort),
            ..self
        }
    }

    /// Whether one more candidate may be looked at.
    pub(crate) fn may_go_on(&self) -> bool {
        match self.effort {
            Some(effort) => effort.take(),
            None => self.budget.take_steps(1),
        }
    }

    /// With the reservation that this assignment holds.
    pub(crate) fn holding(
        facts: &'a dyn Facts<'s>,
        rule: &'a Rule,
        assignment: &Assignment<'s>,
    ) -> Self {
        let mut interpreter = Interpreter::new(facts, rule);
        for behavior in &rule.behaviors {
            if let BehaviorKind::Reserve { actor, .. } = &behavior.kind {
                let hosts = interpreter.each(actor, assignment).into_iter();
                let hosts = hosts.map(|at| &at.actor.server);
                interpreter.reserved_hosts.extend(hosts);
            }
        }
        interpreter
    }

    /// With what is left to a rule after those before it.
    pub(crate) fn spending(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// The truth of a condition whose variables are bound.
    pub(crate) fn truth(&self, condition: &Condition, assignment: &mut Assignment<'s>) -> Truth {
        self.signed(condition, assignment, Sign::Positive)
    }

    /// The truth of the rule's own condition: of some server, where a bare `server` means one.
    pub(crate) fn rule_truth(&self, assignment: &mut Assignment<'s>) -> Truth {
        let implicit: Vec<VariableId> = super::implicit_server(self.rule).into_iter().collect();
        self.some_values(&implicit, &self.rule.condition, assignment, Sign::Positive)
    }

    fn signed(&self, condition: &Condition, assignment: &mut Assignment<'s>, sign: Sign) -> Truth {
        match condition {
            Condition::Constant(value) => Truth::from(*value),
            Condition::And(parts) => {
                Truth::all(parts.iter().map(|part| self.signed(part, assignment, sign)))
            }
            Condition::Or(sides) => Truth::any(sides.iter().map(|side| {
                let OrSide { locals, condition } = side;
                self.some_values(locals, condition, assignment, sign)
            })),
            Condition::Not(inner) => !self.signed(inner, assignment, sign.opposite()),
            Condition::Sustained {
                condition,
                window_seconds,
                ..
            } => self.sustained(*window_seconds, &mut || {
                self.signed(condition, assignment, sign)
            }),
            Condition::Atom(atom) => self.atom(atom, assignment, sign),
        }
    }

    /// Whether there are values of `variables` for which the condition holds.
    pub(crate) fn some_truth(
        &self,
        variables: &[VariableId],
        condition: &Condition,
        assignment: &mut Assignment<'s>,
    ) -> Truth {
        self.some_values(variables, condition, assignment, Sign::Positive)
    }

    /// Whether there are values of `variables` for which the condition holds.
    fn some_values(
        &self,
        variables: &[VariableId],
        condition: &Condition,
        assignment: &mut Assignment<'s>,
        sign: Sign,
    ) -> Truth {
        let mut found = Truth::False;
        self.each_assignment(variables, assignment, &mut |assignment| {
            found = found.max(self.signed(condition, assignment, sign));
        });
        found
    }

    fn atom(&self, atom: &Atom, assignment: &Assignment<'s>, sign: Sign) -> Truth {
        match &atom.kind {
            AtomKind::Compare {
                left,
                comparison,
                right,
            } => self.some_sample(left, assignment, &mut |left| {
                self.some_sample(right, assignment, &mut |right| {
                    self.compare(left, *comparison, right, sign)
                })
            }),
            AtomKind::Same { left, right, equal } => {
                self.some_entity(left, assignment, &mut |left| {
                    self.some_entity(right, assignment, &mut |right| {
                        Truth::from((left == right) == *equal)
                    })
                })
            }
            AtomKind::InRef {
                member,
                owner,
                property,
            } => self.some_present_actor(member, assignment, &mut |member| {
                self.some_actor(owner, assignment, &mut |owner| {
                    self.refers(owner, property.as_deref(), member)
                })
            }),
            // Hosts are those of the present.
            AtomKind::On { actor, server } => {
                self.some_present_actor(actor, assignment, &mut |actor| {
                    self.some_host(server, assignment, &mut |host, _| {
                        Truth::from(&actor.actor.server == host)
                    })
                })
            }
            AtomKind::Published { actor, property } => self.some_actor(
                actor,
                assignment,
                &mut |at| match self.published(at, property) {
                    Some(Value::Bool(value)) => Truth::from(*value),
                    _ => Truth::Unknown,
                },
            ),
            AtomKind::CompareText { left, right, equal } => {
                self.some_text(left, assignment, &mut |left| {
                    self.some_text(right, assignment, &mut |right| match (left, right) {
                        (Some(left), Some(right)) => Truth::from((left == right) == *equal),
                        _ => Truth::Unknown,
                    })
                })
            }
        }
    }

    /// Whether an actor refers to another one in a property, or in any.
    fn refers(&self, owner: ActorAt<'s>, property: Option<&str>, member: ActorAt<'s>) -> Truth {
        let refs = &owner.actor.refs;
        let is_among = |ids: &Vec<ActorId>| Truth::from(ids.contains(member.id));
        if let Some(property) = property {
            return refs.get(property).map_or(Truth::Unknown, is_among);
        }
        let found = Truth::any(refs.values().map(is_among));
        // What is declared and was not reported may refer to it.
        let schema = self.facts.schema();
        let is_told = match schema.find(&owner.actor.actor_type) {
            Some((_, declared)) if schema.declared => declared.properties.iter().all(|p| {
                !matches!(p.kind, PropertyKind::Reference { .. }) || refs.contains_key(&p.name)
            }),
            _ => !refs.is_empty(),
        };
        if is_told {
            found
        } else {
            found.max(Truth::Unknown)
        }
    }

    /// The value of a server's label.
    pub(crate) fn label(&self, server: &ServerId, name: &str) -> Option<String> {
        self.server_then(server)?.server.labels.get(name).cloned()
    }

    /// Whether some value of a text passes the test; `None` is unknown.
    fn some_text(
        &self,
        text: &TextOperand,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Option<&str>) -> Truth,
    ) -> Truth {
        match text {
            TextOperand::Literal(text) => test(Some(text)),
            TextOperand::Published { actor, property } => self.some_actor(
                actor,
                assignment,
                &mut |at| match self.published(at, property) {
                    Some(Value::Text(text)) => test(Some(text)),
                    _ => test(None),
                },
            ),
            TextOperand::Label { server, name } => {
                self.some_host(server, assignment, &mut |id, _| {
                    let labels = self.server_then(id).map(|at| &at.server.labels);
                    test(labels.and_then(|labels| Some(labels.get(name.as_ref())?.as_str())))
                })
            }
        }
    }

    fn compare(
        &self,
        left: Sample<'s>,
        comparison: Comparison,
        right: Sample<'s>,
        sign: Sign,
    ) -> Truth {
        if self.is_reserved_load(left) || self.is_reserved_load(right) {
            return Truth::from(sign == Sign::Positive);
        }
        match (left.value, right.value) {
            (Some(left), Some(right)) => Truth::from(comparison.holds(left, right)),
            _ => Truth::Unknown,
        }
    }

    /// Whether the sample is the load of the server that the firing has reserved.
    pub(crate) fn is_reserved_load(&self, sample: Sample<'s>) -> bool {
        let host = sample.load_of.filter(|_| !self.is_in_aggregate.get());
        host.is_some_and(|host| self.reserved_hosts.contains(host))
    }

    /// Whether some value of `operand` passes the test: it has one value for each actor that its
    /// bare type may stand for, else exactly one.
    pub(crate) fn some_sample(
        &self,
        operand: &Operand,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Sample<'s>) -> Truth,
    ) -> Truth {
        match operand {
            Operand::Number(number) => test(Sample {
                value: Some(*number),
                load_of: None,
                chosen: None,
            }),
            Operand::Feature(feature) => self.some_feature(feature, assignment, test),
            Operand::Calculation(calculation) => {
                self.some_calculation(calculation, assignment, test)
            }
        }
    }

    /// Whether some actor that `actor` may stand for passes the test, as it was in the snapshot being
    /// looked at.
    pub(crate) fn some_actor(
        &self,
        actor: &ActorRef,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(ActorAt<'s>) -> Truth,
    ) -> Truth {
        self.some_present_actor(actor, assignment, &mut |at| {
            self.actor_then(at).map_or(Truth::Unknown, &mut *test)
        })
    }

    /// Whether some actor that `actor` may stand for passes the test, as it is at present.
    pub(crate) fn some_present_actor(
        &self,
        actor: &ActorRef,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(ActorAt<'s>) -> Truth,
    ) -> Truth {
        match actor {
            // An unbound variable (checked programs have none) is something not known.
            ActorRef::Variable(variable) => {
                assignment.actor(*variable).map_or(Truth::Unknown, test)
            }
            ActorRef::Anonymous(types) => {
                let actors = self.facts.actors(types).into_iter();
                Truth::any(actors.take_while(|_| self.may_go_on()).map(test))
            }
        }
    }

    /// Whether some server that `server` may stand for passes the test; with the actor chosen for
    /// a bare type.
    pub(crate) fn some_host(
        &self,
        server: &ServerRef,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(&'s ServerId, Option<ActorAt<'s>>) -> Truth,
    ) -> Truth {
        match server {
            ServerRef::Variable(variable) => match assignment.server(*variable) {
                Some(server) => test(server.id, None),
                None => Truth::Unknown,
            },
            ServerRef::HostOf(actor) => self.some_present_actor(actor, assignment, &mut |at| {
                let chosen = matches!(actor, ActorRef::Anonymous(_)).then_some(at);
                let host = self.facts.servers().get_key_value(&at.actor.server);
                host.map_or(Truth::Unknown, |(id, _)| test(id, chosen))
            }),
        }
    }

    /// An actor as it was in the snapshot being looked at; `None` if it was not there.
    pub(super) fn actor_then(&self, at: ActorAt<'s>) -> Option<ActorAt<'s>> {
        if self.moment.get() == 0 {
            return Some(at);
        }
        self.then().actor(at.id)
    }

    /// A server as it was in the snapshot being looked at; `None` if it was not there.
    pub(super) fn server_then(&self, id: &ServerId) -> Option<ServerAt<'s>> {
        let (id, server) = self.then().servers().get_key_value(id)?;
        Some(ServerAt { id, server })
    }

    fn some_entity(
        &self,
        entity: &EntityRef,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Entity) -> Truth,
    ) -> Truth {
        match entity {
            EntityRef::Actor(actor) => self
                .some_present_actor(actor, assignment, &mut |at| test(Bound::Actor(at).entity())),
            EntityRef::Server(server) => self.some_host(server, assignment, &mut |id, _| {
                test(Entity::Server(id.clone()))
            }),
        }
    }

    /// Every actor that `actor` stands for in a behavior, by id.
    pub(crate) fn each(&self, actor: &ActorRef, assignment: &Assignment<'s>) -> Vec<ActorAt<'s>> {
        match actor {
            ActorRef::Variable(variable) => assignment.actor(*variable).into_iter().collect(),
            ActorRef::Anonymous(types) => self.facts.actors(types),
        }
    }
}

impl<'s> Interpreter<'_, 's> {
    /// Every server that `server` stands for in a behavior, once, by id.
    pub(crate) fn each_server(
        &self,
        server: &ServerRef,
        assignment: &Assignment<'s>,
    ) -> Vec<ServerId> {
        let mut servers: Vec<ServerId> = match server {
            ServerRef::Variable(variable) => {
                let server = assignment.server(*variable).into_iter();
                server.map(|at| at.id.clone()).collect()
            }
            ServerRef::HostOf(actor) => {
                let actors = self.each(actor, assignment).into_iter();
                actors.map(|at| at.actor.server.clone()).collect()
            }
        };
        servers.sort();
        servers.dedup();
        servers
    }
}

impl Sign {
    fn opposite(self) -> Sign {
        match self {
            Sign::Positive => Sign::Negative,
            Sign::Negative => Sign::Positive,
        }
    }
}
