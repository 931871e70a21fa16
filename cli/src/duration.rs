//! Durations on the command line: a number and a unit, as in the language.

/// Parses `500ms`, `1s`, `2.5s`, `10m`, `1h` into seconds; for clap.
///
/// # Errors
///
/// A text without a number, without a known unit, or that is not more than zero.
pub(crate) fn parse_seconds(text: &str) -> Result<f64, String> {
    const UNITS: [(&str, f64); 5] = [
        ("ms", 1e-3),
        ("us", 1e-6),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
    ];
    if text.starts_with('-') && text[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return Err(out_of_range(text));
    }
    let unit_at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let number: f64 = number.parse().map_err(|_| {
        format!("`{text}` is not a duration: write a number and a unit, such as 30s")
    })?;
    if unit.is_empty() {
        return Err(format!("`{text}` has no unit: write {text}s for seconds"));
    }
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(format!(
            "`{unit}` is not a unit of time: use us, ms, s, m or h"
        ));
    };
    let seconds = number * factor;
    if seconds > 0.0 && seconds <= 366.0 * 86_400.0 {
        Ok(seconds)
    } else {
        Err(out_of_range(text))
    }
}

fn out_of_range(text: &str) -> String {
    format!("`{text}` is out of range: a duration is more than 0 and at most a year")
}

#[cfg(test)]
mod tests {
    use super::parse_seconds;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        assert_eq!(parse_seconds("30s"), Ok(30.0));
        assert_eq!(parse_seconds("500ms"), Ok(0.5));
        assert_eq!(parse_seconds("1.5m"), Ok(90.0));
        assert!(parse_seconds("30").unwrap_err().contains("write 30s"));
        assert!(
            parse_seconds("30sec")
                .unwrap_err()
                .contains("`sec` is not a unit")
        );
        assert!(parse_seconds("-1s").unwrap_err().contains("out of range"));
        assert!(parse_seconds("0s").unwrap_err().contains("out of range"));
        assert!(parse_seconds("").unwrap_err().contains("not a duration"));
    }
}
