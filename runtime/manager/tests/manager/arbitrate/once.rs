//! What is done once for each firing: `passivate(a)`, `checkpoint(a)`.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use plasma_manager::Occasion;

use crate::notation::{After, cluster, intents, plan, show, solve, solve_after};

const CLUSTER: &str = "
    s1 cpu 40
      a cpu 10
      b cpu 10
    s2 cpu 10
    ";

#[test]
fn each_is_an_order_and_moves_nobody() {
    assert_snapshot!(plan(CLUSTER, "
        pin(a)
        passivate(a)
        checkpoint(b)
        "), @r"
    passivate a  for passivate(a)
    checkpoint b  for checkpoint(b)
    ");
}

#[test]
fn a_firing_has_its_order_once() {
    let snapshot = cluster(CLUSTER);
    let asked = || intents("checkpoint(a)");
    let first = solve(&snapshot, asked());
    let had = After {
        done: first.done.clone(),
        ..After::default()
    };
    let again = solve_after(&snapshot, asked(), &had);
    assert_snapshot!(show(&again), @"no actions");
    assert_eq!(again.done, first.done, "it has had it as long as it fires");
    let of_another_rule = intents("pin(b)\ncheckpoint(a)");
    let other = solve_after(&snapshot, of_another_rule, &had);
    assert_snapshot!(show(&other), @"checkpoint a  for checkpoint(a)");
    let quiet = solve_after(&snapshot, Vec::new(), &had);
    assert_eq!(quiet.done, BTreeSet::<Occasion>::new(), "it stopped firing");
}

#[test]
fn a_firing_is_told_of_once_though_its_text_changes() {
    let snapshot = cluster(CLUSTER);
    let first = solve(&snapshot, intents("alert(a is at 10 %)"));
    assert_snapshot!(show(&first), @r#"alert "a is at 10 %"  for alert("a is at 10 %")"#);
    let had = After {
        done: first.done.clone(),
        ..After::default()
    };
    let again = solve_after(&snapshot, intents("alert(a is at 12 %)"), &had);
    assert_snapshot!(show(&again), @"no actions");
    let more = solve_after(&snapshot, intents("alert(a)\nalert(b)"), &had);
    assert_snapshot!(show(&more), @r#"alert "b"  for alert("b")"#);
}

#[test]
fn what_moves_arrives_first() {
    let snapshot = cluster(CLUSTER);
    let asked = || intents("separate(a, b)\n5: passivate(b)");
    let first = solve(&snapshot, asked());
    assert_snapshot!(show(&first), @r"
    b: s1 -> s2  for separate(a, b)
    refused passivate(b): b moves to server s2 first
    ");
    assert_eq!(first.done, BTreeSet::new(), "it follows");
}

#[test]
fn who_is_gone_has_no_order() {
    assert_snapshot!(plan(CLUSTER, "passivate(x)"), @r"
    no actions
    refused passivate(x): there is no actor x
    ");
}
