//! Programs and clusters built by hand, for the unit tests of this crate.
//!
//! The application has two types, `Folder` and `File`. Rules are built as the checker would build
//! them; the specification pages test the language as it is written.

use std::sync::Arc;

use plasma_check::program::{
    ActorRef, Atom, AtomKind, BehaviorCall, BehaviorKind, Calculation, CalculationKind, CallerRef,
    CheckedProgram, Comparison, Condition, Feature, Operand, OrSide, Range, Rule, Scope, ServerRef,
    Span, TypeSet, Variable, VariableId,
};
use plasma_check::schema::{ActorType, Schema, TypeId};
use plasma_model::{
    Actor, ActorId, Binding, Caller, Calls, Entity, Latency, RELEASE_PERIODS_DEFAULT, Resource,
    Server, ServerId, Snapshot, Statistic, Usage, Value,
};

pub(crate) const FOLDER: TypeId = TypeId(0);
pub(crate) const FILE: TypeId = TypeId(1);

/// The schema of the two types.
pub(crate) fn schema() -> Schema {
    let named = |name: &str| ActorType {
        name: Arc::from(name),
        properties: Vec::new(),
        functions: Vec::new(),
        docs: String::new(),
        span: Span::default(),
    };
    Schema {
        types: vec![named("Folder"), named("File")],
        declared: true,
    }
}

pub(crate) fn types(id: TypeId) -> TypeSet {
    TypeSet::Of(id.into())
}

pub(crate) fn program(rules: Vec<Rule>) -> CheckedProgram {
    CheckedProgram {
        schema: schema(),
        params: Vec::new(),
        rules,
        requirements: Vec::new(),
        limits: Vec::new(),
        tests: Vec::new(),
        ..CheckedProgram::default()
    }
}

/// The first rule of a program; priority 0.
pub(crate) fn rule(
    variables: Vec<Variable>,
    condition: Condition,
    behaviors: Vec<BehaviorKind>,
) -> Rule {
    let behaviors = behaviors.into_iter().map(|kind| BehaviorCall {
        kind,
        span: Span::default(),
    });
    Rule {
        index: 0,
        name: Arc::from("#1"),
        priority: 0,
        cooldown_seconds: None,
        release_periods: RELEASE_PERIODS_DEFAULT,
        span: Span::default(),
        docs: String::new(),
        variables,
        condition,
        behaviors: behaviors.collect(),
    }
}

pub(crate) fn variable(name: &str, range: Range, scope: Scope) -> Variable {
    Variable {
        name: Arc::from(name),
        range,
        scope,
        span: Span::default(),
    }
}

/// A variable of the whole rule, over the live actors of a type.
pub(crate) fn each(name: &str, id: TypeId) -> Variable {
    variable(name, Range::Actors(types(id)), Scope::Rule)
}

pub(crate) fn var(place: u32) -> ActorRef {
    ActorRef::Variable(VariableId(place))
}

pub(crate) fn bare(id: TypeId) -> ActorRef {
    ActorRef::Anonymous(types(id))
}

/// `server.cpu.perc`, of the host of an actor.
pub(crate) fn host_cpu(actor: ActorRef) -> Operand {
    server_cpu(ServerRef::HostOf(actor))
}

pub(crate) fn server_cpu(server: ServerRef) -> Operand {
    Operand::Feature(Feature::ServerResource {
        server,
        resource: Resource::Cpu,
        statistic: Statistic::Perc,
    })
}

pub(crate) fn actor_cpu(actor: ActorRef) -> Operand {
    Operand::Feature(Feature::ActorResource {
        actor,
        resource: Resource::Cpu,
        statistic: Statistic::Perc,
    })
}

/// Calls in the function `open`.
pub(crate) fn opens(caller: CallerRef, callee: ActorRef, statistic: Statistic) -> Operand {
    Operand::Feature(Feature::Calls {
        caller,
        callee,
        function: Some(Arc::from("open")),
        statistic,
    })
}

pub(crate) fn compare(left: Operand, comparison: Comparison, right: f64) -> Condition {
    atom(AtomKind::Compare {
        left,
        comparison,
        right: Operand::Number(right),
    })
}

pub(crate) fn above(left: Operand, right: f64) -> Condition {
    compare(left, Comparison::Greater, right)
}

/// A number made of others; its unit and its text are for people.
pub(crate) fn calculated(kind: CalculationKind) -> Operand {
    Operand::Calculation(Box::new(Calculation {
        kind,
        unit: "%",
        text: Arc::from("a calculation"),
    }))
}

/// `member in ref(owner.files)`.
pub(crate) fn in_files(member: ActorRef, owner: ActorRef) -> Condition {
    atom(AtomKind::InRef {
        member,
        owner,
        property: Some(Arc::from("files")),
    })
}

