//! On which server each actor of an application starts.

use std::fmt;
use std::str::FromStr;

/// How actors are placed before any policy has spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// Each on a server drawn by the seed.
    #[default]
    Random,
    /// All on the first server.
    One,
}

/// A start that is neither `random` nor `one`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no start: expected `random` (by seed) or `one` (all on one server)")]
pub struct StartError {
    text: String,
}

impl FromStr for Start {
    type Err = StartError;

    fn from_str(text: &str) -> Result<Self, StartError> {
        match text {
            "random" => Ok(Start::Random),
            "one" => Ok(Start::One),
            _ => Err(StartError {
                text: text.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Start::Random => "random",
            Start::One => "one",
        })
    }
}

/// The server (from 0, below `servers`) of each of `actors` actors, in order of creation. The place
/// of an actor depends on the seed and on its own number only, so that a larger application with
/// the same seed starts with the same first actors in the same places.
pub fn place(start: Start, seed: u64, actors: usize, servers: usize) -> Vec<usize> {
    let server_of = |actor: u64| match start {
        Start::Random => draw(seed, actor, servers),
        Start::One => 0,
    };
    (0_u64..).take(actors).map(server_of).collect()
}

/// A number below `bound` (0 if that is 0), evenly distributed: output `index` of SplitMix64
/// (Steele, Lea, Flood, OOPSLA 2014), reduced by multiplication (Lemire, 2019).
fn draw(seed: u64, index: u64, bound: usize) -> usize {
    const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut bits = seed.wrapping_add(GAMMA.wrapping_mul(index.wrapping_add(1)));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^= bits >> 31;
    let product = u128::from(bits) * (bound as u128);
    usize::try_from(product >> 64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_places_the_same() {
        assert_eq!(
            place(Start::Random, 7, 10, 4),
            place(Start::Random, 7, 20, 4)[..10]
        );
        assert_ne!(
            place(Start::Random, 7, 20, 4),
            place(Start::Random, 8, 20, 4)
        );
        assert_eq!(place(Start::Random, 1, 8, 4), [2, 2, 3, 1, 1, 3, 3, 2]);
    }

    #[test]
    fn every_server_gets_its_share() {
        let places = place(Start::Random, 1, 4000, 4);
        for server in 0..4 {
            let share = places.iter().filter(|place| **place == server).count();
            assert!((900..1100).contains(&share), "server {server}: {share}");
        }
    }

    #[test]
    fn one_means_the_first_and_no_server_is_no_panic() {
        assert_eq!(place(Start::One, 1, 3, 4), [0, 0, 0]);
        assert_eq!(place(Start::Random, 1, 2, 0), [0, 0]);
    }

    #[test]
    fn starts_are_read_as_they_are_written() {
        for start in [Start::Random, Start::One] {
            assert_eq!(start.to_string().parse(), Ok(start));
        }
        let error = "all".parse::<Start>().err().map(|error| error.to_string());
        insta::assert_snapshot!(error.unwrap_or_default(), @"`all` is no start: expected `random` (by seed) or `one` (all on one server)");
    }
}
