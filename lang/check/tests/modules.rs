//! Used modules: what is reported of them, and their names in the program.

use plasma_check::program::ParamValue;
use plasma_check::{Checked, Environment, Modules, check_parsed};
use plasma_diagnostic::SourceMap;

use crate::report::report_with_modules;
use crate::texts::Texts;

const HOT: (&str, &str) = (
    "lib/hot.plasma",
    "param share = 40%;
param on = true;
param Hot = any;
def busy(s: server) = s.cpu.perc > share;
rule alone: busy(Hot(f).server) and f.cpu.perc > 10 and on => reserve(f, cpu);
require separate(Hot(a), Shadow(b)) where b in ref(a.shadows);
",
);

fn checked(modules: &[(&str, &str)], source: &str, params: &[(&str, &str)]) -> Checked {
    let (mut sources, file) = SourceMap::single("policy.plasma", source);
    let parsed = plasma_syntax::parse(file, source);
    let texts = Texts::new(modules.iter().copied());
    let params = params
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    let environment = Environment {
        modules: Modules::load(&parsed.tree, &mut sources, &texts),
        params: params.collect(),
        ..Environment::default()
    };
    check_parsed(&parsed, &environment)
}

#[test]
fn rules_of_a_module_run_under_its_name() {
    let source = "use lib.hot with { share = 50% };
rule mine: hot.busy(server(s)) => drain(s);
true => checkpoint(Folder);";
    let checked = checked(&[HOT], source, &[]);
    assert_eq!(checked.diagnostics, []);
    let program = checked.program;
    let names: Vec<_> = program.rules.iter().map(|r| (r.index, &*r.name)).collect();
    assert_eq!(names, [(0, "mine"), (1, "#2"), (2, "hot.alone")]);
    let required: Vec<_> = program
        .requirements
        .iter()
        .map(|r| (r.index, &*r.name))
        .collect();
    assert_eq!(required, [(3, "hot.require#1")]);
    let params: Vec<_> = program.params.iter().map(|p| &*p.name).collect();
    assert_eq!(params, ["hot.share", "hot.on", "hot.Hot"]);
    let definitions: Vec<_> = program.definitions.iter().map(|d| &*d.signature).collect();
    assert_eq!(definitions, ["hot.busy(s: server)"]);
    let prefixes: Vec<_> = program.modules.iter().map(|m| &*m.prefix).collect();
    assert_eq!(prefixes, ["", "hot."]);
}

#[test]
fn parameters_of_a_module_are_set_by_its_use_and_from_outside() {
    let values = |source: &str, params: &[(&str, &str)]| {
        let checked = checked(&[HOT], source, params);
        assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
        let params = checked.program.params.iter();
        let values = params.map(|p| match p.value {
            ParamValue::Number { value, .. } => format!("{}={value}", p.name),
            ParamValue::Truth(value) => format!("{}={value}", p.name),
            ParamValue::Type(of_type) => {
                let schema = &checked.program.schema;
                let name = of_type
                    .and_then(|id| schema.get(id))
                    .map(|t| t.name.to_string());
                format!("{}={}", p.name, name.as_deref().unwrap_or("any"))
            }
        });
        values.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        values("use lib.hot;", &[]),
        "hot.share=40 hot.on=true hot.Hot=any"
    );
    let set = "param high = 70%; param Mine = Shard;
use lib.hot with { share = high, on = false, Hot = Mine };";
    assert_eq!(
        values(set, &[]),
        "high=70 Mine=Shard hot.share=70 hot.on=false hot.Hot=Shard"
    );
    // Outside wins, and what is handed on is what is in force.
    let outside = [("high", "60%"), ("hot.on", "true"), ("hot.Hot", "any")];
    assert_eq!(
        values(set, &outside),
        "high=60 Mine=Shard hot.share=60 hot.on=true hot.Hot=any"
    );
}

#[test]
fn a_module_that_two_files_use_is_there_twice() {
    let modules = [HOT, ("lib/both.plasma", "use hot with { share = 30% };\n")];
    let source = "use lib.hot;\nuse lib.both;\ntrue => pin(Folder);";
    let checked = checked(&modules, source, &[]);
    assert_eq!(checked.diagnostics, []);
    let rules: Vec<_> = checked.program.rules.iter().map(|r| &*r.name).collect();
    assert_eq!(rules, ["#1", "hot.alone", "both.hot.alone"]);
}

