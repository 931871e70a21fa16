//! Verdicts about pairs of random policies, held against the evaluator on random clusters; and every
//! example that is told is a test that passes.

use std::collections::{BTreeMap, BTreeSet};

use plasma_check::program::CheckedProgram;
use plasma_check::{Environment, check_source};
use plasma_columns::Columns;
use plasma_diagnostic::SourceMap;
use plasma_eval::Evaluator;
use plasma_model::{Binding, Goal, Intent, Reservations, Snapshot};
use plasma_scenario::{ExampleState, PolicyDiff, Verdict, diff, run_test};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::random::{cluster, policy};

/// So many pairs of policies, each with a verdict on so many series of clusters.
const PAIRS: usize = 1000;
const SERIES: usize = 10;

/// So many snapshots are in a series.
const SNAPSHOTS: usize = 4;

/// Behaviors before and after; the same ones most of the time.
const BEHAVIORS: &[(&str, &str)] = &[
    ("pin(Folder(f))", "pin(Folder(f))"),
    ("pin(Folder(f))", "pin(Folder(f))"),
    ("reserve(Folder(f), cpu)", "reserve(Folder(f), cpu)"),
    ("reserve(Folder(f), cpu)", "reserve(Folder(f), cpu); pin(f)"),
    ("balance({Folder}, cpu)", "balance({Folder}, cpu)"),
    ("colocate(Folder(f), File)", "colocate(File, Folder(f))"),
    (
        "separate(Folder(f), File(x))",
        "separate(File(x), Folder(f))",
    ),
    ("pin(Folder(f))", "pin(Folder(f)); checkpoint(f)"),
    ("pin(Folder)", "pin(Folder(f))"),
    ("drain(Folder(f).server)", "pin(Folder(f))"),
];

/// A condition before and after a change.
fn changes() -> impl Strategy<Value = (String, String)> {
    let turned = |(a, b): (String, String), is_turned: bool| match is_turned {
        true => (b, a),
        false => (a, b),
    };
    prop_oneof![
        4 => (policy::related(), any::<bool>()).prop_map(move |(pair, t)| turned(pair, t)),
        2 => (policy::conjunctions(), policy::atoms(), any::<bool>()).prop_map(
            move |(all, more, t)| turned((all.clone(), format!("{all} and ({more})")), t)
        ),
        2 => (policy::conjunctions(), policy::atoms(), any::<bool>()).prop_map(
            move |(all, more, t)| turned((all.clone(), format!("({all}) or ({more})")), t)
        ),
        2 => (policy::related(), 2..5u32, 2..5u32).prop_map(|((a, b), long, short)| {
            (format!("({a}) for {long}0s"), format!("({b}) for {short}0s"))
        }),
        1 => (policy::conjunctions(), policy::conjunctions()),
        1 => (policy::conjunctions(), policy::conjunctions()).prop_map(|(a, b)| {
            (format!("({a}) and ({b})"), format!("({b}) and ({a})"))
        }),
        1 => (policy::related(), policy::atoms()).prop_map(|((a, b), c)| {
            (format!("not (({a}) and {c})"), format!("not (({b}) and {c})"))
        }),
    ]
}

/// Two policies as text: one rule, or two of which the second is the first one's condition as well.
fn pairs() -> impl Strategy<Value = (String, String)> {
    let behaviors = prop::sample::select(BEHAVIORS);
    (changes(), behaviors, any::<bool>(), policy::conjunctions()).prop_map(
        |((before, after), (asks, asks_now), has_other, other)| {
            let other = match has_other {
                true => format!("rule other: {other} => pin(Folder);\n"),
                false => String::new(),
            };
            let schema = policy::SCHEMA;
            (
                format!("{schema}rule one: {before} => {asks};\n{other}"),
                format!("{schema}{other}rule one: {after} => {asks_now};\n"),
            )
        },
    )
}

