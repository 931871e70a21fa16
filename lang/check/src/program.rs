//! The checked program: every name resolved to an id, every value in its base unit, nothing left to
//! decide before evaluation. If it exists, checking has run.

mod message;
mod moves;
mod operand;
mod test;
mod types;

use std::sync::Arc;

pub use plasma_diagnostic::{FileId, Span};
use plasma_model::{Behavior, Bounds, Resource};

pub use message::{Message, MessagePiece};
pub use operand::{
    Aggregation, Calculation, CalculationKind, Feature, Forecast, Operand, Operator, OverWindow,
    Windowed,
};

pub use types::TypeIds;

pub use test::{Expectation, Test, TestArgument, TestCondition, Wanted, When};

use crate::schema::{Schema, TypeId};

/// A policy after checking. Rules are in the order of the text, which is the order of evaluation; those
/// of used modules follow, in the order of their `use`.
#[derive(Clone, Debug, Default)]
pub struct CheckedProgram {
    /// The application that the policy is about: declared, or inferred from use.
    pub schema: Schema,
    /// The modules, the policy itself first, each before those that it uses.
    pub modules: Vec<Module>,
    /// The parameters with the values in force, those of modules after the policy's.
    pub params: Vec<Param>,
    /// The definitions. Where a rule uses one, its condition holds what that stands for.
    pub definitions: Vec<Definition>,
    /// The rules. In a program without mistakes [`Rule::index`] is the place in this list; a rule with
    /// a mistake is left out and keeps its number.
    pub rules: Vec<Rule>,
    /// The requirements, in the order of the text: rules whose one behavior must hold wherever their
    /// condition does. Their indices follow those of the rules, their names are `require#N`.
    pub requirements: Vec<Rule>,
    /// The limits, in the order of the text. All of them must hold.
    pub limits: Vec<Limit>,
    /// The tests, in the order of the text; those with a mistake are left out.
    pub tests: Vec<Test>,
}

/// A policy, or a module that it uses.
#[derive(Clone, Debug)]
pub struct Module {
    /// What stands before the names of its rules, definitions and parameters: `hotspot.`; empty for the
    /// policy itself.
    pub prefix: Arc<str>,
    /// Its file.
    pub file: FileId,
}

/// A named condition or value.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name, `hotspot.busy`.
    pub name: Arc<str>,
    /// How it is used: `hotspot.busy(s: server)`.
    pub signature: Arc<str>,
    /// As it is written: `def busy(s: server) = s.cpu.perc > 80;`.
    pub text: Arc<str>,
    /// What it stands for; `None` if it has a mistake.
    pub result: Option<Defined>,
    /// Where the name is defined.
    pub span: Span,
    /// Its `///` text.
    pub docs: String,
}

/// What a definition stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defined {
    /// A condition.
    Condition,
    /// A text.
    Text,
    /// A published property of which nothing tells the type.
    Unclear,
    /// A number in this unit, as METRICS names it; `None` for a constant that has that of its place.
    Number(Option<&'static str>),
}

/// A limit on what plans do, over all rules.
#[derive(Clone, Debug)]
pub struct Limit {
    /// What it limits.
    pub kind: LimitKind,
    /// As it is written, on one line and without `;`: names it in reasons.
    pub text: Arc<str>,
    /// Where it stands in the text.
    pub span: Span,
    /// Its `///` text.
    pub docs: String,
}

/// What a limit limits.
#[derive(Clone, Debug, PartialEq)]
pub enum LimitKind {
    /// `limit migrations 20 per 10s;`: in any window of this length.
    Migrations {
        /// So many moves at most.
        count: u32,
        /// The length of the window, in seconds.
        window_seconds: f64,
        /// For every single actor of these types; `None` for all moves together.
        each: Option<TypeSet>,
    },
    /// `limit servers 2..16;`: scaling stays within.
    Servers {
        /// The least number.
        least: u32,
        /// The greatest number.
        most: u32,
    },
}

impl CheckedProgram {
    /// The rules, then the requirements, in order of their index.
    pub fn rules_and_requirements(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().chain(&self.requirements)
    }

