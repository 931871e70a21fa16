//! `pin(a)`.

use insta::assert_snapshot;

use crate::notation::plan;

#[test]
fn a_pinned_actor_stays_and_the_other_one_moves() {
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 5
          b cpu 20
        s2 cpu 10
        ",
        "
        pin(a)
        separate(a, b)
        ",
    ), @"b: s1 -> s2  for separate(a, b)");
}

#[test]
fn what_ranks_higher_moves_a_pinned_actor_only_where_there_is_no_other_way() {
    let cluster = "
        s1 cpu 40
          a cpu 5
          b cpu 20
        s2 cpu 10
        ";
    assert_snapshot!(plan(cluster, "
        5: separate(a, b)
        pin(b)
        "), @"a: s1 -> s2  for separate(a, b)");
    assert_snapshot!(plan(cluster, "
        5: separate(a, b)
        pin(a)
        pin(b)
        "), @r"
    b: s1 -> s2  for separate(a, b)
    refused pin(b): lost against separate(a, b) of rule #1
    ");
}
