//! What both grammars take a policy apart into: kinds of pieces, and where they stand.

use plasma_diagnostic::Span;
use plasma_syntax::tree::{
    ArithmeticOp, BehaviorCall, ExprId, ExprKind, Item, TestStatement, Tree, Wanted,
};
use tree_sitter::Node;

/// A piece of a policy: first byte, end, kind.
pub(super) type Piece = (u32, u32, &'static str);

/// The kinds that are compared, beside words and literals.
const KINDS: &[&str] = &[
    "actor_declaration",
    "param_declaration",
    "use_declaration",
    "definition",
    "requirement",
    "limit",
    "rule",
    "test",
    "allow_declaration",
    "behavior",
    "or",
    "and",
    "not",
    "sustained",
    "comparison",
    "in_ref",
    "on",
    "sum",
    "product",
    "minus",
    "windowed",
    "call",
    "aggregate",
    "parenthesized",
    "member",
    "types",
    "by",
    "at",
    "expectation",
    "server_statement",
    "actor_statement",
    "calls_statement",
];

/// The pieces of a policy by the compiler.
pub(super) fn by_compiler(tree: &Tree) -> Vec<Piece> {
    let mut pieces = Compiled {
        tree,
        found: Vec::new(),
    };
    tree.items().iter().for_each(|item| pieces.item(item));
    sorted(pieces.found)
}

fn sorted(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.sort_unstable();
    pieces
}

struct Compiled<'t> {
    tree: &'t Tree,
    found: Vec<Piece>,
}

impl Compiled<'_> {
    fn add(&mut self, span: Span, kind: &'static str) {
        self.found.push((span.start, span.end, kind));
    }

    fn item(&mut self, item: &Item) {
        let tree = self.tree;
        self.add(item.span(), item_kind(item));
        match item {
            Item::Param(param) => self.expr(param.value),
            Item::Use(module) => module.settings.iter().for_each(|s| self.expr(s.value)),
            Item::Def(definition) => self.expr(definition.body),
            Item::Require(rule) | Item::Rule(rule) => {
                // Of a requirement without `where` nothing is written.
                if !tree.expr(rule.condition).span.range().is_empty() {
                    self.expr(rule.condition);
                }
                tree.behaviors(rule)
                    .iter()
                    .for_each(|call| self.behavior(call, "behavior"));
            }
            Item::Test(test) => test.statements.iter().for_each(|s| self.statement(s)),
            Item::Actor(_) | Item::Limit(_) | Item::Allow(_) => {}
        }
    }

    fn behavior(&mut self, call: &BehaviorCall, kind: &'static str) {
        self.add(call.span, kind);
        for arg in self.tree.list(call.args) {
            self.expr(*arg);
        }
    }

    fn statement(&mut self, statement: &TestStatement) {
        use plasma_syntax::cluster::Statement;
        let kind = |statement: &Statement| match statement {
            Statement::Server(_) => "server_statement",
            Statement::Actor(_) => "actor_statement",
            Statement::Calls(_) => "calls_statement",
        };
        match statement {
            TestStatement::Cluster(statement) => self.add(statement.span(), kind(statement)),
            TestStatement::At {
                span, statements, ..
            } => {
                self.add(*span, "at");
                statements.iter().for_each(|s| self.add(s.span(), kind(s)));
            }
            TestStatement::Expectation(expectation) => {
                self.add(expectation.span, "expectation");
                match expectation.wanted {
                    Wanted::NoActions => {}
                    Wanted::Behavior { call, .. } => {
                        for arg in self.tree.list(call.args) {
                            self.expr(*arg);
                        }
                    }
                    Wanted::Condition(condition) => self.expr(condition),
                }
            }
        }
    }

    fn expr(&mut self, id: ExprId) {
        let tree = self.tree;
        let expr = tree.expr(id);
        let (kind, parts): (_, Vec<ExprId>) = match expr.kind {
            ExprKind::Hole => return,
            ExprKind::Bool(_) => ("boolean", vec![]),
            ExprKind::Number(_) => ("number", vec![]),
            ExprKind::Text => ("string", tree.holes(id).to_vec()),
            ExprKind::Word(word) => (word_kind(word.kind), vec![]),
            ExprKind::Call { word, args } => {
                self.add(word.name.span, word_kind(word.kind));
                ("call", tree.list(args).to_vec())
            }
            ExprKind::Member { base, args, .. } => {
                let args = args.map_or(&[][..], |args| tree.list(args));
                ("member", [&[base], args].concat())
            }
            ExprKind::Types(types) => ("types", tree.list(types).to_vec()),
            ExprKind::By(label) => ("by", vec![label]),
            ExprKind::Paren(inner) => ("parenthesized", vec![inner]),
            ExprKind::Not(inner) => ("not", vec![inner]),
            ExprKind::And(parts) => ("and", tree.list(parts).to_vec()),
            ExprKind::Or(parts) => ("or", tree.list(parts).to_vec()),
            ExprKind::Compare { left, right, .. } => ("comparison", vec![left, right]),
            ExprKind::InRef {
                actor, property, ..
            } => ("in_ref", vec![actor, property]),
            ExprKind::On { actor, host, .. } => ("on", vec![actor, host]),
            ExprKind::Minus(inner) => ("minus", vec![inner]),
            ExprKind::Arithmetic {
                op, left, right, ..
            } => (arithmetic_kind(op), vec![left, right]),
            ExprKind::Windowed { of, window } => ("windowed", vec![of, window]),
            ExprKind::Sustained { condition, window } => ("sustained", vec![condition, window]),
            ExprKind::Aggregate {
                word,
                of,
                ranges,
                filter,
            } => {
                self.add(word.name.span, word_kind(word.kind));
                let filter = filter.as_slice();
                ("aggregate", [&[of], tree.list(ranges), filter].concat())
            }
        };
        self.add(expr.span, kind);
        parts.into_iter().for_each(|part| self.expr(part));
    }
}

