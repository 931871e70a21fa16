//! Numbers on the command line, with messages that say what is accepted.

use crate::duration::parse_seconds;

/// Most servers of an embedded cluster.
const SERVERS_MAX: u32 = 64;

/// Parses a number of servers; for clap.
///
/// # Errors
///
/// Anything but a whole number within the bounds.
pub(crate) fn parse_servers(text: &str) -> Result<u32, String> {
    let servers = text.parse().ok().filter(|n| (1..=SERVERS_MAX).contains(n));
    servers.ok_or_else(|| format!("expected a whole number from 1 to {SERVERS_MAX}"))
}

/// Parses a seed; for clap.
///
/// # Errors
///
/// Anything but a whole number of 64 bits.
pub(crate) fn parse_seed(text: &str) -> Result<u64, String> {
    let seed = text.parse().ok();
    seed.ok_or_else(|| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// Parses the time of a tick, in seconds or as a duration; for clap.
///
/// # Errors
///
/// Anything else, and a time before the trace began.
pub(crate) fn parse_moment(text: &str) -> Result<f64, String> {
    let seconds = match text.parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) if text.starts_with(|first: char| first.is_ascii_digit()) => parse_seconds(text)?,
        Err(_) => {
            return Err(format!(
                "`{text}` is not a time: write seconds or a duration, such as 10 or 10s"
            ));
        }
    };
    if seconds.is_finite() && seconds >= 0.0 {
        Ok(seconds)
    } else {
        Err("expected a time from 0 on, such as 10 (seconds) or 10s".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_within_their_bounds() {
        assert_eq!(parse_servers("64"), Ok(64));
        for text in ["0", "65", "-1", "4.5", "many", ""] {
            assert!(parse_servers(text).is_err(), "{text}");
        }
        assert_eq!(parse_seed("18446744073709551615"), Ok(u64::MAX));
        assert!(parse_seed("18446744073709551616").is_err());
    }

    #[test]
    fn a_moment_is_seconds_or_a_duration() {
        assert_eq!(parse_moment("10"), Ok(10.0));
        assert_eq!(parse_moment("0"), Ok(0.0));
        assert_eq!(parse_moment("1.5m"), Ok(90.0));
        for text in ["-1", "NaN", "inf", "soon", "10sec"] {
            assert!(parse_moment(text).is_err(), "{text}");
        }
    }
}
