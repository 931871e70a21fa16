//! `separate(a, b)`.

use insta::assert_snapshot;

use crate::notation::plan;

#[test]
fn the_cheaper_one_moves_to_the_emptiest_server() {
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 5 state 100
          b cpu 5 state 90000
        s2 cpu 30
        s3 cpu 10
        ",
        "separate(a, b)",
    ), @"a: s1 -> s3  for separate(a, b)");
}

#[test]
fn apart_already_is_no_action() {
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 5
        s2 cpu 30
          b cpu 5
        ",
        "separate(a, b)",
    ), @"no actions");
}

#[test]
fn a_server_without_room_or_with_unknown_load_takes_nobody() {
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 20
          b cpu 20
        s2 cpu 90
        s3 cpu ?
        ",
        "separate(a, b)",
    ), @r"
    no actions
    refused separate(a, b): no server has enough free cpu for b
    ");
}

#[test]
fn three_replicas_come_to_three_servers() {
    assert_snapshot!(plan(
        "
        s1 cpu 30
          a cpu 10
          b cpu 10
          c cpu 10
        s2 cpu 0
        s3 cpu 0
        ",
        "
        separate(a, b)
        separate(a, c)
        separate(b, c)
        ",
    ), @r"
    b: s1 -> s2  for separate(a, b)
    c: s1 -> s3  for separate(a, c)
    ");
}

#[test]
fn more_replicas_than_servers_leave_one_pair_together_with_a_reason() {
    assert_snapshot!(plan(
        "
        s1 cpu 30
          a cpu 10
          b cpu 10
          c cpu 10
        s2 cpu 0
        ",
        "
        separate(a, b)
        separate(a, c)
        separate(b, c)
        ",
    ), @r"
    b: s1 -> s2  for separate(a, b)
    refused separate(a, c): lost against separate(b, c) of rule #3
    ");
}

#[test]
fn within_a_group_it_loses_against_the_colocation() {
    assert_snapshot!(plan(
        "
        s1 cpu 30
          a cpu 10
          b cpu 10
        s2 cpu 0
        ",
        "
        5: colocate(a, b)
        separate(a, b)
        ",
    ), @r"
    no actions
    refused separate(a, b): lost against colocate(a, b) of rule #1
    ");
}
