//! The names of a document that are one, marked in the source.

use std::sync::Arc;

use plasma_ide::{Index, document_highlights};

use crate::workspace::Workspace;

fn check(fixture: &str) {
    let workspace = Workspace::new(fixture);
    let (file, offset) = workspace.cursor();
    let index = Arc::new(Index::new(&workspace.analysis(file)));
    workspace.expect(&document_highlights(&index, offset).into_iter().collect());
}

#[test]
fn what_declares_and_what_uses_are_told_apart() {
    check("param «+high$0» = 80%;\nFolder(f).cpu.perc > «high» => pin(f); alert(\"é {«high»}\");");
    check("Folder(«+f»).cpu > 3 => pin(«f$0»);");
}

#[test]
fn other_files_are_left_out() {
    check(
        "//- a.plasma\nuse lib.hot with { «=share$0» = 3% };\n\
         //- lib/hot.plasma\nparam share = 40%;\nrule r: Folder(f).cpu.perc > share => pin(f);\n",
    );
    check("//- a.plasma\n«Folder$0»(f).cpu > 3 => pin(f);\n//- app.plasma\nactor Folder {}\n");
}

#[test]
fn nothing_is_marked_where_there_is_no_name() {
    check("Folder(f).c$0pu > 3 => pin(f);");
    check("$0");
}
