//! The definitions, each on the smallest cluster that shows it.

use plasma_check::program::{
    ActorRef, AtomKind, BehaviorKind, CallerRef, Comparison, Condition, EntityRef, Range, Rule,
    Scope, ServerRef, TypeSet, VariableId,
};
use plasma_model::{Caller, Reservations, Resource, Snapshot, Statistic};

use super::evaluate;
use crate::fixture::*;
use crate::{Evaluation, Past, Truth};

fn run(rule: Rule, snapshot: &Snapshot) -> Evaluation {
    evaluate(
        &program(vec![rule]),
        snapshot,
        &Past::default(),
        &Reservations::default(),
    )
}

/// The goals with their causes: `pin(fo1) {f: fo1}`.
fn told(evaluation: &Evaluation) -> Vec<String> {
    let causes = |intent: &plasma_model::Intent| {
        let causes = intent.causes.iter().map(|cause| {
            let values = cause.binding.iter();
            let values: Vec<String> = values.map(|(v, e)| format!("{v}: {e}")).collect();
            format!("{{{}}}", values.join(", "))
        });
        causes.collect::<Vec<_>>().join(" ")
    };
    let intents = evaluation.intents.iter();
    intents
        .map(|i| format!("{} {}", i.goal, causes(i)))
        .collect()
}

/// Which folders `f` a condition on the one variable `f` pins.
fn pinned(condition: Condition, snapshot: &Snapshot) -> Vec<String> {
    let rule = rule(
        vec![each("f", FOLDER)],
        condition,
        vec![BehaviorKind::Pin(var(0))],
    );
    let intents = run(rule, snapshot).intents;
    intents
        .iter()
        .map(|intent| intent.goal.to_string())
        .collect()
}

#[test]
fn a_rule_fires_for_every_binding_that_makes_its_condition_true() {
    let snapshot = cluster()
        .server("s1", 90.0)
        .server("s2", 10.0)
        .folder("fo1", "s1", 30.0)
        .folder("fo2", "s2", 5.0)
        .folder("fo3", "s1", 40.0)
        .done();
    assert_eq!(
        pinned(above(host_cpu(var(0)), 80.0), &snapshot),
        ["pin(fo1)", "pin(fo3)"]
    );
    assert_eq!(
        pinned(above(actor_cpu(var(0)), 35.0), &snapshot),
        ["pin(fo3)"]
    );
}

#[test]
fn unknown_fires_neither_a_condition_nor_its_negation() {
    let snapshot = cluster()
        .server("s1", None)
        .folder("fo1", "s1", 30.0)
        .done();
    let hot = || above(host_cpu(var(0)), 80.0);
    assert!(pinned(hot(), &snapshot).is_empty());
    assert!(pinned(not(hot()), &snapshot).is_empty());
    let known_side = or([(&[], hot()), (&[], above(actor_cpu(var(0)), 10.0))]);
    assert_eq!(pinned(known_side, &snapshot), ["pin(fo1)"]);
}

#[test]
fn a_stale_server_makes_what_it_would_have_reported_unknown() {
    let snapshot = cluster()
        .server("s1", 90.0)
        .server("s2", 90.0)
        .folder("fo1", "s1", 30.0)
        .folder("fo2", "s2", 30.0)
        .client_opens("fo1", 5.0)
        .client_opens("fo2", 5.0)
        .stale("s1")
        .done();
    let opens = || opens(CallerRef::Client, var(0), Statistic::Count);
    assert_eq!(
        pinned(above(host_cpu(var(0)), 80.0), &snapshot),
        ["pin(fo2)"]
    );
    assert_eq!(
        pinned(above(actor_cpu(var(0)), 1.0), &snapshot),
        ["pin(fo2)"]
    );
    assert_eq!(pinned(above(opens(), 1.0), &snapshot), ["pin(fo2)"]);
    assert!(pinned(compare(opens(), Comparison::Less, 1.0), &snapshot).is_empty());
}

#[test]
fn a_share_of_client_calls_is_of_all_that_the_host_received_from_clients() {
    let snapshot = cluster()
        .server("s1", 90.0)
        .server("s2", 10.0)
        .folder("fo1", "s1", 0.0)
        .folder("fo2", "s1", 0.0)
        .folder("fo3", "s2", 0.0)
        .file("fi1", "s1", 0.0)
        .client_opens("fo1", 60.0)
        .calls(Caller::Client, "fo1", "list", 20.0)
        .client_opens("fi1", 15.0)
        .client_opens("gone", 5.0)
        .opens("fo2", "fo1", 900.0)
        .done();
    let share = || opens(CallerRef::Client, var(0), Statistic::Perc);
    // 60 of 60 + 20 + 15 + 5, the last to an actor that has ended; the calls of fo2 are not of clients.
    let is = |perc| compare(share(), Comparison::Equal, perc);
    assert_eq!(pinned(is(60.0), &snapshot), ["pin(fo1)"]);
    // Nothing of something, and nothing of nothing.
    assert_eq!(pinned(is(0.0), &snapshot), ["pin(fo2)", "pin(fo3)"]);
}

