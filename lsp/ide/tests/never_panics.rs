//! Every feature, at every place of texts that are not finished.

use plasma_ide::{
    Index, definition, document_highlights, document_links, document_symbols, hierarchy_item,
    incoming_uses, outgoing_uses, rename, type_definition,
};

use crate::workspace::Workspace;

const FIXTURE: &str = "//- a.plasma
use lib.hot with { share = 3% };
param high = 80%; param Primary = any;
def busy(s: server, p: Primary) = s.cpu.perc > high and p on s and hot.busy(s);
rule é: Folder(f).cpu > 3 and f.files.x => alert(\"é {f} {f.cpu}\");
rule hot [priority 3]: busy(server(s), Folder(f)) => drain(s); pin(f);
test \"t\" { server s1 { cpu: 90% } Folder f on s1 { files: [x] } client -> f.open: 5
  at 30s { server s1 {} } expect drain(s1) by hot; expect pin(f) by hot.r; expect f on s1; }
//- app.plasma
actor Folder { files: [File]; fn open; }
actor File {}
//- lib/hot.plasma
param share = 40%;
def busy(s: server) = s.mem.perc > share;
rule r: Folder(f).cpu > 3 => pin(f);
";

/// Cuts of a text: one of this many.
const STEP: usize = 13;

#[test]
fn no_feature_panics_on_what_is_not_finished() {
    let whole = Workspace::new(FIXTURE);
    let file = "a.plasma";
    let text = &whole.files[file];
    let ends = (0..=text.len()).filter(|end| text.is_char_boundary(*end));
    for end in ends.step_by(STEP) {
        for (start, end) in [(0, end), (end, text.len())] {
            let mut workspace = whole.clone();
            workspace
                .files
                .insert(file.into(), text[start..end].to_owned());
            ask_everything(&workspace, file, end);
        }
    }
}

fn ask_everything(workspace: &Workspace, file: &str, seed: usize) {
    let analysis = workspace.analysis(file);
    let indexes = workspace.indexes();
    document_links(&analysis);
    document_symbols(&analysis);
    // Not only where characters begin.
    for offset in (seed % STEP..=analysis.text().len() + 1).step_by(STEP) {
        let offset = offset as u32;
        definition(&analysis, offset);
        type_definition(&analysis, offset);
        document_highlights(&indexes[0], offset);
        if let Some(item) = hierarchy_item(&indexes, file, offset) {
            incoming_uses(&indexes, &item.selection);
            outgoing_uses(&indexes, &item.selection);
        }
        let mut again = |file: &str, renaming: &_| {
            Some(Index::new(&workspace.renamed(renaming).analysis(file)))
        };
        let _ = rename(&analysis, &indexes, offset, "fresh", &mut again);
    }
}
