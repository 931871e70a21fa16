//! One line of a trace to one event, with an error that says what was expected.

use plasma_model::Event;
use serde_json::Value as Json;
use serde_json::error::Category;

use super::{Problem, culprit, wording};

/// The version of the format that is read and written.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// The names of all events (a test compares them with the model's).
const EVENT_NAMES: [&str; 11] = [
    "hello",
    "schema",
    "server",
    "actor",
    "calls",
    "actor_gone",
    "server_gone",
    "tick",
    "decision",
    "actions",
    "outcome",
];

/// Reads the event on `line`; `None` if the line ends before the event does.
pub(crate) fn decode(line: &str) -> Result<Option<Event>, Problem> {
    // The parser would take a list for an object, by position.
    if line.starts_with('[') {
        return explain_list(line);
    }
    let event: Event = match serde_json::from_str(line) {
        Ok(event) => event,
        Err(error) => return explain(line, &error),
    };
    match &event {
        Event::Hello(hello) if hello.version != FORMAT_VERSION => Err(Problem::Version {
            version: hello.version,
            reads: FORMAT_VERSION,
        }),
        _ => Ok(Some(event)),
    }
}

/// Finds out what is wrong with a line that is no event: off the fast path, so it may parse again.
fn explain(line: &str, error: &serde_json::Error) -> Result<Option<Event>, Problem> {
    let json: Json = match serde_json::from_str(line) {
        Ok(json) => json,
        Err(error) if error.classify() == Category::Eof => return Ok(None),
        Err(error) => {
            return Err(Problem::NotJson {
                column: error.column(),
                message: wording::of_line(line, &error),
            });
        }
    };
    let Some(name) = json.get("event").and_then(Json::as_str) else {
        return Err(Problem::NoEvent);
    };
    if EVENT_NAMES.contains(&name) {
        let text = error.to_string();
        let found = wording::of_field(&text);
        let message = match culprit_of(line, &json, error) {
            Some(field) => format!("`{field}` is {found}"),
            None => found,
        };
        return Err(Problem::BadEvent {
            event: name.to_owned(),
            message,
        });
    }
    Err(Problem::UnknownEvent {
        name: name.to_owned(),
        expected: EVENT_NAMES.map(|name| format!("`{name}`")).join(", "),
    })
}

/// A list is no event, and may be cut off or no JSON at all.
fn explain_list(line: &str) -> Result<Option<Event>, Problem> {
    match serde_json::from_str::<Json>(line) {
        Ok(_) => Err(Problem::NoEvent),
        Err(error) => explain(line, &error),
    }
}

/// The field at fault; long lines are not searched, since that parses them again and again.
fn culprit_of(line: &str, json: &Json, error: &serde_json::Error) -> Option<String> {
    const SEARCHED_BYTES_MAX: usize = 16 << 10;
    let is_about_a_value = matches!(error.classify(), Category::Data);
    // From a value parsed already the message comes without a position.
    let again = serde_json::from_value::<Event>(json.clone()).err()?;
    (is_about_a_value && line.len() <= SEARCHED_BYTES_MAX)
        .then(|| culprit::path(json, &again.to_string()))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: &str) -> String {
        match decode(line) {
            Ok(Some(event)) => format!("{event:?}"),
            Ok(None) => "incomplete".to_owned(),
            Err(problem) => problem.to_string(),
        }
    }

    #[test]
    fn the_names_are_those_of_the_model() {
        let error = serde_json::from_str::<Event>(r#"{"event":"?"}"#).err();
        let message = error.map(|e| e.to_string()).unwrap_or_default();
        let expected = EVENT_NAMES.map(|name| format!("`{name}`")).join(", ");
        assert!(message.contains(&expected), "{message}");
    }

    #[test]
    fn every_mistake_says_what_was_expected() {
        let lines = [
            r#"{"event":"servr","id":"s1"}"#,
            r#"{"event":"tick","t":"ten"}"#,
            r#"{"event":"tick"}"#,
            r#"{"event":"server","id":"s1","cpu":{"perc":"high"}}"#,
            r#"{"event":"actor","id":"a","mailbox":-1}"#,
            r#"{"event":"tick","t":NaN}"#,
            r#"{"event":"tick","t":-Infinity}"#,
            r#"{"event":"tick","t":1e309}"#,
            r#"{"event":"server","id":"s1","cpu":3}"#,
            r#"{"event":"server","id":"s1","cpu":[91.2,null,4.0]}"#,
            r#"{"event":"server","id":"s1","labels":{"zone":7}}"#,
            r#"{"event":"hello","version":"1","engine":"e","period":1}"#,
            r#"{"event":"actor","id":"a","values":{"depth":[1]}}"#,
            r#"{"event":"actor","id":"a","refs":{"files":"b"}}"#,
            r#"{"event":"calls","from":"client","to":"a","fn":"f","count":1,"latency":[1]}"#,
            r#"["tick",1.0]"#,
            r#"{"id":"s1"}"#,
            r#"[1,2]"#,
            r#"{"event":"tick","t":1} {"event":"tick","t":2}"#,
            r#"{"event":"hello","version":2,"engine":"e","period":1}"#,
            r#"{"event":"tick","t":1"#,
        ];
        let report: Vec<String> = lines
            .iter()
            .map(|line| format!("{line}\n  {}", problem(line)))
            .collect();
        insta::assert_snapshot!(report.join("\n"));
    }

    #[test]
    fn unknown_fields_are_ignored() {
        assert!(matches!(
            decode(r#"{"event":"tick","t":1,"mood":"fine"}"#),
            Ok(Some(Event::Tick { .. }))
        ));
    }
}
