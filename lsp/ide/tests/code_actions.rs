//! What can be done at a cursor `$0`, or with what stands between two of them: each action with the text
//! that it makes.

use plasma_check::Date;
use plasma_diagnostic::Span;
use plasma_ide::{Analysis, CodeAction, Surroundings, code_actions, refactorings};

/// The analysis of a source, and the place that is selected in it.
fn selected(source: &str) -> (Analysis, Span) {
    let start = source.find("$0").expect("a cursor") as u32;
    let rest = source.replacen("$0", "", 1);
    let end = rest.find("$0").map_or(start, |end| end as u32);
    let surroundings = Surroundings {
        today: Date::from_text("2026-11-27"),
        ..Surroundings::default()
    };
    let analysis = Analysis::new("a.plasma", rest.replacen("$0", "", 1), &surroundings);
    let place = Span::new(analysis.file(), start, end);
    (analysis, place)
}

fn shown(analysis: &Analysis, actions: Vec<CodeAction>) -> String {
    let mut shown = String::new();
    for action in actions {
        let mut text = analysis.text().to_owned();
        let mut edits = action.edits;
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        for edit in edits {
            text.replace_range(edit.span.range(), &edit.text);
        }
        shown.push_str(&format!(
            "--- {:?}: {}\n{}\n",
            action.kind,
            action.title,
            text.trim_end()
        ));
    }
    shown
}

fn made(source: &str) -> String {
    let (analysis, place) = selected(source);
    shown(&analysis, refactorings(&analysis, place))
}

fn mended(source: &str) -> String {
    let (analysis, place) = selected(source);
    shown(&analysis, code_actions(&analysis, place))
}

