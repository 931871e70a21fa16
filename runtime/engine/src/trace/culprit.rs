//! Which field of a refused event is at fault: the parser only says what it found.

use plasma_model::Event;
use serde_json::{Map, Value as Json};

/// Events with more fields than this are not searched.
const FIELDS_MAX: usize = 64;

/// Depth to which objects within the event are searched.
const DEPTH_MAX: usize = 3;

/// The path of the field for which parsing fails with `message`, as `cpu.perc`.
pub(super) fn path(event: &Json, message: &str) -> Option<String> {
    let fields = event.as_object()?;
    let name = fields.get("event")?.clone();
    let mut rest = fields.clone();
    rest.remove("event");
    let fails = |part: Json| {
        let Json::Object(mut part) = part else {
            return false;
        };
        part.insert("event".to_owned(), name.clone());
        let refused = serde_json::from_value::<Event>(Json::Object(part));
        refused.is_err_and(|error| error.to_string() == message)
    };
    search(&rest, DEPTH_MAX, &fails)
}

/// The first field with which parsing begins to fail, or the field within it.
fn search(
    fields: &Map<String, Json>,
    depth: usize,
    fails: &dyn Fn(Json) -> bool,
) -> Option<String> {
    if fields.len() > FIELDS_MAX || depth == 0 {
        return None;
    }
    let mut part = Map::new();
    for (name, value) in fields {
        let before = part.clone();
        part.insert(name.clone(), value.clone());
        if !fails(Json::Object(part.clone())) {
            continue;
        }
        let within = value.as_object().and_then(|inner| {
            search(inner, depth - 1, &|inner| {
                let mut part = before.clone();
                part.insert(name.clone(), inner);
                fails(Json::Object(part))
            })
        });
        return Some(match within {
            Some(inner) => format!("{name}.{inner}"),
            None => name.clone(),
        });
    }
    None
}
