//! What a document leads to.

use plasma_ide::document_links;

use crate::workspace::Workspace;

#[test]
fn paths_of_modules_lead_to_their_files() {
    let workspace = Workspace::new(
        "//- a.plasma\nallow \"no-gap\" \"é\" until \"2027-01-31\";\nuse lib.hot;\nuse std.cold;\nuse lost;\n\
         //- lib/hot.plasma\ntrue => pin(Folder);\n//- std.cold\ntrue => pin(File);\n",
    );
    let analysis = workspace.analysis("a.plasma");
    let links = document_links(&analysis).into_iter();
    let links = links.map(|link| format!("{} {}", &analysis.text()[link.span.range()], link.file));
    let links: Vec<_> = links.collect();
    assert_eq!(links, ["lib.hot lib/hot.plasma", "std.cold std.cold"]);
}
