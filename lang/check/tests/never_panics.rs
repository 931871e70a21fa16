//! Whatever the text, checking returns, and its places lie within the text.

use plasma_check::{Environment, check_source};
use plasma_diagnostic::FileId;
use proptest::prelude::*;

const WORDS: &[&str] = &[
    "Folder",
    "File",
    "f",
    "x",
    "server",
    "client",
    "any",
    "cpu",
    "mem",
    "call",
    "open",
    "files",
    "perc",
    "count",
    "size",
    "true",
    "false",
    "and",
    "or",
    "not",
    "in",
    "ref",
    "rule",
    "param",
    "actor",
    "fn",
    "priority",
    "balance",
    "reserve",
    "colocate",
    "pin",
    "=>",
    ">",
    "<",
    "==",
    "!=",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    ":",
    ".",
    "=",
    "80",
    "80%",
    "0.5",
    "10MB",
    "7s",
    "é",
    "///",
    "\n",
    "int",
    "Folder(f)",
    "server.cpu > 80",
    "client.call(Folder(f).open).perc",
    "f.server",
    "=> pin(f);",
    "File(x) in ref(f.files)",
];

fn check_all(text: &str) {
    let overrides = [("high", "7%"), ("f", "1"), ("=", "é")];
    let params = overrides.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for params in [Vec::new(), params.to_vec()] {
        let environment = Environment {
            schema: None,
            params,
            today: None,
            leaves_out_tests: false,
            notes_names: true,
            ..Environment::default()
        };
        let checked = check_source(FileId(0), text, &environment);
        for diagnostic in &checked.diagnostics {
            let labels = diagnostic.labels.iter().map(|l| l.span);
            let edits = diagnostic
                .fixes
                .iter()
                .flat_map(|f| &f.edits)
                .map(|e| e.span);
            for span in labels.chain(edits).chain([diagnostic.primary]) {
                assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
            }
        }
        for (span, _) in &checked.names {
            assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn on_words_in_any_order(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        check_all(&words.join(" "));
    }

    #[test]
    fn on_any_text(text in "\\PC{0,80}") {
        check_all(&text);
    }

    /// Policies that are nearly right: one piece taken out of a rule, or put into it.
    #[test]
    fn on_nearly_right_rules(
        place in 0..30usize,
        word in prop::sample::select(WORDS),
        is_replaced in any::<bool>(),
    ) {
        let rule = "actor Folder { files : [ File ] ; fn open ; } param high = 80% ; rule hot \
                    [ priority 3 ] : server . cpu > high and client . call ( Folder ( f ) . open ) \
                    . perc > 40 or File ( x ) in ref ( f . files ) => reserve ( f , cpu ) ;";
        let mut words: Vec<&str> = rule.split(' ').collect();
        let place = place * words.len() / 30;
        if is_replaced {
            words[place] = word;
        } else {
            words.insert(place, word);
        }
        check_all(&words.join(" "));
    }
}