#[test]
fn a_rule_is_named_after_what_it_does() {
    insta::assert_snapshot!(made("FolderTree(f).cpu.perc > 80% $0=> reserve(f, cpu);"), @r#"
--- Rewrite: name this rule `reserve_folder_tree`
rule reserve_folder_tree: FolderTree(f).cpu.perc > 80% => reserve(f, cpu);
"#);
    insta::assert_snapshot!(made("server.cpu.perc > 80% $0=> drain(server);\nrule drain_server: server.mem.perc > 80% => drain(server);"), @r#"
--- Rewrite: name this rule `drain_server_2`
rule drain_server_2: server.cpu.perc > 80% => drain(server);
rule drain_server: server.mem.perc > 80% => drain(server);
"#);
    insta::assert_snapshot!(made("server.cpu.perc > 80% $0=> scale_out(1);"), @r#"
--- Rewrite: name this rule `scale_out_on_cpu`
rule scale_out_on_cpu: server.cpu.perc > 80% => scale_out(1);
"#);
    assert_eq!(made("rule a: true $0=> drain(server);"), "");
}

#[test]
fn a_number_becomes_a_parameter() {
    insta::assert_snapshot!(made("/// Hot.\nrule hot: server.cpu > 8$00 => drain(server);"), @r#"
--- Extract: extract `80%` into the parameter `cpu_bound`
param cpu_bound = 80%;
/// Hot.
rule hot: server.cpu > cpu_bound => drain(server);
"#);
    insta::assert_snapshot!(made("param a = 3%;\nrule hot: server.cpu > a and server.mem > $03GB$0 => drain(server);"), @r#"
--- Extract: extract `3GB` into the parameter `mem_bound`
param a = 3%;
param mem_bound = 3GB;
rule hot: server.cpu > a and server.mem > mem_bound => drain(server);
"#);
    insta::assert_snapshot!(made("param a = 3%;\nrule hot [cooldown 3$00s]: server.cpu > a => drain(server);"), @r#"
--- Extract: extract `30s` into the parameter `hot_cooldown`
param a = 3%;
param hot_cooldown = 30s;
rule hot [cooldown hot_cooldown]: server.cpu > a => drain(server);
"#);
    insta::assert_snapshot!(made("limit migrations 2$00 per 10s;\nrule hot: server.cpu > 3% => drain(server);"), @r#"
--- Extract: extract `20` into the parameter `migrations_max`
param migrations_max = 20;
limit migrations migrations_max per 10s;
rule hot: server.cpu > 3% => drain(server);
"#);
    assert_eq!(made("param a = 8$00%;"), "");
}

#[test]
fn a_condition_becomes_a_definition() {
    insta::assert_snapshot!(made("rule hot: $0Folder(f).cpu.perc > 80%$0 and File(x) in ref(f.files) => colocate(f, x);"), @r#"
--- Extract: extract into the definition `condition`
def condition(f: Folder) = f.cpu.perc > 80%;
rule hot: condition(Folder(f)) and File(x) in ref(f.files) => colocate(f, x);
"#);
    insta::assert_snapshot!(made("rule hot: Folder(f).cpu.perc > 80% and $0File(x) in ref(f.files) and server.mem.perc > 3%$0 => colocate(f, x);"), @r#"
--- Extract: extract into the definition `condition`
def condition(f: Folder, x: File) = x in ref(f.files) and f.server.mem.perc > 3%;
rule hot: Folder(f).cpu.perc > 80% and condition(f, File(x)) => colocate(f, x);
"#);
    insta::assert_snapshot!(made("// Why.\nrule hot: $0avg(s.cpu.perc for server(s)) > 50%$0 and Folder(f).mailbox > 3 => pin(f);"), @r#"
--- Extract: extract into the definition `condition`
def condition() = avg(s.cpu.perc for server(s)) > 50%;
// Why.
rule hot: condition() and Folder(f).mailbox > 3 => pin(f);
"#);
    insta::assert_snapshot!(made("rule hot: $0server(s).cpu.perc + s.mem.perc$0 > 90% => drain(s);"), @r#"
--- Extract: extract into the definition `value`
def value(s: server) = s.cpu.perc + s.mem.perc;
rule hot: value(server(s)) > 90% => drain(s);
"#);
}

#[test]
fn what_nothing_can_be_given_for_stays_where_it_is() {
    for source in [
        "rule hot: $0server.cpu.perc > 80%$0 => drain(server);",
        "rule hot: $0Folder.cpu.perc > 80%$0 => pin(Folder);",
        "rule hot: server.cpu.perc $0> 80%$0 => drain(server);",
    ] {
        assert_eq!(made(source), "", "{source}");
    }
}

#[test]
fn bounds_without_a_gap_are_moved_apart_or_silenced() {
    insta::assert_snapshot!(mended("server.cpu.perc > 80 or server.cpu.perc < 80 => $0balance({Folder}, cpu);"), @r#"
--- QuickFix: lower the lower bound to 70
server.cpu.perc > 80 or server.cpu.perc < 70 => balance({Folder}, cpu);
--- QuickFix: silence `no-gap` in this rule until 2026-12-27
rule balance_folder [allow "no-gap" "say why" until "2026-12-27"]: server.cpu.perc > 80 or server.cpu.perc < 80 => balance({Folder}, cpu);
--- QuickFix: silence `no-gap` in this file until 2026-12-27
allow "no-gap" "say why" until "2026-12-27";
server.cpu.perc > 80 or server.cpu.perc < 80 => balance({Folder}, cpu);
"#);
    insta::assert_snapshot!(mended("param a = 80%;\nrule b [priority 3]: server.cpu.perc > a or server.cpu.perc < a => $0balance({Folder}, cpu);"), @r#"
--- QuickFix: silence `no-gap` in this rule until 2026-12-27
param a = 80%;
rule b [priority 3, allow "no-gap" "say why" until "2026-12-27"]: server.cpu.perc > a or server.cpu.perc < a => balance({Folder}, cpu);
--- QuickFix: silence `no-gap` in this file until 2026-12-27
allow "no-gap" "say why" until "2026-12-27";
param a = 80%;
rule b [priority 3]: server.cpu.perc > a or server.cpu.perc < a => balance({Folder}, cpu);
"#);
}

#[test]
fn what_a_witness_shows_becomes_a_test() {
    insta::assert_snapshot!(mended("rule near: Replica(r) in ref(Primary(p).replicas) => c$0olocate(p, r);\nrule apart: Primary(p).cpu.perc > 60 and Replica(r) in ref(p.replicas) => separate(p, r);"), @r#"
--- QuickFix: add a test that shows this
rule near: Replica(r) in ref(Primary(p).replicas) => colocate(p, r);
rule apart: Primary(p).cpu.perc > 60 and Replica(r) in ref(p.replicas) => separate(p, r);

test "apart against near" {
  server s1 { cpu: 70% }
  server s2 { cpu: 10% }
  Primary p on s1 { cpu: 70%, replicas: [r] }
  Replica r on s2
  expect separate(p, r) by apart;
  expect not colocate(p, r);
}
--- QuickFix: silence `conflict` in this rule until 2026-12-27
rule near [allow "conflict" "say why" until "2026-12-27"]: Replica(r) in ref(Primary(p).replicas) => colocate(p, r);
rule apart: Primary(p).cpu.perc > 60 and Replica(r) in ref(p.replicas) => separate(p, r);
--- QuickFix: silence `conflict` in this file until 2026-12-27
allow "conflict" "say why" until "2026-12-27";
rule near: Replica(r) in ref(Primary(p).replicas) => colocate(p, r);
rule apart: Primary(p).cpu.perc > 60 and Replica(r) in ref(p.replicas) => separate(p, r);
"#);
}

#[test]
fn a_second_silence_stands_beside_the_first() {
    insta::assert_snapshot!(mended("allow \"no-gap\" \"so\" until \"2027-01-01\"; // yes\nparam u$0nused = 3;\nrule a: server.cpu.perc > 3% => drain(server);\n"), @r#"
--- QuickFix: silence `unused-param` in this file until 2026-12-27
allow "unused-param" "say why" until "2026-12-27";
allow "no-gap" "so" until "2027-01-01"; // yes
param unused = 3;
rule a: server.cpu.perc > 3% => drain(server);
"#);
}
