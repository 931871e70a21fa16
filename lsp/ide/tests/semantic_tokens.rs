//! What each word is, for colours.

use insta::assert_snapshot;
use plasma_ide::semantic_tokens;

use crate::{SCHEMA, at_cursor, at_cursor_with_module};

/// Each token with its text.
fn told(source: &str) -> String {
    let (analysis, _) = at_cursor_with_module(source);
    let mut told = String::new();
    let mut end = 0;
    for token in semantic_tokens(&analysis) {
        assert!(token.span.start >= end, "tokens overlap");
        end = token.span.end;
        let text = analysis.text().get(token.span.range()).unwrap_or("?");
        assert!(!text.contains('\n'), "a token on two lines");
        let of_language = if token.is_of_language {
            " of the language"
        } else {
            ""
        };
        let readonly = if token.is_readonly { ", readonly" } else { "" };
        told += &format!("{text} -> {:?}{of_language}{readonly}\n", token.kind);
    }
    told
}

#[test]
fn names_are_what_the_checker_says_and_the_rest_what_the_lexer_says() {
    let source = "use lib.hot;\n/// Hot.\nparam high = 80%;\ndef warm(s: server) = s.cpu.perc > high;\n\
        rule r [priority 3]: Folder(f).cpu > 3 and warm(server(s)) and File in ref(f.files) => reserve(f, cpu);";
    assert_snapshot!(told(&format!("{SCHEMA}{source}")), @r#"
    actor -> Keyword of the language
    Folder -> Type
    files -> Property
    File -> Type
    fn -> Keyword of the language
    open -> Function
    fn -> Keyword of the language
    list -> Function
    actor -> Keyword of the language
    File -> Type
    fn -> Keyword of the language
    read -> Function
    use -> Keyword of the language
    hot -> Module
    /// Hot. -> Comment
    param -> Keyword of the language
    high -> Param, readonly
    = -> Operator
    80% -> Number
    def -> Keyword of the language
    warm -> Definition
    s -> Variable
    server -> Keyword of the language
    = -> Operator
    s -> Variable
    cpu -> Property of the language
    perc -> Property of the language
    > -> Operator
    high -> Param, readonly
    rule -> Keyword of the language
    r -> Rule
    priority -> Keyword of the language
    3 -> Number
    Folder -> Type
    f -> Variable
    cpu -> Property of the language
    > -> Operator
    3 -> Number
    and -> Keyword of the language
    warm -> Definition
    server -> Keyword of the language
    s -> Variable
    and -> Keyword of the language
    File -> Type
    in -> Keyword of the language
    ref -> Keyword of the language
    f -> Variable
    files -> Property
    => -> Operator
    reserve -> Function of the language
    f -> Variable
    cpu -> Property of the language
    "#);
}

#[test]
fn the_text_of_an_alert_is_in_pieces_and_a_comment_on_lines() {
    assert_snapshot!(told("Folder(f).cpu > 3 => alert(\"é {f} has {f.cpu.perc}\");\n/* one\r\n   two */"), @r#"
    Folder -> Type
    f -> Variable
    cpu -> Property of the language
    > -> Operator
    3 -> Number
    => -> Operator
    alert -> Function of the language
    "é { -> Text
    f -> Variable
    } has { -> Text
    f -> Variable
    . -> Text
    cpu -> Property of the language
    . -> Text
    perc -> Property of the language
    }" -> Text
    /* one -> Comment
       two */ -> Comment
    "#);
}

#[test]
fn a_text_that_nobody_understands_has_its_colours() {
    let analysis = at_cursor("rule : and ( ) => \"open\n 3% /* open").0;
    assert!(!semantic_tokens(&analysis).is_empty());
}
