//! Rules that contradict each other: the witness of each is a test that passes, in which both rules
//! fire; and without the rule that wins, the other one gets what it asks for.

use plasma_check::program::{CheckedProgram, Rule, Wanted};
use plasma_check::{Checked, Environment, check_source};
use plasma_diagnostic::{Code, Diagnostic, FileId, SourceMap};
use plasma_scenario::{is_shown, retain_shown, run_test};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::random::policy;

/// So many pairs of rules are looked at.
const PAIRS: usize = 3000;

/// So many policies of several rules.
const POLICIES: usize = 1500;

/// Behaviors that may contradict each other.
const BEHAVIORS: &[(&str, &str)] = &[
    (
        "colocate(Folder(f), File(x))",
        "separate(Folder(f), File(x))",
    ),
    (
        "separate(Folder(f), File(x))",
        "colocate(File(x), Folder(f))",
    ),
    ("colocate(Folder, File(x))", "separate(Folder(f), File)"),
    ("reserve(Folder(f), cpu)", "pin(Folder(f))"),
    ("pin(Folder)", "reserve(Folder(f), mem)"),
    ("migrate(Folder(f), server(s))", "pin(Folder(f))"),
    ("migrate(Folder(f), File(x).server)", "pin(Folder(f))"),
    ("pin(Folder(f))", "drain(server(s))"),
    ("drain(Folder(f).server)", "pin(Folder)"),
    ("balance({Folder}, cpu)", "pin(Folder)"),
    ("balance({Folder, File}, mem)", "pin(any)"),
];

fn pairs() -> impl Strategy<Value = String> {
    let condition = || {
        prop_oneof![
            1 => Just("true".to_owned()),
            3 => policy::conjunctions(),
            1 => policy::related().prop_map(|(wide, _)| wide),
            1 => policy::conjunctions().prop_map(|condition| format!("({condition}) for 30s")),
        ]
    };
    let behaviors = prop::sample::select(BEHAVIORS);
    (behaviors, condition(), condition()).prop_map(|((one, other), a, b)| {
        let schema = policy::SCHEMA;
        format!("{schema}actor Disk {{ }}\nrule one: {a} => {one};\nrule other: {b} => {other};\n")
    })
}

fn requirements() -> impl Strategy<Value = String> {
    let place = prop::sample::select(vec![
        "",
        " where File(x) in ref(Folder(f).files)",
        " where Folder(f).depth > 2 and f.hot",
        " where Folder(f) on server(s) and s.label(\"zone\") == \"a\"",
        " where File(x).server == Folder(f).server",
    ]);
    let behaviors = prop::sample::select(BEHAVIORS);
    (behaviors, any::<bool>(), place, policy::conjunctions()).prop_map(
        |((one, other), is_first, place, condition)| {
            let (required, asked) = if is_first { (one, other) } else { (other, one) };
            let schema = policy::SCHEMA;
            format!(
                "{schema}actor Disk {{ }}\nrule one [priority 7]: {condition} => {asked};\n\
                 require {required}{place};\n"
            )
        },
    )
}

/// Rules that ask for several things, and others beside them.
fn whole_policies() -> impl Strategy<Value = String> {
    let behavior = prop::sample::select(BEHAVIORS)
        .prop_flat_map(|(one, other)| prop::sample::select(vec![one, other]));
    let rule = (
        policy::conjunctions(),
        prop::collection::vec(behavior, 1..3),
        0..2,
    );
    prop::collection::vec(rule, 2..6).prop_map(|rules| {
        let rules = rules.into_iter().enumerate();
        let rules = rules.map(|(place, (condition, behaviors, priority))| {
            let behaviors = behaviors.join("; ");
            format!("rule r{place} [priority {priority}]: {condition} => {behaviors};\n")
        });
        let schema = policy::SCHEMA;
        format!("{schema}actor Disk {{ }}\n{}", rules.collect::<String>())
    })
}

