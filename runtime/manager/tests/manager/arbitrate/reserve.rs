//! `reserve(a, res)`.

use insta::assert_snapshot;

use crate::notation::{carry_out, cluster, intents, plan, show, solve, solve_with};
use plasma_manager::Memory;

#[test]
fn the_actor_goes_to_the_free_server_with_those_colocated_with_it() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          f Folder cpu 60
          x File cpu 5
          g Folder cpu 25
        s2 cpu 0
        ",
        "
        reserve(f, cpu)
        colocate(f, x)
        ",
    ), @r"
    f: s1 -> s2 [group 1]  for reserve(f, cpu), colocate(f, x)
    x: s1 -> s2 [group 1]  for reserve(f, cpu), colocate(f, x)
    ");
}

#[test]
fn without_a_free_server_the_one_that_needs_the_least_moved_is_freed() {
    assert_snapshot!(plan(
        "
        s1 cpu 70
          a cpu 50 state 1000
          b cpu 20 state 100000000
        s2 cpu 20
          c cpu 20 state 50000000
        s3 cpu 30
          d cpu 30 state 200000000
        ",
        "reserve(a, cpu)",
    ), @r"
    c: s2 -> s3  for reserve(a, cpu)
    a: s1 -> s2  for reserve(a, cpu)
    ");
}

#[test]
fn its_own_server_is_freed_if_that_moves_the_least() {
    assert_snapshot!(plan(
        "
        s1 cpu 70
          a cpu 50 state 100000000
          b cpu 20 state 1000
        s2 cpu 20
          c cpu 20 state 5000
        ",
        "reserve(a, cpu)",
    ), @"b: s1 -> s2  for reserve(a, cpu)");
}

#[test]
fn pinned_ones_may_stay() {
    assert_snapshot!(plan(
        "
        s1 cpu 70
          a cpu 50
          b cpu 20
        s2 cpu 20
          c cpu 20
        s3 cpu 30
          d cpu 30
        ",
        "
        pin(c)
        reserve(a, cpu)
        ",
    ), @"a: s1 -> s2  for reserve(a, cpu)");
}

#[test]
fn an_unreserved_server_must_be_left() {
    assert_snapshot!(plan(
        "
        s1 cpu 70
          a cpu 50
          b cpu 20
        s2 cpu 0
        ",
        "
        reserve(a, cpu)
        reserve(b, cpu)
        ",
    ), @r"
    a: s1 -> s2  for reserve(a, cpu)
    refused reserve(b, cpu): no unreserved server would be left if b had one of its own
    ");
    assert_snapshot!(plan(
        "
        s1 cpu 70
          a cpu 70
        ",
        "reserve(a, cpu)",
    ), @r"
    no actions
    refused reserve(a, cpu): no unreserved server would be left if a had one of its own
    ");
}

#[test]
fn others_that_fit_nowhere_are_a_reason() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu 50
          b cpu 40
        s2 cpu 80
          c cpu 80
        ",
        "reserve(a, cpu)",
    ), @r"
    no actions
    refused reserve(a, cpu): no server has enough free cpu for c
    ");
}

#[test]
fn a_reserved_actor_does_not_move_again() {
    // The original moved such an actor every period, as long as its own load kept the rule true.
    let mut snapshot = cluster(
        "
        s1 cpu 95
          a cpu 85
          b cpu 10
        s2 cpu 0
        s3 cpu 0
        ",
    );
    let asked = || intents("reserve(a, cpu)");
    let first = solve(&snapshot, asked());
    assert_snapshot!(show(&first), @"a: s1 -> s2  for reserve(a, cpu)");
    let mut memory = Memory::new();
    memory.accept(first.reserved);
    for action in &first.decision.actions {
        carry_out(&mut snapshot, &action.body);
    }
    assert_snapshot!(show(&solve_with(&snapshot, asked(), &memory)), @"no actions");
}

#[test]
fn newcomers_leave_and_a_held_reservation_keeps_others_out() {
    let mut memory = Memory::new();
    let before = cluster(
        "
        s1 cpu 50
          a cpu 50
        s2 cpu 10
          b cpu 10
        s3 cpu 10
        ",
    );
    memory.accept(solve(&before, intents("reserve(a, cpu)")).reserved);
    let with_newcomer = "
        s1 cpu 55
          a cpu 50
          new cpu 5
        s2 cpu 10
          b cpu 10
        s3 cpu 10
        ";
    // Still asked for: the newcomer leaves, the actor stays.
    let again = solve_with(&cluster(with_newcomer), intents("reserve(a, cpu)"), &memory);
    assert_snapshot!(show(&again), @"new: s1 -> s2  for reserve(a, cpu)");
    // Not asked for in this period, and not yet released: nobody is driven out, nobody comes in.
    let silent = solve_with(
        &cluster(with_newcomer),
        intents("pin(new)\ncolocate(b, new)"),
        &memory,
    );
    assert_snapshot!(show(&silent), @r"
    no actions
    refused colocate(b, new): lost against reserve(a, cpu) of rule #1
    ");
}

#[test]
fn a_reserved_server_takes_no_part_in_balancing() {
    assert_snapshot!(plan(
        "
        s1 cpu 10
          a cpu 10
        s2 cpu 95
          b cpu 20
        s3 cpu 60
        ",
        "
        reserve(a, cpu)
        balance({any}, cpu) ..80
        ",
    ), @"b: s2 -> s3  for balance({any}, cpu)");
}
