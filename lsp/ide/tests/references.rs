//! Where what stands at a cursor is named, marked in the sources.

use plasma_ide::references;

use crate::workspace::Workspace;

fn check(fixture: &str) {
    let workspace = Workspace::new(fixture);
    let (file, offset) = workspace.cursor();
    let found = references(&workspace.indexes(), file, offset);
    let mut marks = found.map(|found| found.occurrences).unwrap_or_default();
    marks.retain(|place, _| place.end > place.start);
    workspace.expect(&marks);
}

#[test]
fn a_variable_is_one_within_its_rule_only() {
    check(
        "rule a: Folder(«+f»).cpu > 3 and «f$0».mem > 3 => pin(«f»); alert(\"é {«f»} at {«f».server}\");\n\
         rule b: Folder(f).cpu > 3 => pin(f);\n",
    );
    check(
        "def deep(«+f»: Folder) = «f$0».cpu > 3;\nrule b: Folder(f).cpu > 3 and deep(f) => pin(f);\n",
    );
}

#[test]
fn a_variable_of_an_aggregate_is_its_own() {
    check("Folder(f).cpu > avg(«f».cpu for Folder(«+f$0»)) => pin(f);");
    check("Folder(«+f»).cpu > avg(f.cpu for Folder(f)) => pin(«f$0»);");
}

#[test]
fn the_schema_and_all_policies_that_use_it_are_one() {
    check(
        "//- a.plasma\n«Folder$0»(f).cpu > 3 => pin(f);\nactor «+Folder» {}\n\
         //- app.plasma\nactor «+Folder» { files: [File]; }\nactor File { up: «Folder»; }\n\
         //- b.plasma\nbalance({File}, cpu);\ntrue => balance({«Folder», File}, cpu);\n\
         test \"t\" { server s {} «Folder» Folder on s {} }\n",
    );
    check(
        "//- a.plasma\nclient.call(Folder(f).«open$0») > 3 => pin(f);\n\
         test \"t\" { server s {} Folder f on s {} client -> f.«open»: 3 }\n\
         //- app.plasma\nactor Folder { fn «+open»; }\nactor File { fn open; }\n\
         //- b.plasma\nclient.call(Folder(f).«open») > 3 => pin(f);\n",
    );
}

#[test]
fn a_member_of_any_is_that_of_all_types() {
    check(
        "actor Folder { fn «+open»; }\nactor File { fn «+open$0»; fn read; }\n\
         client.call(any(a).«open») > 3 => pin(a);\n",
    );
}

#[test]
fn what_a_module_declares_is_found_with_all_its_users() {
    check(
        "//- a.plasma\nuse lib.hot with { «=share» = 3% };\ntrue => pin(Folder);\n\
         //- b.plasma\nuse lib.hot with { «=share» = 5% };\ntrue => pin(Folder);\n\
         //- lib/hot.plasma\nparam «+share» = 40%;\ndef busy(s: server) = s.cpu.perc > «share$0»;\n",
    );
    check(
        "//- a.plasma\nuse lib.hot;\nhot.«busy$0»(server(s)) => drain(s);\n\
         //- b.plasma\nuse lib.hot;\nhot.«busy»(server(s)) and s.cpu > 3 => drain(s);\n\
         //- lib/hot.plasma\ndef «+busy»(s: server) = s.cpu.perc > 3;\n",
    );
    check(
        "//- a.plasma\nuse lib.«hot»;\n«hot$0».busy(server(s)) => drain(s);\n\
         //- b.plasma\nuse lib.«hot»;\ntrue => pin(Folder);\n\
         //- lib/hot.plasma\ndef busy(s: server) = s.cpu.perc > 3;\n",
    );
}

#[test]
fn a_rule_is_found_in_tests() {
    check(
        "rule «+hot»: Folder(f).cpu.perc > 80 => reserve(f, cpu);\n\
         test \"t\" { server s1 {} Folder f on s1 {} expect reserve(f, cpu) by «hot$0»; }",
    );
}

#[test]
fn actors_and_servers_of_a_test_are_found_in_it() {
    check(
        "rule hot: Folder(f).cpu.perc > 80 and File(x) in ref(f.files) => reserve(f, cpu);\n\
         test \"é\" { server s1 {} File «+x» on s1 {} Folder f on s1 { files: [«x»] }\n\
         f -> «x».read: 3\n«x» -> f.open: 3\nat 20s { File «x» on s1 {} }\n\
         expect «x$0» on s1; expect not migrate(«x»); expect count(server(x)) == 1; }\n",
    );
}

#[test]
fn words_of_the_language_are_not_searched_for() {
    check("Folder(f).cp$0u > 3 => pin(f);");
    check("Folder(f).cpu > 3 => p$0in(f);");
}
