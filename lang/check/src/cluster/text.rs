//! Clusters as they are written in the language: the counterpart of reading them.

use std::fmt::Write as _;

use plasma_model::Resource;

/// ` { cpu: 90%, mem: 10% }`, or nothing.
pub fn fields(fields: &[String]) -> String {
    match fields.is_empty() {
        true => String::new(),
        false => format!(" {{ {} }}", fields.join(", ")),
    }
}

/// `cpu: 90%`, or in bytes where no share is known; `None` where nothing is. Amounts of cpu cannot be
/// written.
pub fn usage_field(resource: Resource, perc: Option<f64>, size: Option<f64>) -> Option<String> {
    let unit = match resource {
        Resource::Cpu => None,
        Resource::Mem => Some("B"),
        Resource::Net => Some("B/s"),
    };
    match (perc, size, unit) {
        (Some(perc), _, _) => Some(format!("{resource}: {perc}%")),
        (None, Some(size), Some(unit)) => Some(format!("{resource}: {size}{unit}")),
        _ => None,
    }
}

/// `client -> f.open: 500, 4000B, 0.002s`, of caller, callee and function.
pub fn calls_line(
    (from, to, function): (&str, &str, &str),
    count: f64,
    size: Option<f64>,
    latency_seconds: Option<f64>,
) -> String {
    let mut text = format!("{from} -> {to}.{function}: {count}");
    // Writing to a text does not fail.
    if let Some(bytes) = size {
        let _ = write!(text, ", {bytes}B");
    }
    if let Some(seconds) = latency_seconds {
        let _ = write!(text, ", {seconds}s");
    }
    text
}

/// Whether behind a figure a name would be read as `x5`, five times.
pub fn is_repetition(name: &str) -> bool {
    let digits = name.strip_prefix('x');
    digits.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// A text as it is written in the language.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
