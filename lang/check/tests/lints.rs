//! Every lint, as its reader sees it, and what stays silent.

use plasma_check::{Environment, check_source};
use plasma_diagnostic::FileId;

use crate::report::report;

macro_rules! lints {
    ($($(#[$doc:meta])* $name:ident: $source:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(report($source));
        }
    )*};
}

lints! {
    empty_policy: "// nothing yet\n";
    params_alone_are_an_empty_policy: "param high = 80%;";
    /// A file that was not understood is not called empty.
    not_empty_but_wrong: "server.cpu >";
    stray_doc: "true => pin(Folder);\n/// the end\n";
    unused_variable: "File(x) in ref(Folder(f).files) and f.cpu.perc > 10 => pin(f);";
    unused_host_variable: "Disk(d).server.cpu > 80 => balance({Folder}, cpu);";
    unused_param: "param high = 80%;\ntrue => pin(Folder);";
    never_true_constant: "false => pin(Folder);";
    never_true_share: "server.cpu.perc > 100 => balance({Folder}, cpu);";
    never_true_below_zero: "client.call(Folder(f).open).count < 0 => pin(f);";
    never_true_types: "Folder(f) == File(x) => colocate(f, x);";
    never_true_together: "server.cpu.perc > 80 and server.mem > 20 and server.cpu.perc < 60 => balance({Folder}, cpu);";
    never_true_any: "actor A { fn f; } actor B { items: [A]; }
client.call(any(x).f).count > 1 and A in ref(x.items) => pin(x);";
    never_true_calculated: "server.cpu.perc + Folder(f).cpu.perc > 200 => pin(f);";
    never_true_difference: "abs(server.cpu.perc - server.mem.perc) > 100 => balance({Folder}, cpu);";
    never_true_aggregate: "max(s.cpu.perc for server(s)) - 10 > 90 => balance({Folder}, cpu);";
    never_true_three: "Folder(f).cpu.perc < 20 and f.mem.perc < 30 and f.cpu.perc + f.mem.perc > 60 => pin(f);";
    never_true_chain: "Folder(f).cpu.perc < 20 and f.mem.perc < f.cpu.perc and f.mem.perc > 40 => pin(f);";
    never_true_order: "Folder(f).cpu.size < File(x).cpu.size and x.cpu.size <= f.cpu.size => colocate(f, x);";
    never_true_not: "Folder(f).cpu.perc > 80 and not f.cpu.perc > 60 => pin(f);";
    never_true_on: "Folder(f) on server(s) and f not on s => pin(f);";
    never_true_two_hosts: "Folder(f) on server(s) and f on server(t) and s != t => pin(f);";
    never_true_in_ref: "File(x) in ref(Folder(f).files) and x not in ref(f.files) => colocate(f, x);";
    never_true_label: "server(s).label(\"zone\") == \"a\" and s.label(\"zone\") == \"b\" and Folder(f) on s => pin(f);";
    never_true_side: "Folder(f).cpu.perc > 80 and (f.mem.perc > 50 or f.cpu.perc < 40) => pin(f);";
    always_true_or: "Folder(f).cpu.perc > 20 or f.cpu.perc < 60 => pin(f);";
    always_true_not: "not (Folder(f).cpu.perc > 80 and f.cpu.perc < 60) => pin(f);";
    always_true_calculated: "100 - Folder(f).cpu.perc >= 0 => pin(f);";
    never_released_calculated: "server.cpu.perc + 10 > 80 and client.call(Folder(f).open).perc * 2 > 40 => reserve(f, cpu);";
    unused_variable_calculated: "Folder(f).cpu.perc + 5 > 20 => balance({Folder}, cpu);";
    /// Beyond what is decided: an inverse calculation, two choices at once, other actors, a share
    /// that being alone makes too great.
    undecided: "Folder(f).cpu.perc + 10 > 50 and f.cpu.perc + f.mem.perc < 30 => pin(f);
(Folder(f).cpu.perc > 80 or f.mem.perc > 80) and (f.cpu.perc < 50 or f.mem.perc < 50) => pin(f);
Folder.cpu.perc > 80 and Folder.cpu.perc < 60 => balance({Folder}, cpu);
client.call(Folder(f).open).perc < 40 and f.server.cpu > 50 => reserve(f, cpu);
Folder(f).depth > 5 and f.depth + 1 > 3 => pin(f);";
    always_true_at_least_zero: "client.call(Folder(f).open).count >= 0 => pin(f);";
    always_true_constants: "1 < 2 => pin(Folder);";
    always_true_same: "Folder(f) == f => pin(f);";
    ratio_slip: "server.cpu.perc > 0.8 => balance({Folder}, cpu);";
    ratio_slip_in_a_param: "param high = 0.8;\nserver.cpu > high => balance({Folder}, cpu);";
    /// For one rule, the last day included; the same in another rule is reported.
    allowed_in_a_rule: "rule even [allow \"no-gap\" \"steps of 30 %\" until \"2026-07-01\", allow \"W0302\" \"on purpose\" until \"2026-12-31\"]:
  server.cpu.perc > 60 or server.cpu.perc < 60 and 1 < 2 => balance({Folder}, cpu);
rule odd: server.cpu.perc > 70 or server.cpu.perc < 70 => balance({Folder}, cpu);";
    allowed_in_the_file: "allow \"unused-param\" \"set by the operator\" until \"2026-12-31\";
allow \"never-true\" \"a switch\" until \"2026-12-31\";
param high = 80%;
false => pin(Folder);
true => pin(File(x)); /// the end";
    expired_allow: "rule even [allow \"no-gap\" \"steps of 30 %\" until \"2026-06-30\"]:
  server.cpu.perc > 60 or server.cpu.perc < 60 => balance({Folder}, cpu);";
    shadowed_rule: "rule busy [priority 2]: Folder(f).cpu.perc > 50 or f.mem.perc > 90 => pin(f);
rule full: Folder(g).cpu.perc > 80 and client.call(g.open).count > 10 => pin(g);";
    shadowed_rule_by_an_equal: "File(x) in ref(Folder(f).files) => colocate(f, x);
Folder(a).mem.perc > 5 and File(b) in ref(a.files) => colocate(b, a);";
    shadowed_rule_server: "server.cpu.perc > 80 => balance({Folder}, cpu);
server.mem.perc > 50 and server.cpu.perc > 80 => balance({Folder}, cpu);";
    shadowed_rule_either_side: "rule a: not Folder(f).cpu.perc < 20 => pin(f);
rule b: Folder(f).cpu.perc > 50 and f.mem.perc > 3 or f.cpu.perc > 20 and f.mem.perc < 2 => pin(f);";
    shadowed_rule_reserve: "rule a [priority 1]: Folder(f).cpu.perc > 50 => reserve(f, cpu);
rule b: Folder(f).cpu.perc > 50 and f.mem.perc > 3 => reserve(f, cpu);";
    /// Each of them matters in some cluster, or may: another threshold, priority, behavior, bound,
    /// cooldown, a value that may be unknown, a reservation that holds its own atoms.
    not_shadowed: "rule a: Folder(f).cpu.perc > 50 => pin(f);
rule b: Folder(f).cpu.perc > 40 => pin(f);
rule c [priority 1]: Folder(f).cpu.perc > 90 => pin(f);
rule d: Folder(f).cpu.perc > 80 => pin(f); colocate(f, f);
rule e: File(x).cpu.perc > 80 => pin(x);
rule g [cooldown 60s]: Folder(f).cpu.perc > 80 => pin(f);
rule h: Folder(f).mem.perc > 80 => pin(f);
rule i: Folder(f) in ref(Folder(g).all) and f.cpu.perc > 10 => separate(f, g);
rule j: Folder(f) in ref(Folder(g).all) and g.cpu.perc > 20 => separate(f, g);
rule k: server.cpu.perc > 70 => balance({Folder}, cpu);
rule l: server.cpu.perc > 80 => balance({Folder}, cpu);
rule m: Folder(f).net.size > 10 and f.mem.size * 2 > 0 => reserve(f, net);
rule n: Folder(f).net.size > 20 => reserve(f, net);
rule o: Folder(f).cpu.size > 1 or f.mem.size < 10 => drain(f.server);
rule p: Folder(f).cpu.size > 0.5 for 30s => drain(f.server);
rule q: not Folder.cpu.perc < 10 => pin(File);
rule r: Folder.cpu.perc > 90 => pin(File);";
    colocation_chain: "User(u) in ref(User(v).friends) => colocate(u, v);";
    colocation_chain_of_any: "any(a) in ref(any(b)) => colocate(a, b);";
    colocation_chain_of_all: "true => colocate(User(u), Group(g));";
    colocation_chain_of_bare_types: "true => colocate(User, Group);";
    /// The pairs are limited, or end with their types.
    no_colocation_chain: "File(x) in ref(Folder(f).files) => colocate(f, x);
User(u) in ref(User(v).friends) and v.call(u).count > 100 => colocate(u, v);
User(u) in ref(User(v).peers) and u.server == v.server => colocate(u, v);
User(u) in ref(User(v).kin) and u.online => colocate(u, v);
User(u).call(User(v)).count > 10 => colocate(u, v);
true => colocate(User(u), u);";
    no_gap_of_scaling: "rule more: avg(s.cpu.perc over 60s for server(s)) > 60 => scale_out(1);
rule less: avg(s.cpu.perc for server(s)) < 60 for 30s => scale_in(1);";
    no_gap_of_scaling_by_one: "server(s).cpu.perc > 80 or server(s).mem.perc > 70 => scale_out(1);
server(s).cpu.perc < 20 and server(s).mem.perc <= 75 => scale_in(1);";
    /// Other loads, room between them, and what else they ask for may exclude each other.
    no_gap_of_scaling_unknown: "avg(s.cpu.perc for server(s)) > 60 and count(server(s)) < 4 => scale_out(1);
max(s.cpu.perc for server(s)) < 70 => scale_in(1);
avg(s.cpu.perc for server(s)) < 50 => scale_in(1);
avg(s.cpu.perc for server(s)) < 65 and count(server(s)) > 8 => scale_in(1);
avg(s.cpu.perc for server(s) where s.actors > 0) < 65 => scale_in(1);";
    no_gap: "server.cpu.perc > 60 or server.cpu.perc < 60 => balance({Folder}, cpu);";
    never_released: "server.cpu.perc > 80 and client.call(Folder(f).open).perc > 40 => reserve(f, cpu);";
    never_released_or: "Folder(f).server.cpu > 80 or client.call(f.open).perc > 40 => reserve(f, cpu);";
    never_released_always: "true => reserve(Folder(f), cpu);";
    never_released_each: "true => reserve(Folder, cpu);";
    cross_product: "Folder(f).cpu.perc > 50 and File(x).cpu.perc > 50 => colocate(f, x);";
    cross_product_server: "server(s).cpu.perc > 80 and Folder(f).cpu.perc > 10 => pin(f);";
    ambiguous_server: "Folder(f).call(File(x).read).count > 10 and server.cpu > 80 => reserve(x, cpu);";
    /// Clear cases stay silent: a written percentage, all pairs on purpose, `_`, a gap, a release.
    silent: "server.cpu.perc > 0.8% => balance({Folder}, cpu);
true => separate(Worker(a), Worker(b));
File(_x) in ref(Folder(f).files) => pin(f);
server.cpu > 80 or server.cpu < 60 => balance({Folder}, cpu);
client.call(Folder(f).open).perc > 40 and f.cpu > 15 => reserve(f, cpu);
param on = false;
on => balance({Folder}, cpu);
not Folder(f).cpu > 80 => balance({Folder}, cpu);
client.call(Folder(f).open).count > 5 => balance({Folder}, cpu);";
}

/// Of many conditions that hold together only so many are compared.
#[test]
fn conditions_beyond_the_bound_are_undecided() {
    let with = |others: usize| {
        let others = "f.mem.perc > 1 and ".repeat(others);
        report(&format!(
            "Folder(f).cpu.perc > 80 and {others}f.cpu.perc < 60 => pin(f);"
        ))
    };
    assert!(with(30).contains("never hold together"));
    assert!(!with(31).contains("never hold together"));
}

/// Rules beyond the bound are not compared, which is said once, at the first of them.
#[test]
fn rules_beyond_the_bound_are_not_compared() {
    let rule = |place: usize| format!("Folder(f).cpu.perc > {place}.5 => pin(Type{place}(x));\n");
    let source: String = (0..300).map(|place| rule(place % 90)).collect();
    let checked = check_source(FileId(0), source, &Environment::default());
    let said = |text: &str| {
        let all = checked.diagnostics.iter();
        all.filter(|d| d.message.contains(text)).count()
    };
    assert_eq!(said("only the first 256"), 1);
    assert_eq!(said("asks for the same whenever"), 256 - 90);
}
