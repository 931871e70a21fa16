//! Clauses about orders: carried out once, answered once, refused with a reason.

use plasma_model::{Action, ActionBody, ActorId, OutcomeResult, ServerId};

use super::{Case, Kind, Observer, Violation, expect};
use crate::{EngineError, Orders};

/// The lease under which the clauses give orders.
const LEASE: u64 = 5;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "takes no orders for a recorded cluster",
        only: Some(Kind::Recorded),
        check: recordings_take_no_orders,
    },
    live(
        "moves an actor, and the next window shows it",
        moves_an_actor,
    ),
    live(
        "answers a repeated id without repeating it",
        answers_repeats,
    ),
    live("answers every order once", answers_once),
    live(
        "moves a group from one server whole or not at all",
        moves_groups_whole,
    ),
    live("refuses an older epoch", refuses_older_epoch),
    live("refuses an older lease", refuses_older_lease),
    live(
        "refuses a move from a server that is not the host",
        refuses_wrong_host,
    ),
    live("refuses an unknown actor", refuses_unknown_actor),
    live("refuses an unknown server", refuses_unknown_server),
    live("takes an alert for told", takes_alerts),
    live(
        "refuses to remove a server on which actors live",
        keeps_inhabited_servers,
    ),
];

const fn live(name: &'static str, check: fn(&mut Observer) -> Result<(), Violation>) -> Case {
    Case {
        name,
        only: Some(Kind::Live),
        check,
    }
}

fn recordings_take_no_orders(observer: &mut Observer) -> Result<(), Violation> {
    let orders = Orders {
        window: 1,
        lease: LEASE,
        actions: Vec::new(),
    };
    let answer = observer.engine.submit(orders);
    expect(matches!(answer, Err(EngineError::ReadOnly { .. })), || {
        format!("expected a refusal, got {answer:?}")
    })
}

fn is_done(result: &OutcomeResult) -> bool {
    matches!(result, OutcomeResult::Done { .. })
}

/// What an order to move is about.
struct Move<'o> {
    actor: &'o mut ActorId,
    from: &'o mut ServerId,
    to: &'o mut ServerId,
}

fn move_of(order: &mut Action) -> Result<Move<'_>, Violation> {
    match &mut order.body {
        ActionBody::Migrate { actor, from, to } => Ok(Move { actor, from, to }),
        other => Err(Violation(format!("expected a move, got {other}"))),
    }
}

fn moves_an_actor(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let (actor, before) = observer.actor(0)?;
    let mut order = observer.order(1, 0)?;
    let to = move_of(&mut order)?.to.clone();
    observer.submit(LEASE, vec![order])?;
    let result = observer.outcome(1)?;
    expect(is_done(&result), || format!("the move failed: {result:?}"))?;
    observer.next_batch()?;
    let after = observer.actors.get(&actor);
    expect(after.is_some_and(|after| after.server == to), || {
        format!("expected {actor} on {to}, is {after:?}")
    })?;
    let epochs = (before.epoch, after.and_then(|after| after.epoch));
    expect(
        matches!(epochs, (Some(old), Some(new)) if new > old),
        || format!("expected a move to raise the epoch, saw {epochs:?}"),
    )
}

fn answers_repeats(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let (actor, before) = observer.actor(0)?;
    let order = observer.order(1, 0)?;
    observer.submit(LEASE, vec![order.clone(), order.clone()])?;
    let first = observer.outcome(1)?;
    observer.submit(LEASE, vec![order])?;
    observer.next_batch()?;
    observer.next_batch()?;
    let answers = observer.outcomes.get(&1).map_or(&[][..], Vec::as_slice);
    expect(answers.len() >= 2, || {
        "the repeated id was not answered".to_owned()
    })?;
    expect(answers.iter().all(|answer| *answer == first), || {
        format!("the repeated id was answered otherwise: {answers:?}")
    })?;
    let after = observer.actors.get(&actor).and_then(|after| after.epoch);
    let expected = before.epoch.map(|epoch| epoch + 1);
    expect(after == expected, || {
        format!("expected one move (epoch {expected:?}), saw epoch {after:?}")
    })
}

