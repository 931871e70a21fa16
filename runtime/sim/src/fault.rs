//! What the network does to frames, below the sessions.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use plasma_actor::{Address, FrameKind, Time};

use crate::random::Random;

/// Something that happens to a frame on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It never arrives.
    Lose,
    /// It arrives, and arrives once more this much later.
    Duplicate(Duration),
    /// It arrives this much later.
    Delay(Duration),
    /// It arrives after the next frame that goes the same way, or after
    /// [`OVERTAKEN_MAX`] if there is none.
    Overtaken,
}

/// How long a frame waits to be overtaken.
pub const OVERTAKEN_MAX: Duration = Duration::from_millis(20);

/// The kinds of [`Fault`], for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// [`Fault::Lose`].
    Lose,
    /// [`Fault::Duplicate`].
    Duplicate,
    /// [`Fault::Delay`].
    Delay,
    /// [`Fault::Overtaken`].
    Overtaken,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [FaultKind; 4] = [
        FaultKind::Lose,
        FaultKind::Duplicate,
        FaultKind::Delay,
        FaultKind::Overtaken,
    ];
}

impl Fault {
    /// Its kind.
    #[must_use]
    pub fn kind(self) -> FaultKind {
        match self {
            Fault::Lose => FaultKind::Lose,
            Fault::Duplicate(_) => FaultKind::Duplicate,
            Fault::Delay(_) => FaultKind::Delay,
            Fault::Overtaken => FaultKind::Overtaken,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Lose => f.write_str("lost"),
            Fault::Duplicate(after) => write!(f, "repeated after {after:?}"),
            Fault::Delay(by) => write!(f, "delayed by {by:?}"),
            Fault::Overtaken => f.write_str("overtaken"),
        }
    }
}

/// A frame about to pass the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passing {
    /// Counts the frames of the run, from 0.
    pub number: u64,
    /// When it leaves.
    pub at: Time,
    /// Its sender.
    pub from: Address,
    /// Its receiver.
    pub to: Address,
    /// What it says.
    pub kind: FrameKind,
}

/// Decides what happens to each frame. The same frames and random numbers must give the same
/// faults.
pub trait Faults {
    /// What happens to this frame; `None`: it arrives as it should.
    fn strike(&mut self, passing: &Passing, random: &mut Random) -> Option<Fault>;
}

impl<F: FnMut(&Passing, &mut Random) -> Option<Fault>> Faults for F {
    fn strike(&mut self, passing: &Passing, random: &mut Random) -> Option<Fault> {
        self(passing, random)
    }
}

/// A network without faults.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFaults;

impl Faults for NoFaults {
    fn strike(&mut self, _: &Passing, _: &mut Random) -> Option<Fault> {
        None
    }
}

/// Faults at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomFaults {
    /// Probability that a frame is lost.
    pub lose: f64,
    /// Probability that it is repeated.
    pub duplicate: f64,
    /// Probability that it is delayed (half of these are overtaken by the next one instead).
    pub delay: f64,
    /// The longest delay, and the longest time until a repetition.
    pub delay_max: Duration,
    /// After this time there are no faults any more.
    pub until: Time,
}

impl RandomFaults {
    /// Each kind of fault with this probability, for ever, with delays up to 20 ms.
    #[must_use]
    pub fn each(probability: f64) -> Self {
        RandomFaults {
            lose: probability,
            duplicate: probability,
            delay: probability,
            delay_max: Duration::from_millis(20),
            until: Time::NEVER,
        }
    }

    /// The same, ending at this time.
    #[must_use]
    pub fn until(self, until: Time) -> Self {
        RandomFaults { until, ..self }
    }
}

impl Faults for RandomFaults {
    fn strike(&mut self, passing: &Passing, random: &mut Random) -> Option<Fault> {
        if passing.at >= self.until {
            return None;
        }
        if random.chance(self.lose) {
            return Some(Fault::Lose);
        }
        if random.chance(self.duplicate) {
            return Some(Fault::Duplicate(random.up_to(self.delay_max)));
        }
        if random.chance(self.delay) {
            let overtaken = random.chance(0.5);
            let by = random.up_to(self.delay_max);
            return Some(if overtaken {
                Fault::Overtaken
            } else {
                Fault::Delay(by)
            });
        }
        None
    }
}

/// Faults at chosen frames, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlannedFaults(BTreeMap<u64, Fault>);

impl PlannedFaults {
    /// These faults at the frames of these numbers.
    #[must_use]
    pub fn new(plan: impl IntoIterator<Item = (u64, Fault)>) -> Self {
        PlannedFaults(plan.into_iter().collect())
    }
}

impl Faults for PlannedFaults {
    fn strike(&mut self, passing: &Passing, _: &mut Random) -> Option<Fault> {
        self.0.get(&passing.number).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    fn passing(number: u64) -> Passing {
        Passing {
            number,
            at: Time::from_nanos(number),
            from: Address::first(1),
            to: Address::first(2),
            kind: FrameKind::Request,
        }
    }

    #[test]
    fn random_faults_are_of_every_kind_and_end() {
        let mut random = Random::new(1, Stream::Network);
        let mut faults = RandomFaults::each(0.1).until(Time::from_nanos(1000));
        let mut struck = BTreeMap::new();
        for number in 0..2000 {
            if let Some(fault) = faults.strike(&passing(number), &mut random) {
                assert!(number < 1000);
                *struck.entry(fault.kind()).or_insert(0) += 1;
            }
        }
        assert!(FaultKind::ALL.iter().all(|kind| struck[kind] > 20));
    }

    #[test]
    fn planned_faults_strike_where_they_are_planned() {
        let mut random = Random::new(1, Stream::Network);
        let mut faults = PlannedFaults::new([(3, Fault::Lose)]);
        let struck: Vec<u64> = (0..10)
            .filter(|number| faults.strike(&passing(*number), &mut random).is_some())
            .collect();
        assert_eq!(struck, [3]);
    }
}
