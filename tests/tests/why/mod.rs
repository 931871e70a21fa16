//! Explanations on random clusters: what is told as fired is what the evaluator fires, neither more nor
//! less, and the conditions shown make the truth of the rule.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::iter::Peekable;

use plasma_check::program::{CheckedProgram, Condition, Rule, Span};
use plasma_check::{Environment, check_source};
use plasma_columns::Columns;
use plasma_diagnostic::SourceMap;
use plasma_engine::trace::TraceReader;
use plasma_eval::{AtomReading, Derivation, Evaluation, Past, Truth, evaluate};
use plasma_model::{Binding, Entity, Reservations, Snapshot};
use plasma_scenario::{Subject, ToldMax, Why, read_moment, why};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::random::{cluster, policy};

/// So many policies, each on [`CLUSTERS`].
const POLICIES: usize = 150;
const CLUSTERS: usize = 12;

const EVERYTHING: ToldMax = ToldMax {
    firings: usize::MAX,
    misses: usize::MAX,
};

const BEHAVIORS: &[&str] = &[
    "pin(Folder(f))",
    "colocate(Folder(f), Folder(g))",
    "separate(Folder(f), File(x))",
    "reserve(Folder(f), cpu)",
    "pin(File)",
    "balance({Folder}, cpu)",
];

fn policies() -> impl Strategy<Value = String> {
    let condition = prop_oneof![
        2 => policy::conjunctions(),
        1 => policy::related().prop_map(|(wide, _)| wide),
        1 => policy::related().prop_map(|(_, narrow)| narrow),
    ];
    let rule = (condition, prop::sample::select(BEHAVIORS));
    prop::collection::vec(rule, 1..4).prop_map(|rules| {
        let rules = rules.iter();
        let rules = rules.map(|(condition, behavior)| format!("{condition} => {behavior};\n"));
        format!("{}{}", policy::SCHEMA, rules.collect::<String>())
    })
}

#[test]
fn what_is_told_as_fired_is_what_fires_and_conditions_make_the_truth_of_their_rule() {
    let mut runner = TestRunner::deterministic();
    let (mut fired, mut missed, mut policies_used) = (0, 0, 0);
    for _ in 0..POLICIES {
        let text = policies()
            .new_tree(&mut runner)
            .expect("no filters")
            .current();
        let (_, file) = SourceMap::single("policy", text.as_str());
        let checked = check_source(file, text.as_str(), &Environment::default());
        // An `or` may bind a variable on one side only.
        if checked.has_errors() {
            continue;
        }
        policies_used += 1;
        for _ in 0..CLUSTERS {
            let cluster = cluster::clusters().new_tree(&mut runner);
            let snapshot = cluster.expect("no filters").current();
            let case = Case::new(&text, &checked.program, &snapshot);
            for rule in &checked.program.rules {
                let (told, nearest) = case.rule(rule);
                fired += told;
                missed += nearest;
            }
            snapshot
                .actors
                .keys()
                .for_each(|id| case.actor(&Entity::Actor(id.clone())));
        }
    }
    assert!(
        policies_used > POLICIES / 2,
        "only {policies_used} policies"
    );
    assert!(
        fired > 2000 && missed > 2000,
        "{fired} fired, {missed} missed"
    );
}

/// So many folders, and as many files: far more pairs than are looked at one by one.
const MANY: usize = 300;