#[test]
fn a_share_of_an_actors_calls_is_of_all_calls_of_its_type_that_the_host_received() {
    let snapshot = cluster()
        .server("s1", 0.0)
        .folder("fo1", "s1", 0.0)
        .folder("fo2", "s1", 0.0)
        .file("fi1", "s1", 0.0)
        .file("fi2", "s1", 0.0)
        .opens("fo1", "fi1", 30.0)
        .opens("fo2", "fi2", 50.0)
        .opens("gone_folder", "fi2", 20.0)
        .opens("fi2", "fi1", 900.0)
        .done();
    let share = |caller| opens(CallerRef::Actor(caller), var(1), Statistic::Perc);
    let shares = |caller: ActorRef, perc| {
        let rule = rule(
            vec![each("f", FOLDER), each("x", FILE)],
            compare(share(caller), Comparison::Equal, perc),
            vec![BehaviorKind::Colocate(var(0), var(1))],
        );
        told(&run(rule, &snapshot))
    };
    assert_eq!(
        shares(var(0), 30.0),
        ["colocate(fi1, fo1) {f: fo1, x: fi1}"]
    );
    assert_eq!(
        shares(var(0), 50.0),
        ["colocate(fi2, fo2) {f: fo2, x: fi2}"]
    );
    // All folders together; what the ended one called is in the whole, not in the part.
    assert_eq!(shares(bare(FOLDER), 30.0).len(), 2);
    // `any` as caller: of all actors' calls, 900 of 1000.
    assert_eq!(shares(ActorRef::Anonymous(TypeSet::Any), 93.0).len(), 2);
}

#[test]
fn a_bare_callee_is_all_of_its_type_and_its_share_is_of_the_whole_cluster() {
    let snapshot = cluster()
        .server("s1", 0.0)
        .server("s2", 0.0)
        .folder("fo1", "s1", 0.0)
        .folder("fo2", "s2", 0.0)
        .file("fi1", "s2", 0.0)
        .client_opens("fo1", 10.0)
        .client_opens("fo2", 30.0)
        .client_opens("fi1", 60.0)
        .done();
    let of_folders = |statistic| opens(CallerRef::Client, bare(FOLDER), statistic);
    let holds = |left, value| {
        let condition = compare(left, Comparison::Equal, value);
        let rule = rule(Vec::new(), condition, vec![BehaviorKind::Pin(bare(FILE))]);
        !run(rule, &snapshot).intents.is_empty()
    };
    assert!(holds(of_folders(Statistic::Count), 40.0));
    assert!(holds(of_folders(Statistic::Size), 4000.0));
    assert!(holds(of_folders(Statistic::Perc), 40.0));
}

#[test]
fn a_bare_type_in_a_condition_is_some_actor_and_under_not_none() {
    let busy = |snapshot: &Snapshot, condition: Condition| {
        let rule = rule(Vec::new(), condition, vec![BehaviorKind::Pin(bare(FILE))]);
        run(rule, snapshot).fired == [1]
    };
    let hot = || above(actor_cpu(bare(FOLDER)), 50.0);
    let one_hot = cluster()
        .server("s1", 0.0)
        .folder("fo1", "s1", 60.0)
        .folder("fo2", "s1", 1.0);
    let one_hot = one_hot.done();
    assert!(busy(&one_hot, hot()));
    assert!(!busy(&one_hot, not(hot())));
    // Some folder is hot and some folder is not: chosen anew in each atom.
    let cold = compare(actor_cpu(bare(FOLDER)), Comparison::Less, 50.0);
    assert!(busy(&one_hot, Condition::And(vec![hot(), cold])));
    let none = cluster().server("s1", 0.0).done();
    assert!(!busy(&none, hot()));
    assert!(busy(&none, not(hot())));
}

#[test]
fn a_bare_type_in_a_behavior_is_each_actor() {
    let snapshot = cluster()
        .server("s1", 0.0)
        .folder("fo1", "s1", 0.0)
        .folder("fo2", "s1", 0.0)
        .folder("fo3", "s1", 0.0)
        .done();
    let together = BehaviorKind::Colocate(bare(FOLDER), bare(FOLDER));
    let evaluation = run(
        rule(Vec::new(), Condition::Constant(true), vec![together]),
        &snapshot,
    );
    // Each pair once, no actor with itself, one cause each.
    assert_eq!(
        told(&evaluation),
        [
            "colocate(fo1, fo2) {}",
            "colocate(fo1, fo3) {}",
            "colocate(fo2, fo3) {}"
        ]
    );
    assert_eq!(evaluation.fired, [1]);
}

