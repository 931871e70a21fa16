//! What is offered and shown at a cursor, `$0` in the source.

mod completion;
mod format;
mod hover;

use plasma_ide::{Analysis, Surroundings, diagnostics};

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

#[test]
fn a_mistake_is_told_and_its_mending_clears_it() {
    let problems = |source| diagnostics(&at_cursor(&format!("{SCHEMA}{source}")).0).len();
    assert_eq!(problems("Foldr(f).cpu > 80 => pin(f);"), 1);
    assert_eq!(problems("Folder(f).cpu > 80 => pin(f);"), 0);
}
