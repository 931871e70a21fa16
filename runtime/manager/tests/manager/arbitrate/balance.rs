//! `balance({T,..}, res)`.

use insta::assert_snapshot;

use crate::notation::plan;

#[test]
fn the_reference_case_moves_exactly_the_largest_actor() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu 15
          b cpu 10
          c cpu 5
        s2 cpu 50
        ",
        "balance({any}, cpu) ..80",
    ), @"a: s1 -> s2  for balance({any}, cpu)");
}

#[test]
fn nothing_moves_between_the_bounds() {
    assert_snapshot!(plan(
        "
        s1 cpu 80
          a cpu 15
        s2 cpu 60
          b cpu 15
        ",
        "balance({any}, cpu) 60..80",
    ), @"no actions");
}

#[test]
fn a_server_below_the_lower_bound_takes_from_the_fullest() {
    assert_snapshot!(plan(
        "
        s1 cpu 78
          a cpu 10
          b cpu 8
        s2 cpu 70
          c cpu 10
        s3 cpu 52
        ",
        "balance({any}, cpu) 60..80",
    ), @"a: s1 -> s3  for balance({any}, cpu)");
}

#[test]
fn no_giver_falls_below_the_lower_bound() {
    assert_snapshot!(plan(
        "
        s1 cpu 65
          a cpu 10
        s2 cpu 20
        ",
        "balance({any}, cpu) 60..80",
    ), @r"
    no actions
    refused balance({any}, cpu): cpu of server s2 stays outside the bounds: no other server has an actor to give without falling below 60 %
    ");
}

#[test]
fn with_one_bound_only_that_side_acts() {
    let cluster = "
        s1 cpu 95
          a cpu 20
        s2 cpu 5
        ";
    assert_snapshot!(plan(cluster, "balance({any}, cpu) 3.."), @"no actions");
    assert_snapshot!(plan(cluster, "balance({any}, cpu) ..96"), @"no actions");
}

#[test]
fn without_bounds_the_band_is_the_mean_and_ten_points() {
    assert_snapshot!(plan(
        "
        s1 cpu 60
          a cpu 12
          b cpu 11
        s2 cpu 40
        s3 cpu 35
        ",
        "balance({any}, cpu)",
    ), @"a: s1 -> s3  for balance({any}, cpu)");
}

#[test]
fn overload_spreads_over_several_servers_instead_of_piling_up_on_the_first() {
    assert_snapshot!(plan(
        "
        s1 cpu 100
          a cpu 10
          b cpu 10
          c cpu 10
          d cpu 10
          e cpu 10
          f cpu 10
        s2 cpu 20
        s3 cpu 20
        s4 cpu 20
        ",
        "balance({any}, cpu) ..40",
    ), @r"
    a: s1 -> s2  for balance({any}, cpu)
    b: s1 -> s3  for balance({any}, cpu)
    c: s1 -> s4  for balance({any}, cpu)
    d: s1 -> s2  for balance({any}, cpu)
    e: s1 -> s3  for balance({any}, cpu)
    f: s1 -> s4  for balance({any}, cpu)
    ");
}

#[test]
fn only_actors_of_the_types_move() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a Folder cpu 20
          b File cpu 12
        s2 cpu 10
        ",
        "balance({File}, cpu) ..80",
    ), @"b: s1 -> s2  for balance({File}, cpu)");
}

#[test]
fn a_colocated_group_moves_whole() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu 8
          b cpu 8
          c cpu 3
        s2 cpu 10
        ",
        "
        colocate(a, b)
        balance({any}, cpu) ..80
        ",
    ), @r"
    a: s1 -> s2 [group 1]  for colocate(a, b), balance({any}, cpu)
    b: s1 -> s2 [group 1]  for colocate(a, b), balance({any}, cpu)
    ");
}

#[test]
fn where_no_single_actor_fits_two_change_places() {
    assert_snapshot!(plan(
        "
        s1 cpu 84
          a cpu 30
          b cpu 54
        s2 cpu 60
          c cpu 12
          d cpu 48
        ",
        "balance({any}, cpu) ..80",
    ), @r"
    c: s2 -> s1  for balance({any}, cpu)
    a: s1 -> s2  for balance({any}, cpu)
    ");
}

#[test]
fn no_exchange_that_overfills_a_server_on_the_way() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu 30
          b cpu 60
        s2 cpu 70
          c cpu 20
          d cpu 50
        ",
        "balance({any}, cpu) ..80",
    ), @r"
    no actions
    refused balance({any}, cpu): cpu of server s1 stays outside the bounds: none of the 2 actors and groups on it that can move fits elsewhere below 80 %
    ");
}

#[test]
fn an_actor_of_unknown_use_and_a_server_of_unknown_load_take_no_part() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu ?
          b cpu 11
        s2 cpu ?
        s3 cpu 60
        ",
        "balance({any}, cpu) ..80",
    ), @"b: s1 -> s3  for balance({any}, cpu)");
}

#[test]
fn of_two_moves_that_do_the_same_the_one_with_less_state_is_made() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu 10 state 50000000
          b cpu 10 state 1000
        s2 cpu 10
        ",
        "balance({any}, cpu) ..80",
    ), @"b: s1 -> s2  for balance({any}, cpu)");
}

#[test]
fn nothing_that_can_move_is_a_reason() {
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu 90
        s2 cpu 10
        ",
        "
        pin(a)
        balance({any}, cpu) ..80
        ",
    ), @r"
    no actions
    refused balance({any}, cpu): cpu of server s1 stays outside the bounds: no actor of these types on it can move
    ");
    assert_snapshot!(plan(
        "
        s1 cpu 90
          a cpu 40
          b cpu 50
        s2 cpu 75
        ",
        "balance({any}, cpu) ..80",
    ), @r"
    no actions
    refused balance({any}, cpu): cpu of server s1 stays outside the bounds: none of the 2 actors and groups on it that can move fits elsewhere below 80 %
    ");
    assert_snapshot!(plan("s1 cpu 90", "balance({any}, cpu) ..80"), @r"
    no actions
    refused balance({any}, cpu): cpu of server s1 stays outside the bounds: no other server takes part
    ");
}

#[test]
fn servers_of_different_size_compare_in_percent_of_their_own() {
    assert_snapshot!(plan(
        "
        s1 cores 4 cpu 95
          a cpu 20
        s2 cores 1 cpu 10
        s3 cores 8 cpu 60
        ",
        "balance({any}, cpu) ..80",
    ), @"a: s1 -> s3  for balance({any}, cpu)");
}

#[test]
fn memory_limits_where_processor_load_may_go() {
    assert_snapshot!(plan(
        "
        s1 cpu 90 mem 50
          a cpu 15 mem 20
        s2 cpu 10 mem 85
        s3 cpu 30 mem 10
        ",
        "balance({any}, cpu) ..80",
    ), @"a: s1 -> s3  for balance({any}, cpu)");
}
