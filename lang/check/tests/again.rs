//! Checking again after a change finds what checking the whole text would.

use plasma_check::{Checked, Environment, Modules, check_parsed, check_parsed_again};
use plasma_diagnostic::{FileId, SourceMap};
use plasma_syntax::{Parsed, lexemes, parse, parse_again};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::texts::Texts;

/// Rules with all that a check of one may use of the rest: parameters and definitions before and behind it, a
/// module, doubts, silenced ones, and other things that stay as they are.
const POLICY: &str = r#"allow "cross-product" "tried out" until "2099-01-01";
use lib.hot with { share = 50% };
/// A folder.
actor Folder { fn open; files: [File]; depth: int; owner: User; }
actor File { fn read; name: text; }
actor User { fn save; }
param high = 80%;
param deep = 3;
param Hot = Folder;
def busy(s: server) = s.cpu.perc > high and s.mem.perc > low;
rule one: Folder(f).cpu.perc > high => reserve(f, cpu);
server.cpu.perc > 90 => alert("{server} is at {server.cpu.perc}");
/// Files near their folders.
rule three [priority 10, cooldown 60s]: File(x) in ref(Folder(f).files) and f.depth > deep => colocate(f, x);
server.mem.perc > 90 or server.mem.perc < 95 => balance({File}, mem);
rule five: hot.busy(server(s)) and busy(s) => drain(s);
rule six [allow "no-gap" "wanted" until "2099-01-01"]: server.net.perc > 80 or server.net.perc < 79
  => balance({Folder}, net);
rule seven: User(u).call(File(x).read).count > 10 and x.name == "a" => separate(u, x);
rule eight: avg(s.cpu.perc for server(s) where busy(s)) > 3 => scale_out(1);
rule nine: Hot(h).cpu.perc > 10 and User(v).mem.perc > 10 => pin(h); pin(v);
def quiet(f: Folder) = f.cpu.perc < deep_enough for 30s;
param low = 10%;
param deep_enough = 4%;
rule ten: quiet(Folder(f)) and not any(a) in ref(f.files) => passivate(f);
require separate(File(x), User(u)) where u.cpu.perc > 10;
limit migrations 20 per 10s;
rule last: Folder(f).mem.perc > 10 and server.cpu.perc < 40 => pin(f);
true => checkpoint(User);
"#;

const MODULE: &str = "param share = 40%;
def busy(s: server) = s.cpu.perc > share;
rule alone: busy(Folder(f).server) and f.cpu.perc > 10 => reserve(f, cpu);
rule wrong: Folder(f).colour > 10 => reserve(f, cpu);
";

/// What may come into a text.
const WORDS: &[&str] = &[
    "Folder(f)",
    "File(x)",
    "f",
    "x",
    "u",
    "s",
    "server",
    "client",
    "any(a)",
    "cpu",
    "call(",
    "open",
    "files",
    "perc",
    "true",
    "false",
    "and",
    "or",
    "not",
    "in",
    "rule",
    "rule two:",
    "priority",
    "balance({File}, cpu);",
    "reserve(f, cpu);",
    "pin(f);",
    "=>",
    ">",
    "<",
    "(",
    ")",
    "{",
    "]",
    ",",
    ";",
    ":",
    ".",
    "80",
    "80%",
    "7s",
    "high",
    "hihg",
    "deep",
    "low",
    "busy(s)",
    "hot.busy(s)",
    "quiet(f)",
    "Hot(h)",
    "File(x) in ref(f.files)",
    "true => pin(Folder);",
    "Folder(f).cpu.perc > high => pin(f);",
    "/// said",
    "// seen",
    "\n",
];

fn environment(parsed: &Parsed, sources: &mut SourceMap) -> Environment {
    let texts = Texts::new([("lib/hot.plasma", MODULE)]);
    Environment {
        modules: Modules::load(&parsed.tree, sources, &texts),
        notes_names: true,
        ..Environment::default()
    }
}

/// One text after the other, each checked as far as it differs from the one before.
struct Edited {
    parsed: Parsed,
    environment: Environment,
    checked: Checked,
}

impl Edited {
    fn new(text: &str) -> Edited {
        let (mut sources, file) = SourceMap::single("policy.plasma", text);
        let parsed = parse(file, text);
        let environment = environment(&parsed, &mut sources);
        let checked = check_parsed(&parsed, &environment);
        Edited {
            parsed,
            environment,
            checked,
        }
    }

