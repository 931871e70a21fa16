//! What is shown of the parentheses around a cursor, the part being typed in `‹›`.

use plasma_ide::signature_help;

use crate::{SCHEMA, at_cursor, at_cursor_with_module};

fn shown(source: &str) -> String {
    let (analysis, offset) = at_cursor_with_module(source);
    let Some(help) = signature_help(&analysis, offset) else {
        return String::new();
    };
    let mut label = help.label;
    if let Some(part) = help.active.and_then(|place| help.parameters.get(place)) {
        label.insert(part.end, '›');
        label.insert(part.start, '‹');
    }
    label
}

#[test]
fn the_part_being_typed_is_marked() {
    for (source, expected) in [
        ("true => reserve($0", "reserve(‹actor›, resource)"),
        (
            "true => reserve(Folder(f), $0",
            "reserve(actor, ‹resource›)",
        ),
        ("true => reserve(Folder(f$0", "reserve(‹actor›, resource)"),
        ("true => reserve(f, cpu, $0", "reserve(actor, resource)"),
        (
            "true => balance({Folder, $0",
            "balance(‹{types}›, resource)",
        ),
        (
            "true => balance({Folder, File}, $0",
            "balance({types}, ‹resource›)",
        ),
        ("avg($0", "avg(‹NUMBER› for TYPE(VARIABLE) where CONDITION)"),
        (
            "avg(s.cpu for $0",
            "avg(NUMBER for ‹TYPE(VARIABLE)› where CONDITION)",
        ),
        (
            "avg(s.cpu for server(s) where $0",
            "avg(NUMBER for TYPE(VARIABLE) where ‹CONDITION›)",
        ),
        (
            "count(Folder(f) where $0",
            "count(TYPE(VARIABLE) where ‹CONDITION›)",
        ),
        ("rate(server.cpu over $0", "rate(VALUE over ‹DURATION›)"),
        ("forecast(server.cpu, $0", "forecast(VALUE, ‹DURATION›)"),
        ("client.call($0", "call(‹ACTOR.FUNCTION›)"),
        ("File(x) in ref($0", "ref(‹ACTOR.PROPERTY›)"),
        ("server.label($0", "label(‹\"NAME\"›)"),
        (
            "use lib.hot;\nhot.busy($0",
            "hot.busy(‹s: server›, by: percent)",
        ),
        (
            "use lib.hot;\nhot.busy(server(s), 3$0%) => drain(s);",
            "hot.busy(s: server, ‹by: percent›)",
        ),
    ] {
        assert_eq!(shown(source), expected, "{source}");
    }
}

#[test]
fn nothing_is_shown_where_nothing_takes_arguments() {
    for source in [
        "true => reserve(f, cpu)$0;",
        "(server.cpu$0 > 3)",
        "Folder($0",
        "/* reserve($0 */",
        "reserve(f; $0",
    ] {
        assert_eq!(shown(source), "", "{source}");
    }
}

#[test]
fn every_behavior_is_shown_with_its_documentation() {
    for row in plasma_model::BEHAVIORS {
        let (analysis, offset) = at_cursor(&format!("{SCHEMA}true => {}($0", row.name));
        let help = signature_help(&analysis, offset).expect(row.name);
        assert_eq!(
            (help.docs.as_str(), help.parameters.len()),
            (row.doc, row.parameters.len())
        );
    }
}