#[test]
fn two_variables_may_be_one_actor_but_a_pair_is_two() {
    let snapshot = cluster()
        .server("s1", 0.0)
        .folder("fo1", "s1", 0.0)
        .folder("fo2", "s1", 0.0)
        .done();
    let apart = BehaviorKind::Separate(var(0), var(1));
    let variables = || vec![each("a", FOLDER), each("b", FOLDER)];
    let all = run(
        rule(variables(), Condition::Constant(true), vec![apart.clone()]),
        &snapshot,
    );
    assert_eq!(all.fired, [4]);
    assert_eq!(
        told(&all),
        ["separate(fo1, fo2) {a: fo1, b: fo2} {a: fo2, b: fo1}"]
    );
    let different = atom(AtomKind::Same {
        left: EntityRef::Actor(var(0)),
        right: EntityRef::Actor(var(1)),
        equal: false,
    });
    assert_eq!(
        run(rule(variables(), different, vec![apart]), &snapshot).fired,
        [2]
    );
}

#[test]
fn a_caller_that_nothing_else_binds_ranges_over_those_who_called() {
    let snapshot = cluster()
        .server("s1", 0.0)
        .folder("fo1", "s1", 0.0)
        .folder("fo2", "s1", 0.0)
        .file("fi1", "s1", 0.0)
        .file("fi2", "s1", 0.0)
        .opens("fo1", "fi1", 3.0)
        .calls(
            Caller::Actor {
                id: "fo2".into(),
                actor_type: "Folder".into(),
            },
            "fi1",
            "close",
            7.0,
        )
        .opens("gone", "fi2", 5.0)
        .done();
    let callers = Range::Callers {
        window_seconds: None,
        types: types(FOLDER),
        callee: var(1),
        function: Some("open".into()),
    };
    let few = compare(
        opens(CallerRef::Actor(var(0)), var(1), Statistic::Count),
        Comparison::Less,
        10.0,
    );
    let rule = rule(
        vec![variable("f", callers, Scope::Rule), each("x", FILE)],
        few,
        vec![BehaviorKind::Colocate(var(0), var(1))],
    );
    // fo2 called another function, and the caller of fi2 has ended.
    assert_eq!(
        told(&run(rule, &snapshot)),
        ["colocate(fi1, fo1) {f: fo1, x: fi1}"]
    );
}

#[test]
fn references_not_reported_are_unknown_and_dead_ones_bind_nothing() {
    let snapshot = cluster()
        .server("s1", 0.0)
        .folder("fo1", "s1", 0.0)
        .folder("fo2", "s1", 0.0)
        .file("fi1", "s1", 0.0)
        .file("fi2", "s1", 0.0)
        .files("fo1", &["fi1", "dead"])
        .done();
    let variables = || vec![each("f", FOLDER), each("x", FILE)];
    let member = || in_files(var(1), var(0));
    let fires = |condition| {
        let together = vec![BehaviorKind::Colocate(var(0), var(1))];
        told(&run(rule(variables(), condition, together), &snapshot))
    };
    assert_eq!(fires(member()), ["colocate(fi1, fo1) {f: fo1, x: fi1}"]);
    assert_eq!(
        fires(not(member())),
        ["colocate(fi2, fo1) {f: fo1, x: fi2}"]
    );
}

#[test]
fn a_variable_of_one_side_of_an_or_is_some_actor() {
    let snapshot = cluster()
        .server("s1", 0.0)
        .folder("fo1", "s1", 60.0)
        .folder("fo2", "s1", 1.0)
        .file("fi1", "s1", 20.0)
        .file("fi2", "s1", 30.0)
        .files("fo2", &["fi1", "fi2"])
        .files("fo1", &[])
        .done();
    // f.cpu.perc > 50 or (File(x) in ref(f.files) and x.cpu.perc > 10)
    let busy_file = Condition::And(vec![
        in_files(var(1), var(0)),
        above(actor_cpu(var(1)), 10.0),
    ]);
    let condition = or([(&[], above(actor_cpu(var(0)), 50.0)), (&[1], busy_file)]);
    let x = variable("x", Range::Actors(types(FILE)), Scope::OrSide);
    let rule = rule(
        vec![each("f", FOLDER), x],
        condition,
        vec![BehaviorKind::Pin(var(0))],
    );
    // Two files make fo2's side true, and it fires once: x is no part of the binding.
    assert_eq!(
        told(&run(rule, &snapshot)),
        ["pin(fo1) {f: fo1}", "pin(fo2) {f: fo2}"]
    );
}

