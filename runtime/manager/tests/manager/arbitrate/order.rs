//! Which intent wins, and in which order the actions come.

use insta::assert_snapshot;

use crate::notation::plan;

#[test]
fn a_higher_priority_wins_and_the_loser_says_against_whom() {
    let cluster = "
        s1 cpu 20
          a cpu 5
        s2 cpu 30
          b cpu 5
        ";
    assert_snapshot!(plan(cluster, "
        separate(a, b)
        5: colocate(a, b)
        "), @r"
    b: s2 -> s1  for colocate(a, b)
    refused separate(a, b): lost against colocate(a, b) of rule #2
    ");
    assert_snapshot!(plan(cluster, "
        colocate(a, b)
        separate(a, b)
        "), @r"
    no actions
    refused colocate(a, b): lost against separate(a, b) of rule #2
    ");
}

#[test]
fn who_leaves_goes_before_who_comes() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu 80
          b cpu 10
        s2 cpu 60
          c cpu 60
        s3 cpu 30
          d cpu 30
        ",
        "
        reserve(a, cpu)
        pin(b)
        pin(d)
        ",
    ), @"no actions");
}

#[test]
fn equal_intents_are_one() {
    assert_snapshot!(plan(
        "
        s1 cpu 20
          a cpu 5
        s2 cpu 30
          b cpu 5
        ",
        "
        colocate(b, a)
        colocate(a, b)
        colocate(a, a)
        ",
    ), @"b: s2 -> s1  for colocate(a, b)");
}

#[test]
fn nothing_asked_nothing_done() {
    assert_snapshot!(plan("s1 cpu 20", ""), @"no actions");
}