/// Rules that reserve by the load of the host: a reservation satisfies that, under `not` as well; and by
/// that of the actor, about which it says nothing.
fn reserving() -> impl Strategy<Value = (String, String)> {
    const HOST: &str = "Folder(f).server.cpu.perc";
    const OWN: &str = "Folder(f).cpu.perc";
    let compared = || {
        let sign = prop::sample::select(vec!["<", "<=", ">", ">="]);
        let right = prop::sample::select(vec!["20", "50", "60", HOST, HOST]);
        let left = prop::sample::select(vec![HOST, OWN]);
        (left, sign, right, any::<bool>()).prop_map(|(left, sign, right, is_negated)| {
            let atom = format!("{left} {sign} {right}");
            match is_negated {
                true => format!("not {atom}"),
                false => atom,
            }
        })
    };
    let more = prop_oneof![
        Just(String::new()),
        compared().prop_map(|c| format!(" and {c}"))
    ];
    (compared(), compared(), more).prop_map(|(before, after, more)| {
        let rule = |condition: &str| {
            let schema = policy::SCHEMA;
            format!("{schema}rule one: {condition} => reserve(Folder(f), cpu);\n")
        };
        (rule(&before), rule(&format!("{after}{more}")))
    })
}

fn checked(text: &str) -> Option<CheckedProgram> {
    let (_, file) = SourceMap::single("policy", text);
    let checked = check_source(file, text, &Environment::default());
    (!checked.has_errors()).then_some(checked.program)
}

#[test]
fn no_cluster_contradicts_a_verdict_and_every_example_is_a_test() {
    let mut runner = TestRunner::deterministic();
    let mut verdicts = Verdicts::default();
    let pairs = prop_oneof![2 => pairs(), 1 => reserving()];
    for _ in 0..PAIRS {
        let (old_text, new_text) = pairs.new_tree(&mut runner).expect("no filters").current();
        // An `or` may bind a variable on one side only.
        let Some((old, new)) = checked(&old_text).zip(checked(&new_text)) else {
            continue;
        };
        let found = diff(&old, &new);
        verdicts.count(found.verdict);
        let case = Case {
            texts: [&old_text, &new_text],
            programs: [&old, &new],
            found: &found,
        };
        verdicts.examples += case.examples();
        if found
            .rules
            .iter()
            .any(|rule| rule.verdict != Verdict::Unknown)
        {
            for _ in 0..SERIES {
                let series = prop::collection::vec(cluster::clusters(), SNAPSHOTS);
                let series = series.new_tree(&mut runner).expect("no filters").current();
                case.survives(series);
            }
        }
    }
    let Verdicts {
        equivalent,
        more,
        less,
        incomparable,
        unknown,
        examples,
    } = verdicts;
    assert!(equivalent > 15 && more > 30 && less > 30, "{verdicts:?}");
    assert!(incomparable > 20 && examples > 200, "{verdicts:?}");
    // A verdict of `unknown` is honest, and no use.
    assert!(unknown < PAIRS / 2, "{verdicts:?}");
}

#[derive(Clone, Copy, Debug, Default)]
struct Verdicts {
    equivalent: usize,
    more: usize,
    less: usize,
    incomparable: usize,
    unknown: usize,
    examples: usize,
}

impl Verdicts {
    fn count(&mut self, verdict: Verdict) {
        *(match verdict {
            Verdict::Equivalent => &mut self.equivalent,
            Verdict::More => &mut self.more,
            Verdict::Less => &mut self.less,
            Verdict::Incomparable => &mut self.incomparable,
            Verdict::Unknown => &mut self.unknown,
        }) += 1;
    }
}

