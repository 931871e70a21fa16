//! What is shown at a cursor.

use plasma_ide::{KEYWORDS, VALUE_TYPES, hover};
use plasma_model::{AGGREGATES, METRICS, MetricScope, WINDOW_FUNCTIONS};

use crate::{SCHEMA, at_cursor, at_cursor_with_module};

fn shown(source: &str) -> String {
    let (analysis, offset) = at_cursor(source);
    hover(&analysis, offset).map_or_else(String::new, |hover| hover.markdown)
}

#[test]
fn every_keyword_has_a_hover_text() {
    for row in KEYWORDS {
        assert!(
            shown(&format!("$0{} ", row.name)).contains(row.doc),
            "{}",
            row.name
        );
    }
}

#[test]
fn every_metric_and_aggregate_has_a_hover_text() {
    for row in METRICS {
        let source = match row.scope {
            MetricScope::Call => format!("client.$0{}(Folder(f)) > 3 => pin(f);", row.name),
            MetricScope::Gauge(gauge) if gauge.is_of_server() => {
                format!("server.$0{} > 3 => pin(Folder);", row.name)
            }
            _ => format!("Folder(f).$0{} > 3 => pin(f);", row.name),
        };
        assert!(shown(&source).contains(row.doc), "{source}");
    }
    for row in AGGREGATES {
        let source = format!("$0{}(s.cpu for server(s)) > 3 => pin(Folder);", row.name);
        assert!(shown(&source).contains(row.doc), "{source}");
    }
    for row in WINDOW_FUNCTIONS {
        let source = format!("$0{}(server.cpu over 60s) > 3 => pin(Folder);", row.name);
        assert!(shown(&source).contains(row.doc), "{source}");
    }
}

#[test]
fn what_stands_in_the_text_of_an_alert_has_a_hover_text() {
    let in_hole = |hole: &str| {
        shown(&format!(
            "Folder(f).cpu.perc > 80 => alert(\"{{{{it}}}} is {{{hole}}}\");"
        ))
    };
    assert_eq!(
        in_hole("$0f"),
        shown("Folder($0f).cpu.perc > 80 => pin(f);")
    );
    assert_eq!(
        in_hole("f.$0mailbox"),
        shown("Folder(f).$0mailbox > 80 => pin(f);")
    );
    assert!(in_hole("f.serv$0er.cpu.perc").contains("server"));
    let plain = shown("Folder(f).cpu.perc > 80 => alert(\"it i$0s {f}\");");
    assert_eq!(plain, "", "the text itself is no name");
}

#[test]
fn a_comment_shows_nothing_and_hides_nothing() {
    let rule = "rule r: t$0rue => pin(Folder(f));";
    for comment in ["", "// the end", "\n// the end", "/* open"] {
        let markdown = shown(&format!("{rule}{comment}"));
        assert!(markdown.contains("Always holds."), "{comment}");
    }
    assert_eq!(shown("// t$0rue"), "");
    assert_eq!(shown("/* t$0rue */"), "");
}

#[test]
fn a_parameter_is_shown_whole() {
    let declaration = "/// Hot.\nparam p$0 /* a; b */ = 3%; // c; d\n";
    assert_eq!(shown(declaration), "```plasma\nparam p = 3%;\n```\n\nHot.");
}

#[test]
fn the_types_of_published_values_are_explained() {
    for row in VALUE_TYPES {
        let declaration = format!("actor Folder {{ depth: $0{}; }}", row.name);
        assert!(shown(&declaration).contains(row.doc), "{}", row.name);
    }
    let name = "rule int: true => pin(Folder(int$0));";
    assert!(
        !shown(name).contains("whole number"),
        "elsewhere they are names"
    );
}

#[test]
fn a_host_names_its_actor() {
    let rule = |server: &str| format!("Folder(f).cpu > 3 and {server}.cpu > 3 => pin(f);");
    assert!(shown(&rule("f.s$0erver")).starts_with("```plasma\nf.server\n"));
    let of_type = shown("not (Folder(f).s$0erver.cpu > 3) and File(x).cpu > 3 => pin(x);");
    assert!(
        of_type.starts_with("```plasma\nFolder(f).server\n"),
        "{of_type}"
    );
    assert!(shown(&rule("s$0erver")).contains("the host of f"));
    assert!(shown(&rule("s$0erver(s)")).starts_with("```plasma\nserver(VARIABLE)\n"));
    assert!(shown("s$0erver.cpu > 3 => balance({Folder}, cpu);").contains("server.RESOURCE"));
}

#[test]
fn names_in_a_test_are_explained() {
    let test = |line: &str| {
        shown(&format!(
            "{SCHEMA}rule hot: Folder(f).cpu.perc > 80 => reserve(f, cpu);\n\
             test \"t\" {{ server s1 {{ cpu: 90% }} Folder g on s1 {{ files: [x] }} File x on s1 {{}}\n{line} }}"
        ))
    };
    let actor = "```plasma\ng: Folder\n```\n\nAn actor of this test.";
    assert_eq!(test("expect reserve(g$0, cpu) by hot;"), actor);
    assert_eq!(test("expect g$0 on s1;"), actor);
    assert_eq!(test("expect Folder(g$0) on s1;"), actor);
    assert_eq!(test("client -> g$0.open: 3"), actor);
    let server = "```plasma\ns1: server\n```\n\nA server of this test.";
    assert_eq!(test("expect g on s$01;"), server);
    assert_eq!(test("at 10s { Folder h on s$01 {} }"), server);
    assert!(test("expect reserve(g, cpu) by h$0ot;").contains("rule hot"));
    assert!(test("expect res$0erve(g, cpu) by hot;").contains("reserve("));
    assert!(test("client -> g.op$0en: 3").contains("fn Folder.open"));
    assert!(test("Folder h on s1 { fil$0es: [x] }").contains("Folder.files: [File]"));
}

#[test]
fn definitions_and_modules_are_explained() {
    let shown = |source: &str| {
        let (analysis, offset) = at_cursor_with_module(source);
        hover(&analysis, offset).map_or(String::new(), |hover| hover.markdown)
    };
    let rule = "hot.busy(server(s), 3%) => drain(s);";
    let busy = "```plasma\ndef hot.busy(s: server, by: percent)\n```\n\nAbove its bound.";
    assert_eq!(
        shown(&format!("use lib.hot;\n{}", rule.replace("busy", "bu$0sy"))),
        busy
    );
    let module = "```plasma\nuse hot: lib/hot.plasma\n```\n\n\
                  Rules: `hot.alone`.\n\nDefinitions: `hot.busy(s: server, by: percent)`.";
    assert_eq!(shown(&format!("use lib.h$0ot;\n{rule}")), module);
    assert_eq!(shown(&format!("use lib.hot;\nh$0{}", &rule[1..])), module);
    let setting = "use lib.hot with { sh$0are = 3% };\ntrue => pin(A);";
    assert_eq!(
        shown(setting),
        "```plasma\nparam hot.share = 40%;\n```\n\nShare of the calls."
    );
    assert_eq!(
        shown("def own(s$0: server) = s.cpu.perc > 3;"),
        "```plasma\ns: server\n```\n\nWhat the definition is about."
    );
}
