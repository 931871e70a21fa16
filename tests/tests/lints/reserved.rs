//! Reservations that nothing releases: whatever else happens, as long as the actor is alone on its server
//! and is called, the rest of its rule is never false.

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_diagnostic::Code;
use plasma_eval::{Past, Truth, evaluate};
use plasma_model::{ActorId, Caller, Calls, Entity, Latency, Reservations, ServerId, Snapshot};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{CONDITIONS, STATES, reported};
use crate::random::cluster;

/// What being alone makes true, and what it does not.
fn conditions() -> impl Strategy<Value = String> {
    let measured = prop::sample::select(vec![
        "Folder(f).server.cpu.perc",
        "f.server.mem.perc",
        "server.cpu.perc",
        "client.call(Folder(f).open).perc",
        "client.call(Folder(f).open).perc",
        "client.call(Folder(f)).perc",
        "min(client.call(Folder(f).open).perc, server.cpu.perc)",
        "client.call(Folder(f).open).perc / 2",
        "100 - client.call(Folder(f).open).perc",
        "Folder(f).cpu.perc",
        "server(s).cpu.perc",
    ]);
    let sign = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let constant = prop::sample::select(vec!["0", "20", "40", "80", "100"]);
    let atom = (measured, sign, constant, prop::bool::weighted(0.15));
    let atom = atom.prop_map(|(measured, sign, constant, is_negated)| {
        let not = if is_negated { "not " } else { "" };
        format!("{not}{measured} {sign} {constant}")
    });
    let joined = prop::sample::select(vec![" and ", " or "]);
    (prop::collection::vec(atom, 1..4), joined).prop_map(|(atoms, word)| {
        format!("({}) and Folder(f).server.cpu.perc > 10", atoms.join(word))
    })
}

#[test]
fn what_nothing_releases_is_not_released() {
    let mut runner = TestRunner::deterministic();
    let conditions = conditions();
    let mut held: Vec<(String, CheckedProgram)> = Vec::new();
    for _ in 0..CONDITIONS {
        let tree = conditions.new_tree(&mut runner).expect("no filters");
        let condition = tree.current();
        held.extend(never_released(&condition).map(|program| (condition, program)));
    }
    assert!(held.len() > 100, "only {} verdicts", held.len());
    let (mut states, mut true_rests) = (0, 0);
    while states < STATES {
        let tree = cluster::clusters().new_tree(&mut runner);
        let mut snapshot = tree.expect("no filters").current();
        let Some(folder) = leave_alone(&mut snapshot) else {
            continue;
        };
        states += held.len();
        let columns = Columns::of(&snapshot);
        let binding = vec![("f".into(), Entity::Actor(folder))];
        let reservations = Reservations::from_iter([(0, binding)]);
        for (condition, program) in &held {
            let evaluation = evaluate(program, &columns, &Past::default(), &reservations);
            for state in &evaluation.reservations {
                true_rests += usize::from(state.rest == Truth::True);
                assert!(
                    state.rest != Truth::False,
                    "`{condition}` releases {:?}: {snapshot:#?}",
                    state.binding
                );
            }
        }
    }
    assert!(true_rests > STATES / 4, "true {true_rests} times only");
}

/// The program of a rule that reserves, if the lint says that nothing releases it.
fn never_released(condition: &str) -> Option<CheckedProgram> {
    let rule = format!("{condition} => reserve(f, cpu);\n");
    reported(Code::NeverReleased, &rule)
}

/// Brings all others to a server of their own, and has clients call the first folder, if there is one.
fn leave_alone(snapshot: &mut Snapshot) -> Option<ActorId> {
    let is_folder = |actor: &plasma_model::Actor| &*actor.actor_type == "Folder";
    let mut actors = snapshot.actors.iter();
    let folder = actors.find(|(_, actor)| is_folder(actor))?.0.clone();
    let host = snapshot.actors.get(&folder)?.server.clone();
    let elsewhere = ServerId::from("elsewhere");
    snapshot
        .servers
        .insert(elsewhere.clone(), Default::default());
    for (id, actor) in &mut snapshot.actors {
        if actor.server == host && *id != folder {
            actor.server = elsewhere.clone();
        }
    }
    for call in &mut snapshot.calls {
        call.to_server = snapshot.actors.get(&call.to)?.server.clone();
    }
    let is_to_folder = |call: &Calls| call.to == folder && call.from == Caller::Client;
    if !snapshot.calls.iter().any(is_to_folder) {
        snapshot.calls.push(Calls {
            from: Caller::Client,
            to: folder.clone(),
            to_server: host,
            function: "open".into(),
            count: 0.0,
            size: None,
            latency: Latency::default(),
        });
    }
    for call in &mut snapshot.calls {
        if is_to_folder(call) {
            call.count += 10.0;
        }
    }
    snapshot
        .calls
        .sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    Some(folder)
}
