//! What the fields of each event must be, to say which one of a refused event is wrong: the parser itself only
//! says what it found, and of orders and outcomes not even that.
//!
//! A test holds this against the parser: an event is refused if, and only if, a field is wrong here.

use serde_json::{Map, Value as Json};

/// Most characters of a text that a message quotes.
const QUOTED_CHARACTERS_MAX: usize = 40;

/// What a value must be.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Number,
    /// A whole number of at most so much.
    Whole(u64),
    Text,
    Truth,
    /// The constant of an outcome.
    Constant(bool),
    /// A number, a text, a truth value.
    Published,
    /// Whatever stands there is of no account to readers, or is looked at elsewhere.
    Anything,
    List(&'static Shape),
    /// An object of any names.
    Entries(&'static Shape),
    /// The same, where an entry may be `null`.
    SomeEntries(&'static Shape),
    /// An object with these fields; how to write one.
    Object(&'static [Field], &'static str),
    /// An order: its fields are these and those of its kind.
    Order(&'static [Field]),
    /// The fields depend on whether it is `ok`.
    Outcome,
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: &'static str,
    shape: Shape,
    /// Whether it may be left out, or `null`.
    is_optional: bool,
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        is_optional: false,
    }
}

const fn optional(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        is_optional: true,
    }
}

const WHOLE: Shape = Shape::Whole(u64::MAX);
const WHOLE_32: Shape = Shape::Whole(u32::MAX as u64);

const USAGE: Shape = Shape::Object(
    &[
        optional("perc", Shape::Number),
        optional("size", Shape::Number),
        optional("capacity", Shape::Number),
    ],
    r#"an object such as {"perc":12.5}"#,
);

const LATENCY: Shape = Shape::Object(
    &[
        optional("mean", Shape::Number),
        optional("p50", Shape::Number),
        optional("p99", Shape::Number),
    ],
    r#"an object such as {"mean":0.002}"#,
);

const HELLO: &[Field] = &[
    field("version", WHOLE_32),
    field("engine", Shape::Text),
    field("period", Shape::Number),
];

const SERVER: &[Field] = &[
    field("id", Shape::Text),
    optional("cpu", USAGE),
    optional("mem", USAGE),
    optional("net", USAGE),
    optional("labels", Shape::SomeEntries(&Shape::Text)),
    optional("contended", Shape::Truth),
];

const ACTOR: &[Field] = &[
    field("id", Shape::Text),
    optional("type", Shape::Text),
    optional("server", Shape::Text),
    optional("cpu", USAGE),
    optional("mem", USAGE),
    optional("net", USAGE),
    optional("refs", Shape::SomeEntries(&Shape::List(&Shape::Text))),
    optional("values", Shape::SomeEntries(&Shape::Published)),
    optional("mailbox", WHOLE),
    optional("idle", Shape::Number),
    optional("age", Shape::Number),
    optional("moves", WHOLE),
    optional("epoch", WHOLE),
];

const CALLS: &[Field] = &[
    field("from", Shape::Text),
    field("to", Shape::Text),
    field("fn", Shape::Text),
    field("count", Shape::Number),
    optional("size", Shape::Number),
    optional("latency", LATENCY),
];

const CAUSE: &[Field] = &[
    field("rule", Shape::Text),
    field("bindings", Shape::Entries(&Shape::Anything)),
];

const INTENT: &[Field] = &[
    field("rule", Shape::Text),
    field("behavior", Shape::Text),
    field("args", Shape::List(&Shape::Anything)),
    field("bindings", Shape::Entries(&Shape::Anything)),
    field(
        "causes",
        Shape::List(&Shape::Object(
            CAUSE,
            r#"an object such as {"rule":"hot","bindings":{}}"#,
        )),
    ),
];

const PLANNED: &[Field] = &[field("id", WHOLE), field("intents", Shape::List(&WHOLE))];

const REJECTION: &[Field] = &[field("intent", WHOLE), field("reason", Shape::Text)];

const STATS: &[Field] = &[
    field("servers", WHOLE),
    field("actors", WHOLE),
    field("evaluate_seconds", Shape::Number),
    field("arbitrate_seconds", Shape::Number),
];

const PLAN: Shape = Shape::Object(
    &[
        field("t", Shape::Number),
        field(
            "intents",
            Shape::List(&Shape::Object(
                INTENT,
                "an object with `rule`, `behavior` and `args`",
            )),
        ),
        field("actions", Shape::List(&Shape::Order(PLANNED))),
        field(
            "rejected",
            Shape::List(&Shape::Object(
                REJECTION,
                "an object with `intent` and `reason`",
            )),
        ),
        optional("unmet", Shape::List(&WHOLE)),
        field("placement", Shape::Entries(&Shape::Text)),
        optional(
            "stats",
            Shape::Object(STATS, "an object with times and sizes"),
        ),
        optional("evaluation", Shape::Anything),
    ],
    "a plan as `plasma plan --format json` prints it",
);

const DECISION: &[Field] = &[
    field("t", Shape::Number),
    field("policy", Shape::Text),
    field("plan", PLAN),
];

const POLICY: &[Field] = &[
    field("t", Shape::Number),
    field("policy", Shape::Text),
    field("source", Shape::Text),
    field("by", Shape::Text),
];

const ORDERED: &[Field] = &[
    field("id", WHOLE),
    optional("epoch", WHOLE),
    optional("deadline", Shape::Number),
    optional("group", WHOLE),
];

const ACTIONS: &[Field] = &[
    field("window", WHOLE),
    field("lease", WHOLE),
    field("actions", Shape::List(&Shape::Order(ORDERED))),
];

/// What the kinds of orders have beside what all have.
const ORDERS: [(&str, &[Field]); 6] = [
    (
        "migrate",
        &[
            field("actor", Shape::Text),
            field("from", Shape::Text),
            field("to", Shape::Text),
        ],
    ),
    ("add_server", &[field("count", WHOLE_32)]),
    ("remove_server", &[field("server", Shape::Text)]),
    ("passivate", &[field("actor", Shape::Text)]),
    ("checkpoint", &[field("actor", Shape::Text)]),
    ("alert", &[field("text", Shape::Text)]),
];

const DONE: &[Field] = &[
    field("id", WHOLE),
    field("ok", Shape::Constant(true)),
    field("pause", Shape::Number),
    field("bytes", WHOLE),
];

const FAILED: &[Field] = &[
    field("id", WHOLE),
    field("ok", Shape::Constant(false)),
    field("error", Shape::Text),
];

/// The shape of each event, by name; `None` of one that there is not.
fn shape_of(event: &str) -> Option<Shape> {
    const OF_ACTOR: &[Field] = &[field("id", Shape::Text)];
    const SCHEMA: &[Field] = &[field("source", Shape::Text)];
    const TICK: &[Field] = &[field("t", Shape::Number), optional("window", WHOLE)];
    let fields = match event {
        "hello" => HELLO,
        "schema" => SCHEMA,
        "server" => SERVER,
        "actor" => ACTOR,
        "calls" => CALLS,
        "actor_gone" | "server_gone" => OF_ACTOR,
        "tick" => TICK,
        "decision" => DECISION,
        "policy" => POLICY,
        "actions" => ACTIONS,
        "outcome" => return Some(Shape::Outcome),
        _ => return None,
    };
    Some(Shape::Object(fields, "an object"))
}

/// The first wrong field of an event called `name`, with what was found and what was expected:
/// "`cpu.perc` is the text "high"; expected a number". `None` if all fields are right.
pub(super) fn mistake(event: &Json, name: &str) -> Option<String> {
    let mut path = String::new();
    wrong(event, shape_of(name)?, &mut path).map(|mistake| match mistake {
        Mistake::Missing { expected } => {
            format!("the field `{path}` is missing; expected {expected}")
        }
        Mistake::Found { found, expected } => format!("`{path}` is {found}; expected {expected}"),
    })
}

/// What is wrong with a field.
enum Mistake {
    Missing { expected: String },
    Found { found: String, expected: String },
}

/// What is wrong with a value; `path` then leads to where it is.
fn wrong(value: &Json, shape: Shape, path: &mut String) -> Option<Mistake> {
    let is_right = match (shape, value) {
        (Shape::Anything, _)
        | (Shape::Number, Json::Number(_))
        | (Shape::Text, Json::String(_))
        | (Shape::Truth, Json::Bool(_))
        | (Shape::Published, Json::Number(_) | Json::String(_) | Json::Bool(_)) => true,
        (Shape::Whole(most), Json::Number(number)) => {
            number.as_u64().is_some_and(|number| number <= most)
        }
        (Shape::Constant(constant), Json::Bool(given)) => constant == *given,
        (Shape::List(of), Json::Array(values)) => {
            let mut values = values.iter().enumerate();
            return values.find_map(|(place, value)| {
                within(path, &format!("[{place}]"), |path| wrong(value, *of, path))
            });
        }
        (Shape::Entries(of) | Shape::SomeEntries(of), Json::Object(entries)) => {
            let may_be_null = matches!(shape, Shape::SomeEntries(_));
            let mut entries = entries
                .iter()
                .filter(|(_, value)| !(may_be_null && value.is_null()));
            return entries
                .find_map(|(name, value)| within(path, name, |path| wrong(value, *of, path)));
        }
        (Shape::Object(fields, _), Json::Object(object)) => {
            return wrong_field(object, fields, path);
        }
        (Shape::Order(fields), Json::Object(order)) => {
            let of_kind = match kind_of(order, path) {
                Ok(of_kind) => of_kind,
                Err(mistake) => return Some(mistake),
            };
            return wrong_field(order, fields, path).or_else(|| wrong_field(order, of_kind, path));
        }
        (Shape::Outcome, Json::Object(outcome)) => {
            let is_failed = outcome.get("ok") == Some(&Json::Bool(false));
            let fields = if is_failed { FAILED } else { DONE };
            return wrong_field(outcome, fields, path);
        }
        _ => false,
    };
    (!is_right).then(|| Mistake::Found {
        found: found(value),
        expected: expected(shape),
    })
}

fn wrong_field(object: &Map<String, Json>, fields: &[Field], path: &mut String) -> Option<Mistake> {
    fields.iter().find_map(|field| {
        let value = object.get(field.name);
        within(path, field.name, |path| match value {
            None | Some(Json::Null) if field.is_optional => None,
            None => Some(Mistake::Missing {
                expected: expected(field.shape),
            }),
            Some(value) => wrong(value, field.shape, path),
        })
    })
}

/// The fields of this kind of order.
fn kind_of(order: &Map<String, Json>, path: &mut String) -> Result<&'static [Field], Mistake> {
    let kind = order.get("action");
    let named = kind.and_then(Json::as_str);
    if let Some((_, fields)) = ORDERS.iter().find(|(name, _)| Some(*name) == named) {
        return Ok(fields);
    }
    extend(path, "action");
    let names = ORDERS.map(|(name, _)| format!("`{name}`")).join(", ");
    let expected = format!("one of {names}");
    Err(match kind {
        None => Mistake::Missing { expected },
        Some(kind) => Mistake::Found {
            found: found(kind),
            expected,
        },
    })
}

