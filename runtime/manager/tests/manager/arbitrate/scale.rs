//! `scale_out(n)` and `scale_in(n)`.

use insta::assert_snapshot;
use plasma_manager::{Recent, Scaling};

use crate::notation::{cluster, intents, plan, show, solve_scaling};

const THREE: &str = "
    s1 cpu 30
      a cpu 10 state 5000000
      b cpu 10
    s2 cpu 20
      c cpu 20
    s3 cpu 40
      d cpu 20
      e cpu 20
    ";

/// `limit servers least..most`.
fn limit(least: u32, most: u32) -> Scaling {
    let text = format!("limit servers {least}..{most}");
    Scaling {
        least: Some((least, text.as_str().into())),
        most: Some((most, text.as_str().into())),
        ..Scaling::default()
    }
}

fn plan_within(cluster_text: &str, intents_text: &str, scaling: &Scaling) -> String {
    show(&solve_scaling(
        &cluster(cluster_text),
        intents(intents_text),
        scaling,
    ))
}

fn recent(servers: u32) -> Recent {
    Recent {
        servers,
        until_seconds: 40.0,
    }
}

#[test]
fn the_greatest_number_counts() {
    assert_snapshot!(plan(THREE, "
        scale_out(1)
        scale_out(3)
        "), @"add 3 servers  for scale_out(1), scale_out(3)");
    assert_snapshot!(plan(THREE, "
        scale_in(1)
        scale_in(2)
        "), @r"
    c: s2 -> s1  for scale_in(2)
    d: s3 -> s1  for scale_in(2)
    e: s3 -> s1  for scale_in(2)
    remove server s2  for scale_in(1), scale_in(2)
    remove server s3  for scale_in(2)
    ");
}

#[test]
fn adding_beats_removing_whatever_the_priority() {
    assert_snapshot!(plan(THREE, "
        5: scale_in(2)
        scale_out(1)
        "), @r"
    add a server  for scale_out(1)
    refused scale_in(2): lost against scale_out(1) of rule #2
    ");
}

#[test]
fn the_limit_cuts_down_and_drops() {
    assert_snapshot!(plan_within(THREE, "scale_out(3)", &limit(1, 5)), @r"
    add 2 servers  for scale_out(3)
    refused scale_out(3): `limit servers 1..5` lets 2 of the 3 servers be added: there are 3
    ");
    assert_snapshot!(plan_within(THREE, "scale_out(1)", &limit(1, 3)), @r"
    no actions
    refused scale_out(1): `limit servers 1..3` lets no server be added: there are 3
    ");
    assert_snapshot!(plan_within(THREE, "scale_in(2)", &limit(2, 5)), @r"
    c: s2 -> s1  for scale_in(2)
    remove server s2  for scale_in(2)
    refused scale_in(2): `limit servers 2..5` lets 1 of the 2 servers be removed: there are 3
    ");
    assert_snapshot!(plan_within(THREE, "scale_in(1)", &limit(3, 5)), @r"
    no actions
    refused scale_in(1): `limit servers 3..5` lets no server be removed: there are 3
    ");
}

#[test]
fn a_limit_starts_and_stops_nothing_by_itself() {
    assert_snapshot!(plan_within(THREE, "", &limit(5, 9)), @"no actions");
    assert_snapshot!(plan_within(THREE, "", &limit(1, 2)), @"no actions");
}

#[test]
fn what_was_ordered_counts_as_there() {
    let ordered = Scaling {
        adding: 1,
        added: recent(1),
        ..limit(1, 5)
    };
    assert_snapshot!(plan_within(THREE, "scale_out(1)", &ordered), @"no actions");
    assert_snapshot!(plan_within(THREE, "scale_out(3)", &ordered), @r"
    add a server  for scale_out(3)
    refused scale_out(3): `limit servers 1..5` lets 1 of the 2 servers be added: there are 4
    ");
    assert_snapshot!(plan_within(THREE, "scale_in(1)", &ordered), @r"
    no actions
    refused scale_in(1): servers were added shortly before, and what it changes is seen first: not before t = 40 s
    ");
}

#[test]
fn a_server_on_its_way_out_takes_nobody_in_and_counts() {
    let leaving = Scaling {
        removing: ["s3".into()].into(),
        removed: recent(1),
        ..limit(1, 5)
    };
    let cluster = "
        s1 cpu 90
          a cpu 40
        s2 cpu 80
          c cpu 20
        s3 cpu 0
        ";
    assert_snapshot!(plan_within(cluster, "
        balance({any}, cpu) ..60
        scale_in(1)
        ", &leaving), @r"
    no actions
    refused balance({any}, cpu): cpu of server s1 stays outside the bounds: the one actor or group on it that can move fits nowhere else below 60 %
    ");
    assert_snapshot!(plan_within(cluster, "scale_in(3)", &leaving), @r"
    no actions
    refused scale_in(3): server s1 cannot be emptied: no server has enough free cpu for a
    ");
    assert_snapshot!(plan_within(cluster, "scale_out(1)", &leaving), @r"
    no actions
    refused scale_out(1): servers were removed shortly before, and what it changes is seen first: not before t = 40 s
    ");
}

#[test]
fn an_empty_server_goes_first() {
    assert_snapshot!(plan(
        "
        s1 cpu 10
          a cpu 10
        s2 cpu 0
        s3 cpu 0 draining
        ",
        "scale_in(1)",
    ), @"remove server s2  for scale_in(1)");
}

#[test]
fn who_is_pinned_or_reserved_keeps_the_server() {
    assert_snapshot!(plan(THREE, "
        pin(c)
        scale_in(1)
        "), @r"
    d: s3 -> s2  for scale_in(1)
    e: s3 -> s1  for scale_in(1)
    remove server s3  for scale_in(1)
    ");
    assert_snapshot!(plan(THREE, "
        reserve(c, cpu)
        5: scale_in(1)
        "), @r"
    d: s3 -> s1  for scale_in(1)
    e: s3 -> s1  for scale_in(1)
    remove server s3  for scale_in(1)
    ");
}

#[test]
fn a_server_that_cannot_be_emptied_whole_is_left_alone() {
    assert_snapshot!(plan(
        "
        s1 cpu 60
          a cpu 30
          b cpu 30
        s2 cpu 60
          c cpu 60 state 9000000
        ",
        "scale_in(1)",
    ), @r"
    no actions
    refused scale_in(1): server s1 cannot be emptied: no server has enough free cpu for b
    ");
    assert_snapshot!(plan(
        "
        s1 cpu 30
          a cpu 10
        s2 cpu 30 stale
          b cpu 10
        ",
        "scale_in(1)",
    ), @r"
    no actions
    refused scale_in(1): no server would be left that takes actors in
    ");
    assert_snapshot!(plan("s1 cpu 10", "scale_in(1)"), @r"
    no actions
    refused scale_in(1): no server would be left that takes actors in
    ");
}

#[test]
fn balance_does_not_fill_what_is_emptied() {
    assert_snapshot!(plan(THREE, "
        balance({any}, cpu) 25..80
        scale_in(1)
        "), @r"
    c: s2 -> s1  for scale_in(1)
    remove server s2  for scale_in(1)
    ");
}
