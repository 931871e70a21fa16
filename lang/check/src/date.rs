//! Days of the calendar, for what a policy says until a day.

use std::fmt;

/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// A day of the Gregorian calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day that `YYYY-MM-DD` names; `None` if it is written otherwise, or there is no such day.
    pub fn from_text(text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let mut part = |digits: usize| {
            let part = parts.next()?;
            let is_number = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
            is_number.then_some(part)
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let date = Date {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: day.parse().ok()?,
        };
        let is_day = (1..=days_of(date.year, date.month)?).contains(&date.day);
        (parts.next().is_none() && is_day).then_some(date)
    }

    /// The day on which it is so many seconds after 1970 began; the last day of the year 9999 for
    /// all after it.
    pub fn of_unix_seconds(seconds: u64) -> Date {
        let mut days = seconds / DAY_SECONDS;
        for year in 1970..=9999 {
            for month in 1..=12 {
                let length = days_of(year, month).unwrap_or_default();
                match u8::try_from(days) {
                    Ok(before) if before < length => {
                        let day = before + 1;
                        return Date { year, month, day };
                    }
                    _ => days -= u64::from(length),
                }
            }
        }
        Date {
            year: 9999,
            month: 12,
            day: 31,
        }
    }

    /// The day so many days later; the last day of the year 9999 at most.
    #[must_use]
    pub fn days_later(self, days: u16) -> Date {
        (0..days).fold(self, |date, _| date.next())
    }

    fn next(self) -> Date {
        let Date { year, month, day } = self;
        match (days_of(year, month) == Some(day), month, year) {
            (false, ..) => Date {
                day: day + 1,
                ..self
            },
            (true, 12, 9999) => self,
            (true, 12, _) => Date {
                year: year + 1,
                month: 1,
                day: 1,
            },
            (true, ..) => Date {
                year,
                month: month + 1,
                day: 1,
            },
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The length of a month, from 1; `None` for one that does not exist.
fn days_of(year: u16, month: u8) -> Option<u8> {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if is_leap => Some(29),
        2 => Some(28),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_days() {
        for text in ["1970-01-01", "2027-12-31", "2024-02-29", "2000-02-29"] {
            let shown = Date::from_text(text).map(|date| date.to_string());
            assert_eq!(shown.as_deref(), Some(text));
        }
        for text in [
            "",
            "2027",
            "2027-1-31",
            "2027-13-01",
            "2027-00-10",
            "2027-04-31",
            "2026-02-29",
            "2100-02-29",
            "2027-01-31-",
            "31.01.2027",
            "+027-01-31",
            "2027-01-00",
        ] {
            assert_eq!(Date::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        let cases = [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (1_798_761_599, "2026-12-31"),
            (1_798_761_600, "2027-01-01"),
            (u64::MAX, "9999-12-31"),
        ];
        for (seconds, day) in cases {
            assert_eq!(Date::of_unix_seconds(seconds).to_string(), day, "{seconds}");
        }
    }

    #[test]
    fn days_later_pass_months_and_years() {
        let later = |from: &str, days| {
            let date = Date::from_text(from).expect("a day");
            date.days_later(days).to_string()
        };
        assert_eq!(later("2026-11-27", 30), "2026-12-27");
        assert_eq!(later("2027-02-28", 1), "2027-03-01");
        assert_eq!(later("2028-02-28", 1), "2028-02-29");
        assert_eq!(later("2026-12-31", 1), "2027-01-01");
        assert_eq!(later("9999-12-31", 3), "9999-12-31");
    }
}