/// Looks at a part; `path` is as before unless something is wrong there.
fn within(
    path: &mut String,
    part: &str,
    look: impl FnOnce(&mut String) -> Option<Mistake>,
) -> Option<Mistake> {
    let before = path.len();
    extend(path, part);
    let mistake = look(path);
    if mistake.is_none() {
        path.truncate(before);
    }
    mistake
}

fn extend(path: &mut String, part: &str) {
    if !path.is_empty() && !part.starts_with('[') {
        path.push('.');
    }
    path.push_str(part);
}

fn found(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(truth) => truth.to_string(),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) => match text.char_indices().nth(QUOTED_CHARACTERS_MAX) {
            Some((end, _)) => format!("the text {:?}..", text.get(..end).unwrap_or_default()),
            None => format!("the text {text:?}"),
        },
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
    }
}

fn expected(shape: Shape) -> String {
    match shape {
        Shape::Number => "a number".to_owned(),
        Shape::Whole(u64::MAX) => "a whole number, 0 or more".to_owned(),
        Shape::Whole(most) => format!("a whole number from 0 to {most}"),
        Shape::Text => "a text".to_owned(),
        // The shape of an outcome that failed is only looked for where it says so.
        Shape::Truth | Shape::Constant(_) => "true or false".to_owned(),
        Shape::Published => "a number, a text, true or false".to_owned(),
        Shape::Anything => "anything".to_owned(),
        Shape::List(_) => "a list".to_owned(),
        Shape::Entries(_) | Shape::SomeEntries(_) => "an object".to_owned(),
        Shape::Object(_, like) => like.to_owned(),
        Shape::Order(_) => {
            "an object such as {\"id\":1,\"action\":\"passivate\",\"actor\":\"a\"}".to_owned()
        }
        Shape::Outcome => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use plasma_model::Event;
    use proptest::prelude::*;

    use super::*;

    /// Events with all that they may have.
    const FULL: [&str; 13] = [
        r#"{"event":"hello","version":1,"engine":"e","period":1.5}"#,
        r#"{"event":"schema","source":""}"#,
        r#"{"event":"server","id":"s","cpu":{"perc":1,"size":2,"capacity":3},"mem":null,"net":{},"labels":{"z":"a"},"contended":true}"#,
        r#"{"event":"actor","id":"a","type":"T","server":"s","cpu":{"perc":1,"size":2},"mem":{},"net":{},"refs":{"f":["b"]},"values":{"d":1},"mailbox":1,"idle":1,"age":2,"moves":3,"epoch":4}"#,
        r#"{"event":"calls","from":"client","to":"a","fn":"f","count":1,"size":2,"latency":{"mean":1,"p50":2,"p99":3}}"#,
        r#"{"event":"actor_gone","id":"a"}"#,
        r#"{"event":"server_gone","id":"s"}"#,
        r#"{"event":"tick","t":1,"window":2}"#,
        r#"{"event":"policy","t":1,"policy":"p","source":"rule","by":"ada"}"#,
        r#"{"event":"decision","t":1,"policy":"p","plan":{"t":1,"intents":[{"rule":"r","behavior":"pin","args":["a"],"bindings":{"a":"a"},"causes":[{"rule":"r","bindings":{"a":"a"}}]}],"actions":[{"id":1,"action":"checkpoint","actor":"a","intents":[0]}],"rejected":[{"intent":0,"reason":"x"}],"unmet":[0],"placement":{"a":"s"},"stats":{"servers":1,"actors":2,"evaluate_seconds":0.1,"arbitrate_seconds":0.2}}}"#,
        r#"{"event":"actions","window":1,"lease":2,"actions":[{"id":1,"action":"migrate","actor":"a","from":"s","to":"t","epoch":3,"deadline":4,"group":5},{"id":2,"action":"add_server","count":1},{"id":3,"action":"remove_server","server":"s"},{"id":4,"action":"passivate","actor":"a"},{"id":5,"action":"alert","text":"t"}]}"#,
        r#"{"event":"outcome","id":1,"ok":true,"pause":0.1,"bytes":2}"#,
        r#"{"event":"outcome","id":1,"ok":false,"error":"e"}"#,
    ];

    const VALUES: [&str; 14] = [
        "null",
        "0",
        "-1",
        "1.5",
        "4294967296",
        "18446744073709551616",
        "true",
        "false",
        "\"a\"",
        "[]",
        "[0]",
        "[\"b\"]",
        "{}",
        "{\"a\":\"b\"}",
    ];

    /// Where the values within this one stand.
    fn places(json: &Json, at: &str, found: &mut Vec<String>) {
        let parts: Vec<(String, &Json)> = match json {
            Json::Array(values) => {
                let values = values.iter().enumerate();
                values
                    .map(|(place, value)| (place.to_string(), value))
                    .collect()
            }
            Json::Object(fields) => {
                let fields = fields.iter().filter(|(name, _)| *name != "event");
                fields.map(|(name, value)| (name.clone(), value)).collect()
            }
            _ => Vec::new(),
        };
        for (part, value) in parts {
            let place = format!("{at}/{part}");
            places(value, &place, found);
            found.push(place);
        }
    }

    /// Puts another value at a place, or takes away what is there.
    fn spoil(json: &mut Json, place: &str, by: Option<Json>) {
        let (parent, name) = place.rsplit_once('/').unwrap_or_default();
        match (json.pointer_mut(parent), by) {
            (Some(Json::Object(fields)), Some(by)) => {
                fields.insert(name.to_owned(), by);
            }
            (Some(Json::Object(fields)), None) => {
                fields.remove(name);
            }
            (Some(list), Some(by)) => list[name.parse::<usize>().unwrap_or(0)] = by,
            _ => {}
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn an_event_is_refused_where_and_only_where_a_field_is_wrong(
            line in prop::sample::select(&FULL[..]),
            place in any::<prop::sample::Index>(),
            by in prop::option::of(prop::sample::select(&VALUES[..])),
        ) {
            let mut event: Json = serde_json::from_str(line).unwrap_or_default();
            let name = event["event"].as_str().unwrap_or_default().to_owned();
            prop_assert_eq!(mistake(&event, &name), None);
            let mut found = Vec::new();
            places(&event, "", &mut found);
            let by = by.and_then(|value| serde_json::from_str(value).ok());
            spoil(&mut event, &found[place.index(found.len())], by);
            let refused = serde_json::from_value::<Event>(event.clone()).err();
            prop_assert_eq!(mistake(&event, &name).is_some(), refused.is_some(), "{} {:?}", event, refused);
        }
    }
}
