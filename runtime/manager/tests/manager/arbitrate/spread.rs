//! `spread({T}, by "zone")`.

use insta::assert_snapshot;

use crate::notation::plan;

#[test]
fn no_two_servers_differ_by_more_than_one() {
    let cluster = "
        s1 cpu 40
          a cpu 10
          b cpu 10
          c cpu 10 state 9000000
          d U cpu 10
        s2 cpu 10
        s3 cpu 20
        ";
    assert_snapshot!(plan(cluster, "spread({T})"), @r"
    a: s1 -> s2  for spread({T})
    b: s1 -> s3  for spread({T})
    ");
    assert_snapshot!(plan(cluster, "spread({any})"), @r"
    a: s1 -> s2  for spread({any})
    b: s1 -> s3  for spread({any})
    ");
    assert_snapshot!(plan(cluster, "spread({U})"), @"no actions");
}

#[test]
fn the_values_of_a_label_hold_equally_many() {
    assert_snapshot!(plan(
        "
        s1 cpu 40 zone a
          a cpu 10
          b cpu 10
        s2 cpu 10 zone a
          c cpu 5
        s3 cpu 20 zone b
          d cpu 5
        s4 cpu 10 zone b
        s5 cpu 10
          e cpu 5
          f cpu 5
          g cpu 5
        ",
        "spread({T}, zone)",
    ), @r#"a: s1 -> s4  for spread({T}, by "zone")"#);
}

#[test]
fn a_label_that_no_server_has_is_refused() {
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 10
          b cpu 10
        s2 cpu 10
        ",
        "spread({T}, zone)",
    ), @r#"
    no actions
    refused spread({T}, by "zone"): no server that could receive has the label `zone`
    "#);
}

#[test]
fn what_is_colocated_stays_together() {
    let cluster = "
        s1 cpu 40
          a cpu 10
          b cpu 10
        s2 cpu 10
        ";
    assert_snapshot!(plan(cluster, "
        colocate(a, b)
        spread({T})
        "), @r"
    no actions
    refused spread({T}): server s1 keeps 2 of them and server s2 has 0: lost against colocate(a, b) of rule #1
    ");
    assert_snapshot!(plan(cluster, "
        colocate(a, b)
        5: spread({T})
        "), @r"
    a: s1 -> s2  for spread({T})
    refused colocate(a, b): lost against spread({T}) of rule #2
    ");
}

#[test]
fn what_keeps_an_actor_is_told() {
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 10
          b cpu 10
        s2 cpu 10
        ",
        "
        pin(a)
        pin(b)
        spread({T})
        ",
    ), @r"
    no actions
    refused spread({T}): server s1 keeps 2 of them and server s2 has 0: lost against pin(b) of rule #2
    ");
    assert_snapshot!(plan(
        "
        s1 cpu 80
          a cpu 30
          b cpu 40
        s2 cpu 75
        ",
        "spread({T})",
    ), @r"
    no actions
    refused spread({T}): server s1 keeps 2 of them and server s2 has 0: no server has enough free cpu for a
    ");
}

#[test]
fn reserved_and_drained_servers_take_no_part() {
    assert_snapshot!(plan(
        "
        s1 cpu 40
          a cpu 10
        s2 cpu 40
          b cpu 10
          c cpu 10
          d cpu 10
        s3 cpu 0
        s4 cpu 10
        ",
        "
        reserve(a, cpu)
        drain(s3)
        spread({T})
        ",
    ), @"b: s2 -> s4  for spread({T})");
}

#[test]
fn a_balance_keeps_it_even_and_may_exchange() {
    let cluster = "
        s1 cpu 80
          a cpu 40
          b cpu 40
        s2 cpu 20
          c cpu 10
          d cpu 10
        ";
    assert_snapshot!(plan(cluster, "
        spread({T})
        balance({T}, cpu) ..60
        "), @r"
    d: s2 -> s1  for balance({T}, cpu)
    a: s1 -> s2  for balance({T}, cpu)
    ");
    assert_snapshot!(plan(cluster, "balance({T}, cpu) ..60"), @"a: s1 -> s2  for balance({T}, cpu)");
}

#[test]
fn those_that_make_way_for_others_keep_it_even_too() {
    assert_snapshot!(plan(
        "
        s1 cpu 0
          a cpu ?
        s2 cpu 0 draining
          b cpu ?
          c cpu ?
        s3 cpu 0
          d cpu ?
        ",
        "
        2: spread({any})
        2: colocate(b, d)
        1: colocate(b, c)
        separate(a, b)
        ",
    ), @r"
    b: s2 -> s3  for colocate(b, d)
    c: s2 -> s1  for spread({any}), colocate(b, d)
    refused colocate(b, c): lost against spread({any}) of rule #1
    ");
}
