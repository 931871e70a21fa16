//! What is offered at a cursor.

use plasma_ide::{CompletionItem, completion, completion_with_modules};

use crate::{OneModule, SCHEMA, at_cursor, at_cursor_with_module};

fn items(source: &str) -> Vec<CompletionItem> {
    let (analysis, offset) = at_cursor(source);
    completion(&analysis, offset)
}

fn labels(source: &str) -> String {
    let items = items(source).into_iter();
    items.map(|item| item.label).collect::<Vec<_>>().join(" ")
}

/// Holds offers against what is expected of each source.
fn check(before: &str, cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(labels(&format!("{before}{source}")), *expected, "{source}");
    }
}

const ITEM: &str =
    "rule param actor use def require limit test server client not true false Folder File any";
const NUMBER: &str = "abs count sum min max avg stddev p50 p90 p99 delta rate forecast";
const BEHAVIOR: &str = "pin drain reserve separate colocate migrate scale_out scale_in spread balance passivate checkpoint alert";

const OF_SERVER: &str = "cpu mem net actors label";

/// What can begin a condition, where these variables are known.
fn operand(variables: &str) -> String {
    format!("server client not true false {variables}Folder File any {NUMBER}")
}

#[test]
fn after_a_dot_stand_the_members_of_what_is_before() {
    check(
        SCHEMA,
        &[
            ("server.$0", OF_SERVER),
            ("server.c$0", OF_SERVER),
            ("server . $0", OF_SERVER),
            ("server.cpu.$0", "perc size"),
            (
                "Folder(f).$0",
                "cpu mem net mailbox idle age moves server call",
            ),
            ("Folder(f).mailbox.$0", ""),
            ("Folder(f).cpu > 3 and f.server.$0", OF_SERVER),
            ("server(s).cpu > 3 and s.$0", OF_SERVER),
            ("avg(s.cpu.perc for server(s)) > 3 and s.$0", OF_SERVER),
            ("client.$0", "call"),
            ("client.call(Folder(f).o$0", "open list"),
            (
                "client.call(Folder(f).open).$0",
                "count size perc rate mean p50 p99",
            ),
            ("Folder(f).cpu > 1 and File(x) in ref(f.$0", "files"),
            ("File(x) in ref(Folder(f).$0) => pin(x);", "files"),
            ("Folder(f).cpu.perc.$0", ""),
        ],
    );
}

#[test]
fn a_test_is_completed_by_its_own_names() {
    let rule = "rule hot: Folder(f).cpu > 3 => pin(f);\ntest \"t\" { server s1 { cpu: 3% } Folder f on s1 ";
    let expected = format!("{BEHAVIOR} no not s1 f {NUMBER}");
    check(
        &format!("{SCHEMA}{rule}"),
        &[
            (
                "expect no actions; $0",
                "expect eventually never always at server client Folder File any",
            ),
            ("expect $0", &expected),
            ("never p$0", &expected),
            ("expect no $0", "actions"),
            ("expect pin($0", "s1 f"),
            ("expect f on $0", "s1 f"),
            ("expect pin(f) $0", "by at within and or"),
            ("expect pin(f) by $0", "hot"),
        ],
    );
}

#[test]
fn a_dot_in_a_number_opens_nothing() {
    check(
        SCHEMA,
        &[
            ("server.cpu > 80.$0", ""),
            ("server.cpu > 80.$05 => pin(Folder(f));", ""),
            ("server.cpu > 80$0", ""),
            ("server.cpu > .$0", ""),
        ],
    );
}

#[test]
fn a_condition_is_completed_by_what_fits_it() {
    check(
        SCHEMA,
        &[
            ("", ITEM),
            ("rule x: $0", &operand("")),
            ("rule x: not $0", &operand("")),
            ("rule x: ($0", &operand("")),
            ("rule x: Folder(f).cpu > 1 and $0", &operand("f ")),
            ("rule x: (Folder(f).cpu > 1 or $0", &operand("f ")),
            ("param high = 8; server.cpu > $0", &format!("high {NUMBER}")),
            ("server.cpu + $0", &operand("")),
            ("avg($0", &operand("")),
            ("avg(s.cpu for $0", "Folder File any server"),
            ("count(Folder(f) where $0", &operand("f ")),
            ("server.cpu > 3 a$0", "and or for"),
            ("File(x) $0", "and or in on over for"),
            ("File(x) in $0", "ref"),
            ("File(x) in ref($0", "x Folder File any"),
            ("client.call($0", "Folder File any"),
            ("Folder($0", ""),
        ],
    );
}

