//! The seeded generator: one seed, an independent stream for each purpose.

use std::time::Duration;

use oorandom::Rand64;

/// What a stream of random numbers is for. Each purpose has its own stream, so that drawing more
/// for one does not change the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Order of events at the same time.
    Ties,
    /// What the network does to frames.
    Network,
    /// Offsets of the nodes' clocks.
    Clocks,
    /// Choices of a test or a checker.
    Choices,
}

/// One stream of random numbers: PCG (O'Neill, 2014) as the crate `oorandom` has it, whose
/// algorithm is fixed.
#[derive(Clone, Debug)]
pub struct Random(Rand64);

impl Random {
    /// The stream of this purpose under this seed.
    #[must_use]
    pub fn new(seed: u64, stream: Stream) -> Self {
        let purpose = (stream as u128 + 1) << 64;
        Random(Rand64::new(purpose | u128::from(seed)))
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0.rand_u64()
    }

    /// A number below `bound`; 0 if that is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        self.0.rand_range(0..bound)
    }

    /// True with this probability, from 0 to 1.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.0.rand_float() < probability
    }

    /// A time from zero up to `longest`.
    pub fn up_to(&mut self, longest: Duration) -> Duration {
        let nanos = u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(self.below(nanos.saturating_add(1)))
    }

    /// One of `choices`, if there are any.
    pub fn choose<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let index = self.below(choices.len() as u64);
        choices.get(usize::try_from(index).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_seed_differ_and_repeat() {
        let draw = |seed, stream| Random::new(seed, stream).number();
        assert_eq!(draw(1, Stream::Ties), draw(1, Stream::Ties));
        assert_ne!(draw(1, Stream::Ties), draw(1, Stream::Network));
        assert_ne!(draw(1, Stream::Ties), draw(2, Stream::Ties));
    }

    #[test]
    fn chances_are_what_they_say() {
        let mut random = Random::new(3, Stream::Network);
        let hits = (0..10_000).filter(|_| random.chance(0.1)).count();
        assert!((900..1100).contains(&hits), "{hits}");
        assert!(!random.chance(0.0));
    }
}
