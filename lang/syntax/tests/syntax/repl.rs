//! Input at a prompt: the parser itself tells whether another line is needed.

use plasma_diagnostic::FileId;
use plasma_syntax::{ReplStatus, parse_repl_input};

use crate::dump;

fn status(input: &str) -> ReplStatus {
    parse_repl_input(FileId(0), input).status
}

#[test]
fn complete_inputs() {
    for input in [
        "",
        "  // nothing\n",
        "server.cpu",
        "Folder(f).cpu.perc",
        "f.cpu > 80 and\n f.mem > 3",
        "80%",
        "true => pin(f);",
        "rule a: true => pin(f);\nparam x = 3;",
        "actor A { fn x; }",
        "param high = 80%;\nserver.cpu > high",
    ] {
        assert_eq!(status(input), ReplStatus::Complete, "{input}");
    }
}

#[test]
fn every_beginning_of_a_complete_input_is_incomplete_or_complete() {
    for input in [
        "server.cpu.perc > 80 and client.call(Folder(f).open).perc > 40 => reserve(f, cpu);",
        "rule a [priority 1]: not (f in ref(g.x)) => balance({A, B}, cpu); pin(f);",
        "actor A { files: [File]; parent: A?; fn open; }",
        "param high = 80%;",
        "/* a comment */ true => pin(f);",
    ] {
        for end in 0..=input.len() {
            let beginning = &input[..end];
            // A word cut in the middle is another word, and may be a mistake.
            let cuts_word = |c: char| c.is_alphanumeric();
            let is_cut = beginning.ends_with(cuts_word) && input[end..].starts_with(cuts_word);
            let is_half_sign = beginning.ends_with(['/', '=']);
            if !is_cut && !is_half_sign {
                assert_ne!(status(beginning), ReplStatus::Wrong, "{beginning}");
            }
        }
    }
}

#[test]
fn incomplete_inputs() {
    for input in [
        "server.",
        "server.cpu >",
        "server.cpu > 80 and",
        "(server.cpu",
        "client.call(Folder(f)",
        "not",
        "true =>",
        "true => pin(f)",
        "true => pin(f); reserve(",
        "rule a",
        "rule a:",
        "rule a [priority",
        "param x",
        "param x = 3",
        "actor A {",
        "actor A { fn x; files: [",
        "/* a comment",
    ] {
        assert_eq!(status(input), ReplStatus::Incomplete, "{input}");
    }
}

#[test]
fn wrong_inputs() {
    for input in [
        "server..cpu",
        "server.cpu > > 80",
        "server.cpu > 80)",
        "true => f.open;",
        "rule a: => pin(f);",
        "param x = ;",
        "80x5",
        "server.cpu > 3 @",
        "server.cpu > 80; server.cpu >",
        "'a",
    ] {
        assert_eq!(status(input), ReplStatus::Wrong, "{input}");
    }
}

#[test]
fn an_expression_is_given_back() {
    let input = parse_repl_input(FileId(0), "param x = 3; Folder(f).cpu.perc > x");
    let expression = input.expression.expect("an expression");
    assert_eq!(
        dump::expr(&input.tree, expression),
        "(> (. (. (call Folder f) cpu) perc) x)"
    );
    assert_eq!(input.tree.items().len(), 1);
    assert!(
        parse_repl_input(FileId(0), "true => pin(f);")
            .expression
            .is_none()
    );
}
