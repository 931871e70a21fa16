//! Planted mistakes: the checkers can fail.

use std::collections::BTreeSet;
use std::time::Duration;

use plasma_actor::{Frame, FrameKind, wire};
use plasma_sim::check::Property;
use plasma_sim::{NoFaults, World, WorldConfig};

use crate::ledger::Ledgers;
use crate::moves::shuffle;
use crate::story::Story;

/// Numbers that stand before a frame's body in its bytes: two addresses of two, session, number
/// and two acknowledgements.
const HEADER_NUMBERS: usize = 8;

fn shape() -> Ledgers {
    Ledgers {
        clients: 3,
        relays: 0,
        ledgers: 1,
        ..Ledgers::default()
    }
}

fn properties(world: &World) -> BTreeSet<Property> {
    let violations = world.violations().iter();
    violations.map(|violation| violation.property).collect()
}

/// Bytes of a frame: its header, which belongs to the session, and its body.
fn parts(frame: &Frame) -> (Vec<u8>, Vec<u8>) {
    let mut bytes = Vec::new();
    wire::encode(frame, &mut bytes).expect("frames can be encoded");
    // A number ends with its first byte below 128.
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte < 128);
    let (last, _) = { ends }.nth(HEADER_NUMBERS - 1).expect("a whole header");
    let body = bytes.split_off(last + 1);
    (bytes, body)
}

/// The frame of this header with that body.
fn spliced(mut header: Vec<u8>, body: &[u8]) -> Frame {
    header.extend_from_slice(body);
    wire::decode(&header).expect("a header and a body are a frame")
}

#[test]
fn a_network_that_repeats_calls_behind_the_session_is_found() {
    let mut story = Story::begin(WorldConfig::new(1), shape(), NoFaults);
    let mut last: Option<Frame> = None;
    let mut calls = 0;
    story.world.tamper(Box::new(move |frame| {
        if frame.kind() != FrameKind::Request {
            return vec![frame];
        }
        calls += 1;
        let before = last.replace(frame.clone());
        match before {
            // One call in ten is replaced by the one before it.
            Some(before) if calls % 10 == 0 && before.to == frame.to => {
                vec![spliced(parts(&frame).0, &parts(&before).1)]
            }
            _ => vec![frame],
        }
    }));
    let found = properties(&story.verdict());
    assert!(found.contains(&Property::NothingTwice), "{found:?}");
}

#[test]
fn a_network_that_swaps_calls_behind_the_session_is_found() {
    let mut story = Story::begin(WorldConfig::new(2), shape(), NoFaults);
    let mut waiting: Option<Frame> = None;
    story.world.tamper(Box::new(move |frame| {
        if !matches!(frame.kind(), FrameKind::Request | FrameKind::OneWay) {
            return vec![frame];
        }
        let Some(first) = waiting.take() else {
            waiting = Some(frame);
            return Vec::new();
        };
        let ((header_a, body_a), (header_b, body_b)) = (parts(&first), parts(&frame));
        vec![spliced(header_a, &body_b), spliced(header_b, &body_a)]
    }));
    let found = properties(&story.verdict());
    assert!(found.contains(&Property::InOrder), "{found:?}");
}

#[test]
fn an_actor_that_forgets_when_it_moves_is_found() {
    let shape = Ledgers {
        forgets: true,
        operations: u64::MAX,
        ..shape()
    };
    let mut story = Story::begin(WorldConfig::new(3), shape, NoFaults);
    shuffle(&mut story, 5, Duration::from_millis(10));
    let found = properties(&story.verdict());
    assert!(found.contains(&Property::NothingLost), "{found:?}");
    assert!(found.contains(&Property::Fidelity), "{found:?}");
}