/// Two policies and what is said of them.
struct Case<'c> {
    texts: [&'c str; 2],
    programs: [&'c CheckedProgram; 2],
    found: &'c PolicyDiff,
}

impl Case<'_> {
    /// Checks that no snapshot of a series contradicts a verdict.
    fn survives(&self, series: Vec<Snapshot>) {
        let mut evaluators = self.programs.map(Evaluator::new);
        let mut columns = Columns::default();
        let mut held = [Reservations::default(), Reservations::default()];
        for (place, mut snapshot) in series.into_iter().enumerate() {
            snapshot.t = 10.0 * (place + 1) as f64;
            columns.follow(&snapshot);
            let [old, new] = [0, 1].map(|place: usize| {
                let (program, held) = (self.programs[place], &held[place]);
                let evaluation = evaluators[place].evaluate(program, &columns, held);
                evaluation.intents
            });
            held = Self::held(&old, &new);
            let place = || format!("{} and {} on {snapshot:#?}", self.texts[0], self.texts[1]);
            let all = |intents: &[Intent]| goals(intents, None);
            assert!(
                agrees(self.found.verdict, &all(&old), &all(&new)),
                "{}",
                place()
            );
            for rule in &self.found.rules {
                let of = |intents: &[Intent], name: &Option<std::sync::Arc<str>>| {
                    goals(intents, Some(name.as_deref().unwrap_or_default()))
                };
                let (before, after) = (of(&old, &rule.old), of(&new, &rule.new));
                assert!(
                    agrees(rule.verdict, &before, &after),
                    "{rule:?}: {}",
                    place()
                );
            }
        }
    }

    /// The reservations of the next period, the same in both policies: what both ask for, by the rule called
    /// `one`.
    fn held(old: &[Intent], new: &[Intent]) -> [Reservations; 2] {
        let bindings = |intents: &[Intent]| {
            let reserved = intents
                .iter()
                .filter(|i| matches!(i.goal, Goal::Reserve { .. }));
            let causes = reserved.flat_map(|intent| &intent.causes);
            let named = causes.map(|cause| {
                let mut sorted = cause.binding.clone();
                sorted.sort();
                (sorted, (cause.rule_index, cause.binding.clone()))
            });
            named.collect::<BTreeMap<Binding, (usize, Binding)>>()
        };
        let [before, after] = [bindings(old), bindings(new)];
        let both = |own: &BTreeMap<Binding, (usize, Binding)>, other: &BTreeMap<Binding, _>| {
            let both = own
                .iter()
                .filter(|(binding, _)| other.contains_key(*binding));
            both.map(|(_, held)| held.clone()).collect()
        };
        let other: BTreeMap<Binding, ()> = after.keys().map(|b| (b.clone(), ())).collect();
        let own: BTreeMap<Binding, ()> = before.keys().map(|b| (b.clone(), ())).collect();
        [both(&before, &other), both(&after, &own)]
    }

    /// Checks that every example is a test of the new policy that passes; how many there are.
    fn examples(&self) -> usize {
        let of_rules = self.found.rules.iter().flat_map(|rule| &rule.examples);
        let mut count = 0;
        for example in of_rules.chain(&self.found.examples) {
            let ExampleState::Test(block) = &example.state else {
                panic!("there is no trace: {example:?}");
            };
            let text = format!("{}\n{block}\n", self.texts[1]);
            let program = checked(&text).unwrap_or_else(|| panic!("no test: {text}"));
            let test = program.tests.first().expect("it is the one");
            // What cannot be expected is a remark.
            if !test.expectations.is_empty() {
                let report = run_test(&program, test, None);
                assert!(report.failures.is_empty(), "{report:#?} of {text}");
                count += 1;
            }
        }
        count
    }
}

/// What is asked for, by one rule or by all.
fn goals(intents: &[Intent], rule: Option<&str>) -> BTreeSet<String> {
    let is_of = |intent: &&Intent| {
        rule.is_none_or(|rule| intent.causes.iter().any(|cause| *cause.rule == *rule))
    };
    let asked = intents.iter().filter(is_of);
    asked.map(|intent| intent.goal.to_string()).collect()
}

fn agrees(verdict: Verdict, old: &BTreeSet<String>, new: &BTreeSet<String>) -> bool {
    match verdict {
        Verdict::Equivalent => old == new,
        Verdict::More => old.is_subset(new),
        Verdict::Less => new.is_subset(old),
        Verdict::Incomparable | Verdict::Unknown => true,
    }
}