/// Folders `f000`, `f001`, .. on one server that is nearly busy, each with one file; the last of them are those
/// that have something to do with what is asked.
fn many_pairs() -> Columns {
    let mut lines = vec![
        r#"{"event":"server","id":"s1","cpu":{"perc":78,"capacity":4}}"#.to_owned(),
        r#"{"event":"server","id":"s2","cpu":{"perc":10,"capacity":4}}"#.to_owned(),
    ];
    for place in 0..MANY {
        let (file, folder) = (format!("x{place:03}"), format!("f{place:03}"));
        let of_files = format!(
            r#"{{"event":"actor","id":"{file}","type":"File","server":"s1","cpu":{{"perc":{}}}}}"#,
            place % 7
        );
        let of_folders = format!(
            r#"{{"event":"actor","id":"{folder}","type":"Folder","server":"s1","cpu":{{"perc":{}}},"refs":{{"files":["{file}"]}}}}"#,
            place % 11
        );
        lines.extend([of_files, of_folders]);
    }
    let last = MANY - 1;
    lines.push(format!(
        r#"{{"event":"calls","from":"f{last:03}","to":"x{:03}","fn":"open","count":900}}"#,
        last - 1
    ));
    lines.push(r#"{"event":"tick","t":10}"#.to_owned());
    let trace = TraceReader::new("pairs.jsonl", Box::new(Cursor::new(lines.join("\n"))));
    let moment = read_moment(trace, None, None, &mut Past::default());
    moment.expect("it is a trace").columns
}

/// The nearest miss of the only rule of a policy, for an actor if one is named.
fn nearest(policy: &str, about: Option<&str>) -> String {
    let text = format!("{}{policy}", policy::SCHEMA);
    let (_, file) = SourceMap::single("policy", text.as_str());
    let checked = check_source(file, text.as_str(), &Environment::default());
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    let (columns, past) = (many_pairs(), Past::of(&checked.program));
    let subject = match about {
        None => Subject::Rule(0),
        Some(id) => Subject::RuleFor(0, Entity::Actor(id.into())),
    };
    let told_max = ToldMax {
        firings: 1,
        misses: 1,
    };
    let why = why(&checked.program, (&columns, &past), &subject, told_max);
    assert!(why.firings.is_empty(), "{:?}", why.firings);
    let miss = why.misses.first().expect("there is a binding");
    let binding = miss.binding.iter();
    let binding: Vec<String> = binding.map(|(name, id)| format!("{name} = {id}")).collect();
    let failing = miss.atoms.iter().filter(|atom| !atom.holds.is_true());
    let failing: Vec<String> = failing.map(ToString::to_string).collect();
    format!("{}: {}", binding.join(", "), failing.join("; "))
}

/// Of 90 000 pairs those count first that have to do with each other, wherever their ids stand.
#[test]
fn what_comes_nearest_is_looked_for_along_the_links() {
    // All but one condition hold.
    assert_eq!(
        nearest(
            "rule near: f.server.cpu.perc > 80 and f.cpu.perc >= 10 and File(x) in ref(Folder(f).files) and \
             x.cpu.perc >= 6 => pin(f);",
            None
        ),
        "f = f076, x = x076: server.cpu.perc = 78 %, needs > 80 %"
    );
    // No pair has all but one; a linked one has more in common than any other.
    assert_eq!(
        nearest(
            "rule near: f.server.cpu.perc > 80 and f.cpu.perc > 70 and File(x) in ref(Folder(f).files) and \
             x.cpu.perc > 70 => pin(f);",
            None
        ),
        "f = f076, x = x076: server.cpu.perc = 78 %, needs > 80 %; f.cpu.perc = 10 %, needs > 70 %; \
         x.cpu.perc = 6 %, needs > 70 %"
    );
    // Calls link, too, if there are any.
    assert_eq!(
        nearest(
            "rule near: Folder(f).call(File(x).open).count > 1000 and x.cpu.perc >= 0 and f.cpu.perc >= 0 \
             => colocate(f, x);",
            None
        ),
        "f = f299, x = x298: f.call(x.open).count = 900, needs > 1000"
    );
}

#[test]
fn for_one_actor_it_is_looked_for_along_its_own_links() {
    let rule = "rule near: f.server.cpu.perc > 80 and File(x) in ref(Folder(f).files) => pin(f);";
    assert_eq!(
        nearest(rule, Some("f299")),
        "f = f299, x = x299: server.cpu.perc = 78 %, needs > 80 %"
    );
    assert_eq!(
        nearest(rule, Some("x280")),
        "f = f280, x = x280: server.cpu.perc = 78 %, needs > 80 %"
    );
}

/// One policy on one cluster.
struct Case<'c> {
    text: &'c str,
    program: &'c CheckedProgram,
    snapshot: &'c Snapshot,
    columns: Columns,
    evaluation: Evaluation,
}

