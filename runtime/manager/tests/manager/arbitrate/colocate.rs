//! `colocate(a, b)`.

use insta::assert_snapshot;

use crate::notation::plan;

#[test]
fn the_one_with_less_state_goes_to_the_other() {
    assert_snapshot!(plan(
        "
        s1 cpu 20
          a cpu 5 state 10
        s2 cpu 30
          b cpu 5 state 20
        ",
        "colocate(a, b)",
    ), @"a: s1 -> s2  for colocate(a, b)");
}

#[test]
fn a_chain_is_one_group_and_gathers_where_the_least_moves() {
    assert_snapshot!(plan(
        "
        s1 cpu 20
          a cpu 5
        s2 cpu 30
          b cpu 5
          c cpu 5
        s3 cpu 10
          d cpu 5
        ",
        "
        colocate(a, b)
        colocate(b, c)
        colocate(c, d)
        ",
    ), @r"
    a: s1 -> s2 [group 1]  for colocate(a, b)
    d: s3 -> s2 [group 1]  for colocate(a, b), colocate(c, d)
    ");
}

#[test]
fn a_group_gathers_at_its_pinned_member() {
    assert_snapshot!(plan(
        "
        s1 cpu 20
          a cpu 5
        s2 cpu 30
          b cpu 5
          c cpu 5
        ",
        "
        colocate(a, b)
        colocate(b, c)
        pin(a)
        ",
    ), @r"
    b: s2 -> s1 [group 1]  for colocate(a, b), colocate(b, c)
    c: s2 -> s1 [group 1]  for colocate(a, b), colocate(b, c)
    ");
}

#[test]
fn two_pinned_servers_are_not_joined() {
    assert_snapshot!(plan(
        "
        s1 cpu 20
          a cpu 5
        s2 cpu 30
          b cpu 5
          c cpu 5
        ",
        "
        pin(a)
        pin(b)
        colocate(b, c)
        colocate(a, c)
        ",
    ), @r"
    no actions
    refused colocate(a, c): lost against pin(b) of rule #2
    ");
}

#[test]
fn two_separated_actors_are_not_joined() {
    assert_snapshot!(plan(
        "
        s1 cpu 20
          a cpu 5
        s2 cpu 30
          b cpu 5
        s3 cpu 30
          c cpu 5
        ",
        "
        separate(a, b)
        colocate(a, c)
        colocate(b, c)
        ",
    ), @r"
    c: s3 -> s1  for colocate(a, c)
    refused colocate(b, c): lost against separate(a, b) of rule #1
    ");
}

#[test]
fn a_group_that_fits_nowhere_whole_comes_together_as_far_as_there_is_room() {
    assert_snapshot!(plan(
        "
        s1 cpu 60
          a cpu 60
        s2 cpu 60
          b cpu 30
        s3 cpu 60
          c cpu 60
        ",
        "
        colocate(a, b)
        colocate(b, c)
        ",
    ), @r"
    b: s2 -> s1  for colocate(a, b)
    refused colocate(b, c): no server has enough free cpu for b
    ");
}

#[test]
fn a_stale_server_neither_gives_nor_takes() {
    assert_snapshot!(plan(
        "
        s1 cpu 20
          a cpu 5
        s2 cpu ? stale
          b cpu ?
        ",
        "colocate(a, b)",
    ), @r"
    no actions
    refused colocate(a, b): server s2 missed the window: nothing moves from or to it
    ");
}

#[test]
fn an_actor_that_has_ended_is_a_reason() {
    assert_snapshot!(plan(
        "
        s1 cpu 20
          a cpu 5
        ",
        "colocate(a, gone)",
    ), @r"
    no actions
    refused colocate(a, gone): there is no actor gone
    ");
}
