//! What is offered and shown at a cursor, `$0` in the source.

use plasma_ide::{Analysis, KEYWORDS, Surroundings, completion, diagnostics, hover};

const SCHEMA: &str = "actor Folder { files: [File]; fn open; fn list; }\nactor File { fn read; }\n";

fn at_cursor(source: &str) -> (Analysis, u32) {
    let source = format!("{SCHEMA}{source}");
    let offset = source.find("$0").unwrap_or(source.len());
    let text = source.replacen("$0", "", 1);
    (
        Analysis::new("a.plasma", text, &Surroundings::default()),
        offset as u32,
    )
}

fn offered(source: &str) -> String {
    let (analysis, offset) = at_cursor(source);
    let items = completion(&analysis, offset);
    items
        .into_iter()
        .map(|item| item.label)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn each_place_offers_what_fits_it() {
    for (source, expected) in [
        ("server.$0", "cpu mem net"),
        ("server.cpu.$0", "perc size"),
        ("Folder(f).$0", "cpu mem net server call"),
        ("client.$0", "call"),
        ("client.call(Folder(f).o$0", "open list"),
        ("client.call(Folder(f).open).$0", "count size perc"),
        ("File(x) in $0", "ref"),
        ("Folder(f).cpu > 1 and File(x) in ref(f.$0", "files"),
        ("true => $0", "pin reserve separate colocate balance"),
        ("true => balance({$0", "Folder File any"),
        ("true => balance({Folder, File}, $0", "cpu mem net"),
        ("Folder(f).cpu > 1 => reserve($0", "f Folder File any"),
        ("// server.$0", ""),
    ] {
        assert_eq!(offered(source), expected, "{source}");
    }
}

#[test]
fn every_keyword_has_a_hover_text() {
    for row in KEYWORDS {
        let (analysis, offset) = at_cursor(&format!("$0{} ", row.name));
        assert!(hover(&analysis, offset).is_some(), "{}", row.name);
    }
}

#[test]
fn a_mistake_is_told_and_its_mending_clears_it() {
    let problems = |source| diagnostics(&at_cursor(source).0).len();
    assert_eq!(problems("Foldr(f).cpu > 80 => pin(f);$0"), 1);
    assert_eq!(problems("Folder(f).cpu > 80 => pin(f);$0"), 0);
}
