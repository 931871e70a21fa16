//! Items: what a policy file consists of.

use plasma_diagnostic::Span;

use super::{Docs, ExprId, ExprList, Name, TestDecl, Word};

/// One item of a policy file.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `actor Folder { .. }`
    Actor(ActorDecl),
    /// `param high = 80%;`
    Param(ParamDecl),
    /// `use std.hotspot with { share = 40% };`
    Use(UseDecl),
    /// `def busy(s: server) = s.cpu.perc > 80;`
    Def(DefDecl),
    /// `require separate(a, b) where ..;`: a rule without a head, whose condition is the `where`
    /// (`true` without one) and which asks for one behavior.
    Require(Rule),
    /// `limit migrations 20 per 10s;` or `limit servers 2..16;`
    Limit(LimitDecl),
    /// `rule hot: .. => ..;` or `.. => ..;`
    Rule(Rule),
    /// `test ".." { .. }`
    Test(TestDecl),
    /// `allow "no-gap" ".." until "2027-01-31";`
    Allow(AllowDecl),
}

impl Item {
    /// All of its text, without the `///` lines before it.
    pub fn span(&self) -> Span {
        match self {
            Item::Actor(actor) => actor.span,
            Item::Param(param) => param.span,
            Item::Use(module) => module.span,
            Item::Def(definition) => definition.span,
            Item::Require(requirement) => requirement.span,
            Item::Limit(limit) => limit.span,
            Item::Rule(rule) => rule.span,
            Item::Test(test) => test.span,
            Item::Allow(allow) => allow.span,
        }
    }
}

/// A lint that is silenced, as an item for the whole file or as an attribute for one rule:
/// `allow "no-gap" "why" until "2027-01-31"`. The texts are literals in quotes, see
/// [`Tree::text_value`](super::Tree::text_value).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AllowDecl {
    /// All of its text.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// Which lint: its name or its number.
    pub lint: Span,
    /// Why. The checker reports if it is missing.
    pub reason: Option<Span>,
    /// The last day on which it counts. The checker reports if it is missing.
    pub until: Option<Span>,
}

/// What actors of one type offer.
#[derive(Clone, Debug, PartialEq)]
pub struct ActorDecl {
    /// All of its text.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// The type's name, with an upper-case letter unless the user erred (the checker tells).
    pub name: Option<Name>,
    /// What stands between the braces, in order.
    pub members: Vec<Member>,
}

/// One member of an actor declaration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// All of its text, `;` included.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// The name it declares.
    pub name: Option<Name>,
    /// What it declares.
    pub kind: MemberKind,
}

/// What a member declares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MemberKind {
    /// `fn open;`
    Function,
    /// `files: [File];` or `depth: int;`; the type is `None` if it is missing.
    Property(Option<TypeRef>),
}

/// The type of a property.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TypeRef {
    /// All of its text.
    pub span: Span,
    /// How many there are.
    pub shape: TypeShape,
    /// An actor type, or the type of a published value: `int`, `float`, `bool`, `text`, `bytes`,
    /// `duration`, `percent`. `None` if it is missing.
    pub name: Option<Name>,
}

/// How many a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeShape {
    /// `T`: exactly one.
    One,
    /// `T?`: one or none.
    Optional,
    /// `[T]`: any number.
    List,
}

/// A module whose rules run, and whose definitions can be used.
#[derive(Clone, Debug, PartialEq)]
pub struct UseDecl {
    /// All of its text.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// The words of its path: `std`, `hotspot`. Empty if none could be read.
    pub path: Vec<Name>,
    /// The parameters of the module that get another value, in order.
    pub settings: Vec<ModuleSetting>,
}

impl UseDecl {
    /// The name by which the module is known in this file: the last word of its path.
    pub fn name(&self) -> Option<Name> {
        self.path.last().copied()
    }

    /// The whole path in the text; `None` if none could be read.
    pub fn path_span(&self) -> Option<Span> {
        let (first, last) = (self.path.first()?, self.path.last()?);
        Some(first.span.cover(last.span))
    }
}

/// `share = 40%` behind `with`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModuleSetting {
    /// All of its text.
    pub span: Span,
    /// The parameter of the module.
    pub name: Name,
    /// Its value: a number, a truth value, the name of a parameter, an actor type or `any`; or a
    /// [`Hole`](super::ExprKind::Hole).
    pub value: ExprId,
}