impl<'c> Case<'c> {
    fn new(text: &'c str, program: &'c CheckedProgram, snapshot: &'c Snapshot) -> Case<'c> {
        let (past, nothing_held) = (Past::default(), Reservations::default());
        let columns = Columns::of(snapshot);
        Case {
            text,
            program,
            snapshot,
            evaluation: evaluate(program, &columns, &past, &nothing_held),
            columns,
        }
    }

    fn why(&self, subject: &Subject) -> Why {
        let past = Past::default();
        why(self.program, (&self.columns, &past), subject, EVERYTHING)
    }

    /// The bindings for which a rule asks for something.
    fn asking(&self, rule: &Rule) -> BTreeSet<&Binding> {
        let causes = self
            .evaluation
            .intents
            .iter()
            .flat_map(|intent| &intent.causes);
        let own = causes.filter(|cause| cause.rule_index == rule.index);
        own.map(|cause| &cause.binding).collect()
    }

    /// Checks what is told of a rule: how many firings, and how many bindings that do not fire.
    fn rule(&self, rule: &Rule) -> (usize, usize) {
        let why = self.why(&Subject::Rule(rule.index));
        let told: BTreeSet<&Binding> = why.firings.iter().map(|f| &f.derivation.binding).collect();
        let count = self.evaluation.fired[rule.index];
        assert_eq!(why.firings.len(), count, "{} in {}", rule.name, self.text);
        assert_eq!(told.len(), count, "each is told once");
        assert!(
            self.asking(rule).is_subset(&told),
            "{} in {}",
            rule.name,
            self.text
        );
        for firing in &why.firings {
            self.derivation(rule, &firing.derivation, true);
        }
        for miss in &why.misses {
            self.derivation(rule, miss, false);
        }
        (why.firings.len(), why.misses.len())
    }

    fn derivation(&self, rule: &Rule, derivation: &Derivation, fires: bool) {
        let place = || format!("{derivation:#?} of {} on {:#?}", self.text, self.snapshot);
        assert_eq!(derivation.holds.is_true(), fires, "{}", place());
        let mut atoms = derivation.atoms.iter().peekable();
        let combined = combined(&rule.condition, &mut atoms);
        assert_eq!(combined, derivation.holds, "{}", place());
        assert!(atoms.next().is_none(), "an atom too many: {}", place());
    }

    /// Checks what is told of an actor.
    fn actor(&self, entity: &Entity) {
        let why = self.why(&Subject::Entity(entity.clone()));
        for rule in &self.program.rules {
            let of_rule = |name: &str| *rule.name == *name;
            let told = why.firings.iter().map(|firing| &firing.derivation);
            let told: BTreeSet<&Binding> = told
                .filter(|derivation| of_rule(&derivation.rule))
                .map(|derivation| &derivation.binding)
                .collect();
            let is_bound = |binding: &&&Binding| binding.iter().any(|(_, bound)| bound == entity);
            let asking = self.asking(rule);
            let about: BTreeSet<&Binding> = asking.iter().filter(is_bound).copied().collect();
            assert!(
                about.is_subset(&told),
                "{entity}, {} in {}",
                rule.name,
                self.text
            );
        }
        for firing in &why.firings {
            assert!(firing.derivation.holds.is_true());
        }
        assert!(why.firings.is_empty() || why.misses.is_empty());
        assert!(why.misses.iter().all(|miss| !miss.holds.is_true()));
    }
}

/// What the atoms of a derivation make of the condition that they are of (Kleene's `and` and `or`).
fn combined<'a>(
    condition: &Condition,
    atoms: &mut Peekable<impl Iterator<Item = &'a AtomReading>>,
) -> Truth {
    match condition {
        Condition::Constant(value) => Truth::from(*value),
        Condition::And(parts) => {
            let parts = parts.iter().map(|part| combined(part, atoms));
            parts.fold(Truth::True, Truth::min)
        }
        Condition::Or(sides) => {
            let sides = sides.iter().map(|side| {
                // Of a side whose variables can stand for nothing, nothing is shown.
                let next = atoms.peek().map(|atom| atom.span);
                match side.locals.is_empty() || next == first_span(&side.condition) {
                    true => combined(&side.condition, atoms),
                    false => Truth::False,
                }
            });
            sides.fold(Truth::False, Truth::max)
        }
        Condition::Not(_) | Condition::Sustained { .. } | Condition::Atom(_) => {
            atoms.next().expect("each condition is shown").holds
        }
    }
}

fn first_span(condition: &Condition) -> Option<Span> {
    let mut first = None;
    condition.for_each_atom(&mut |atom, _| {
        first.get_or_insert(atom.span);
    });
    first
}
