//! One line of a trace to one event, with an error that says what was expected.

use plasma_model::{Event, EventView};
use serde_json::Value as Json;
use serde_json::error::Category;

use super::{Problem, shape, usual, wording};

/// The version of the format that is read and written.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// The names of all events (a test compares them with the model's).
const EVENT_NAMES: [&str; 12] = [
    "hello",
    "schema",
    "server",
    "actor",
    "calls",
    "actor_gone",
    "server_gone",
    "tick",
    "decision",
    "policy",
    "actions",
    "outcome",
];

/// How a line begins that is nearly certainly an update of an actor, or calls; others spell it.
const ACTOR_BEGINS: [&str; 2] = [r#"{"event":"actor","#, r#"{"event": "actor","#];
const CALLS_BEGIN: [&str; 2] = [r#"{"event":"calls","#, r#"{"event": "calls","#];

/// Reads the event on `line`; `None` if the line ends before the event does.
///
/// The frequent events are read straight into their fields. What is out of the ordinary in them, a
/// mistake above all, sends the line the long way, which alone knows what to say.
pub(super) fn decode(line: &str) -> Result<Option<EventView<'_>>, Problem> {
    if let Some(calls) = usual::calls(line) {
        return Ok(Some(EventView::Calls(calls)));
    }
    let begins = |beginnings: [&str; 2]| beginnings.iter().any(|text| line.starts_with(text));
    if begins(CALLS_BEGIN)
        && let Ok(calls) = serde_json::from_str(line)
    {
        return Ok(Some(EventView::Calls(calls)));
    }
    if begins(ACTOR_BEGINS)
        && let Ok(actor) = serde_json::from_str(line)
    {
        return Ok(Some(EventView::Actor(actor)));
    }
    Ok(decode_owned(line)?.map(EventView::Owned))
}

/// Reads any event, or finds out what is wrong with it.
fn decode_owned(line: &str) -> Result<Option<Event>, Problem> {
    // The parser would take a list for an object, by position.
    if line.starts_with('[') {
        return explain_list(line);
    }
    match serde_json::from_str(line) {
        Ok(event) => accepted(event).map(Some),
        Err(error) => explain(line, &error),
    }
}

/// An event, unless it opens a stream in another version of the format.
pub(super) fn accepted(event: Event) -> Result<Event, Problem> {
    match &event {
        Event::Hello(hello) if hello.version != FORMAT_VERSION => Err(Problem::Version {
            version: hello.version,
            reads: FORMAT_VERSION,
        }),
        _ => Ok(event),
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
    Err(mistake(&json, &error.to_string(), "line"))
}

/// What is wrong with well-formed data that is refused as an event with `error`; `what` holds it: a line.
pub(super) fn mistake(json: &Json, error: &str, what: &'static str) -> Problem {
    let Some(name) = json.get("event").and_then(Json::as_str) else {
        return Problem::NoEvent { what };
    };
    if EVENT_NAMES.contains(&name) {
        // Fields of one name are one in the data: only the parser has seen both.
        let message = shape::mistake(json, name).unwrap_or_else(|| wording::of_event(error));
        return Problem::BadEvent {
            event: name.to_owned(),
            message,
        };
    }
    Problem::UnknownEvent {
        name: name.to_owned(),
        expected: EVENT_NAMES.map(|name| format!("`{name}`")).join(", "),
    }
}

/// A list is no event, and may be cut off or no JSON at all.
fn explain_list(line: &str) -> Result<Option<Event>, Problem> {
    match serde_json::from_str::<Json>(line) {
        Ok(_) => Err(Problem::NoEvent { what: "line" }),
        Err(error) => explain(line, &error),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(line: &str) -> String {
        match decode_owned(line) {
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
            r#"{"event":"calls","from":"client","to":"a","fn":"f"}"#,
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
            r#"{"event":"outcome","ok":true,"pause":0.1,"bytes":5}"#,
            r#"{"event":"outcome","id":1,"pause":0.1,"bytes":5}"#,
            r#"{"event":"outcome","id":1,"ok":"yes"}"#,
            r#"{"event":"outcome","id":1,"ok":true,"pause":"0.1","bytes":5}"#,
            r#"{"event":"outcome","id":1,"ok":true,"pause":0.1,"bytes":-5}"#,
            r#"{"event":"outcome","id":1,"ok":false}"#,
            r#"{"event":"outcome","id":1,"ok":false,"error":7}"#,
            r#"{"event":"actions","window":1,"lease":1,"actions":[{"id":1}]}"#,
            r#"{"event":"actions","window":1,"lease":1,"actions":[{"id":1,"action":"migrte"}]}"#,
            r#"{"event":"actions","window":1,"lease":1,"actions":[{"id":1,"action":"add_server","count":4294967296}]}"#,
            r#"{"event":"actions","window":1,"lease":1,"actions":[{"id":1,"action":"migrate","actor":"a","from":"s1"}]}"#,
            r#"{"event":"actions","window":1,"lease":1,"actions":[{"id":1,"action":"passivate","actor":"a"},{"id":"2","action":"passivate","actor":"a"}]}"#,
            r#"{"event":"decision","t":1,"policy":"a","plan":{"t":"1","intents":[],"actions":[],"rejected":[],"placement":{}}}"#,
            r#"{"event":"decision","t":1,"policy":"a","plan":{"t":1,"intents":[{"rule":7}],"actions":[],"rejected":[],"placement":{}}}"#,
            r#"{"event":"decision","t":1,"policy":"a","plan":{"t":1,"intents":[],"actions":[],"rejected":[{"intent":"0","reason":"full"}],"placement":{}}}"#,
            r#"{"event":"decision","t":1,"policy":"a","plan":{"t":1,"intents":[],"actions":[],"rejected":[],"placement":{"a":3}}}"#,
            r#"{"event":"decision","t":1,"policy":"a"}"#,
            r#"{"event":"actor","id":"a","id":"b"}"#,
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

    /// Values that a field may have, or should not.
    const VALUES: [&str; 26] = [
        "null",
        "0",
        "1.5",
        "-1",
        "1e400",
        "-0.0",
        "18446744073709551616",
        "true",
        r#""a""#,
        r#""client""#,
        r#""\u00e4""#,
        r#""ä""#,
        "{}",
        "[]",
        r#"{"perc":1}"#,
        r#"{"perc":null,"size":2}"#,
        r#"{"perc":1,"other":[]}"#,
        r#"{"size":1,"size":2}"#,
        "[1]",
        r#"{"a":["b","c"],"a":[]}"#,
        r#"{"b":["c"],"a":null}"#,
        r#"{"depth":3,"name":"x","name":"y","z":false}"#,
        r#"{"mean":1,"p99":2}"#,
        r#"{"mean":null,"x":0}"#,
        r#"["b","\n"]"#,
        "",
    ];

    const FIELDS: [&str; 19] = [
        "event", "id", "type", "server", "cpu", "mem", "net", "refs", "values", "mailbox", "idle",
        "age", "moves", "epoch", "from", "to", "fn", "count", "other",
    ];

    const NUMBERS: [&str; 14] = [
        "0",
        "7",
        "120.0",
        "00",
        "07",
        "0.5",
        "12.00",
        "1e3",
        "-1",
        "-0",
        "999999999999999",
        "9999999999999999",
        "1.0e2",
        "",
    ];

    proptest! {
        #[test]
        fn the_usual_way_reads_what_the_long_way_reads(
            names in prop::collection::vec(
                prop::sample::select(vec!["a", "client", "", "ä", "\\n", "\n", "\"", "b c"]),
                3,
            ),
            count in prop::sample::select(&NUMBERS[..]),
            size in prop::option::of(prop::sample::select(&NUMBERS[..])),
            end in prop::sample::select(vec!["}", "}x", "", ",\"size\":1}", ",}"]),
        ) {
            let size = size.map(|size| format!(",\"size\":{size}")).unwrap_or_default();
            let line = format!(
                "{{\"event\":\"calls\",\"from\":\"{}\",\"to\":\"{}\",\"fn\":\"{}\",\"count\":{count}{size}{end}",
                names[0], names[1], names[2],
            );
            if let Some(calls) = usual::calls(&line) {
                let short = EventView::Calls(calls).into_owned();
                let long = decode_owned(&line);
                prop_assert_eq!(format!("{:?}", long), format!("Ok(Some({short:?}))"));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn the_short_way_reads_what_the_long_way_reads(
            begin in prop::sample::select(vec![
                r#"{"event":"actor","id":"a""#,
                r#"{"event": "actor","id":"a""#,
                r#"{"event":"calls","from":"a","to":"b","fn":"c","count":1"#,
                r#"{"event":"calls","from":"client""#,
            ]),
            fields in prop::collection::vec(
                (prop::sample::select(&FIELDS[..]), prop::sample::select(&VALUES[..])),
                0..4,
            ),
            end in prop::sample::select(vec!["}", "} ", "}}", ""]),
        ) {
            let mut line = begin.to_owned();
            for (field, value) in fields {
                line += &format!(",\"{field}\":{value}");
            }
            line += end;
            let short = decode(&line).map(|event| event.map(EventView::into_owned));
            prop_assert_eq!(format!("{:?}", short), format!("{:?}", decode_owned(&line)));
        }
    }

    #[test]
    fn unknown_fields_are_ignored() {
        assert!(matches!(
            decode(r#"{"event":"tick","t":1,"mood":"fine"}"#),
            Ok(Some(EventView::Owned(Event::Tick { .. })))
        ));
    }
}