/// A named condition or value.
#[derive(Clone, Debug, PartialEq)]
pub struct DefDecl {
    /// All of its text.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// What it is about, in order.
    pub params: Vec<DefParam>,
    /// What it stands for, or a [`Hole`](super::ExprKind::Hole).
    pub body: ExprId,
}

/// What a definition is about: `s: server`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DefParam {
    /// All of its text.
    pub span: Span,
    /// Its name.
    pub name: Name,
    /// An actor type, `any`, `server`, or the type of a value: `int`, `percent` and so on. `None` if
    /// it is missing (already reported).
    pub ty: Option<Word>,
}

/// A parameter with its default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamDecl {
    /// All of its text.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// Its name.
    pub name: Option<Name>,
    /// Its default: a number, a truth value, an actor type or `any`; or a
    /// [`Hole`](super::ExprKind::Hole).
    pub value: ExprId,
}

/// A limit on what the plans do together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitDecl {
    /// All of its text.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// What it is on: `migrations` or `servers`, unless the user erred (the checker tells).
    pub what: Name,
    /// How it limits.
    pub shape: LimitShape,
}

/// How a limit is written. The values are numbers, names of parameters or
/// [`Hole`](super::ExprKind::Hole)s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LimitShape {
    /// `20 per 10s`, `1 per 60s each Folder`.
    Rate {
        /// How many.
        count: ExprId,
        /// In which time.
        window: ExprId,
        /// The actor type that each actor of is limited by itself.
        each: Option<ExprId>,
    },
    /// `2..16`.
    Range {
        /// The least number.
        least: ExprId,
        /// The greatest number.
        most: ExprId,
    },
}

/// A rule: when the condition holds, these behaviors are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// All of its text.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// `rule NAME [..]:`; `None` for a rule that begins with its condition.
    pub head: Option<Box<RuleHead>>,
    /// The condition; a [`Hole`](super::ExprKind::Hole) if there is none.
    pub condition: ExprId,
    /// What it asks for; see [`Tree::behaviors`](super::Tree::behaviors).
    pub(crate) behaviors: (u32, u32),
    /// Whether something in it was not understood (already reported), which may have introduced
    /// variables: what is unknown in the rest may be known there.
    pub is_cut: bool,
}

impl Rule {
    /// The rule's name, if it has one.
    pub fn name(&self) -> Option<Name> {
        self.head.as_ref().and_then(|head| head.name)
    }
}

/// `rule NAME [..]:`.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleHead {
    /// From `rule` to the colon.
    pub span: Span,
    /// The rule's name.
    pub name: Option<Name>,
    /// What stands in the brackets, in order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a rule: `priority 10`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute {
    /// All of its text.
    pub span: Span,
    /// Which attribute.
    pub name: AttributeName,
    /// Its value: a number, the name of a parameter, or a [`Hole`](super::ExprKind::Hole).
    pub value: ExprId,
    /// What an `allow` silences; `None` for any other attribute, and if that is no text.
    pub allow: Option<AllowDecl>,
}

/// Which attribute of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeName {
    /// `priority N`: higher is served first.
    Priority,
    /// `cooldown D`: for how long an actor that the rule moved is not moved by it again.
    Cooldown,
    /// `release N`: periods after which a reservation ends whose condition is false.
    Release,
    /// `allow "LINT" "REASON" until "DAY"`: a lint is silent about the rule.
    Allow,
    /// `period D`, of a test: how far its snapshots are apart.
    Period,
    /// Something else; already reported.
    Unknown,
}

impl AttributeName {
    /// Every attribute of a rule with its word.
    pub const ALL: &[(&str, AttributeName)] = &[
        ("priority", AttributeName::Priority),
        ("cooldown", AttributeName::Cooldown),
        ("release", AttributeName::Release),
        ("allow", AttributeName::Allow),
    ];

    /// Every attribute of a test with its word.
    pub const OF_TESTS: &[(&str, AttributeName)] = &[("period", AttributeName::Period)];

    /// The word in the language; empty for an unknown one.
    pub fn word(self) -> &'static str {
        let mut all = AttributeName::ALL.iter().chain(AttributeName::OF_TESTS);
        let row = all.find(|(_, name)| *name == self);
        row.map_or("", |(word, _)| word)
    }
}

/// A behavior with its arguments: `reserve(f, cpu);`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BehaviorCall {
    /// From its name to the closing parenthesis.
    pub span: Span,
    /// Its name; `None` if nothing usable stood there (already reported).
    pub name: Option<Name>,
    /// What stands in the parentheses.
    pub args: ExprList,
}
