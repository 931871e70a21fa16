//! `migrate(a, s)`.

use insta::assert_snapshot;

use crate::notation::plan;

#[test]
fn the_actor_goes_there_with_its_group() {
    let cluster = "
        s1 cpu 30
          a cpu 10
          b cpu 10
        s2 cpu 10
        s3 cpu 0
        ";
    assert_snapshot!(plan(cluster, "migrate(a, s2)"), @"a: s1 -> s2  for migrate(a, s2)");
    assert_snapshot!(plan(cluster, "
        migrate(a, s2)
        colocate(a, b)
        "), @r"
    a: s1 -> s2 [group 1]  for migrate(a, s2), colocate(a, b)
    b: s1 -> s2 [group 1]  for migrate(a, s2), colocate(a, b)
    ");
    assert_snapshot!(plan(cluster, "migrate(a, s1)"), @"no actions");
}

#[test]
fn what_ranks_higher_stands_against_it() {
    let cluster = "
        s1 cpu 30
          a cpu 10
        s2 cpu 40
          b cpu 10
        ";
    assert_snapshot!(plan(cluster, "
        pin(a)
        migrate(a, s2)
        "), @r"
    no actions
    refused migrate(a, s2): lost against pin(a) of rule #1
    ");
    assert_snapshot!(plan(cluster, "
        reserve(a, cpu)
        migrate(a, s2)
        "), @r"
    no actions
    refused migrate(a, s2): lost against reserve(a, cpu) of rule #1
    ");
    assert_snapshot!(plan(cluster, "
        separate(a, b)
        pin(b)
        migrate(a, s2)
        "), @r"
    no actions
    refused migrate(a, s2): lost against separate(a, b) of rule #1
    ");
}

#[test]
fn who_is_to_be_apart_from_it_makes_way() {
    assert_snapshot!(plan(
        "
        s1 cpu 30
          a cpu 10
        s2 cpu 40
          b cpu 10
        ",
        "
        separate(a, b)
        migrate(a, s2)
        ",
    ), @r"
    a: s1 -> s2 [group 1]  for migrate(a, s2)
    b: s2 -> s1 [group 1]  for migrate(a, s2)
    ");
}

#[test]
fn of_two_servers_the_first_rule_names_the_one() {
    assert_snapshot!(plan(
        "
        s1 cpu 30
          a cpu 10
        s2 cpu 40
        s3 cpu 20
        ",
        "
        migrate(a, s3)
        migrate(a, s1)
        ",
    ), @r"
    a: s1 -> s3  for migrate(a, s3)
    refused migrate(a, s1): lost against migrate(a, s3) of rule #1
    ");
}

#[test]
fn there_must_be_room_on_that_server() {
    assert_snapshot!(plan(
        "
        s1 cpu 50
          a cpu 30
        s2 cpu 80
        s3 cpu 0
        ",
        "
        migrate(a, s2)
        ",
    ), @r"
    no actions
    refused migrate(a, s2): server s2 has not enough free cpu for a
    ");
}

#[test]
fn nothing_that_ranks_lower_takes_it_away() {
    assert_snapshot!(plan(
        "
        s1 cpu 50
          a cpu 30
        s2 cpu 60
          b cpu 20
        s3 cpu 0
        ",
        "
        migrate(a, s2)
        balance({any}, cpu) ..70
        ",
    ), @r"
    a: s1 -> s2  for migrate(a, s2)
    b: s2 -> s3  for balance({any}, cpu)
    ");
}
