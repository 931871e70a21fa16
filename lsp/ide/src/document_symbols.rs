//! The outline of a document: its items, with the members of actors and the statements of tests.

use plasma_diagnostic::{FileId, Span};
use plasma_syntax::cluster::{CallerName, Statement};
use plasma_syntax::tree::{ActorDecl, Item, MemberKind, Name, TestDecl, TestStatement, Tree};

use crate::Analysis;

/// Something that a document holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// How it is called; what it says, if it has no name.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of its text.
    pub whole: Span,
    /// Its name in the text, or its beginning; lies in `whole`.
    pub selection: Span,
    /// What it consists of.
    pub children: Vec<DocumentSymbol>,
}

/// What a [`DocumentSymbol`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SymbolKind {
    /// A declaration of an actor type.
    Actor,
    /// A property of one.
    Property,
    /// A function of one.
    Function,
    /// A parameter.
    Param,
    /// A module that is used.
    Module,
    /// A definition.
    Definition,
    /// A rule.
    Rule,
    /// A requirement.
    Requirement,
    /// A limit.
    Limit,
    /// A test.
    Test,
    /// A server of a test.
    TestServer,
    /// An actor of a test.
    TestActor,
    /// Calls in a test.
    TestCalls,
    /// What a test says of a later time.
    TestTime,
    /// What a test expects.
    Expectation,
}

impl SymbolKind {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            SymbolKind::Actor => "actor",
            SymbolKind::Property => "property",
            SymbolKind::Function => "fn",
            SymbolKind::Param => "param",
            SymbolKind::Module => "use",
            SymbolKind::Definition => "def",
            SymbolKind::Rule => "rule",
            SymbolKind::Requirement => "require",
            SymbolKind::Limit => "limit",
            SymbolKind::Test => "test",
            SymbolKind::TestServer => "server",
            SymbolKind::TestActor => "actor of the test",
            SymbolKind::TestCalls => "calls",
            SymbolKind::TestTime => "at",
            SymbolKind::Expectation => "expectation",
        }
    }

    /// Whether it is an item in which definitions can be used.
    pub(crate) const fn uses_names(self) -> bool {
        matches!(
            self,
            SymbolKind::Definition | SymbolKind::Rule | SymbolKind::Requirement | SymbolKind::Test
        )
    }
}

/// What a document holds, in the order of its text.
pub fn document_symbols(analysis: &Analysis) -> Vec<DocumentSymbol> {
    of_tree(analysis.tree())
}

/// What a text holds that need not be checked.
pub fn text_symbols(text: &str) -> Vec<DocumentSymbol> {
    of_tree(&plasma_syntax::parse(FileId(0), text).tree)
}

pub(crate) fn of_tree(tree: &Tree) -> Vec<DocumentSymbol> {
    let mut rules = 0;
    let items = tree.items().iter();
    items
        .filter_map(|item| {
            rules += usize::from(matches!(item, Item::Rule(_)));
            of_item(tree, item, rules)
        })
        .collect()
}

/// The symbol of an item; `rules` says how many rules there are up to it.
fn of_item(tree: &Tree, item: &Item, rules: usize) -> Option<DocumentSymbol> {
    let whole = item.span();
    let (kind, name) = match item {
        Item::Actor(actor) => {
            let mut symbol = symbol(tree, SymbolKind::Actor, whole, actor.name?);
            symbol.children = members(tree, actor);
            return Some(symbol);
        }
        Item::Test(test) => return Some(of_test(tree, test)),
        Item::Param(param) => (SymbolKind::Param, param.name?),
        Item::Def(definition) => (SymbolKind::Definition, definition.name),
        Item::Use(module) => {
            let path = module.path_span()?;
            return Some(said(tree, SymbolKind::Module, whole, path));
        }
        Item::Rule(rule) => match rule.name() {
            Some(name) => (SymbolKind::Rule, name),
            None => {
                let mut symbol = said(tree, SymbolKind::Rule, whole, first_word(tree, whole));
                symbol.name = format!("#{rules}");
                return Some(symbol);
            }
        },
        Item::Require(_) => return Some(said(tree, SymbolKind::Requirement, whole, whole)),
        Item::Limit(_) => return Some(said(tree, SymbolKind::Limit, whole, whole)),
        Item::Allow(_) => return None,
    };
    Some(symbol(tree, kind, whole, name))
}

fn members(tree: &Tree, actor: &ActorDecl) -> Vec<DocumentSymbol> {
    let members = actor.members.iter().filter_map(|member| {
        let kind = match member.kind {
            MemberKind::Function => SymbolKind::Function,
            MemberKind::Property(_) => SymbolKind::Property,
        };
        Some(symbol(tree, kind, member.span, member.name?))
    });
    members.collect()
}

fn of_test(tree: &Tree, test: &TestDecl) -> DocumentSymbol {
    let statements = test.statements.iter();
    DocumentSymbol {
        name: tree.text_value(test.name),
        kind: SymbolKind::Test,
        whole: test.span,
        selection: test.name,
        children: statements.filter_map(|s| of_statement(tree, s)).collect(),
    }
}

fn of_statement(tree: &Tree, statement: &TestStatement) -> Option<DocumentSymbol> {
    match statement {
        TestStatement::Cluster(statement) => of_cluster(tree, statement),
        TestStatement::At {
            span,
            time,
            statements,
        } => {
            let time = tree.expr(*time).span;
            let mut symbol = said(tree, SymbolKind::TestTime, *span, time);
            symbol.name = format!("at {}", symbol.name);
            symbol.children = statements
                .iter()
                .filter_map(|s| of_cluster(tree, s))
                .collect();
            Some(symbol)
        }
        TestStatement::Expectation(expectation) => {
            let span = expectation.span;
            Some(said(tree, SymbolKind::Expectation, span, span))
        }
    }
}

fn of_cluster(tree: &Tree, statement: &Statement) -> Option<DocumentSymbol> {
    let whole = statement.span();
    let (kind, name) = match statement {
        Statement::Server(server) => (SymbolKind::TestServer, server.name?),
        Statement::Actor(actor) => (SymbolKind::TestActor, actor.name?),
        Statement::Calls(calls) => {
            let caller = match calls.caller {
                CallerName::Client(span) => span,
                CallerName::Actor(name) => name.span,
            };
            let named = calls.function.or(calls.callee)?;
            let named = caller.cover(named.span);
            return Some(said(tree, SymbolKind::TestCalls, whole, named));
        }
    };
    Some(symbol(tree, kind, whole, name))
}

/// What has a name.
fn symbol(tree: &Tree, kind: SymbolKind, whole: Span, name: Name) -> DocumentSymbol {
    DocumentSymbol {
        name: tree.name(name).to_owned(),
        kind,
        whole: whole.cover(name.span),
        selection: name.span,
        children: Vec::new(),
    }
}

/// What is called by what it says.
fn said(tree: &Tree, kind: SymbolKind, whole: Span, text: Span) -> DocumentSymbol {
    let words = tree.text(text).split_whitespace();
    let name = words.collect::<Vec<_>>().join(" ");
    DocumentSymbol {
        name: name.trim_end_matches(';').trim_end().to_owned(),
        kind,
        whole,
        selection: text,
        children: Vec::new(),
    }
}

/// The beginning of an item that has no name.
fn first_word(tree: &Tree, whole: Span) -> Span {
    let text = tree.text(whole);
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let length = end.unwrap_or(text.len()).max(1).min(text.len());
    let length = if text.is_char_boundary(length) {
        length
    } else {
        0
    };
    Span::new(whole.file, whole.start, whole.start + length as u32)
}
