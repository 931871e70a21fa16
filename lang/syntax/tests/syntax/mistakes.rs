//! Every syntax error and every trap: source, what the terminal shows, and the tree that is left.
//! Read them as somebody who is called at night would.

use crate::show;

#[test]
fn missing_signs() {
    snapshot!(show::each(&[
        "server.cpu > 80 => pin(f)",
        "server.cpu > 80 => pin(f) colocate(f, x);",
        "server.cpu > 80 => pin(f)\nrule b: true => pin(f);",
        "server.cpu > 80 => pin(f)\nserver.cpu < 20 => pin(f);",
        "rule x server.cpu > 80 => pin(f);",
        "rule x [priority 10: server.cpu > 80 => pin(f);",
        "client.call(Folder(f).open.perc > 40 => pin(f);",
        "(server.cpu > 40 => pin(f);",
        "server.cpu > 40) => pin(f);",
        "server.cpu > 3 => pin(f g); pin(h);",
        "server.cpu > 3 => pin(f; pin(h);",
        "server.cpu > 3 => balance({A B}, cpu);",
        "server.cpu > 3 => balance({A, B, cpu);",
    ]));
}

#[test]
fn missing_parts_of_a_rule() {
    snapshot!(show::each(&[
        "server.cpu 80 => pin(f);",
        "server. > 80 => pin(f);",
        "server.cpu > => pin(f);",
        "server.cpu > 80 pin(f);",
        "server.cpu > 80;",
        "server.cpu > 80",
        "server.cpu > 80 =>",
        "server.cpu > 80 => ;",
        "server.cpu > 80 => f.open;",
        "server.cpu > 80 => pin f;",
        "server.cpu > 80 => pin(f); pin f;",
        "server.cpu > 3 => balance({}, cpu);",
        "rule x: => pin(f);",
        "hello world",
        "; ; true => pin(f);",
    ]));
}

#[test]
fn definitions_and_modules() {
    snapshot!(show::each(&[
        "use \"lib/hot.plasma\";",
        "use std::hotspot; use lib/hot;",
        "import std.hotspot; include lib;",
        "use std.hotspot with { share: 40% };",
        "use std.hotspot with { share = 40 + 3 };",
        "use Std.hotspot with share = 40%;",
        "use std.hotspot\nrule r: true => pin(f);",
        "use ; true => pin(f);",
        "def hot = server.cpu.perc > 80;",
        "def busy(s: server): s.cpu.perc > 80;",
        "def busy(s) = s.cpu.perc > 80; def low(server(s)) = s.cpu.perc < 20;",
        "def busy(s: server) = ; def low(s: server)",
        "def busy(s: server) = s.cpu.perc > 80 => pin(f);",
        "def Busy(S: server) = S.cpu.perc > 80;",
        "def from(c: client) = c.call(f).count > 3;",
        "fn busy(s: server) = s.cpu.perc > 80; let low(s: server) = s.cpu.perc < 20;",
        "param primary = any; param Primary = 3; param low = high;",
    ]));
}

#[test]
fn tests() {
    snapshot!(show::each(&[
        "test hot { server s1 }",
        "test \"a\" { server s1 { cpu: 90% }\nrule r: true => pin(f);",
        "test \"a\" { server s1 { cpu: 90% expect no actions; }",
        "test \"a\" { expect no move; expect no actions }",
        "test \"a\" { expect ; expect f on; eventually f on s2 in 30s; }",
        "test \"a\" { at 30 seconds { server s1 } expect f on s1; }",
        "test \"a\" { at { server s1 } expect f on s1 by hot; }",
        "test \"a\" [period] { server s1 } test \"b\" [every 3s] { }",
        "test \"a\" { server s1 { cpu: [10%..90%, 40x5, _x5] } }",
        "test \"a\" { Folder f on s1 { cpu: [10%, 40% x0, 30% .. ] } expect f.cpu == 3; }",
        "test \"a\" { assert f on s2; expect g on s2; }",
        "test \"a\" { server s1; Folder f on s1; expect pin(f) by; }",
    ]));
}

#[test]
fn heads_of_rules() {
    snapshot!(show::each(&[
        "rule: server.cpu > 80 => pin(f);",
        "rule [priority 1]: server.cpu > 80 => pin(f);",
        "rule Hot [prio 3]: server.cpu > 80 => pin(f);",
        "rule x [priorty 3, cooldown 60s]: server.cpu > 80 => pin(f);",
        "rule x [priority]: server.cpu > 80 => pin(f);",
        "rule x [priority: 3]: server.cpu > 80 => pin(f);",
        "rule x []: server.cpu > 80 => pin(f);",
        "rule x [priority=3]: server.cpu > 80 => pin(f);",
        "rule x(priority 3): server.cpu > 80 => pin(f);",
        "rule x [priority - ]: server.cpu > 80 => pin(f);",
    ]));
}