    /// Whether something stands in the policy itself, and not in a module that it uses.
    pub fn is_own(&self, span: Span) -> bool {
        self.modules
            .first()
            .is_none_or(|policy| policy.file == span.file)
    }

    /// The rule or requirement of an index.
    pub fn rule(&self, index: usize) -> Option<&Rule> {
        self.rules_and_requirements()
            .find(|rule| rule.index == index)
    }

    /// The limits on servers, in the order of the text, each with the least and the most.
    pub fn server_limits(&self) -> impl Iterator<Item = (&Limit, u32, u32)> {
        self.limits.iter().filter_map(|limit| match limit.kind {
            LimitKind::Servers { least, most } => Some((limit, least, most)),
            LimitKind::Migrations { .. } => None,
        })
    }

    /// The greatest number of servers that the limits allow; `None` without a limit on them.
    pub fn servers_max(&self) -> Option<u32> {
        self.server_limits().map(|(_, _, most)| most).min()
    }
}

/// A parameter with the value in force.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub value: ParamValue,
    /// Where the name is declared.
    pub span: Span,
    /// Its `///` text.
    pub docs: String,
}

/// The value of a parameter, of the type of its literal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParamValue {
    /// A number.
    Number {
        /// In the base unit.
        value: f64,
        /// How the literal was written.
        unit: NumberUnit,
    },
    /// `true` or `false`.
    Truth(bool),
    /// An actor type; `None` for `any`.
    Type(Option<TypeId>),
}

/// The unit that a literal was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberUnit {
    /// A bare number, which takes the unit that its place needs.
    Bare,
    /// `%`, 0–100.
    Percent,
    /// `us`, `ms`, `s`, `m`, `h`, `d`; in seconds.
    Duration,
    /// `B`, `KB`, `KiB` and so on; in bytes.
    Bytes,
    /// `B/s`, `KB/s` and so on; in bytes per second.
    BytesPerSecond,
    /// `/s`.
    PerSecond,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Place among all rules of the program, from 0.
    pub index: usize,
    /// Its name, or `#N` with N its place in its file from 1; that of a module's rule is `hotspot.NAME`.
    pub name: Arc<str>,
    /// Higher ones win in arbitration; 0 where none is written.
    pub priority: i64,
    /// Seconds for which an actor that it moved is not moved by it again.
    pub cooldown_seconds: Option<f64>,
    /// Periods on end for which its condition must be false before a reservation of it ends.
    pub release_periods: u32,
    /// The whole rule in the text.
    pub span: Span,
    /// Its `///` text.
    pub docs: String,
    /// Its variables, ids are places in this list: those of [`Scope::Rule`] first, in text order.
    pub variables: Vec<Variable>,
    /// When it fires.
    pub condition: Condition,
    /// What it then asks for, in text order.
    pub behaviors: Vec<BehaviorCall>,
}

/// Identifies a variable within its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableId(pub u32);

/// A variable of a rule.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name; `server` for the implicit one of a rule without actor variable.
    pub name: Arc<str>,
    /// What it ranges over.
    pub range: Range,
    /// Whether it is part of the binding.
    pub scope: Scope,
    /// Where the text introduces it.
    pub span: Span,
}

/// What a variable ranges over.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    /// The live actors of these types.
    Actors(TypeSet),
    /// The actors of these types that called this callee in this function during the period (or, where
    /// the feature is about a window, at some time in it): a
    /// caller variable that no other atom binds.
    Callers {
        /// Types of the caller.
        types: TypeSet,
        /// The window in which they called, in seconds, if it is longer than the period.
        window_seconds: Option<f64>,
        /// The callee of the one call feature that mentions the variable.
        callee: ActorRef,
        /// The function; `None` for any.
        function: Option<Arc<str>>,
    },
    /// The live servers.
    Servers,
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In the whole rule: every binding assigns it.
    Rule,
    /// In one side of an `or` only, or in the `where` of an aggregate ([`OrSide::locals`]): there is
    /// some value that makes it true.
    OrSide,
    /// In one aggregate only ([`Aggregation::variables`]): all its values are taken together.
    Aggregate,
    /// The one server that a bare `server` means in a rule without actor variable: some server, the
    /// same one in all atoms of the rule. It is not part of the binding.
    ImplicitServer,
}

