//! Reservations from period to period: made, kept, released.

use plasma_manager::{HeldReservation, Memory};
use plasma_model::{Binding, Entity, RELEASE_PERIODS_DEFAULT, Resource};

fn binding(actor: &str) -> Binding {
    vec![("f".into(), Entity::Actor(actor.into()))]
}

fn reserved(actor: &str) -> Memory {
    let mut memory = Memory::new();
    memory.accept([HeldReservation {
        rule_index: 0,
        binding: binding(actor),
        actor: actor.into(),
        resource: Resource::Cpu,
        server: "s2".into(),
        rule: "hot".into(),
        priority: 0,
        false_periods: 0,
    }]);
    memory
}

/// Whether the reservation is still there after periods in which the rest of its rule was true
/// (`t`), false (`f`) or unknown (`u`).
fn is_kept(periods: &str) -> bool {
    is_kept_until(periods, RELEASE_PERIODS_DEFAULT)
}

fn is_kept_until(periods: &str, release_periods: u32) -> bool {
    let mut memory = reserved("a");
    for period in periods.chars() {
        let rest = match period {
            't' => Some(true),
            'f' => Some(false),
            _ => None,
        };
        memory.note_rests([(0, &binding("a"), rest)], |_| release_periods);
    }
    memory.reservations().holds(0, &binding("a"))
}

#[test]
fn it_is_released_after_three_periods_on_end_in_which_the_rest_is_false() {
    assert!(is_kept("tttt"));
    assert!(is_kept("ff"));
    assert!(!is_kept("fff"));
    assert!(is_kept("fftff"), "a true period begins the count anew");
}

#[test]
fn the_rule_says_after_how_many_periods() {
    assert!(is_kept_until("", 1));
    assert!(!is_kept_until("f", 1));
    assert!(is_kept_until("ffff", 5));
    assert!(!is_kept_until("fffff", 5));
}

#[test]
fn unknown_neither_counts_nor_begins_the_count_anew() {
    assert!(is_kept("uuuuuu"));
    assert!(is_kept("fuuf"));
    assert!(!is_kept("fuufuf"));
}

#[test]
fn it_ends_with_its_actor() {
    let mut memory = reserved("a");
    memory.retain_actors(|actor| actor.as_str() != "a");
    assert!(memory.reservations().is_empty());
    assert_eq!(memory.server_of(&"a".into()), None);
}

#[test]
fn other_firings_keep_theirs() {
    let mut memory = reserved("a");
    memory.accept(reserved("b").held().cloned());
    for _ in 0..3 {
        memory.note_rests(
            [(0, &binding("a"), Some(false)), (0, &binding("b"), None)],
            |_| RELEASE_PERIODS_DEFAULT,
        );
    }
    let held: Vec<&str> = memory.held().map(|held| held.actor.as_str()).collect();
    assert_eq!(held, ["b"]);
}