#[test]
fn comparisons() {
    snapshot!(show::each(&[
        "server.cpu => 80 => pin(f);",
        "40 < server.cpu < 60 => pin(f);",
        "40 < a.x < b.y < 60 => pin(f);",
        "server.cpu >> 80 => pin(f);",
        "server.cpu = 80 => pin(f);",
        "File(x) in f.files => pin(x);",
        "File(x) in ref() => pin(x);",
        "File(x) in ref(f.files, f.parent) => pin(x);",
        "f.cpu > 3 in ref(f.files) => pin(x);",
        "f.cpu > 3 > .. => pin(x);",
    ]));
}

#[test]
fn calculations() {
    snapshot!(show::each(&[
        "a + > 3 => pin(f);",
        "a > 3 * => pin(f);",
        "a > 3 + + 4 => pin(f);",
        "a > (3 + 4 => pin(f);",
        "a % 3 > 4 => pin(f);",
        "a on => pin(f);",
        "a on s on t => pin(f);",
        "a not on => pin(f);",
        "a > 3 on s => pin(f);",
        "File(x) not in f.files => pin(f);",
        "avg(a for ) > 3 => pin(f);",
        "avg(a for Folder(f) > 3 => pin(f);",
        "avg(a for Folder(f), ) > 3 => pin(f);",
        "avg(for Folder(f)) > 3 => pin(f);",
        "avg(a, b for Folder(f)) > 3 => pin(f);",
        "count(Folder(f) where ) > 3 => pin(f);",
        "count(Folder(f) where f.x > 3 for server(s)) > 3 => pin(f);",
        "count(f.x > 3) > 2 => pin(f);",
    ]));
}

#[test]
fn words_and_signs_of_other_languages() {
    snapshot!(show::each(&[
        "server.cpu > 80 && !(f.cpu > 3) || true => pin(f);",
        "f.cpu ≥ 5 and f.cpu <> 3 ⇒ pin(f);",
        "f.cpu === 5 ==> pin(f);",
        "f.cpu > 5 AND f.mem > 3 => pin(f);",
        "NOT f.hot => pin(f);",
        "if server.cpu > 80 then pin(f);",
        "server.cpu > 80 -> pin(f);",
        "server.cpu > 80 and pin(f) => pin(f);",
        "f.cpu !> 5 and f.cpu !< 3 => pin(f);",
        "let high = 80%; const low = 20%; var x = 3;",
        "param in = 3; param and = 3; f.cpu > in and f.mem < and => pin(f);",
        "# hi\nserver.cpu > 3 => pin(f);",
        "f.x == 'a' => pin(f);",
    ]));
}

#[test]
fn numbers() {
    snapshot!(show::each(&[
        "server.cpu > 80 % => pin(f);",
        "server.cpu > 10/s.cpu => pin(f);",
        "f.rate > 100/sec => pin(f);",
        "f.rate > 40x5 => pin(f);",
        "f.mem > 5 KB => pin(f);",
        "f.mem > 5kb => pin(f);",
        "f.mem > 5mins => pin(f);",
        "f.mem > 3parsec => pin(f);",
        "f.cpu > 0x10 and f.cpu > 0b11 => pin(f);",
        "f.cpu > 1e5 and f.cpu > 1_000 and f.cpu > .5 => pin(f);",
    ]));
}

#[test]
fn limits() {
    snapshot!(show::each(&[
        "limit migrations 20;",
        "limit migrations 20 in 10s;",
        "limit migrations per 10s;",
        "limit 20 per 10s;",
        "limit servers 4;",
        "limit servers 2-16;",
        "limit migrations 20 per 10s\nrule x: true => pin(f);",
        "limit migrations 20 per\nrule x: true => pin(f);",
        "limit migrations 20 per 10s each;",
    ]));
}

#[test]
fn requirements() {
    snapshot!(show::each(&[
        "require pin(f) where;",
        "require pin(f) if f.x;",
        "require pin f;",
        "require f.cpu > 3;",
        "require pin(f), pin(g);",
        "require pin(f)\nrule x: true => pin(f);",
    ]));
}

#[test]
fn bad_text() {
    snapshot!(show::each(&[
        "server.cpu @ 3 => pin(f);",
        "server.cpu > @ => pin(f);",
        "naïve.cpu > 3 => pin(f);",
        "f.cpu\u{a0}> 3 => pin(f);",
        "f.x == \"a => pin(f);\nserver.cpu > 3 => pin(f);",
        "/* /* */ server.cpu > 3 => pin(f);",
    ]));
}

#[test]
fn declarations() {
    snapshot!(show::each(&[
        "param x = server.cpu;",
        "param High = 3;",
        "param x 3;",
        "param y = 3",
        "param z = 80 90;",
        "param = 3;",
        "actor folder_2 { }",
        "actor A { files [File]; }",
        "actor A { fn open(x); fn b fn c; size: int }",
        "actor A { depth: ; fn; fn d; }",
        "actor A { fn x;\nrule y: true => pin(f);",
        "actor A { fn x;",
        "actor { fn x; }",
    ]));
}
