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

#[test]
fn two_that_must_be_apart_change_places_at_once() {
    assert_snapshot!(plan(
        "
        s0 cpu 10
          a A cpu 2
        s1 cpu 10
          b B cpu 2
          d D cpu 2
        ",
        "
        2: pin(b)
        1: colocate(a, b)
        separate(a, d)
        ",
    ), @r"
    a: s0 -> s1 [group 1]  for colocate(a, b)
    d: s1 -> s0 [group 1]  for colocate(a, b)
    ");
}

#[test]
fn a_balance_is_not_lost_to_a_separation_below_it() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          f F cpu 20
          o O cpu 70
        s2 cpu 10
          h H cpu 10
        ",
        "
        20: balance({F}, cpu) ..80
        separate(f, h)
        ",
    ), @r"
    h: s2 -> s1 [group 1]  for separate(f, h)
    f: s1 -> s2 [group 1]  for balance({F}, cpu)
    ");
}

#[test]
fn only_the_lowest_pin_is_lost_behind_a_colocation() {
    assert_snapshot!(plan(
        "
        s0 cpu 10
          a A cpu 2
          b B cpu 2
        s1 cpu 10
          c C cpu 2
        ",
        "
        50: colocate(a, c)
        40: pin(a)
        30: separate(b, c)
        10: pin(b)
        ",
    ), @r"
    b: s0 -> s1 [group 1]  for separate(b, c)
    c: s1 -> s0 [group 1]  for colocate(a, c)
    refused pin(b): lost against separate(b, c) of rule #3
    ");
}

#[test]
fn of_two_that_could_give_way_the_lower_one_does() {
    assert_snapshot!(plan(
        "
        s1 cpu 10
          f cpu 2
          g cpu 2
        s2 cpu 10
          h cpu 2
        ",
        "
        10: separate(f, g)
        5: separate(g, h)
        separate(f, h)
        ",
    ), @r"
    f: s1 -> s2  for separate(f, g)
    refused separate(f, h): lost against separate(g, h) of rule #2
    ");
}

#[test]
fn who_must_be_apart_makes_way() {
    assert_snapshot!(plan(
        "
        s0 cpu 10
          c C cpu 2
        s1 cpu 10
          a A cpu 2
          b B cpu 2
        ",
        "
        pin(a)
        separate(b, c)
        colocate(a, c)
        ",
    ), @r"
    c: s0 -> s1 [group 1]  for colocate(a, c)
    b: s1 -> s0 [group 1]  for colocate(a, c)
    ");
    assert_snapshot!(plan(
        "
        s0 cpu 10
          a A cpu 2
        s1 cpu 10
          b B cpu 2
          c C cpu 2
          d D cpu 2
        ",
        "
        40: pin(b)
        30: separate(a, d)
        20: colocate(a, b)
        10: pin(c)
        ",
    ), @r"
    a: s0 -> s1 [group 1]  for colocate(a, b)
    d: s1 -> s0 [group 1]  for colocate(a, b)
    ");
}

#[test]
fn a_reservation_frees_the_server_that_needs_the_least_moved_though_some_are_to_be_apart() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          f F cpu 20 state 1
          o O cpu 70 state 1000000000
        s2 cpu 10
          h H cpu 10 state 1
        ",
        "
        20: reserve(f, cpu)
        separate(f, h)
        ",
    ), @r"
    f: s1 -> s2 [group 1]  for reserve(f, cpu)
    h: s2 -> s1 [group 1]  for reserve(f, cpu)
    ");
}

#[test]
fn what_need_not_move_stays() {
    assert_snapshot!(plan(
        "
        s0 cpu 0
        s1 cpu 10
          c C cpu 2
        s2 cpu 10
          a A cpu 2
          b B cpu 2
        ",
        "
        pin(c)
        separate(a, b)
        colocate(a, c)
        ",
    ), @"a: s2 -> s1  for colocate(a, c)");
}