    /// Whether only rules changed; if not, all is checked.
    fn change(&mut self, text: &str) -> bool {
        let before = std::mem::take(&mut self.checked);
        let parsed = std::mem::replace(&mut self.parsed, parse(FileId(0), ""));
        let (parsed, replaced) = parse_again(parsed, text);
        match replaced.filter(|replaced| replaced.is_of_rules(&parsed.tree)) {
            Some(replaced) => {
                self.checked = check_parsed_again(&parsed, &self.environment, before, &replaced);
                self.parsed = parsed;
                true
            }
            None => {
                *self = Edited::new(text);
                false
            }
        }
    }

    fn is_as_new(&self) {
        let new = Edited::new(self.parsed.tree.source());
        let (mine, new) = (
            format!("{:#?}", self.checked),
            format!("{:#?}", new.checked),
        );
        if mine != new {
            let lines = mine.lines().zip(new.lines()).enumerate();
            let differ = lines.filter(|(_, (mine, new))| mine != new).take(8);
            let differ: Vec<_> = differ.collect();
            panic!("{differ:#?}\n{}", self.parsed.tree.source());
        }
    }
}

/// A text with a word gone, another one in its place, or one more.
fn changed(text: &str, (place, change, word): (Index, u8, usize)) -> String {
    let lexemes: Vec<_> = lexemes(text).into_iter().collect();
    let Some(lexeme) = lexemes.get(place.index(lexemes.len().max(1))) else {
        return WORDS[word].to_owned();
    };
    let (start, end) = (lexeme.start as usize, lexeme.end() as usize);
    let (before, after) = (&text[..start], &text[end..]);
    let here = &text[start..end];
    let word = WORDS[word];
    match change {
        0 => format!("{before}{after}"),
        1 => format!("{before}{word}{after}"),
        2 => format!("{before}{here}x{after}"),
        _ => format!("{before}{word} {here}{after}"),
    }
}

#[test]
fn rules_that_did_not_change_are_not_checked() {
    let mut edited = Edited::new(POLICY);
    // A trace of what was known before.
    edited
        .checked
        .program
        .rules
        .retain(|rule| &*rule.name != "one");
    assert!(edited.change(&POLICY.replace("f.depth > deep", "f.depth > 9")));
    let rules = &edited.checked.program.rules;
    assert!(rules.iter().all(|rule| &*rule.name != "one"), "{rules:#?}");
    assert!(
        rules.iter().any(|rule| &*rule.name == "three"),
        "{rules:#?}"
    );
}

#[test]
fn what_only_one_rule_uses_becomes_unused_and_used_again() {
    let mut edited = Edited::new(POLICY);
    let unused = |edited: &Edited| {
        let names = edited.checked.diagnostics.iter().map(|d| d.code.name());
        names.filter(|name| name.starts_with("unused")).count()
    };
    assert_eq!(unused(&edited), 0);
    let rows = [
        ("f.depth > deep", "f.depth > 3"),
        ("quiet(Folder(f))", "Folder(f).cpu.perc > 3"),
        ("Hot(h)", "Folder(h)"),
    ];
    for (used, without) in rows {
        assert!(edited.change(&POLICY.replace(used, without)));
        assert_eq!(unused(&edited), 1, "without {used}");
        edited.is_as_new();
        assert!(edited.change(POLICY));
        assert_eq!(unused(&edited), 0);
        edited.is_as_new();
    }
}

#[test]
fn rules_come_and_go() {
    let mut edited = Edited::new(POLICY);
    let lines: Vec<&str> = POLICY.lines().collect();
    for (place, line) in lines.iter().enumerate() {
        let mut fewer = lines.clone();
        fewer.remove(place);
        edited.change(&fewer.join("\n"));
        edited.is_as_new();
        let mut more = lines.clone();
        more.insert(place, "Folder(g).cpu.perc > high => pin(g);");
        edited.change(&more.join("\n"));
        edited.is_as_new();
        more.insert(place, line);
        edited.change(&more.join("\n"));
        edited.is_as_new();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_policy_is_checked_again_as_if_anew(
        changes in prop::collection::vec((any::<Index>(), 0..4u8, 0..WORDS.len()), 1..8)
    ) {
        let mut edited = Edited::new(POLICY);
        let mut text = POLICY.to_owned();
        for change in changes {
            text = changed(&text, change);
            edited.change(&text);
            edited.is_as_new();
        }
    }
}