pub(crate) fn atom(kind: AtomKind) -> Condition {
    Condition::Atom(Atom {
        kind,
        span: Span::default(),
    })
}

pub(crate) fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

pub(crate) fn or<const N: usize>(sides: [(&[u32], Condition); N]) -> Condition {
    let sides = sides.into_iter().map(|(locals, condition)| OrSide {
        locals: locals.iter().copied().map(VariableId).collect(),
        condition,
    });
    Condition::Or(sides.collect())
}

/// A cluster under construction.
pub(crate) struct Cluster(Snapshot);

pub(crate) fn cluster() -> Cluster {
    Cluster(Snapshot {
        t: 10.0,
        period_seconds: 10.0,
        ..Snapshot::default()
    })
}

impl Cluster {
    pub(crate) fn server(mut self, id: &str, cpu_perc: impl Into<Option<f64>>) -> Self {
        let mut server = Server::default();
        server.usage[Resource::Cpu] = usage(cpu_perc.into());
        self.0.servers.insert(ServerId::from(id), server);
        self
    }

    pub(crate) fn stale(mut self, id: &str) -> Self {
        if let Some(server) = self.0.servers.get_mut(id) {
            server.stale = true;
        }
        self
    }

    pub(crate) fn folder(self, id: &str, server: &str, cpu_perc: impl Into<Option<f64>>) -> Self {
        self.actor("Folder", id, server, cpu_perc.into())
    }

    pub(crate) fn file(self, id: &str, server: &str, cpu_perc: impl Into<Option<f64>>) -> Self {
        self.actor("File", id, server, cpu_perc.into())
    }

    fn actor(mut self, actor_type: &str, id: &str, server: &str, cpu_perc: Option<f64>) -> Self {
        let mut actor = Actor::new(Arc::from(actor_type), ServerId::from(server));
        actor.usage[Resource::Cpu] = usage(cpu_perc);
        self.0.actors.insert(ActorId::from(id), actor);
        self
    }

    pub(crate) fn files(mut self, owner: &str, files: &[&str]) -> Self {
        let files = files.iter().map(|id| ActorId::from(*id)).collect();
        if let Some(actor) = self.0.actors.get_mut(owner) {
            actor.refs.insert(Arc::from("files"), files);
        }
        self
    }

    pub(crate) fn publishes(mut self, id: &str, property: &str, value: Value) -> Self {
        if let Some(actor) = self.0.actors.get_mut(id) {
            actor.values.insert(Arc::from(property), value);
        }
        self
    }

    pub(crate) fn mailbox(mut self, id: &str, messages: u64) -> Self {
        if let Some(actor) = self.0.actors.get_mut(id) {
            actor.mailbox = Some(messages);
        }
        self
    }

    pub(crate) fn label(mut self, server: &str, name: &str, value: &str) -> Self {
        if let Some(server) = self.0.servers.get_mut(server) {
            server.labels.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    pub(crate) fn client_opens(self, to: &str, count: f64) -> Self {
        self.calls(Caller::Client, to, "open", count)
    }

    /// Calls of an actor (a gone `Folder` if there is none of this id).
    pub(crate) fn opens(self, from: &str, to: &str, count: f64) -> Self {
        let live = self.0.actors.get(from);
        let from = Caller::Actor {
            id: ActorId::from(from),
            actor_type: live.map_or(Arc::from("Folder"), |actor| actor.actor_type.clone()),
        };
        self.calls(from, to, "open", count)
    }

    /// Calls to an actor (one that has ended on `s1` if there is none of this id).
    pub(crate) fn calls(mut self, from: Caller, to: &str, function: &str, count: f64) -> Self {
        let live = self.0.actors.get(to);
        self.0.calls.push(Calls {
            from,
            to: ActorId::from(to),
            to_server: live.map_or(ServerId::from("s1"), |actor| actor.server.clone()),
            function: Arc::from(function),
            count,
            size: Some(count * 100.0),
            // Unknown of every third count, so that sums have unknown members.
            latency: Latency {
                mean_seconds: (count % 3.0 != 0.0).then_some(count / 1000.0),
                p50_seconds: (count % 3.0 != 0.0).then_some(count / 2000.0),
                p99_seconds: None,
            },
        });
        self
    }

    pub(crate) fn done(self) -> Snapshot {
        self.0
    }
}

fn usage(perc: Option<f64>) -> Usage {
    Usage {
        perc,
        size: perc.map(|perc| perc / 100.0),
        capacity: Some(1.0),
        reported: perc.is_some(),
    }
}

/// A binding of actors, by name of variable and id.
pub(crate) fn binding(values: &[(&str, &str)]) -> Binding {
    values
        .iter()
        .map(|(name, id)| (Arc::from(*name), Entity::Actor(ActorId::from(*id))))
        .collect()
}
