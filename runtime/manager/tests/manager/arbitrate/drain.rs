//! `drain(s)`.

use insta::assert_snapshot;

use crate::notation::plan;

#[test]
fn the_actors_leave_for_where_there_is_room_the_largest_first() {
    assert_snapshot!(plan(
        "
        s1 cpu 60
          a cpu 10
          b cpu 40
        s2 cpu 50
        s3 cpu 80
        ",
        "drain(s1)",
    ), @r"
    b: s1 -> s2  for drain(s1)
    a: s1 -> s3  for drain(s1)
    ");
}

#[test]
fn what_is_pinned_stays_and_the_rest_leaves() {
    assert_snapshot!(plan(
        "
        s1 cpu 30
          a cpu 10
          b cpu 10
        s2 cpu 10
        ",
        "
        pin(a)
        drain(s1)
        ",
    ), @r"
    b: s1 -> s2  for drain(s1)
    refused drain(s1): lost against pin(a) of rule #1
    ");
}

#[test]
fn nothing_comes_to_it() {
    let cluster = "
        s1 cpu 0
        s2 cpu 90
          a cpu 50
          b cpu 40
        s3 cpu 60
        ";
    assert_snapshot!(plan(cluster, "
        drain(s1)
        balance({any}, cpu) ..60
        "), @r"
    no actions
    refused balance({any}, cpu): cpu of server s2 stays outside the bounds: none of the 2 actors and groups on it that can move fits elsewhere below 60 %
    ");
    assert_snapshot!(plan(cluster, "
        drain(s1)
        separate(a, b)
        "), @"b: s2 -> s3  for separate(a, b)");
    assert_snapshot!(plan(cluster, "
        drain(s1)
        migrate(a, s1)
        "), @r"
    no actions
    refused migrate(a, s1): lost against drain(s1) of rule #1
    ");
}

#[test]
fn a_group_leaves_whole_and_one_with_a_pinned_member_is_parted() {
    let cluster = "
        s1 cpu 40
          a cpu 20
          b cpu 10
        s2 cpu 75
        s3 cpu 60
        ";
    assert_snapshot!(plan(cluster, "
        drain(s1)
        colocate(a, b)
        "), @r"
    a: s1 -> s3 [group 1]  for drain(s1), colocate(a, b)
    b: s1 -> s3 [group 1]  for drain(s1), colocate(a, b)
    ");
    assert_snapshot!(plan(cluster, "
        drain(s1)
        colocate(a, b)
        pin(b)
        "), @r"
    a: s1 -> s3  for drain(s1)
    refused drain(s1): lost against pin(b) of rule #3
    refused colocate(a, b): lost against drain(s1) of rule #1
    ");
}

#[test]
fn a_reserved_actor_gets_another_server_of_its_own() {
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 40
        s2 cpu 50
          b cpu 10
        s3 cpu 20
          c cpu 5
        s4 cpu 0
        ",
        "
        drain(s1)
        reserve(a, cpu)
        ",
    ), @"a: s1 -> s4  for drain(s1)");
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 40
        s2 cpu 50
        s3 cpu 0
        ",
        "
        5: reserve(a, cpu)
        drain(s1)
        ",
    ), @r"
    no actions
    refused drain(s1): lost against reserve(a, cpu) of rule #1
    ");
}

#[test]
fn of_all_servers_one_is_kept_and_an_empty_one_stays_empty() {
    assert_snapshot!(plan(
        "
        s1 cpu 10
          a cpu 5
        s2 cpu 10
          b cpu 5
        s3 cpu 10
        ",
        "
        drain(s1)
        drain(s2)
        drain(s3)
        ",
    ), @r"
    a: s1 -> s2  for drain(s1)
    refused drain(s2): lost against drain(s3) of rule #3
    ");
}

#[test]
fn too_little_room_elsewhere_keeps_some() {
    assert_snapshot!(plan(
        "
        s1 cpu 60
          a cpu 20
          b cpu 40
        s2 cpu 70
        s3 cpu 90
        ",
        "drain(s1)",
    ), @r"
    a: s1 -> s2  for drain(s1)
    refused drain(s1): no server has enough free cpu for b
    ");
}
