//! Formatting in an editor.

use plasma_ide::{Analysis, Surroundings, TextEdit, format, format_range, format_typed};

use crate::at_cursor;

fn analysis(text: &str) -> Analysis {
    Analysis::new("a.plasma", text, &Surroundings::default())
}

/// The text after the edits, each of which is about the text before.
fn edited(text: &str, edits: &[TextEdit]) -> String {
    let mut edited = text.to_owned();
    for edit in edits.iter().rev() {
        edited.replace_range(edit.span.range(), &edit.text);
    }
    edited
}

fn formatted(text: &str) -> Option<String> {
    format(&analysis(text)).map(|edits| edited(text, &edits))
}

/// The text after a sign was typed before `$0`.
fn typed(source: &str) -> String {
    let (analysis, offset) = at_cursor(source);
    edited(analysis.text(), &format_typed(&analysis, offset))
}

/// The text after the range from `$0` to `$1` was formatted.
fn range_formatted(source: &str) -> String {
    let start = source.find("$0").expect("a start");
    let source = source.replacen("$0", "", 1);
    let end = source.find("$1").expect("an end");
    let text = source.replacen("$1", "", 1);
    let edits = format_range(&analysis(&text), start as u32..end as u32);
    edited(&text, &edits)
}

#[test]
fn a_document_is_laid_out() {
    for (text, expected) in [
        ("", ""),
        ("true  =>pin( f ) ;", "true => pin(f);\n"),
        (
            "a // b \n and c⇒pin(f);\n\n\n",
            "a // b\n  and c\n  => pin(f);\n",
        ),
        ("\u{feff}/* é */true=>pin(f);", "/* é */ true => pin(f);\n"),
        ("a\r\n=>pin(f);\r\n\r\n\r\n", "a => pin(f);\r\n"),
        (
            "/* a  \n b */ true => pin(f);\n",
            "/* a\n b */ true => pin(f);\n",
        ),
    ] {
        assert_eq!(formatted(text).as_deref(), Some(expected), "{text}");
        assert_eq!(format(&analysis(expected)), Some(Vec::new()), "{expected}");
    }
    assert_eq!(formatted("true =>"), None);
}

#[test]
fn edits_are_small() {
    let edits = format(&analysis("true  => pin(f);\nb => pin( g);\n")).expect("no mistakes");
    let texts: Vec<_> = edits.iter().map(|edit| edit.text.as_str()).collect();
    let places: Vec<_> = edits.iter().map(|edit| edit.span.range()).collect();
    assert_eq!(texts, ["", ""]);
    assert_eq!(places, [5..6, 26..27]);
}

#[test]
fn a_range_is_laid_out_by_whole_items() {
    assert_eq!(
        range_formatted("a=>pin(f);\n\n\n\nb=>p$0in($1f);\n\n\n\nc=>pin(f);"),
        "a=>pin(f);\n\nb => pin(f);\n\n\n\nc=>pin(f);"
    );
    assert_eq!(
        range_formatted("a=>pin(f);\n// $0b\nb=>pin(f);  // $1c\nc=>pin(f);"),
        "a=>pin(f);\n// b\nb => pin(f); // c\nc=>pin(f);"
    );
}

#[test]
fn a_range_of_a_document_with_mistakes_is_laid_out_where_there_are_none() {
    assert_eq!(
        range_formatted("$0a=>pin(f);\nb=>;\nc=>pin( f );\n$1"),
        "a => pin(f);\nb=>;\nc => pin(f);\n"
    );
}

#[test]
fn an_item_is_laid_out_when_it_is_typed_to_its_end() {
    assert_eq!(
        typed("a=>pin(f);\nb=>pin( f );$0  \n"),
        "a=>pin(f);\nb => pin(f);  \n"
    );
    assert_eq!(
        typed("actor A { fn  a;fn b; }$0"),
        "actor A { fn a; fn b; }"
    );
    let unfinished = "b=>pin( f );$0\nrule c";
    assert_eq!(typed(unfinished), "b => pin(f);\nrule c");
}

#[test]
fn what_is_typed_elsewhere_changes_nothing() {
    for source in [
        "a=>pin(f); // b;$0",
        "a=>pin( f );  $0",
        "a=>pin( f$0 );",
        "$0a=>pin( f );",
    ] {
        assert_eq!(typed(source), source.replacen("$0", "", 1));
    }
}