/// Other rules may be in the way: what is told is replayed before.
#[test]
fn most_witnesses_survive_other_rules() {
    let mut runner = TestRunner::deterministic();
    let policies = whole_policies();
    let (mut found, mut told) = (0, 0);
    for _ in 0..POLICIES {
        let tree = policies.new_tree(&mut runner).expect("no filters");
        let text = tree.current();
        let mut checked = check(&text);
        if checked.has_errors() {
            continue;
        }
        let count = |checked: &Checked| {
            let mut found = checked.diagnostics.iter();
            found.by_ref().filter(|d| d.code == Code::Conflict).count()
        };
        found += count(&checked);
        let file = FileId::default();
        retain_shown(&mut checked, file, &text, &Environment::default());
        told += count(&checked);
        for conflict in checked
            .diagnostics
            .iter()
            .filter(|d| d.code == Code::Conflict)
        {
            let witness = conflict.witness.as_ref().expect("a conflict has a witness");
            let with_test = witness.added_to(&text);
            let program = check(&with_test).program;
            let test = program.tests.last().expect("the test of the witness");
            assert!(is_shown(&program, test), "{with_test}");
        }
    }
    assert!(found > 200, "only {found} conflicts");
    assert!(told * 10 > found * 8, "{told} of {found} witnesses");
}

#[test]
fn witnesses_of_rules_are_replayed() {
    let kinds = replay(pairs());
    assert!(kinds.len() >= 5, "{kinds:?}");
}

#[test]
fn witnesses_of_requirements_are_replayed() {
    let kinds = replay(requirements());
    assert!(kinds.len() >= 4, "{kinds:?}");
}

/// Replays the witnesses of random policies; how many there were for each behavior that loses.
fn replay(policies: impl Strategy<Value = String>) -> std::collections::BTreeMap<String, usize> {
    let mut runner = TestRunner::deterministic();
    let mut kinds = std::collections::BTreeMap::new();
    let mut broken = Vec::new();
    for _ in 0..PAIRS {
        let text = policies
            .new_tree(&mut runner)
            .expect("no filters")
            .current();
        let checked = check(&text);
        // Not every pair is a policy: an `or` may bind a variable on one side only, and not every
        // behavior can be required.
        if checked.has_errors() {
            continue;
        }
        for conflict in checked
            .diagnostics
            .iter()
            .filter(|d| d.code == Code::Conflict)
        {
            let lost = &text[conflict.primary.range()];
            let kind = lost.split('(').next().unwrap_or_default().to_owned();
            *kinds.entry(kind).or_insert(0) += 1;
            if let Err(problem) = holds(&text, conflict) {
                broken.push(problem);
            }
        }
    }
    assert!(
        broken.is_empty(),
        "{} of {kinds:?}:\n{}",
        broken.len(),
        broken[..broken.len().min(9)].join("\n")
    );
    kinds
}

fn check(text: &str) -> Checked {
    let mut sources = SourceMap::new();
    let file = sources.add("policy", text);
    check_source(file, text, &Environment::default())
}

/// Whether the witness of a conflict shows it.
fn holds(text: &str, conflict: &Diagnostic) -> Result<(), String> {
    let witness = conflict.witness.as_ref().expect("a conflict has a witness");
    let with_test = witness.added_to(text);
    let checked = check(&with_test);
    let errors: Vec<_> = checked
        .diagnostics
        .iter()
        .filter(|d| d.is_error())
        .collect();
    if !errors.is_empty() {
        return Err(format!("{with_test}\n{errors:#?}"));
    }
    let test = checked
        .program
        .tests
        .last()
        .expect("the test of the witness");
    let report = run_test(&checked.program, test, None);
    if !report.failures.is_empty() {
        return Err(format!("{with_test}\n{:#?}", report.failures));
    }
    if !is_shown(&checked.program, test) {
        return Err(format!("{with_test}\nnobody asks for what is refused"));
    }
    let lost = &text[conflict.primary.range()];
    // Without the winner there is nothing to lose against: what is not expected is there.
    let is_lost = |rule: &Rule| {
        rule.span.start <= conflict.primary.start && conflict.primary.end <= rule.span.end
    };
    let mut alone: CheckedProgram = checked.program.clone();
    alone.rules.retain(is_lost);
    alone.requirements.retain(is_lost);
    let mut unmet = test.clone();
    unmet
        .expectations
        .retain(|e| e.text.starts_with("expect not"));
    assert_eq!(unmet.expectations.len(), 1, "{with_test}");
    // What a balance cannot do whole it does in part, and says so.
    if lost.starts_with("balance") {
        unmet.expectations[0].wanted = Wanted::NoActions;
    }
    match run_test(&alone, &unmet, None).failures.is_empty() {
        true => Err(format!("{with_test}\nit loses alone as well")),
        false => Ok(()),
    }
}
