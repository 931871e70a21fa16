//! Where names lead; targets are marked in the source.

use std::collections::BTreeMap;

use plasma_ide::{Analysis, Definition, Role, definition, type_definition};

use crate::workspace::Workspace;

fn check_by(feature: impl Fn(&Analysis, u32) -> Option<Definition>, fixture: &str) {
    let workspace = Workspace::new(fixture);
    let (file, offset) = workspace.cursor();
    let found = feature(&workspace.analysis(file), offset);
    let targets = found.map_or_else(Vec::new, |found| found.targets);
    let marks: BTreeMap<_, _> = targets.into_iter().map(|t| (t, Role::Declares)).collect();
    workspace.expect(&marks);
}

fn check(fixture: &str) {
    check_by(definition, fixture);
}

#[test]
fn a_variable_leads_to_where_its_rule_introduces_it() {
    check("Folder(«+f»).cpu > 3 and f.mem > 3 => pin(f$0);");
    check("avg(s$0.cpu for server(«+s»)) > 3 and server(s).mem > 3 => drain(s);");
    check("f.mem > 3 and Folder(«+f»).cpu > 3 => pin(f$0);");
    check("Folder(«+f»).cpu > 3 => alert(\"é {f$0}\");");
    check("def busy(«+s»: server) = s$0.cpu.perc > 3;\nbusy(server(x)) => drain(x);");
}

#[test]
fn what_the_schema_declares_is_found_in_its_file() {
    let app = |name: &str| {
        let text = "actor Folder { files: [File]; fn open; }\nactor File { fn read; }\n";
        format!(
            "//- app.plasma\n{}",
            text.replacen(name, &format!("«+{name}»"), 1)
        )
    };
    let rule = |rule: &str, name: &str| check(&format!("{}//- a.plasma\n{rule}", app(name)));
    rule("Fol$0der(f).cpu > 3 => pin(f);", "Folder");
    rule("client.call(Folder(f).op$0en) > 3 => pin(f);", "open");
    rule(
        "File(x) in ref(Folder(f).fil$0es) => colocate(f, x);",
        "files",
    );
    rule("client.call(any(a).re$0ad) > 3 => pin(a);", "read");
}

#[test]
fn types_that_nobody_declares_lead_to_their_first_use() {
    check("«+Folder»(f).cpu > 3 => pin(f);\nFold$0er(g).cpu > 3 => pin(g);");
}

#[test]
fn parameters_definitions_and_rules_lead_to_their_items() {
    check("param «+high» = 80%;\nFolder(f).cpu.perc > hi$0gh => pin(f);");
    check("def «+busy»(s: server) = s.cpu.perc > 80;\nbu$0sy(server(x)) => drain(x);");
    check(
        "rule «+hot»: Folder(f).cpu.perc > 80 => reserve(f, cpu);\n\
         test \"t\" { server s1 {} Folder f on s1 {} expect reserve(f, cpu) by ho$0t; }",
    );
}

#[test]
fn names_of_a_test_lead_to_where_it_first_gives_them() {
    let test = |own: &str, line: &str| {
        format!(
            "Folder(f).cpu.perc > 80 => reserve(f, cpu);\n\
             test \"é\" {{ server {own} Folder f on s1 {{}} {line} }}"
        )
    };
    check(&test("«+s1» {}", "expect f on s$01;"));
    check(&test("s1 {}", "client -> f$0.open: 3").replace("Folder f on", "Folder «+f» on"));
}

#[test]
fn names_of_modules_lead_into_their_files() {
    let module = |marked: &str| format!("//- lib/hot.plasma\n{marked}");
    let text = "param share = 40%;\ndef busy(s: server) = s.cpu.perc > share;\nrule r: Folder(f).cpu > 3 => pin(f);\n";
    let user = |line: &str| format!("//- a.plasma\n{line}\n");
    let marked = |name: &str| module(&text.replacen(name, &format!("«+{name}»"), 1));
    check(&(marked("busy") + &user("use lib.hot;\nhot.bu$0sy(server(s)) => drain(s);")));
    check(&(marked("share") + &user("use lib.hot with { sha$0re = 3% };")));
    let start = module(&format!("«+»{text}"));
    check(&(start.clone() + &user("use lib.ho$0t;")));
    check(&(start.clone() + &user("use li$0b.hot;")));
    check(&(start + &user("use lib.hot;\nho$0t.busy(server(s)) => drain(s);")));
    let by =
        "use lib.hot;\ntest \"t\" { server s1 {} Folder f on s1 {} expect pin(f) by hot.r$0; }";
    check(&(module(&text.replace("rule r", "rule «+r»")) + &user(by)));
}

#[test]
fn words_of_the_language_lead_nowhere() {
    check("Folder(f).cp$0u > 3 => pin(f);");
    check("Folder(f).cpu > 3 => p$0in(f);");
    check("ru$0le r: Folder(f).cpu > 3 => pin(f);");
}

#[test]
fn a_type_is_found_for_what_has_one() {
    let schema = "actor Folder { files: [File]; depth: int; }\nactor «+File» {}\n";
    let check = |rule: &str| check_by(type_definition, &format!("{schema}{rule}"));
    check("Folder(f).cpu > 3 and File(x) in ref(f.files) => pin(x$0);");
    check("Folder(f).cpu > 3 and File(x) in ref(f.fil$0es) => pin(x);");
    check("File$0(x).cpu > 3 => pin(x);");
    check("param Any = File;\nAny$0(x).cpu > 3 => pin(x);");
    let none = |rule: &str| {
        check_by(
            type_definition,
            &format!("{}{rule}", schema.replace("«+File»", "File")),
        )
    };
    none("Folder(f).dep$0th > 3 => pin(f);");
    none("server(s$0).cpu.perc > 3 => drain(s);");
}