fn answers_once(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let orders = [observer.order(1, 0)?, observer.order(2, 1)?];
    observer.submit(LEASE, orders.to_vec())?;
    observer.outcome(1)?;
    observer.outcome(2)?;
    observer.next_batch()?;
    observer.finish()?;
    for (id, results) in &observer.outcomes {
        expect(results.len() == 1, || {
            format!("order {id} was answered {} times", results.len())
        })?;
    }
    Ok(())
}

fn moves_groups_whole(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    // Gather two actors on one server, so that they can leave it together.
    let (_, first) = observer.actor(0)?;
    let (_, second) = observer.actor(1)?;
    if first.server != second.server {
        let mut order = observer.order(1, 1)?;
        *move_of(&mut order)?.to = first.server;
        observer.submit(LEASE, vec![order])?;
        let result = observer.outcome(1)?;
        expect(is_done(&result), || format!("the move failed: {result:?}"))?;
        observer.next_batch()?;
    }
    let group = |mut orders: [Action; 2], group| {
        for order in &mut orders {
            order.group = Some(group);
        }
        orders.to_vec()
    };
    // The second member is nowhere to be found: the first must stay.
    let mut orders = group([observer.order(2, 0)?, observer.order(3, 1)?], 1);
    if let Some(order) = orders.last_mut() {
        *move_of(order)?.actor = ActorId::from("nobody-at-all");
    }
    observer.submit(LEASE, orders)?;
    let results = [observer.outcome(2)?, observer.outcome(3)?];
    expect(!results.iter().any(is_done), || {
        format!("a group with an unknown member moved in part: {results:?}")
    })?;
    let orders = group([observer.order(4, 0)?, observer.order(5, 1)?], 2);
    observer.submit(LEASE, orders)?;
    let results = [observer.outcome(4)?, observer.outcome(5)?];
    expect(results.iter().all(is_done), || {
        format!("expected the group to move, got {results:?}")
    })
}

fn refuses_older_epoch(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let order = observer.order(1, 0)?;
    observer.submit(LEASE, vec![order])?;
    observer.outcome(1)?;
    observer.next_batch()?;
    let mut late = observer.order(2, 0)?;
    expect(late.epoch.is_some(), || {
        "expected actors to carry their epoch".to_owned()
    })?;
    late.epoch = late.epoch.map(|epoch| epoch.saturating_sub(1));
    observer.expect_refusal(LEASE, late)
}

fn refuses_older_lease(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    observer.submit(LEASE, Vec::new())?;
    let order = observer.order(1, 0)?;
    observer.submit(LEASE, vec![order])?;
    observer.outcome(1)?;
    observer.next_batch()?;
    let order = observer.order(2, 0)?;
    observer.expect_refusal(LEASE - 1, order)
}

fn refuses_wrong_host(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let mut order = observer.order(1, 0)?;
    let Move { from, to, .. } = move_of(&mut order)?;
    std::mem::swap(from, to);
    observer.expect_refusal(LEASE, order)
}

fn refuses_unknown_actor(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let mut order = observer.order(1, 0)?;
    *move_of(&mut order)?.actor = ActorId::from("nobody-at-all");
    observer.expect_refusal(LEASE, order)
}

fn refuses_unknown_server(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let mut order = observer.order(1, 0)?;
    *move_of(&mut order)?.to = ServerId::from("nowhere-at-all");
    observer.expect_refusal(LEASE, order)
}

fn takes_alerts(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let mut order = observer.order(1, 0)?;
    let text = "somebody should look".into();
    order.body = ActionBody::Alert { text };
    (order.epoch, order.group) = (None, None);
    observer.submit(LEASE, vec![order])?;
    let result = observer.outcome(1)?;
    expect(is_done(&result), || format!("the alert failed: {result:?}"))
}

fn keeps_inhabited_servers(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let (actor, before) = observer.actor(0)?;
    let mut order = observer.order(1, 0)?;
    let server = before.server.clone();
    order.body = ActionBody::RemoveServer { server };
    (order.epoch, order.group) = (None, None);
    observer.submit(LEASE, vec![order])?;
    let result = observer.outcome(1)?;
    expect(!is_done(&result), || {
        format!("a server on which {actor} lives was removed")
    })?;
    // It goes on as before.
    let order = observer.order(2, 0)?;
    observer.submit(LEASE, vec![order])?;
    let result = observer.outcome(2)?;
    expect(is_done(&result), || format!("the move failed: {result:?}"))
}