#[test]
fn the_implicit_server_is_one_server_in_all_atoms() {
    let rule = || {
        let server = || server_cpu(ServerRef::Variable(VariableId(0)));
        let between = vec![
            above(server(), 20.0),
            compare(server(), Comparison::Less, 60.0),
        ];
        rule(
            vec![variable("server", Range::Servers, Scope::ImplicitServer)],
            Condition::And(between),
            vec![BehaviorKind::Pin(bare(FOLDER))],
        )
    };
    let split = cluster()
        .server("s1", 10.0)
        .server("s2", 90.0)
        .folder("fo1", "s1", 0.0)
        .done();
    assert_eq!(run(rule(), &split).fired, [0]);
    let middle = cluster()
        .server("s1", 10.0)
        .server("s2", 50.0)
        .folder("fo1", "s1", 0.0)
        .done();
    // Which server it was is not part of the binding.
    assert_eq!(told(&run(rule(), &middle)), ["pin(fo1) {}"]);
}

/// `server.cpu.perc > 80 and f.cpu.perc > 15 => reserve(f, cpu)`, and the same with the first atom
/// as `not server.cpu.perc <= 80`.
fn reserve_rules() -> [Rule; 2] {
    let hot = above(host_cpu(var(0)), 80.0);
    let not_cool = not(compare(host_cpu(var(0)), Comparison::LessOrEqual, 80.0));
    [hot, not_cool].map(|server| {
        rule(
            vec![each("f", FOLDER)],
            Condition::And(vec![server, above(actor_cpu(var(0)), 15.0)]),
            vec![BehaviorKind::Reserve {
                actor: var(0),
                resource: Resource::Cpu,
            }],
        )
    })
}

#[test]
fn a_held_reservation_takes_the_load_of_its_own_host_as_satisfied() {
    let snapshot = cluster()
        .server("s1", 50.0)
        .server("s2", 20.0)
        .folder("fo1", "s2", 20.0)
        .folder("fo2", "s1", 20.0)
        .done();
    for rule in reserve_rules() {
        let program = program(vec![rule]);
        let held = Reservations::from_iter([(0, binding(&[("f", "fo1")]))]);
        let evaluation = evaluate(&program, &snapshot, &Past::default(), &held);
        // fo2 holds nothing, so the load of its host is what it is.
        assert_eq!(told(&evaluation), ["reserve(fo1, cpu) {f: fo1}"]);
        let rest: Vec<Truth> = evaluation.reservations.iter().map(|r| r.rest).collect();
        assert_eq!(rest, [Truth::True]);
        assert!(run(program.rules[0].clone(), &snapshot).intents.is_empty());
    }
}

#[test]
fn the_rest_of_a_held_reservation_may_be_false_or_unknown() {
    let [rule, _] = reserve_rules();
    let program = program(vec![rule]);
    let rest = |cpu: Option<f64>, id: &str| {
        let snapshot = cluster().server("s2", 20.0).folder("fo1", "s2", cpu).done();
        let held = Reservations::from_iter([(0, binding(&[("f", id)]))]);
        let evaluation = evaluate(&program, &snapshot, &Past::default(), &held);
        let states = evaluation.reservations.iter().map(|r| r.rest);
        states.collect::<Vec<_>>()
    };
    assert_eq!(rest(Some(10.0), "fo1"), [Truth::False]);
    assert_eq!(rest(None, "fo1"), [Truth::Unknown]);
    assert_eq!(rest(Some(90.0), "ended"), [Truth::False]);
}

#[test]
fn equal_goals_are_one_intent_under_the_highest_priority() {
    let snapshot = cluster().server("s1", 0.0).folder("fo1", "s1", 0.0).done();
    let pin = |index: usize, name: &str, priority| Rule {
        index,
        name: name.into(),
        priority,
        ..rule(
            vec![each("f", FOLDER)],
            Condition::Constant(true),
            vec![BehaviorKind::Pin(var(0))],
        )
    };
    let rules = vec![pin(0, "calm", 1), pin(1, "urgent", 7), pin(2, "late", 3)];
    let evaluation = evaluate(
        &program(rules),
        &snapshot,
        &Past::default(),
        &Reservations::default(),
    );
    let [intent] = &evaluation.intents[..] else {
        panic!("one intent, not {:?}", evaluation.intents);
    };
    assert_eq!(intent.priority, 7);
    let causes: Vec<&str> = intent.causes.iter().map(|c| c.rule.as_ref()).collect();
    assert_eq!(causes, ["calm", "urgent", "late"]);
    assert_eq!(evaluation.fired, [1, 1, 1]);
}