fn item_kind(item: &Item) -> &'static str {
    match item {
        Item::Actor(_) => "actor_declaration",
        Item::Param(_) => "param_declaration",
        Item::Use(_) => "use_declaration",
        Item::Def(_) => "definition",
        Item::Require(_) => "requirement",
        Item::Limit(_) => "limit",
        Item::Rule(_) => "rule",
        Item::Test(_) => "test",
        Item::Allow(_) => "allow_declaration",
    }
}

fn word_kind(kind: plasma_syntax::tree::WordKind) -> &'static str {
    use plasma_syntax::tree::WordKind;
    match kind {
        WordKind::Lower => "identifier",
        WordKind::Upper => "type_identifier",
        WordKind::Any => "any",
        WordKind::Server => "server",
        WordKind::Client => "client",
    }
}

fn arithmetic_kind(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => "sum",
        ArithmeticOp::Multiply | ArithmeticOp::Divide => "product",
    }
}

/// The pieces of a policy by the editors' grammar; what it does not understand is among them.
pub(super) fn by_editor(root: Node<'_>) -> Vec<Piece> {
    let mut found = Vec::new();
    add_node(root, &mut found);
    sorted(found)
}

fn add_node(node: Node<'_>, found: &mut Vec<Piece>) {
    // The compiler counts the quotes of a text within a text, and not what escapes them.
    let inset = u32::from(node.kind() == "escaped_string");
    let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
    let piece = |kind| (start + inset, end - inset, kind);
    if node.is_error() || node.is_missing() {
        found.push(piece("mistake"));
        return;
    }
    let parent = node.parent().map_or("", |parent| parent.kind());
    let kind = match node.kind() {
        // The text of an alert is a text, too.
        "message" | "escaped_string" => "string",
        kind => kind,
    };
    let known = KINDS
        .iter()
        .chain(LEAVES)
        .find(|known| **known == kind && node.is_named());
    // A run of the same joining word is one piece.
    let is_part = matches!(kind, "and" | "or") && parent == kind;
    if let Some(kind) = known.filter(|_| !is_part && is_expression(node, kind, parent)) {
        found.push(piece(kind));
    }
    let mut cursor = node.walk();
    let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    for child in children {
        add_node(child, found);
    }
}

/// Nodes in which words and literals are no expressions.
const HOLD_NAMES: &[&str] = &[
    "limit",
    "attribute",
    "allow_declaration",
    "test",
    "type",
    "actor_declaration",
    "module_path",
    "at",
    "field",
    "label",
    "names",
    "sample",
    "calls_statement",
    "actor_statement",
    "server_statement",
    "negative_number",
    "rule_identifier",
    "qualified_name",
    "no_actions",
    "parameter",
];

/// Words and literals.
const LEAVES: &[&str] = &[
    "number",
    "string",
    "boolean",
    "identifier",
    "type_identifier",
    "any",
    "server",
    "client",
];

/// Whether a word or literal is an expression of its own: not where only a name or a literal can stand.
fn is_expression(node: Node<'_>, kind: &str, parent: &str) -> bool {
    if !LEAVES.contains(&kind) {
        return true;
    }
    // What is expected may be a word; times are literals, and stand in a field.
    let is_expected = parent != "expectation" || field_of(node).is_none();
    is_expected && !HOLD_NAMES.contains(&parent) && field_of(node) != Some("name")
}

/// The field of its parent that a node stands in.
fn field_of(node: Node<'_>) -> Option<&'static str> {
    let parent = node.parent()?;
    let places = 0..parent.child_count() as u32;
    let place = places
        .into_iter()
        .find(|at| parent.child(*at) == Some(node))?;
    parent.field_name_for_child(place)
}
