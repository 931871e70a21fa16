//! What can be done with the parts of a document, each before the line above which it stands.

use plasma_ide::{Task, code_lenses};

use crate::at_cursor;

fn shown(source: &str) -> String {
    let (analysis, _) = at_cursor(source);
    let lenses = code_lenses(&analysis);
    let mut shown = String::new();
    let mut start = 0;
    for line in analysis.text().split_inclusive('\n') {
        let end = start + line.len() as u32;
        for lens in lenses
            .iter()
            .filter(|lens| (start..end).contains(&lens.span.start))
        {
            shown.push_str(&match &lens.task {
                Task::RunTest(name) => format!("  ▸ run `{name}`\n"),
                Task::RunTests(count) => format!("  ▸ run {count} tests\n"),
                Task::Coverage => "  ▸ coverage\n".to_owned(),
                Task::Plan => "  ▸ plan\n".to_owned(),
                Task::Firings(rule) => format!("  ▸ firings of {rule}\n"),
            });
        }
        shown.push_str(line);
        start = end;
    }
    shown
}

#[test]
fn rules_and_tests_have_something_to_be_done_with() {
    let source = "param high = 80%;
/// Hot.
rule hot: server(s).cpu.perc > high => drain(s);
server(s).mem.perc > high => drain(s);
wrong.cpu > high => drain(s);
test \"it drains\" {
  server s1 { cpu: 90% }
  expect drain(s1);
}
";
    insta::assert_snapshot!(shown(source), @r#"
  ▸ run 1 tests
  ▸ coverage
  ▸ plan
param high = 80%;
/// Hot.
  ▸ firings of hot
rule hot: server(s).cpu.perc > high => drain(s);
  ▸ firings of #2
server(s).mem.perc > high => drain(s);
wrong.cpu > high => drain(s);
  ▸ run `it drains`
test "it drains" {
  server s1 { cpu: 90% }
  expect drain(s1);
}
"#);
}

#[test]
fn a_document_without_rules_has_no_plan() {
    assert_eq!(shown("param high = 80%;\n"), "param high = 80%;\n");
}