/// Actor types that a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeSet {
    /// `any`, with nothing that restricts it.
    Any,
    /// These types. `any` with a function or a property is the set of types that have it.
    Of(TypeIds),
}

/// A condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// `true` or `false`.
    Constant(bool),
    /// Every one holds.
    And(Vec<Condition>),
    /// Some side holds.
    Or(Vec<OrSide>),
    /// It does not hold.
    Not(Box<Condition>),
    /// `c for 30s`: it holds in every snapshot of a window.
    Sustained {
        /// What must hold.
        condition: Box<Condition>,
        /// The length of the window, in seconds.
        window_seconds: f64,
        /// Where it stands in the text.
        span: Span,
    },
    /// A comparison or a membership.
    Atom(Atom),
}

impl Condition {
    /// Visits every atom in text order, each with whether it stands under an odd number of `not`s.
    pub fn for_each_atom<'c>(&'c self, visit: &mut impl FnMut(&'c Atom, bool)) {
        self.visit_atoms(false, visit);
    }

    fn visit_atoms<'c>(&'c self, is_negated: bool, visit: &mut impl FnMut(&'c Atom, bool)) {
        match self {
            Condition::Constant(_) => {}
            Condition::And(parts) => {
                for part in parts {
                    part.visit_atoms(is_negated, visit);
                }
            }
            Condition::Or(sides) => {
                for side in sides {
                    side.condition.visit_atoms(is_negated, visit);
                }
            }
            Condition::Not(inner) => inner.visit_atoms(!is_negated, visit),
            Condition::Sustained { condition, .. } => condition.visit_atoms(is_negated, visit),
            Condition::Atom(atom) => visit(atom, is_negated),
        }
    }
}

/// One side of an `or`.
#[derive(Clone, Debug)]
pub struct OrSide {
    /// Variables that only this side mentions: there are some values for them.
    pub locals: Vec<VariableId>,
    /// What must hold.
    pub condition: Condition,
}

/// The smallest condition: what explanations show with measured values.
#[derive(Clone, Debug)]
pub struct Atom {
    /// What must hold.
    pub kind: AtomKind,
    /// Where it stands in the text.
    pub span: Span,
}

/// What an atom asks.
#[derive(Clone, Debug)]
pub enum AtomKind {
    /// Two numbers compare so.
    Compare {
        /// Left of the sign.
        left: Operand,
        /// The sign.
        comparison: Comparison,
        /// Right of the sign, in the same unit.
        right: Operand,
    },
    /// Two actors (or two servers) are the same one, or are not.
    Same {
        /// Left of the sign.
        left: EntityRef,
        /// Right of the sign.
        right: EntityRef,
        /// `true` for `==`, `false` for `!=`.
        equal: bool,
    },
    /// `member in ref(owner.property)`.
    InRef {
        /// The actor referred to.
        member: ActorRef,
        /// The actor that refers.
        owner: ActorRef,
        /// In which property; `None` for any.
        property: Option<Arc<str>>,
    },
    /// `actor on server`.
    On {
        /// Who is hosted.
        actor: ActorRef,
        /// By whom.
        server: ServerRef,
    },
    /// `f.open`: an actor publishes that this is true.
    Published {
        /// Which actor.
        actor: ActorRef,
        /// Under which name.
        property: Arc<str>,
    },
    /// Two texts are the same, or are not.
    CompareText {
        /// Left of the sign.
        left: TextOperand,
        /// Right of the sign.
        right: TextOperand,
        /// `true` for `==`, `false` for `!=`.
        equal: bool,
    },
}

/// One side of a comparison of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOperand {
    /// `"a"`.
    Literal(Arc<str>),
    /// `f.name`: a text that an actor publishes.
    Published {
        /// By whom.
        actor: ActorRef,
        /// Under which name.
        property: Arc<str>,
    },
    /// `server.label("zone")`.
    Label {
        /// Of which server.
        server: ServerRef,
        /// Which label.
        name: Arc<str>,
    },
}

