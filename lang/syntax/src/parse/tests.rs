//! The functions that read right items and the grammar, held against the grammar alone.

use std::ops::Range;

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
    let mut parsed = Parsed {
        tree,
        diagnostics,
        restarts: Vec::new(),
    };
    parsed.find_stray_docs();
    parsed
}

fn is_the_same(text: &str) {
    let (mut mine, grammars) = (parse(FileId(0), text), by_grammar(text));
    // The grammar notes none.
    mine.restarts.clear();
    let (mine, grammars) = (format!("{mine:#?}"), format!("{grammars:#?}"));
    assert!(mine == grammars, "{}\n{text}", difference(&mine, &grammars));
}

/// Reads a text, and then another one as far as it differs: that must be the same as reading it alone.
fn is_read_again(before: &str, after: &str) -> Option<Replaced> {
    let (again, replaced) = parse_again(parse(FileId(0), before), after);
    let anew = parse(FileId(0), after);
    if again != anew {
        let (again, anew) = (format!("{again:#?}"), format!("{anew:#?}"));
        let difference = difference(&again, &anew);
        panic!("{difference}\n---- before:\n{before}\n---- after:\n{after}");
    }
    replaced
}

/// The first lines in which two texts differ.
fn difference(mine: &str, other: &str) -> String {
    let pairs = mine.lines().zip(other.lines());
    let place = pairs.take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let lines = text.lines().skip(place.saturating_sub(12)).take(16);
        lines.collect::<Vec<_>>().join("\n")
    };
    format!("{}\n---- but:\n{}", around(mine), around(other))
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

/// Some policies one after the other, with a doc comment, an alert and a test among them.
const SEVERAL: &str = r#"actor Folder { fn open; files: [File]; }
actor File { fn read; }
param high = 80%;
/// The first one.
rule one: Folder(f).cpu.perc > high => reserve(f, cpu);
server.cpu.perc > 90 => alert("{server} is at {server.cpu.perc}");
/// The third one.
rule three: File(x) in ref(Folder(f).files) => colocate(f, x);
server.mem.perc > 90 => alert("too full: {server.mem.perc}"); balance({File}, mem);
test "one" { server s1 { cpu: 90% } Folder f on s1 { cpu: 85% } expect reserve(f, cpu) by one; }
rule last: Folder(f).mem.perc > 10 => pin(f);
"#;

/// What was read again when one text became another in [`SEVERAL`].
fn read_again(one: &str, other: &str) -> Option<(Range<usize>, Range<usize>, String)> {
    assert!(SEVERAL.contains(one), "{one} stands there");
    let after = SEVERAL.replacen(one, other, 1);
    let replaced = is_read_again(SEVERAL, &after)?;
    let range = replaced.after.start as usize..replaced.after.end as usize;
    let read = after[range].trim().to_owned();
    Some((replaced.items_before, replaced.items_after, read))
}

#[test]
fn only_what_is_around_a_change_is_read_again() {
    let third =
        "/// The third one.\nrule three: File(x) in ref(Folder(f).filex) => colocate(f, x);";
    assert_eq!(
        read_again("files)", "filex)"),
        Some((5..6, 5..6, third.to_owned()))
    );
    // What is said about an item belongs to it.
    let (gone, came, read) = read_again("third one", "3rd one").expect("an item");
    assert_eq!((gone, came), (5..6, 5..6));
    assert!(read.starts_with("/// The 3rd one."), "{read}");
    // One more, and one less.
    let (gone, came, _) =
        read_again("/// The third", "true => pin(File);\n/// The third").expect("items");
    assert_eq!((gone.len() + 1, came.len()), (came.len(), gone.len() + 1));
    let (gone, came, _) = read_again(
        "rule three: File(x) in ref(Folder(f).files) => colocate(f, x);\n",
        "",
    )
    .expect("items");
    assert_eq!(gone.len(), came.len() + 1);
    // A behavior behind a `;` belongs to the rule before.
    let (gone, came, _) = read_again(
        "rule three: File(x) in ref(Folder(f).files) => colocate",
        "pin",
    )
    .expect("items");
    assert_eq!(gone.len(), came.len() + 1);
    // A mistake reaches as far as it takes to get over it.
    assert!(read_again("cpu.perc > high =>", "cpu.perc >").is_some());
    assert!(read_again("expect reserve(f, cpu) by one;", "expect reserve(").is_some());
    // What opens or closes a comment may change everything.
    let (gone, came, _) = read_again("rule three", "/* rule three").expect("items");
    assert_eq!((gone, came), (5..9, 5..5));
    assert!(read_again("rule three", "/* */ rule three").is_some());
    assert_eq!(read_again("actor", "actor"), None, "nothing changed");
}

#[test]
fn every_letter_of_a_policy_may_go_or_come_twice() {
    for (at, letter) in SEVERAL.char_indices() {
        let (before, after) = SEVERAL.split_at(at);
        is_read_again(SEVERAL, &format!("{before}{letter}{after}"));
        is_read_again(SEVERAL, &format!("{before}{}", &after[letter.len_utf8()..]));
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

    #[test]
    fn a_changed_text_is_read_again_as_if_anew(
        known in changes(),
        more in prop::collection::vec(changes(), 1..4),
    ) {
        let mut before = changed(&whole(), &known);
        for changes in more {
            let after = changed(&before, &changes);
            is_read_again(&before, &after);
            before = after;
        }
    }

    #[test]
    fn changed_pieces_are_read_again_as_if_anew(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40),
        changes in changes(),
    ) {
        let before = pieces.join(" ");
        is_read_again(&before, &changed(&before, &changes));
    }
}
