//! What a message between servers costs: latency and bandwidth, as arithmetic.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Round trip of the default link.
const ROUND_TRIP_DEFAULT: Duration = Duration::from_micros(500);

/// Bandwidth of the default link, in bits per second.
const BITS_PER_SECOND_DEFAULT: f64 = 1e9;

/// The links between servers: all alike.
///
/// As text: `0.5ms,1Gbit` (round trip, bandwidth per server and direction), or `none`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Time there and back of an empty message.
    pub round_trip: Duration,
    /// Bandwidth of each server and direction, in bytes per second; `None` is unlimited.
    pub bytes_per_second: Option<f64>,
}

impl Default for Link {
    fn default() -> Self {
        Link {
            round_trip: ROUND_TRIP_DEFAULT,
            bytes_per_second: Some(BITS_PER_SECOND_DEFAULT / 8.0),
        }
    }
}

impl Link {
    /// A link that costs nothing.
    pub const NONE: Link = Link {
        round_trip: Duration::ZERO,
        bytes_per_second: None,
    };

    /// Time of an empty message one way.
    pub fn one_way(&self) -> Duration {
        self.round_trip / 2
    }

    /// Time for which a message of `bytes` occupies one direction of a server.
    pub fn occupancy(&self, bytes: usize) -> Duration {
        match self.bytes_per_second {
            Some(bytes_per_second) => Duration::from_secs_f64(bytes as f64 / bytes_per_second),
            None => Duration::ZERO,
        }
    }
}

/// One direction of one server's connection: messages pass one after the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Direction {
    free_at: Duration,
}

impl Direction {
    /// Takes a message that is there at `now` and occupies the direction for `occupancy`; gives
    /// when it begins and when it ends to pass.
    pub fn pass(&mut self, now: Duration, occupancy: Duration) -> (Duration, Duration) {
        let begin = now.max(self.free_at);
        self.free_at = begin + occupancy;
        (begin, self.free_at)
    }

    /// When the next message can begin to pass.
    pub fn free_at(&self) -> Duration {
        self.free_at
    }
}

/// A link specification that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no link: {problem}; expected a round trip and a bandwidth, as `0.5ms,1Gbit`, \
     or `none`"
)]
pub struct LinkError {
    text: String,
    problem: &'static str,
}

impl FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let error = |problem| LinkError {
            text: text.to_owned(),
            problem,
        };
        if text == "none" {
            return Ok(Link::NONE);
        }
        let (round_trip, bandwidth) = text
            .split_once(',')
            .ok_or_else(|| error("it has no comma"))?;
        let seconds = quantity(round_trip, &[("us", 1e-6), ("ms", 1e-3), ("s", 1.0)])
            .ok_or_else(|| error("the round trip is not a number of us, ms or s"))?;
        let round_trip = Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|round_trip| *round_trip <= ROUND_TRIP_MAX)
            .ok_or_else(|| error("the round trip is longer than 10 s"))?;
        let bits = quantity(
            bandwidth,
            &[("Kbit", 1e3), ("Mbit", 1e6), ("Gbit", 1e9), ("bit", 1.0)],
        )
        .ok_or_else(|| error("the bandwidth is not a number of Kbit, Mbit or Gbit (per second)"))?;
        if bits < BITS_PER_SECOND_MIN {
            return Err(error("the bandwidth is less than 1 Mbit"));
        }
        Ok(Link {
            round_trip,
            bytes_per_second: Some(bits / 8.0),
        })
    }
}

/// Longest round trip accepted: beyond it every call would end by its deadline.
const ROUND_TRIP_MAX: Duration = Duration::from_secs(10);

/// Least bandwidth accepted: below it no state would move within a deadline.
const BITS_PER_SECOND_MIN: f64 = 1e6;

/// A number followed by one of `units`, in the base unit.
fn quantity(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = text.trim();
    units.iter().find_map(|(unit, factor)| {
        let number: f64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some(number * factor)
    })
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = self.round_trip.as_secs_f64() * 1e3;
        match self.bytes_per_second {
            Some(bytes) => write!(f, "{milliseconds}ms,{}Gbit", bytes * 8.0 / 1e9),
            None if self.round_trip.is_zero() => f.write_str("none"),
            None => write!(f, "{milliseconds}ms"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifications_are_read_as_they_are_written() {
        for text in ["0.5ms,1Gbit", "none", "2ms,0.1Gbit"] {
            let link: Result<Link, _> = text.parse();
            assert_eq!(link.map(|link| link.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("0.5ms,1Gbit".parse(), Ok(Link::default()));
        assert_eq!("500us, 1000 Mbit".parse(), Ok(Link::default()));
    }

    #[test]
    fn a_mistake_says_what_was_expected() {
        let texts = [
            "",
            "fast",
            "1,2",
            "-1ms,1Gbit",
            "1ms,1GB",
            "1h,1Gbit",
            "20s,1Gbit",
            "1ms,9bit",
        ];
        let messages: Vec<String> = texts
            .iter()
            .filter_map(|text| text.parse::<Link>().err())
            .map(|error| error.to_string())
            .collect();
        insta::assert_snapshot!(messages.join("\n"), @r"
        `` is no link: it has no comma; expected a round trip and a bandwidth, as `0.5ms,1Gbit`, or `none`
        `fast` is no link: it has no comma; expected a round trip and a bandwidth, as `0.5ms,1Gbit`, or `none`
        `1,2` is no link: the round trip is not a number of us, ms or s; expected a round trip and a bandwidth, as `0.5ms,1Gbit`, or `none`
        `-1ms,1Gbit` is no link: the round trip is not a number of us, ms or s; expected a round trip and a bandwidth, as `0.5ms,1Gbit`, or `none`
        `1ms,1GB` is no link: the bandwidth is not a number of Kbit, Mbit or Gbit (per second); expected a round trip and a bandwidth, as `0.5ms,1Gbit`, or `none`
        `1h,1Gbit` is no link: the round trip is not a number of us, ms or s; expected a round trip and a bandwidth, as `0.5ms,1Gbit`, or `none`
        `20s,1Gbit` is no link: the round trip is longer than 10 s; expected a round trip and a bandwidth, as `0.5ms,1Gbit`, or `none`
        `1ms,9bit` is no link: the bandwidth is less than 1 Mbit; expected a round trip and a bandwidth, as `0.5ms,1Gbit`, or `none`
        ");
    }

    #[test]
    fn messages_pass_one_after_the_other() {
        let link = Link::default();
        let occupancy = link.occupancy(125_000);
        assert_eq!(occupancy, Duration::from_millis(1));
        let mut direction = Direction::default();
        let start = Duration::from_millis(5);
        let first = direction.pass(start, occupancy);
        let second = direction.pass(start, occupancy);
        assert_eq!(first, (start, start + occupancy));
        assert_eq!(second, (start + occupancy, start + 2 * occupancy));
    }
}