#[test]
fn a_head_takes_a_new_name_and_each_attribute_once() {
    check(
        SCHEMA,
        &[
            ("rule $0", ""),
            ("rule x $0", ""),
            ("rule x$0", ""),
            ("rule x [$0", "priority cooldown release allow"),
            (
                "rule x [pri$0]: true => pin(Folder);",
                "priority cooldown release allow",
            ),
            ("rule x [priority $0", ""),
            ("rule x [priority 3, $0", "cooldown release allow"),
            ("rule x [allow $0", ""),
            ("param d = 60s; rule x [cooldown $0", "d"),
            ("rule x [priority 3] $0", ""),
            ("require $0", BEHAVIOR),
            ("require separate(Folder(f), $0", "f Folder File any"),
            ("require pin(Folder) $0", "where"),
            ("require separate(Folder(f), File(x)) where x in $0", "ref"),
            ("limit $0", "migrations servers"),
            ("limit migrations 20 $0", "per"),
            ("limit migrations 20 per 10s $0", "each"),
            ("limit migrations 20 per 10s each $0", "Folder File any"),
            ("limit servers $0", ""),
            ("param $0", ""),
            ("param x = $0", ""),
            ("actor $0", ""),
            ("actor X $0", ""),
        ],
    );
}

#[test]
fn behaviors_are_offered_where_they_can_stand() {
    let both = format!("{BEHAVIOR} {ITEM}");
    check(
        SCHEMA,
        &[
            ("true => $0", BEHAVIOR),
            ("true => b$0", BEHAVIOR),
            ("Folder(f).cpu > 2 => pin(f); $0", &both),
            ("Folder(f).cpu > 2 => pin(f); co$0", &both),
            ("Folder(f).cpu > 2 => pin(f); $0 colocate(f, File);", &both),
            ("true => pin(Folder) $0", ""),
            ("param high = 80%;\n$0", &format!("{ITEM} high")),
            ("param high = 80%;\nre$0\n", &format!("{ITEM} high")),
            ("server.cpu > 3;\n$0", ITEM),
        ],
    );
}

#[test]
fn an_argument_is_of_the_kind_that_its_place_takes() {
    check(
        SCHEMA,
        &[
            ("Folder(f).cpu > 1 => reserve($0", "f Folder File any"),
            ("Folder(f).cpu > 1 => reserve(f, $0", "cpu mem net"),
            ("Folder(f).cpu > 1 => reserve(f, cpu, $0", ""),
            ("true => reserve(Folder(f), $0", "cpu mem net"),
            ("true => pin(Folder($0", ""),
            ("true => balance($0", "Folder File any"),
            ("true => balance({$0", "Folder File any"),
            ("true => balance({Folder, $0", "Folder File any"),
            ("true => balance({Folder} $0", ""),
            ("true => balance({Folder, File}, $0", "cpu mem net"),
        ],
    );
}

#[test]
fn a_variable_is_offered_within_its_rule_and_where_its_kind_fits() {
    check(
        SCHEMA,
        &[
            (
                "rule r: File(x).cpu > 3 => pin(x);\nserver.cpu > 80 => pin($0",
                "Folder File any",
            ),
            (
                "File(x).cpu > 3 => pin(x);\nFolder(f).cpu > 80 => pin($0",
                "f Folder File any",
            ),
            (
                "server(s).cpu > 3 and Folder(f).cpu > 3 => pin($0",
                "f Folder File any",
            ),
            (
                "server(s).cpu > 3 and Folder(f).cpu > 3 => drain($0",
                "s f.server server",
            ),
            (
                "server(s).cpu > 3 and Folder(f).cpu > 3 => migrate(f, $0",
                "s f.server server",
            ),
            (
                "File(x).cpu > 3 => pin(x)\nrule r: true => pin($0",
                "Folder File any",
            ),
            (
                "File(x).cpu > 3 => pin(x); $0",
                &format!("{BEHAVIOR} {ITEM}"),
            ),
        ],
    );
}

#[test]
fn an_actor_declaration_takes_functions_and_types() {
    let types = "Folder File int float bool text bytes duration percent";
    check(
        SCHEMA,
        &[
            ("actor X { $0", "fn"),
            ("actor X { $0\n}\nrule r: true => pin(X);", "fn"),
            ("actor X { fn open; $0", "fn"),
            ("actor X { files: [File]; f$0 }", "fn"),
            ("actor X { fn $0", ""),
            ("actor X { fn open; } $0", &ITEM.replace("File", "File X")),
        ],
    );
    check(
        "",
        &[
            ("actor Folder { a: $0 }\nactor File {}", types),
            (
                "actor Folder { a: int; files: [$0 ]; }\nactor File {}",
                types,
            ),
            ("actor Folder { files: [$0File]; }\nactor File {}", types),
            ("actor Folder { a: in$0; }\nactor File {}", types),
        ],
    );
}

