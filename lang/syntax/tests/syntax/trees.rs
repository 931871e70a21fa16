//! Each production of the grammar, and the tree it makes.

use plasma_diagnostic::FileId;
use plasma_syntax::{parse, tree::ExprKind, tree::Item};

use crate::show;

/// Source and tree of each example.
fn trees(examples: &[&str]) -> String {
    let shown: Vec<String> = examples.iter().map(|source| show::policy(source)).collect();
    shown.join("\n")
}

#[test]
fn items() {
    snapshot!(trees(&[
        "",
        "actor Folder {}",
        "actor Folder { files: [File]; parent: Folder?; depth: int; fn open; }",
        "param high = 80%;",
        "param grows = true; param cores = 1.5;",
        "true => pin(Folder);",
        "rule calm: true => pin(Folder);",
        "rule calm [priority 3]: true => pin(Folder); reserve(f, cpu);",
    ]));
}

#[test]
fn definitions_and_modules() {
    snapshot!(trees(&[
        "use std.hotspot;",
        "/// Why.\nuse lib.hot with { share = 40%, own = high, Primary = Shard, Other = any, on = true, };",
        "param Primary = any; param Replica = Shard;",
        "/// Loaded.\ndef busy(s: server) = s.cpu.perc > high for 30s;",
        "def both(f: Folder, a: any, low: percent) = f.cpu.perc - low; def always() = true;",
        "busy(f.server) and not hotspot.busy(server(s)) => pin(f); busy(s) => drain(s);",
        // Names elsewhere.
        "use > 3 and def.with == with => pin(use); rule use: def => pin(with);",
        "use use.rule.with with { with = 3 };",
        "test \"a\" { server s expect pin(f) by lib.hot.spread; expect busy(s); }",
    ]));
}

#[test]
fn silenced_lints() {
    snapshot!(trees(&[
        r#"allow "no-gap" "steps" until "2027-01-31"; allow "W0401" "x";"#,
        r#"/// Why.
allow "W0401";"#,
        r#"rule x [priority 3, allow "a" "b" until "c", allow "d"]: true => pin(f);"#,
        // Names elsewhere.
        "allow > until and until.allow == 2 => pin(allow);",
        "rule allow: allow.until => pin(until); rule until [priority allow]: allow => pin(f);",
    ]));
}

#[test]
fn constraints() {
    snapshot!(trees(&[
        "require separate(P(p), R(r)) where r in ref(p.replicas);",
        "/// Never.\nrequire pin(P);",
        "require > 3 and where.x == 2 => pin(require);",
        "limit migrations 20 per 10s; limit migrations n per w each Folder;",
        "limit servers 2..16; limit migrations 1 per 1m each any;",
        "limit > 3 and per.each == 2 => pin(per);",
        "rule x [cooldown 60s, release n, priority 3]: true => pin(each);",
    ]));
}

#[test]
fn conditions() {
    snapshot!(trees(&[
        "a and b or c and not d or e => pin(f);",
        "(a or b) and (not (c)) => pin(f);",
        "not not a => pin(f);",
        "not a.x > 3 and b => pin(f);",
        "a < 1 and a <= 1 and a > 1 and a >= 1 and a == b and a != b => pin(f);",
        "80 < server.cpu => pin(f);",
        "File(x) in ref(f.files) and any in ref(Folder.files) => pin(f);",
    ]));
}

#[test]
fn relations() {
    snapshot!(trees(&[
        "File(x) not in ref(f.files) and x in ref(f) => pin(f);",
        "f on s and not f on server(s) and f not on g.server and (f) on (server) => pin(f);",
        "on and not on or Folder(on) on on => pin(f);",
        "f.name == \"a \\\"b\\\"\" and server.label(\"zone\") != g.server.label(\"zone\") => pin(f);",
    ]));
}

#[test]
fn arithmetic() {
    snapshot!(trees(&[
        "a + b - c > d * e / f => pin(f);",
        "-a * b > - - 3 => pin(f);",
        "a - (b - c) > -2 + 10/s => pin(f);",
        "a -3 > b - 3% => pin(f);",
        "abs(a - b) > 50% * x.y => pin(f);",
        "a + b > c and not a * b < c or a == b / c => pin(f);",
    ]));
}

#[test]
fn windows() {
    snapshot!(trees(&[
        "server.cpu.perc over 60s > 80 => pin(f);",
        "-a.b over 60s * 2 > rate(a.b over w) + c => pin(f);",
        "not server.cpu.perc > 80 for 30s and b for w or c in ref(f.files) for 1m => pin(f);",
        "(a > b and c > d) for 30s => pin(f);",
        "max(s.cpu.perc over 60s for server(s) where s.cpu > 3 for 20s) > 3 => pin(f);",
        "forecast(server.cpu, 60s) > 3 and over > for and f.over over 3s > 1 => pin(over);",
    ]));
}

#[test]
fn tests() {
    snapshot!(trees(&[
        r#"test "a hot folder gets a server with its files" {           // test ".." [period 1s] { ... }
  server s1 { cpu: 90% }  server s2 { cpu: 10% }
  Folder f on s1 { cpu: 60%, files: [x] }   File x on s1 { cpu: 5% }   Folder g on s1 { cpu: 25% }
  client -> f.open: 500    client -> g.open: 100, 4KiB        // count, size, latency
  expect reserve(f, cpu) by hot_folder;
  expect f on s2;  expect x on s2;  expect not migrate(g);
  at 30s { server s1 { cpu: 20% } }
  expect no actions at 40s;
  eventually f on s2 within 60s;  never migrate(g);  always f on s2;      // in place of `expect`
}
"#,
        r#"test "series" [period 1s] {
  server s1 { cpu: [10%, 20%, 30%..90% step 10%, _, 40% x5, _ x2], mem: _, labels: {zone: "a"} }
  Folder f on s1 { depth: [-3, -1..3 step 1], files: [_x5, x] }
  expect count(server(s)) == 3 at t;
}
true => pin(f);"#,
        r#"/// Words are names where nothing else is expected.
test "" {
  server expect { at: 3, by: [at, never] }
  Folder at on expect { always: true }
  Folder by on at
  never -> at.never: 5 at -> by.within: 3
  expect at on expect at 30s; always by in ref(at.by) within 30s; never not pin(at) by hotspot.by;
}"#,
    ]));
}

