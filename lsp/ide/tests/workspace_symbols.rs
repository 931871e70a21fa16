//! Search for declarations in many files.

use std::sync::Arc;

use plasma_ide::{DocumentSymbol, text_symbols, workspace_symbols};

const FILES: [(&str, &str); 2] = [
    (
        "a.plasma",
        "actor Folder { files: [File]; fn open_file; }\nactor File {}\n\
         rule hot_folder: Folder(f).cpu > 3 => pin(f);\nFolder(f).cpu > 3 => pin(f);\n",
    ),
    (
        "b.plasma",
        "param high = 80%;\ndef busy(s: server) = s.cpu.perc > high;\ntest \"a folder moves\" { server s1 {} }\n",
    ),
];

fn found(query: &str) -> Vec<String> {
    let files = FILES.map(|(name, text)| (Arc::<str>::from(name), text_symbols(text)));
    let files = files
        .iter()
        .map(|(name, s)| (name, &s[..] as &[DocumentSymbol]));
    let symbols = workspace_symbols(query, files).into_iter();
    symbols
        .map(|s| {
            let container = s
                .container
                .map_or(String::new(), |name| format!(" of {name}"));
            format!("{} {}{container}", s.kind.word(), s.name)
        })
        .collect()
}

#[test]
fn the_best_name_comes_first() {
    let expected = ["actor Folder", "rule hot_folder", "test a folder moves"];
    assert_eq!(found("folder"), expected);
    assert_eq!(
        found("file"),
        [
            "actor File",
            "property files of Folder",
            "fn open_file of Folder"
        ]
    );
}

#[test]
fn letters_in_their_order_are_enough() {
    assert_eq!(found("hf"), ["rule hot_folder"]);
    assert_eq!(found("fh"), [""; 0]);
}

#[test]
fn an_empty_query_gives_all_declarations() {
    assert_eq!(found("").len(), 8);
}