#[test]
fn without_a_schema_a_half_typed_name_is_not_offered() {
    check(
        "",
        &[
            ("true => pin(Fol$0);", "any"),
            ("true => pin(Fol$0); true => pin(Fol);", "Fol any"),
            (
                "client.call(Folder(f).open) > 3 => pin(f);\nclient.call(Folder(g).op$0) > 3 => pin(g);",
                "open",
            ),
            (
                "Folder(f).cpu > 3 and File(x) in ref(f.fi$0) => pin(x);",
                "",
            ),
        ],
    );
    let declared = "actor Folder {}\ntrue => pin(Folder$0);";
    assert_eq!(labels(declared), "Folder any", "a declared name is real");
}

#[test]
fn nothing_is_offered_in_comments_and_words_of_them_do_not_count() {
    check(
        SCHEMA,
        &[
            ("// server.$0", ""),
            ("// server. $0", ""),
            ("/// server.$0\n", ""),
            ("/* server.$0 */", ""),
            ("/* server.$0", ""),
            ("/* /* */ server.$0 */", ""),
            ("server./* x */$0", OF_SERVER),
            ("true => // a; b\n$0", BEHAVIOR),
        ],
    );
}

#[test]
fn arguments_are_inserted_only_where_they_are_missing() {
    let first = |source: &str| {
        let item = items(source).into_iter().next();
        item.map(|item| (item.insert, item.snippet))
    };
    let offered =
        |insert: &str, snippet: Option<&str>| Some((insert.to_owned(), snippet.map(str::to_owned)));
    assert_eq!(
        first("true => $0"),
        offered("pin", Some("pin(${1:actor});"))
    );
    assert_eq!(first("true => p$0in(A(a));"), offered("pin", None));
    let source = "actor A {}\ntrue => balance($0";
    assert_eq!(first(source), offered("{A}", Some("{${1:A}\\}")));
}

#[test]
fn definitions_are_offered_where_they_can_be_used() {
    let own = "def busy(s: server, by: percent) = s.cpu.perc > by;\n";
    let items = items(&format!("{own}bu$0"));
    let busy = items.iter().find(|item| item.label == "busy");
    let busy = busy.expect("the definition");
    assert_eq!(busy.detail, "busy(s: server, by: percent)");
    assert_eq!(busy.snippet.as_deref(), Some("busy(${1:s}, ${2:by})"));
    check(
        SCHEMA,
        &[
            ("def $0", ""),
            ("def busy($0", ""),
            (
                "def busy(s: $0",
                "server any Folder File int float bool text bytes duration percent",
            ),
            ("def busy(s: server) = s.$0", OF_SERVER),
            ("def of(f: Folder) = File(x) in ref(f.$0", "files"),
            ("use lib.hot $0", "with"),
            ("use $0", ""),
        ],
    );
}

#[test]
fn a_module_offers_its_definitions() {
    let offered = |source: &str| {
        let (analysis, offset) = at_cursor_with_module(source);
        let items = completion(&analysis, offset).into_iter();
        items.map(|item| item.label).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(offered("use lib.hot;\nhot.$0"), "busy");
    // Its parameters are set, not read.
    assert!(!offered("use lib.hot;\ntrue and $0").contains("share"));
}

/// The text after the offer with this label is taken.
fn taken(source: &str, label: &str) -> String {
    let (analysis, offset) = at_cursor_with_module(source);
    let items = completion_with_modules(&analysis, offset, &OneModule);
    let item = items
        .into_iter()
        .find(|item| item.label == label)
        .expect(label);
    let mut text = analysis.text().to_owned();
    text.replace_range(item.replace.range(), &item.insert);
    if let Some(also) = item.also {
        assert!(also.span.end <= item.replace.start, "it stands before");
        text.replace_range(also.span.range(), &also.text);
    }
    text
}

#[test]
fn modules_are_offered_behind_use_and_with_the_use_that_they_need() {
    for source in ["use $0", "use li$0", "use lib.$0", "use lib.h$0"] {
        assert_eq!(taken(source, "lib.hot"), "use lib.hot", "{source}");
    }
    assert_eq!(
        taken("param a = 3;\nh$0", "hot"),
        "param a = 3;\nuse lib.hot;"
    );
    assert_eq!(
        taken(
            "allow \"no-gap\" \"so\" until \"2027-01-01\";\n/// Why.\nrule a: b$0",
            "hot.busy"
        ),
        "allow \"no-gap\" \"so\" until \"2027-01-01\";\nuse lib.hot;\n/// Why.\nrule a: hot.busy"
    );
    let (analysis, offset) = at_cursor_with_module("use lib.hot;\n$0");
    let items = completion_with_modules(&analysis, offset, &OneModule);
    let again: Vec<_> = items
        .iter()
        .filter(|item| item.detail.contains("use lib"))
        .collect();
    assert_eq!(again, Vec::<&CompletionItem>::new(), "it is used already");
}