#[test]
fn aggregates() {
    snapshot!(trees(&[
        "avg(s.cpu.perc for server(s)) > 3 => pin(f);",
        "count(Folder(f) where f.cpu.perc > 10 and f.mem > 3) > 3 => pin(f);",
        "sum(a.x + 1 for Folder(a), File(b) where (a in ref(b)) or not b.hot) > 3 => pin(f);",
        "max(a, b * 2, 3) > min(count(Folder), 2) => pin(f);",
        "for > where and where(x) > for => pin(where); pin(for);",
    ]));
}

#[test]
fn features() {
    snapshot!(trees(&[
        "server.cpu.perc > 80 => pin(f);",
        "server(s).cpu > 80 and f.server.mem.size > 1GB => pin(f);",
        "client.call(Folder(f).open).count > 100 => pin(f);",
        "Folder(a).call(b).perc > 1 and any(c).call(any.open).size >= 4KiB => pin(f);",
        "f.depth == 3 and f.label(zone) == g => pin(f);",
    ]));
}

#[test]
fn behaviors() {
    snapshot!(trees(&[
        "true => balance({Folder, any, File}, cpu);",
        "true => reserve(f, cpu); separate(Folder(a), a.parent); pin(any);",
        "true => resrve(f, cpu); pinn(f); true => Pin(f);",
        "true => pin();",
    ]));
}

#[test]
fn numbers() {
    snapshot!(trees(&[
        "a > 0 and a > 12.50 and a > 40% and a > 10/s => pin(f);",
        "a > 1us and a > 1ms and a > 1s and a > 1m and a > 1h and a > 1d => pin(f);",
        "a > 1B and a > 1KB and a > 1MB and a > 1GB and a > 1KiB and a > 1MiB and a > 1GiB
         => pin(f);",
        "a > 1B/s and a > 1KB/s and a > 1MB/s and a > 1GB/s and a > 1KiB/s and a > 1MiB/s
         and a > 1GiB/s => pin(f);",
    ]));
}

#[test]
fn comments_and_documentation() {
    snapshot!(trees(&[
        "/// one\n///two\n///   indented\nrule a: true => pin(f);\n//// not documentation",
        "/// unnamed rules have one too\ntrue => pin(f);",
        "/* nested /* comments */ end once */ true // comment\n => /* here */ pin(f);",
        "actor A {\n/// of a property\na: int;\n/// of a function\nfn b;\n/// stray 1\n}",
        "true /// stray 2\n/// in two lines\n => pin(f); /// stray 3",
    ]));
}

/// The base value of a number is in the base unit of what it measures.
#[test]
fn base_values() {
    let value = |text: &str| {
        let parsed = parse(FileId(0), format!("param p = {text};"));
        let [Item::Param(param)] = parsed.tree.items() else {
            panic!("{text}");
        };
        match parsed.tree.expr(param.value).kind {
            ExprKind::Number(number) => number.base_value(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(value("80"), 80.0);
    assert_eq!(value("40%"), 40.0);
    assert_eq!(value("2ms"), 0.002);
    assert_eq!(value("1.5m"), 90.0);
    assert_eq!(value("4KiB"), 4096.0);
    assert_eq!(value("4KB"), 4000.0);
    assert_eq!(value("1GiB/s"), 1073741824.0);
    assert_eq!(value("10/s"), 10.0);
}

/// Spans are the text of the nodes, no more.
#[test]
fn spans_are_tight() {
    let source = "  /// doc\n  rule a : ( x.y(z) > 3 ) and not b  =>  pin( f ) ; ";
    let parsed = parse(FileId(0), source);
    let rule = parsed.tree.rules().next().unwrap();
    let text = |span| parsed.tree.text(span);
    assert_eq!(
        text(rule.span),
        source.trim_start_matches("  /// doc\n").trim()
    );
    assert_eq!(text(rule.head.as_ref().unwrap().span), "rule a :");
    let condition = parsed.tree.expr(rule.condition);
    assert_eq!(text(condition.span), "( x.y(z) > 3 ) and not b");
    let ExprKind::And(parts) = condition.kind else {
        panic!("{condition:?}");
    };
    let parts = parsed.tree.list(parts).iter();
    let parts: Vec<&str> = parts.map(|id| text(parsed.tree.expr(*id).span)).collect();
    assert_eq!(parts, ["( x.y(z) > 3 )", "not b"]);
    assert_eq!(text(parsed.tree.behaviors(rule)[0].span), "pin( f )");
}

/// A byte order mark, line breaks of Windows and no line break at the end are all right.
#[test]
fn text_of_other_systems() {
    let parsed = parse(
        FileId(0),
        "\u{feff}/// a\r\n/// b\r\nrule a:\r\n\ttrue => pin(f);",
    );
    assert_eq!(parsed.diagnostics, []);
    let rule = parsed.tree.rules().next().unwrap();
    assert_eq!(parsed.tree.docs(rule.docs), "a\nb");
}