impl AtomKind {
    /// What is compared with a number, whichever side that stands on: as if the number stood on the right.
    pub(crate) fn against_number(&self) -> Option<(&Operand, Comparison, f64)> {
        let AtomKind::Compare {
            left,
            comparison,
            right,
        } = self
        else {
            return None;
        };
        match (left, right) {
            (value, Operand::Number(limit)) => Some((value, *comparison, *limit)),
            (Operand::Number(limit), value) => Some((value, comparison.mirrored(), *limit)),
            _ => None,
        }
    }
}

impl Atom {
    /// The numbers that it compares.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        let operands = match &self.kind {
            AtomKind::Compare { left, right, .. } => [Some(left), Some(right)],
            _ => [None, None],
        };
        operands.into_iter().flatten()
    }

    /// Visits the variables that the atom mentions, once for each mention, those of its aggregates
    /// included. A bare `server` counts as a mention of the variable whose host it is.
    pub fn for_each_variable(&self, visit: &mut impl FnMut(VariableId)) {
        self.for_each_variable_dyn(visit);
    }

    fn for_each_variable_dyn(&self, visit: &mut dyn FnMut(VariableId)) {
        match &self.kind {
            AtomKind::Compare { left, right, .. } => {
                left.visit_variables(visit);
                right.visit_variables(visit);
            }
            AtomKind::Same { left, right, .. } => {
                left.visit_variables(visit);
                right.visit_variables(visit);
            }
            AtomKind::InRef { member, owner, .. } => {
                member.visit_variables(visit);
                owner.visit_variables(visit);
            }
            AtomKind::On { actor, server } => {
                actor.visit_variables(visit);
                server.visit_variables(visit);
            }
            AtomKind::Published { actor, .. } => actor.visit_variables(visit),
            AtomKind::CompareText { left, right, .. } => {
                left.visit_variables(visit);
                right.visit_variables(visit);
            }
        }
    }
}

impl TextOperand {
    fn visit_variables(&self, visit: &mut dyn FnMut(VariableId)) {
        match self {
            TextOperand::Literal(_) => {}
            TextOperand::Published { actor, .. } => actor.visit_variables(visit),
            TextOperand::Label { server, .. } => server.visit_variables(visit),
        }
    }
}

impl EntityRef {
    fn visit_variables(&self, visit: &mut dyn FnMut(VariableId)) {
        match self {
            EntityRef::Actor(actor) => actor.visit_variables(visit),
            EntityRef::Server(server) => server.visit_variables(visit),
        }
    }
}

impl ActorRef {
    fn visit_variables(&self, visit: &mut dyn FnMut(VariableId)) {
        if let ActorRef::Variable(id) = self {
            visit(*id);
        }
    }
}

impl ServerRef {
    fn visit_variables(&self, visit: &mut dyn FnMut(VariableId)) {
        match self {
            ServerRef::HostOf(actor) => actor.visit_variables(visit),
            ServerRef::Variable(id) => visit(*id),
        }
    }
}

/// A comparison sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparison {
    /// Whether `left` and `right` compare so.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
        }
    }

    /// The comparison that holds with the sides exchanged: `80 < x` is `x > 80`.
    #[must_use]
    pub fn mirrored(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            Comparison::Equal | Comparison::NotEqual => self,
        }
    }

    /// The sign in the language.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
        }
    }
}

/// An expression outside any rule, as a prompt takes it.
#[derive(Clone, Debug)]
pub enum Expression {
    /// `Folder(f).cpu.perc`.
    Number(Operand),
    /// `Folder(f).cpu.perc > 10`.
    Condition(Condition),
}

/// An actor in a condition or a behavior.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActorRef {
    /// The actor that a variable stands for.
    Variable(VariableId),
    /// A bare type. In a condition: some actor of it, chosen within the atom; in a call feature: all
    /// of them together; in a behavior: each of them.
    Anonymous(TypeSet),
}

