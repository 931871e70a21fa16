//! Bounds: beyond them a clear message, whatever the size, and no exhausted stack.

use plasma_diagnostic::{Code, FileId, SourceMap};
use plasma_syntax::tree::{ExprId, ExprKind, Tree};
use plasma_syntax::{
    NESTING_DEPTH_MAX, POLICY_BYTES_MAX, POLICY_RULES_MAX, SYNTAX_ERRORS_MAX, parse,
};

use crate::show;

/// The messages, without their places.
fn messages(source: &str) -> Vec<String> {
    let parsed = parse(FileId(0), source);
    assert!(depth(&parsed.tree) <= NESTING_DEPTH_MAX);
    let diagnostics = parsed.diagnostics.into_iter();
    diagnostics.map(|diagnostic| diagnostic.message).collect()
}

/// The greatest depth of the conditions.
fn depth(tree: &Tree) -> usize {
    let depths = tree.rules().map(|rule| expr_depth(tree, rule.condition));
    depths.max().unwrap_or(0)
}

/// Depth of an expression, found without recursion.
fn expr_depth(tree: &Tree, id: ExprId) -> usize {
    let mut deepest = 0;
    let mut open = vec![(id, 1)];
    while let Some((id, depth)) = open.pop() {
        deepest = deepest.max(depth);
        let below: Vec<ExprId> = match tree.expr(id).kind {
            ExprKind::Call { args, .. } => tree.list(args).to_vec(),
            ExprKind::Member { base, args, .. } => {
                let args = args.map_or(&[][..], |args| tree.list(args));
                [&[base][..], args].concat()
            }
            ExprKind::Types(list) | ExprKind::And(list) | ExprKind::Or(list) => {
                tree.list(list).to_vec()
            }
            ExprKind::Paren(inner) | ExprKind::Not(inner) | ExprKind::Minus(inner) => vec![inner],
            ExprKind::Compare { left, right, .. } | ExprKind::Arithmetic { left, right, .. } => {
                vec![left, right]
            }
            ExprKind::InRef {
                actor, property, ..
            } => vec![actor, property],
            ExprKind::On { actor, host, .. } => vec![actor, host],
            ExprKind::Windowed { of, window } => vec![of, window],
            ExprKind::Sustained { condition, window } => vec![condition, window],
            ExprKind::Aggregate {
                of, ranges, filter, ..
            } => {
                let parts = [of].into_iter().chain(filter);
                parts.chain(tree.list(ranges).iter().copied()).collect()
            }
            _ => Vec::new(),
        };
        open.extend(below.into_iter().map(|id| (id, depth + 1)));
    }
    deepest
}

#[test]
fn depth_within_the_bound_is_read() {
    let n = NESTING_DEPTH_MAX - 3;
    let nested = format!("{}a.b > 1{} => pin(f);", "(".repeat(n), ")".repeat(n));
    assert_eq!(messages(&nested), Vec::<String>::new());
    let chained = format!("a{} => pin(f);", ".b".repeat(NESTING_DEPTH_MAX - 1));
    assert_eq!(messages(&chained), Vec::<String>::new());
}

#[test]
fn depth_beyond_the_bound_is_one_mistake() {
    let n = 100_000;
    for deep in [
        format!("{}a{} => pin(f);", "(".repeat(n), ")".repeat(n)),
        format!("{}a => pin(f);", "not ".repeat(n)),
        format!("{}a{} => pin(f);", "not (".repeat(n), ")".repeat(n)),
        format!("a{} => pin(f);", ".b".repeat(n)),
        format!("a{}{} => pin(f);", ".b(c".repeat(n), ")".repeat(n)),
        format!("true => pin({}f{});", "a(".repeat(n), ")".repeat(n)),
    ] {
        let messages = messages(&deep);
        assert_eq!(messages, ["nested more than 128 levels deep"]);
    }
}

/// Long conditions are not deep ones.
#[test]
fn length_is_no_depth() {
    let n = 50_000;
    let long = format!("a.b > 1{} => pin(f);", " and a.b > 1 or not c".repeat(n));
    assert_eq!(messages(&long), Vec::<String>::new());
}

#[test]
fn never_closed_parentheses_are_not_one_nesting() {
    let many = "(a => pin(f);\n".repeat(50);
    let messages = messages(&many);
    assert_eq!(messages.len(), 50);
    assert!(
        messages
            .iter()
            .all(|message| message.starts_with("expected `)`"))
    );
}

#[test]
fn too_many_bytes() {
    let source = "/".repeat(POLICY_BYTES_MAX + 1);
    let parsed = parse(FileId(0), source.as_str());
    let [diagnostic] = parsed.diagnostics.as_slice() else {
        panic!("{} diagnostics", parsed.diagnostics.len());
    };
    assert_eq!(diagnostic.code, Code::TooLarge);
    assert_eq!(
        diagnostic.message,
        "the text has 16777217 bytes, more than the 16 MiB that are read"
    );
}

#[test]
fn too_many_rules() {
    let rule = "true => pin(f);\n";
    let enough = parse(FileId(0), rule.repeat(POLICY_RULES_MAX));
    assert_eq!(enough.diagnostics, []);
    assert_eq!(enough.tree.rules().count(), POLICY_RULES_MAX);

    let parsed = parse(FileId(0), rule.repeat(POLICY_RULES_MAX + 1000));
    assert_eq!(parsed.tree.rules().count(), POLICY_RULES_MAX);
    let messages: Vec<&str> = parsed
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(messages, ["more than 50000 rules in one file"]);
}

/// Whatever is wrong, the list of mistakes stays readable, and reading ends soon.
#[test]
fn too_many_mistakes() {
    for junk in [
        "; ",
        "a ",
        "( ",
        ") ",
        "{ ",
        "} ",
        "rule ",
        "rule a ",
        "=> ",
        "@ ",
        "\u{0} ",
        "'a' ",
        "\" ",
        "1x ",
        ". ",
        "actor A { ",
        "not ",
        ", ",
        "a b; ",
        "pin( ",
        "=> pin(f ",
        "true => ",
        "/* ",
        "80 % ",
        "if a then b; ",
    ] {
        let messages = messages(&junk.repeat(50_000));
        assert!(
            messages.len() <= SYNTAX_ERRORS_MAX,
            "{junk}: {}",
            messages.len()
        );
        assert!(!messages.is_empty(), "{junk}");
    }
}

/// A deep stack and a long run of tokens that fit nowhere.
#[test]
fn junk_under_open_parentheses() {
    let source = format!("{}{}", "(".repeat(120), ": ".repeat(1_000_000));
    assert!(!messages(&source).is_empty());
}

#[test]
fn a_binary_file() {
    let source: String = (0..2000u32)
        .map(|n| char::from_u32(n * 7919 % 0x3000).unwrap_or('\u{fffd}'))
        .collect();
    let (sources, file) = SourceMap::single("policy.plasma", source.as_str());
    let parsed = parse(file, source.as_str());
    let first = parsed
        .diagnostics
        .first()
        .map(std::slice::from_ref)
        .unwrap_or_default();
    snapshot!(show::rendered(&sources, first));
}
