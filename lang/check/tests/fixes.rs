//! The safe fixes of policies with one mistake, each that a wrong word can make: with the fix that
//! mistake is gone, and the text parses no worse. (Every fix of a report is tried in `report.rs`.)

use plasma_check::{Environment, check_source};
use plasma_diagnostic::{Code, Diagnostic, FileId, edited};

/// Policies without mistakes, word by word.
const POLICIES: &[&str] = &[
    "actor Folder { files : [ File ] ; size : int ; fn open ; } actor File { fn read ; } \
     param high = 80% ; rule hot [ priority 3 ] : server . cpu > high and client . call ( \
     Folder ( f ) . open ) . perc > 40 and f . cpu > 15 and File ( x ) in ref ( f . files ) \
     => reserve ( f , cpu ) ; colocate ( f , x ) ;",
    "Folder ( f ) . call ( File ( x ) . read ) . count > 10 and f . server . mem . size > 10MB \
     => pin ( x ) ; server ( s ) . cpu . perc > 80 or s . cpu . perc < 60 \
     => balance ( { Folder , File } , cpu ) ;",
    "server ( s ) . cpu . perc < 20 and Folder ( f ) . cpu > 5 and not f on s \
     => migrate ( f , s ) ; drain ( f . server ) ;",
];

/// What people put there by mistake.
const WORDS: &[&str] = &[
    "Folder",
    "Foldr",
    "folder",
    "File",
    "f",
    "F",
    "x",
    "y",
    "server",
    "client",
    "any",
    "cpu",
    "mem",
    "memory",
    "call",
    "open",
    "opne",
    "files",
    "file",
    "perc",
    "percent",
    "count",
    "size",
    "bytes",
    "true",
    "True",
    "false",
    "and",
    "or",
    "not",
    "ref",
    "rule",
    "param",
    "actor",
    "fn",
    "priority",
    "balance",
    "balanse",
    "reserve",
    "colocate",
    "pin",
    "drain",
    "migrate",
    "=>",
    "⇒",
    "->",
    ">",
    ">=",
    "≥",
    "<",
    "=",
    "==",
    "===",
    "!=",
    "<>",
    "&&",
    "||",
    "!",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    ":",
    ".",
    "80",
    "80%",
    "80 %",
    "0.8",
    ".8",
    "180",
    "-1",
    "1.5",
    "10MB",
    "10MB/s",
    "7s",
    "7sec",
    "5M",
    "1e3",
    "0x10",
    "10x",
    "'a'",
    "# b\n",
    "/// b\n",
    "int",
    "integer",
    "List<File>",
    "File[]",
    "File?",
    "Folder(f)",
    "Folder(F)",
    "client(c)",
    "server.cpu > 80",
    "40 < f.cpu < 60",
    "f.server",
    "f.files",
    "f.cpu",
    "=> pin(f);",
];

/// Every policy with one word replaced or left out.
fn for_each_slip(mut visit: impl FnMut(&str)) {
    for policy in POLICIES {
        let words: Vec<&str> = policy.split(' ').collect();
        for place in 0..words.len() {
            let (before, rest) = words.split_at(place);
            let (before, after) = (before.join(" "), rest[1..].join(" "));
            visit(&format!("{before} {after}"));
            for put in WORDS {
                visit(&format!("{before} {put} {after}"));
            }
        }
    }
}

fn check(text: &str) -> Vec<Diagnostic> {
    check_source(FileId(0), text, &Environment::default()).diagnostics
}

fn unread(diagnostics: &[Diagnostic]) -> usize {
    let is_unread = |d: &&Diagnostic| matches!(d.code, Code::BadToken | Code::SyntaxError);
    diagnostics.iter().filter(is_unread).count()
}

#[test]
fn the_policies_have_no_mistakes() {
    for policy in POLICIES {
        assert_eq!(check(policy), []);
    }
}

#[test]
fn after_a_safe_fix_its_mistake_is_gone_and_the_text_parses_no_worse() {
    let mut fixes = 0;
    let mut failures = Vec::new();
    for_each_slip(|text| {
        let found = check(text);
        let [diagnostic] = found.as_slice() else {
            return;
        };
        for fix in diagnostic.fixes.iter().filter(|fix| fix.safe) {
            fixes += 1;
            let Some(after) = edited(text, &fix.edits) else {
                failures.push(format!("{}: edits that overlap\n{text}", fix.title));
                continue;
            };
            let found = check(&after);
            let is_same =
                |d: &Diagnostic| d.code == diagnostic.code && d.message == diagnostic.message;
            if found.iter().any(is_same)
                || unread(&found) > unread(std::slice::from_ref(diagnostic))
            {
                let (code, title) = (diagnostic.code, &fix.title);
                let kind = if fix.safe { "safe" } else { "doubtful" };
                failures.push(format!("{code} {kind} {title}:\n{text}\n{after}\n"));
            }
        }
    });
    assert!(fixes > 200, "only {fixes} fixes were tried");
    let some = failures.iter().take(20).cloned().collect::<Vec<_>>();
    assert!(
        failures.is_empty(),
        "{} of {fixes}\n{}",
        failures.len(),
        some.join("\n")
    );
}