#[test]
fn tests_of_the_policy_know_the_rules_of_its_modules() {
    let source = "use lib.hot with { Hot = Folder };
test \"alone\" {
  server s1 { cpu: 90% }
  server s2 { cpu: 10% }
  Folder f on s1 { cpu: 60% }
  expect reserve(f) by hot.alone;
}";
    let checked = checked(&[HOT], source, &[]);
    assert_eq!(checked.diagnostics, []);
    assert_eq!(checked.program.tests.len(), 1);
}

#[test]
fn circles_and_deep_chains_end() {
    let chain: Vec<(String, String)> = (0..400)
        .map(|n| (format!("m{n}.plasma"), format!("use m{};\n", n + 1)))
        .collect();
    let chain: Vec<(&str, &str)> = chain
        .iter()
        .map(|(n, t)| (n.as_str(), t.as_str()))
        .collect();
    let deep = checked(&chain, "use m0;\ntrue => pin(Folder);", &[]);
    let message = &deep.diagnostics[0].message;
    assert!(message.contains("256 modules"), "{message}");
    // Each file is read once, and there as often as it is used.
    let wide: Vec<(String, String)> = (0..12)
        .flat_map(|n| {
            let uses = format!("use a{};\nuse b{};\n", n + 1, n + 1);
            [
                (format!("a{n}.plasma"), uses.clone()),
                (format!("b{n}.plasma"), uses),
            ]
        })
        .chain([
            ("a12.plasma".to_owned(), String::new()),
            ("b12.plasma".to_owned(), String::new()),
        ])
        .collect();
    let wide: Vec<(&str, &str)> = wide.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let wide = checked(&wide, "use a0;\ntrue => pin(Folder);", &[]);
    assert!(wide.has_errors());
    assert!(wide.diagnostics.len() < 600, "{}", wide.diagnostics.len());
}

macro_rules! reports {
    ($($(#[$doc:meta])* $name:ident: $modules:expr, $source:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(report_with_modules(&$modules, $source));
        }
    )*};
}

reports! {
    not_there: [HOT], "use lib.hott;\ntrue => pin(Folder);";
    used_twice: [HOT], "use lib.hot;\nuse lib.hot with { share = 10% };\ntrue => pin(Folder);";
    of_itself: [("policy.plasma", "")], "use policy;\ntrue => pin(Folder);";
    in_a_circle: [("a.plasma", "use b;"), ("b.plasma", "use a;")], "use a;\ntrue => pin(Folder);";
    /// What is wrong in a module is said there, with where it is used.
    wrong_in_itself: [("lib/bad.plasma", "rule bad: server.cpu.perc > 3GB => pin(A);\ndef busy(s: server) = s.cpu.per > 3;\n")], "use lib.bad;\ntrue => pin(Folder);";
    with_syntax_errors: [("lib/bad.plasma", "rule bad: => pin(A);")], "use lib.bad;\nuse lib.bad.more;\ntrue => pin(Folder);";
    /// A lint about a module is its own business.
    doubtful_in_itself: [("lib/odd.plasma", "server.cpu.perc > 0.8 => pin(A);")], "use lib.odd;\ntrue => pin(Folder);";
    unknown_definition: [HOT], "use lib.hot;\nhot.bussy(server(s)) => drain(s);";
    unknown_module_of_a_definition: [HOT], "use lib.hot;\nhott.busy(server(s)) => drain(s);";
    unknown_setting: [HOT], "use lib.hot with { shar = 30% };\ntrue => pin(Folder);";
    setting_in_another_unit: [HOT], "use lib.hot with { share = 3GB };\ntrue => pin(Folder);";
    setting_of_another_type: [HOT], "use lib.hot with { share = Folder, on = 3, Hot = true };\ntrue => pin(Folder);";
    set_twice: [HOT], "use lib.hot with { share = 30%, share = 40% };\ntrue => pin(Folder);";
    set_to_an_unknown_parameter: [HOT], "use lib.hot with { share = high };\ntrue => pin(Folder);";
    /// The types are checked after substitution.
    type_without_what_is_asked: [HOT], "actor Shard { fn get; }\nactor Shadow { fn get; }\nuse lib.hot with { Hot = Shard };\ntrue => checkpoint(Shard);";
    set_to_an_unknown_type: [HOT], "actor Shard { shadows: [Shadow]; }\nactor Shadow { fn get; }\nuse lib.hot with { Hot = Shrd };\ntrue => checkpoint(Shard);";
    declared_otherwise: [("lib/app.plasma", "actor Folder { depth: int; fn list; }")], "use lib.app;\nactor Folder { depth: bytes; fn open; }\nclient.call(Folder(f).list).count > 3 => pin(f);";
    as_a_variable: [HOT], "use lib.hot;\nhot.cpu.perc > 3 => pin(Folder);";
}
