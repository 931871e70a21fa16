//! What is offered and shown at a cursor, `$0` in the source.

mod call_hierarchy;
mod code_actions;
mod code_lenses;
mod completion;
mod definition;
mod document_highlights;
mod document_links;
mod document_symbols;
mod folding_ranges;
mod format;
mod hover;
mod inlay_hints;
mod never_panics;
mod references;
mod rename;
mod selection_ranges;
mod semantic_tokens;
mod signature_help;
mod workspace;
mod workspace_symbols;

use plasma_ide::{Analysis, Files, ModuleError, ModuleText, Surroundings, diagnostics};

/// Most cursors stand in a file that declares these.
const SCHEMA: &str = "actor Folder { files: [File]; fn open; fn list; }\nactor File { fn read; }\n";

fn at_cursor(source: &str) -> (Analysis, u32) {
    let offset = source.find("$0").unwrap_or(source.len());
    let text = source.replacen("$0", "", 1);
    (
        Analysis::new("a.plasma", text, &Surroundings::default()),
        offset as u32,
    )
}

/// The one module that there is, `lib.hot`.
#[derive(Debug)]
struct OneModule;

const MODULE: &str = "/// Share of the calls.
param share = 40%;
/// Above its bound.
def busy(s: server, by: percent) = s.cpu.perc > by and s.mem.perc > share;
rule alone: Folder(f).cpu.perc > 80 => checkpoint(f);
rule wrong: Folder(f).cpu.perc > 3GB => pin(f);
";

impl Files for OneModule {
    fn module(&self, _: &str, path: &[&str]) -> Result<ModuleText, ModuleError> {
        match path {
            ["lib", "hot"] => Ok(ModuleText {
                name: "lib/hot.plasma".to_owned(),
                text: MODULE.into(),
            }),
            _ => Err(ModuleError::Missing {
                place: "here".to_owned(),
                known: vec!["lib.hot".to_owned()],
            }),
        }
    }
}

/// A cursor in a document that can use the module.
fn at_cursor_with_module(source: &str) -> (Analysis, u32) {
    let offset = source.find("$0").unwrap_or(source.len());
    let text = source.replacen("$0", "", 1);
    let surroundings = Surroundings::default();
    let analysis = Analysis::with_modules("a.plasma", text, &surroundings, Some(&OneModule));
    (analysis, offset as u32)
}

#[test]
fn a_mistake_in_a_module_stands_at_its_use() {
    let source = "use lib.hot;\nhot.busy(server(s), 3%) => drain(s);\n";
    let analysis = at_cursor_with_module(source).0;
    let [problem] = diagnostics(&analysis).try_into().expect("one problem");
    assert_eq!(problem.span.range(), 0..12);
    let first = problem.message.lines().next();
    let expected =
        "lib/hot.plasma:6: `Folder(f).cpu.perc` is a percentage, `3GB` is a number of bytes";
    assert_eq!(first, Some(expected));
}

#[test]
fn a_mistake_is_told_and_its_mending_clears_it() {
    let problems = |source| diagnostics(&at_cursor(&format!("{SCHEMA}{source}")).0).len();
    assert_eq!(problems("Foldr(f).cpu > 80 => pin(f);"), 1);
    assert_eq!(problems("Folder(f).cpu > 80 => pin(f);"), 0);
}
