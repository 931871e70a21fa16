//! Frames on their way into a node, in the order in which they arrive.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::time::Duration;

use plasma_actor::Frame;
use plasma_engine::embedded::{Direction, Link};

use crate::inbox::Passing;

/// A frame that has not been delivered yet; ties break by the order of handing over.
struct Waiting {
    at: Duration,
    sequence: u64,
    frame: Frame,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.sequence).cmp(&(other.at, other.sequence))
    }
}

/// The incoming side of one node's connection.
pub(crate) struct Ingress {
    link: Link,
    direction: Direction,
    sequence: u64,
    /// Frames whose first byte has not arrived.
    under_way: BinaryHeap<Reverse<Waiting>>,
    /// The frame that is being received, with the time of its last byte.
    receiving: Option<Waiting>,
}

impl Ingress {
    pub(crate) fn new(link: Link) -> Self {
        Ingress {
            link,
            direction: Direction::default(),
            sequence: 0,
            under_way: BinaryHeap::new(),
            receiving: None,
        }
    }

    /// Takes over frames from the inbox.
    pub(crate) fn accept(&mut self, passing: impl IntoIterator<Item = Passing>) {
        for Passing { arrives_at, frame } in passing {
            self.sequence += 1;
            self.under_way.push(Reverse(Waiting {
                at: arrives_at,
                sequence: self.sequence,
                frame,
            }));
        }
    }

    /// The next frame that has arrived whole by `now`.
    pub(crate) fn next(&mut self, now: Duration) -> Option<Frame> {
        self.receive(now);
        let whole = self.receiving.as_ref().is_some_and(|frame| frame.at <= now);
        if !whole {
            return None;
        }
        self.receiving.take().map(|frame| frame.frame)
    }

    /// When the next frame will have arrived whole, as far as is known.
    pub(crate) fn next_at(&self) -> Option<Duration> {
        match (&self.receiving, self.under_way.peek()) {
            (Some(frame), _) => Some(frame.at),
            (None, Some(Reverse(frame))) => Some(frame.at),
            (None, None) => None,
        }
    }

    /// Begins to receive the next frame, if its first byte is there.
    fn receive(&mut self, now: Duration) {
        let here = self
            .under_way
            .peek()
            .is_some_and(|Reverse(next)| next.at <= now);
        if self.receiving.is_some() || !here {
            return;
        }
        if let Some(Reverse(mut next)) = self.under_way.pop() {
            let occupancy = self.link.occupancy(next.frame.size_bytes());
            (_, next.at) = self.direction.pass(next.at, occupancy);
            self.receiving = Some(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use plasma_actor::{
        Actor, ActorId, Address, Config, Context, Effect, FunctionId, GatewayCall, Input,
        MemoryStore, Meter, ServerCore, ServerId, Time, Types, functions, tag_of,
    };
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Actor, Deserialize, Serialize)]
    struct Bell {}

    #[functions]
    impl Bell {
        fn ring(&self, _cx: &Context) {}
    }

    struct NoMeter;

    impl Meter for NoMeter {
        fn stamp(&mut self) -> u64 {
            0
        }

        fn burn(&mut self, _work: Duration) {}
    }

    /// What a gateway sends the directory when it is asked for actors whose place it does not know.
    fn frames(count: u64) -> Vec<Frame> {
        let config = Config::gateway(Address::first(1), ServerId(0));
        let store = Box::<MemoryStore>::default();
        let mut types = Types::default();
        types.add::<Bell>();
        let catalog = types.into_catalog().unwrap_or_default();
        let Ok(mut core) = ServerCore::new(config, catalog, store, Box::new(NoMeter)) else {
            return Vec::new();
        };
        let directory = Input::PeerUp {
            address: Address::first(0),
            hosts_actors: false,
        };
        core.step(Time::ZERO, directory);
        let calls = (0..count).map(|id| {
            Input::Call(GatewayCall {
                id,
                actor: ActorId::new(tag_of::<Bell>(), id),
                function: FunctionId::of("ring"),
                arguments: [].into(),
                deadline: Some(Duration::from_secs(1)),
            })
        });
        let effects = calls.flat_map(|call| core.step(Time::ZERO, call));
        let frames = effects.filter_map(|effect| match effect {
            Effect::Send(frame) => Some(frame),
            _ => None,
        });
        frames.collect()
    }

    const fn us(microseconds: u64) -> Duration {
        Duration::from_micros(microseconds)
    }

    /// Times at which frames that arrive at `arrivals` have been received whole.
    fn received(link: Link, arrivals: &[Duration]) -> Vec<Duration> {
        let mut ingress = Ingress::new(link);
        let passing = frames(arrivals.len() as u64).into_iter().zip(arrivals);
        ingress.accept(passing.map(|(frame, arrives_at)| Passing {
            arrives_at: *arrives_at,
            frame,
        }));
        let mut times = Vec::new();
        while let Some(at) = ingress.next_at() {
            if ingress.next(at).is_some() {
                times.push(at);
            }
        }
        times
    }

    #[test]
    fn frames_are_received_in_the_order_of_their_arrival() {
        let times = received(Link::NONE, &[us(30), us(10), us(20)]);
        assert_eq!(times, [us(10), us(20), us(30)]);
    }

    #[test]
    fn frames_that_arrive_together_share_the_bandwidth() {
        let size_bytes = frames(1).first().map_or(0, Frame::size_bytes);
        let link = Link {
            round_trip: Duration::ZERO,
            // One frame takes 100 µs.
            bytes_per_second: Some(size_bytes as f64 * 1e4),
        };
        let times = received(link, &[us(10), us(10), us(500)]);
        assert_eq!(times, [us(110), us(210), us(600)]);
    }

    #[test]
    fn nothing_is_received_before_its_last_byte_is_there() {
        let mut ingress = Ingress::new(Link::NONE);
        ingress.accept(frames(1).into_iter().map(|frame| Passing {
            arrives_at: us(10),
            frame,
        }));
        assert!(ingress.next(us(9)).is_none());
        assert!(ingress.next(us(10)).is_some());
        assert_eq!(ingress.next_at(), None);
    }
}
