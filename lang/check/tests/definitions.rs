//! Definitions: what is reported of them, and of their use.

use crate::accepted::accepts;
use crate::report::{report, report_with_schema};

const SCHEMA: &str = "actor Folder { files: [File]; depth: int; fn open; }
actor File { size: bytes; hot: bool; kind: text; fn read; }
";

#[test]
fn about_anything() {
    accepts(
        "param high = 80%;
         def busy(s: server) = s.cpu.perc > high for 30s;
         def load(s: server) = s.cpu.perc + s.mem.perc;
         def large(x: File) = x.mem.size > 1MB;
         def opened(f: Folder, least: int) = client.call(f.open).count > least;
         def wanted(yes: bool) = yes;
         def holds(f: Folder) = File(x) in ref(f.files) and large(x);
         def spare() = count(server(s) where not busy(s));
         def in_zone(s: server, zone: text) = s.label(\"zone\") == zone;
         busy(server(s)) and load(s) > 100% and Folder(f) on s and opened(f, 5)
           => reserve(f, cpu);
         not busy(Folder(f).server) and holds(f) and spare() >= 2 and wanted((f.mem > 3))
           => pin(f);
         in_zone(server(s), \"a\") => drain(s);
         busy(server) and Folder(g).cpu.perc > 3 => checkpoint(g);",
    );
}

#[test]
fn in_tests_and_aggregates() {
    accepts(
        "def busy(s: server, by: percent) = s.cpu.perc > by;
         rule even: count(server(s) where busy(s, 50%)) > 1 => balance({Folder}, cpu);
         test \"busy\" {
           server s1 { cpu: 90% }
           server s2 { cpu: 60% }
           expect busy(s1, 80%);
           expect not busy(s2, 80%);
         }",
    );
}

macro_rules! reports {
    ($($(#[$doc:meta])* $name:ident: $source:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(report_with_schema(SCHEMA, $source));
        }
    )*};
}

reports! {
    /// The definition is reported once, and its uses are not.
    wrong_in_itself: "def busy(s: server) = s.cpu.perc > 3GB;\nbusy(server(s)) => drain(s);\nbusy(server(s)) => drain(s);";
    /// Right in itself, and wrong as it is used.
    wrong_with_this_argument: "def busy(s: server, by: percent) = s.cpu.perc > by;\nbusy(server(s), 180%) => drain(s);";
    too_few_arguments: "def busy(s: server, by: percent) = s.cpu.perc > by;\nbusy(server(s)) => drain(s);";
    another_kind_of_argument: "def busy(s: server) = s.cpu.perc > 80;\nbusy(Folder(f)) => pin(f);";
    another_type_of_actor: "def large(x: File) = x.size > 1MB;\nlarge(Folder(f)) => pin(f);";
    any_is_no_file: "def large(x: File) = x.size > 1MB;\nlarge(any(f)) => pin(f);";
    a_bare_type: "def large(x: File) = x.size > 1MB;\nFile(x).cpu.perc > 3 and large(File) => pin(x);";
    another_unit: "def busy(s: server, by: percent) = s.cpu.perc > by;\nbusy(server(s), 3GB) => drain(s);";
    a_measured_value_for_an_actor: "def large(x: File) = x.size > 1MB;\nlarge(File(x).cpu.perc) => pin(x);";
    a_number_for_a_condition: "def both(a: bool) = a;\nboth(3) => pin(Folder);";
    condition_as_value: "def busy(s: server) = s.cpu.perc > 80;\nbusy(server(s)) > 3 => drain(s);";
    value_as_condition: "def load(s: server) = s.cpu.perc + 3;\nload(server(s)) => drain(s);";
    value_in_another_unit: "def load(s: server) = s.cpu.perc + 3%;\nload(server(s)) > 3GB => drain(s);";
    as_an_actor: "def busy(s: server) = s.cpu.perc > 80;\nbusy(server(s)).cpu.perc > 3 => drain(s);\ntrue => pin(busy(x));";
    nearly_its_name: "def busy(s: server) = s.cpu.perc > 80;\nbussy(server(s)) and busy(s) => drain(s);";
    bare_server: "def busy() = server.cpu.perc > 80;\nbusy() => pin(Folder);";
    of_itself: "def busy(s: server) = s.cpu.perc > 80 or busy(s);\nbusy(server(s)) => drain(s);";
    of_itself_by_others: "def a(s: server) = b(s);\ndef b(s: server) = c(s) and s.cpu.perc > 3;\ndef c(s: server) = not a(s);\na(server(s)) => drain(s);";
    defined_twice: "def busy(s: server) = s.cpu.perc > 80;\ndef busy(s: server) = s.cpu.perc > 90;\nbusy(server(s)) => drain(s);";
    named_like_a_parameter: "param busy = 3;\ndef busy(s: server) = s.cpu.perc > busy;\nserver(s).cpu.perc > busy => drain(s);";
    named_like_a_function: "def max(s: server) = s.cpu.perc > 80;\ndef pin(f: Folder) = f.cpu.perc > 3;\ntrue => pin(Folder);";
    named_like_a_variable: "def f(s: server) = s.cpu.perc > 80;\nf(server(s)) and Folder(f).cpu.perc > 3 => pin(f);";
    about_one_twice: "def busy(s: server, s: server) = s.cpu.perc > 80;\nbusy(server(a), a) => drain(a);";
    about_an_unknown_type: "def busy(s: Foldr, t: number) = s.cpu.perc > 80;\nbusy(Folder(a), 3) => pin(a);";
    about_a_parameter: "param high = 80%;\ndef busy(high: server) = high.cpu.perc > 80;\nbusy(server(a)) and a.cpu.perc > high => drain(a);";
    a_value_of_an_open_variable: "def load() = Folder(f).cpu.perc + 3%;\nload() > 80 => pin(Folder);";
    a_server_as_value: "def host(f: Folder) = f.server;\nhost(Folder(f)).cpu.perc > 80 => pin(f);";
    a_value_used_as_an_actor: "def busy(by: percent) = by.cpu.perc > 3;\nbusy(3%) => pin(Folder);";
    unused: "def busy(s: server) = s.cpu.perc > 80;\ntrue => pin(Folder);";
    /// A lint about what it stands for is at its use.
    never_true_as_used: "def busy(s: server) = s.cpu.perc > 80;\nbusy(server(s)) and s.cpu.perc < 20 => drain(s);";
    always_true_in_itself: "def busy(s: server) = s.cpu.perc >= 0;\nbusy(server(s)) => drain(s);\nbusy(server(s)) => drain(s);";
    a_ratio_in_itself: "def busy(s: server) = s.cpu.perc > 0.8;\nbusy(server(s)) => drain(s);";
    a_ratio_as_used: "def busy(s: server, by: percent) = s.cpu.perc > by;\nbusy(server(s), 0.8) => drain(s);";
    in_a_requirement: "def hot(f: Folder) = f.cpu.perc > 3;\nrequire pin(Folder(f)) where hot(f);";
}

/// Each of these stands for the one before it, and once more.
fn chain(levels: usize, again: &str) -> String {
    let mut source = String::from("def d0(s: server) = s.cpu.perc > 80;\n");
    for level in 1..=levels {
        let below = format!("d{}(s)", level - 1);
        let again = again.replace("IT", &below);
        source += &format!("def d{level}(s: server) = {below}{again};\n");
    }
    source + &format!("d{levels}(server(s)) => drain(s);\n")
}

#[test]
fn what_would_grow_without_end_is_refused() {
    let wide = report(&chain(20, " and IT"));
    assert_eq!(wide.matches("more than 1000 others").count(), 1, "{wide}");
    let deep = report(&chain(40, " and s.mem.perc > 3"));
    assert_eq!(deep.matches("more than 32 deep").count(), 1, "{deep}");
}

#[test]
fn what_stands_in_many_others_is_checked_in_time() {
    let parens = "(".repeat(60);
    let closing = ")".repeat(60);
    let source = format!(
        "def deep(s: server) = {parens}s.cpu.perc > 80{closing};\n\
         {parens}deep(server(s)){closing} => drain(s);\n"
    );
    accepts(&source);
}
