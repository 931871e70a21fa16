//! The functions that read right items and the grammar, held against the grammar alone.

use plasma_diagnostic::FileId;
use proptest::prelude::*;

use super::*;
use crate::lexemes;

#[path = "../../tests/syntax/policies.rs"]
mod policies;

/// What the grammar alone makes of a policy.
fn by_grammar(text: &str) -> Parsed {
    let read = read(Tree::new(FileId(0), text.into()), |builder, source| {
        grammar::PolicyParser::new().parse(builder, source)
    });
    let (tree, diagnostics) = with_holes(read.tree, read.diagnostics);
    Parsed { tree, diagnostics }
}

fn is_the_same(text: &str) {
    let (mine, grammars) = (parse(FileId(0), text), by_grammar(text));
    let (mine, grammars) = (format!("{mine:#?}"), format!("{grammars:#?}"));
    assert!(mine == grammars, "{}\n{text}", difference(&mine, &grammars));
}

/// The first lines in which two texts differ.
fn difference(mine: &str, other: &str) -> String {
    let pairs = mine.lines().zip(other.lines());
    let place = pairs.take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let lines = text.lines().skip(place.saturating_sub(12)).take(16);
        lines.collect::<Vec<_>>().join("\n")
    };
    format!("{}\n---- by the grammar:\n{}", around(mine), around(other))
}

/// What may stand anywhere, rightly or not.
const PIECES: &[&str] = &[
    "rule hot:",
    "rule",
    "param",
    "param high = 80%;",
    "actor",
    "actor A { fn open; b: [B]; }",
    "fn",
    "ref",
    "on",
    "[priority 10]",
    "[",
    "]",
    "true",
    "false",
    "and",
    "or",
    "not",
    "in",
    "client",
    "server",
    "any",
    "balance({A}, cpu);",
    "reserve(f, cpu);",
    "pin(f);",
    "pin",
    "Folder",
    "Folder(f)",
    "f",
    "f.cpu.perc > 3",
    ".cpu",
    "call",
    "80",
    "40%",
    "10/s",
    "100/sec",
    "40x5",
    ".5",
    "\"a\"",
    "=>",
    "->",
    "==",
    "!=",
    "<=",
    "<",
    ">",
    "=",
    ".",
    ",",
    ";",
    ":",
    "?",
    "(",
    ")",
    "{",
    "}",
    "+",
    "-",
    "*",
    "/",
    "%",
    "// x\n",
    "/// x\n",
    "/*",
    "&&",
    "!",
    "é",
    "use std.hotspot;",
    "use",
    "with",
    "def busy(s: server) = s.cpu > 80;",
    "def",
    "require pin(Folder);",
    "require",
    "where",
    "limit servers 2..16;",
    "limit",
    "allow \"no-gap\" \"why\" until \"2027-01-31\";",
    "test",
    "test \"t\" { server s1 { cpu: 90% } expect pin(f); }",
    "for",
    "for 30s",
    "over 60s",
    "over",
    "avg(s.cpu for server(s) where",
    "alert(\"{f.cpu}\");",
    "by",
    "a > 3 > 4",
    "priority",
    "\n",
];

/// Changes to a text: at which lexeme, what, and with which piece.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, usize)>> {
    let change = (any::<prop::sample::Index>(), 0..4u8, 0..PIECES.len());
    prop::collection::vec(change, 0..6)
}

/// A text with a few lexemes more, fewer or changed.
fn changed(text: &str, changes: &[(prop::sample::Index, u8, usize)]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut end = 0;
    for lexeme in lexemes(text) {
        let before = text.get(end..lexeme.start as usize).unwrap_or("");
        words.push(format!("{before}{}", lexeme.text));
        end = lexeme.end() as usize;
    }
    for (place, change, piece) in changes {
        if words.is_empty() {
            break;
        }
        let place = place.index(words.len());
        let piece = format!(" {}", PIECES[*piece]);
        match change {
            0 => drop(words.remove(place)),
            1 => words[place] = piece,
            2 => words.truncate(place),
            _ => words.insert(place, piece),
        }
    }
    words.concat()
}

/// All published policies one after the other, and everything else that there is.
fn whole() -> String {
    let published = policies::PUBLISHED.iter().map(|(_, text)| *text);
    let mut whole: String = published.collect::<Vec<_>>().join("\n");
    whole += "\n";
    whole += policies::EVERYTHING;
    whole
}

#[test]
fn right_policies_are_read_as_by_the_grammar() {
    is_the_same(&whole());
}

#[test]
fn a_mistake_does_not_keep_the_rest_from_being_read() {
    for piece in PIECES {
        let rest = "A(a).cpu > 3 => pin(a);\n".repeat(4);
        is_the_same(&format!("{piece} {rest}"));
        is_the_same(&format!("B(b).cpu > 3 => pin(b);\n {piece} {rest}"));
        is_the_same(&format!("B(b).cpu > 3 {piece} => pin(b); {rest}"));
        is_the_same(&format!("B(b).cpu > {piece} and {rest}"));
        is_the_same(&format!("rule a: {piece} {piece} {rest} rule b: {rest}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn policies_with_mistakes_are_read_as_by_the_grammar(changes in changes()) {
        is_the_same(&changed(&whole(), &changes));
    }

    #[test]
    fn any_pieces_are_read_as_by_the_grammar(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)
    ) {
        is_the_same(&pieces.join(" "));
    }
}
