//! What the truth of a rule depends on, variable by variable: whose change can make it another one.

use std::sync::Arc;

use plasma_check::program::{
    ActorRef, AtomKind, CalculationKind, CallerRef, Condition, EntityRef, Feature, Operand, Range,
    Rule, ServerRef, TextOperand, VariableId,
};
use plasma_columns::Changes;
use plasma_model::{Gauge, Statistic};

/// What a rule reads of what one variable stands for, beside that it is there and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aspects {
    /// Its own figures and published values.
    pub(crate) figures: bool,
    /// To whom it refers.
    pub(crate) refs: bool,
    /// Figures of its host, or of itself if it is a server.
    pub(crate) server: bool,
    /// How many calls its host received.
    pub(crate) received: bool,
}

/// Calls that a rule reads.
#[derive(Clone, Debug)]
pub(crate) struct CallRead {
    /// The caller's variable; `None` for clients, or several callers together.
    pub(crate) caller: Option<VariableId>,
    /// Whether clients call.
    pub(crate) is_by_clients: bool,
    pub(crate) callee: VariableId,
    /// The function; `None` for any.
    pub(crate) function: Option<Arc<str>>,
}

/// What a rule reads.
#[derive(Clone, Debug)]
pub(crate) struct Reads {
    pub(crate) calls: Vec<CallRead>,
    /// By variable.
    aspects: Vec<Aspects>,
    /// Whether its truth may change with nothing but time: windows, ages.
    pub(crate) is_of_time: bool,
    /// Whether it asks about some actor of a type: who lives matters beside the values of its variables.
    pub(crate) is_of_some_actor: bool,
    /// Whether it asks to whom some actor of a type refers.
    pub(crate) is_of_some_refs: bool,
    /// How often it reads what share some calls are.
    pub(crate) shares: usize,
}

impl Reads {
    pub(crate) fn of(rule: &Rule) -> Reads {
        let mut reads = Reads {
            calls: Vec::new(),
            aspects: vec![Aspects::default(); rule.variables.len()],
            is_of_time: false,
            is_of_some_actor: false,
            is_of_some_refs: false,
            shares: 0,
        };
        reads.add_condition(&rule.condition);
        for (id, variable) in (0..).map(VariableId).zip(&rule.variables) {
            if let Range::Callers {
                callee,
                function,
                window_seconds,
                ..
            } = &variable.range
            {
                reads.is_of_time |= window_seconds.is_some();
                reads.add_calls(
                    &CallerRef::Actor(ActorRef::Variable(id)),
                    callee,
                    function.as_ref(),
                );
            }
        }
        reads
    }

    /// What is read of a variable.
    pub(crate) fn aspects(&self, variable: VariableId) -> Aspects {
        self.aspects
            .get(variable.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Whether changes may make it true of others though no value of its variables changed.
    pub(crate) fn may_turn_by_others(&self, changes: &Changes) -> bool {
        (self.is_of_some_actor && !changes.members.is_empty())
            || (self.is_of_some_refs && !changes.refs.is_empty())
    }

    fn note(&mut self, id: VariableId, read: impl Fn(&mut Aspects)) {
        if let Some(aspects) = self.aspects.get_mut(id.0 as usize) {
            read(aspects);
        }
    }

    /// Of a bare type nothing is noted: a rule that asks about some actor of it is evaluated anew, or knows when
    /// it has to be.
    fn of_actor(&mut self, actor: &ActorRef, read: impl Fn(&mut Aspects)) {
        if let ActorRef::Variable(id) = actor {
            self.note(*id, read);
        }
    }

    fn of_server(&mut self, server: &ServerRef, read: impl Fn(&mut Aspects)) {
        match server {
            ServerRef::Variable(id) => self.note(*id, read),
            ServerRef::HostOf(actor) => self.of_actor(actor, read),
        }
    }

    fn add_condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Constant(_) => {}
            Condition::And(parts) => parts.iter().for_each(|part| self.add_condition(part)),
            Condition::Or(sides) => {
                sides
                    .iter()
                    .for_each(|side| self.add_condition(&side.condition));
            }
            Condition::Not(inner) => self.add_condition(inner),
            Condition::Sustained { .. } => self.is_of_time = true,
            Condition::Atom(atom) => self.add_atom(&atom.kind),
        }
    }

    fn add_atom(&mut self, atom: &AtomKind) {
        match atom {
            AtomKind::Compare { left, right, .. } => {
                self.add_operand(left);
                self.add_operand(right);
            }
            AtomKind::InRef { member, owner, .. } => {
                let is_some = |actor: &ActorRef| matches!(actor, ActorRef::Anonymous(_));
                self.is_of_some_actor |= is_some(member) || is_some(owner);
                self.is_of_some_refs |= is_some(owner);
                self.of_actor(owner, |read| read.refs = true);
            }
            AtomKind::Published { actor, .. } => self.of_actor(actor, |read| read.figures = true),
            AtomKind::CompareText { left, right, .. } => {
                for text in [left, right] {
                    match text {
                        TextOperand::Literal(_) => {}
                        TextOperand::Published { actor, .. } => {
                            self.of_actor(actor, |read| read.figures = true);
                        }
                        TextOperand::Label { server, .. } => {
                            self.of_server(server, |read| read.server = true)
                        }
                    }
                }
            }
            // Where somebody is, and who it is.
            AtomKind::Same { .. } | AtomKind::On { .. } => {}
        }
    }

    fn add_operand(&mut self, operand: &Operand) {
        let calculation = match operand {
            Operand::Number(_) => return,
            Operand::Feature(feature) => return self.add_feature(feature),
            Operand::Calculation(calculation) => calculation,
        };
        match &calculation.kind {
            CalculationKind::OverWindow(_) | CalculationKind::Forecast(_) => self.is_of_time = true,
            // What an aggregate reads does not matter: its value does.
            CalculationKind::OverCluster(_) => {}
            _ => calculation.for_each_operand(&mut |operand| self.add_operand(operand)),
        }
    }

    fn add_feature(&mut self, feature: &Feature) {
        match feature {
            Feature::ServerResource { server, .. } => {
                self.of_server(server, |read| read.server = true)
            }
            Feature::ActorResource { actor, .. } | Feature::Published { actor, .. } => {
                self.of_actor(actor, |read| read.figures = true);
            }
            Feature::Gauge { of, gauge } => {
                self.is_of_time |= matches!(gauge, Gauge::Idle | Gauge::Age);
                match of {
                    EntityRef::Actor(actor) => self.of_actor(actor, |read| read.figures = true),
                    EntityRef::Server(server) => self.of_server(server, |read| read.server = true),
                }
            }
            Feature::Calls {
                caller,
                callee,
                function,
                statistic,
            } => {
                self.add_calls(caller, callee, function.as_ref());
                self.shares += usize::from(*statistic == Statistic::Perc);
                self.of_actor(callee, |read| {
                    read.received |= *statistic == Statistic::Perc
                });
            }
        }
    }

    fn add_calls(&mut self, caller: &CallerRef, callee: &ActorRef, function: Option<&Arc<str>>) {
        // A bare callee is all of its type: such a rule is evaluated anew.
        if let ActorRef::Variable(callee) = callee {
            self.calls.push(CallRead {
                caller: match caller {
                    CallerRef::Actor(ActorRef::Variable(caller)) => Some(*caller),
                    CallerRef::Actor(ActorRef::Anonymous(_)) | CallerRef::Client => None,
                },
                is_by_clients: *caller == CallerRef::Client,
                callee: *callee,
                function: function.cloned(),
            });
        }
    }
}