/// A server in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerRef {
    /// The host of an actor.
    HostOf(ActorRef),
    /// The server that a variable stands for.
    Variable(VariableId),
}

/// Who makes calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallerRef {
    /// All clients together.
    Client,
    /// An actor, or all of a type together.
    Actor(ActorRef),
}

/// An actor or a server, where either may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityRef {
    /// An actor.
    Actor(ActorRef),
    /// A server.
    Server(ServerRef),
}

/// One behavior that a rule asks for.
#[derive(Clone, Debug)]
pub struct BehaviorCall {
    /// What it asks for.
    pub kind: BehaviorKind,
    /// Where it stands in the text.
    pub span: Span,
}

/// What a behavior asks for.
#[derive(Clone, Debug)]
pub enum BehaviorKind {
    /// `balance({Folder}, cpu)`.
    Balance {
        /// The actors that may move.
        types: TypeSet,
        /// What is evened out.
        resource: Resource,
        /// Read off the rule's own comparisons.
        bounds: Bounds,
    },
    /// `spread({Folder}, by "zone")`.
    Spread {
        /// The actors that are counted, and may move.
        types: TypeSet,
        /// Over the values of this label; over servers without one.
        by: Option<Arc<str>>,
    },
    /// `passivate(f)`.
    Passivate(ActorRef),
    /// `checkpoint(f)`.
    Checkpoint(ActorRef),
    /// `reserve(f, cpu)`.
    Reserve {
        /// Who gets a server of its own.
        actor: ActorRef,
        /// What the server must have enough of.
        resource: Resource,
    },
    /// `colocate(f, x)`.
    Colocate(ActorRef, ActorRef),
    /// `separate(f, x)`.
    Separate(ActorRef, ActorRef),
    /// `pin(f)`.
    Pin(ActorRef),
    /// `drain(s)`.
    Drain(ServerRef),
    /// `migrate(f, s)`.
    Migrate {
        /// Who moves.
        actor: ActorRef,
        /// Where to.
        to: ServerRef,
    },
    /// `scale_out(2)`.
    ScaleOut(u32),
    /// `scale_in(1)`.
    ScaleIn(u32),
    /// `alert("{f} is busy")`.
    Alert(Message),
}

impl BehaviorKind {
    /// The word in the language.
    pub fn name(&self) -> &'static str {
        let behavior = match self {
            BehaviorKind::Balance { .. } => Behavior::Balance,
            BehaviorKind::Reserve { .. } => Behavior::Reserve,
            BehaviorKind::Colocate(..) => Behavior::Colocate,
            BehaviorKind::Separate(..) => Behavior::Separate,
            BehaviorKind::Pin(_) => Behavior::Pin,
            BehaviorKind::Drain(_) => Behavior::Drain,
            BehaviorKind::Migrate { .. } => Behavior::Migrate,
            BehaviorKind::ScaleOut(_) => Behavior::ScaleOut,
            BehaviorKind::ScaleIn(_) => Behavior::ScaleIn,
            BehaviorKind::Alert(_) => Behavior::Alert,
            BehaviorKind::Spread { .. } => Behavior::Spread,
            BehaviorKind::Passivate(_) => Behavior::Passivate,
            BehaviorKind::Checkpoint(_) => Behavior::Checkpoint,
        };
        behavior.name()
    }

    /// The actors that it is about, in the order of its arguments.
    pub fn actors(&self) -> Vec<&ActorRef> {
        match self {
            BehaviorKind::Balance { .. }
            | BehaviorKind::Spread { .. }
            | BehaviorKind::Drain(_)
            | BehaviorKind::ScaleOut(_)
            | BehaviorKind::ScaleIn(_)
            | BehaviorKind::Alert(_) => Vec::new(),
            BehaviorKind::Reserve { actor, .. }
            | BehaviorKind::Pin(actor)
            | BehaviorKind::Passivate(actor)
            | BehaviorKind::Checkpoint(actor)
            | BehaviorKind::Migrate { actor, .. } => vec![actor],
            BehaviorKind::Colocate(a, b) | BehaviorKind::Separate(a, b) => vec![a, b],
        }
    }
}
