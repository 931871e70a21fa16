//! Texts that are changed piece by piece stay equal to the editor's.

use oorandom::Rand32;
use serde_json::{Value, json};

use crate::Editor;

/// What is typed: line ends of all kinds, characters of all widths, and mistakes to be reported.
const PIECES: [&str; 12] = [
    "\n",
    "\r\n",
    "\r",
    "é",
    "⇒",
    "😀",
    " tru ",
    "rule r: Folder(f).cpus > 3 => pin(g);",
    "param p = 3;",
    "// ",
    "/*",
    "(",
];

/// The position of a byte, counted without the server's help.
fn position(text: &str, offset: usize, is_utf8: bool) -> Value {
    let before = &text[..offset];
    let unified = before.replace("\r\n", "\n").replace('\r', "\n");
    let line = unified.matches('\n').count();
    let last = unified.rsplit('\n').next().unwrap_or("");
    let character = if is_utf8 {
        last.len()
    } else {
        last.encode_utf16().count()
    };
    json!({"line": line, "character": character})
}

/// A byte of the text at which a character begins, or its end; not within `\r\n`, which no position
/// names.
fn any_offset(random: &mut Rand32, text: &str) -> usize {
    let is_place = |at: &usize| text.is_char_boundary(*at) && !is_within_line_end(text, *at);
    let places: Vec<_> = (0..=text.len()).filter(is_place).collect();
    places[random.rand_range(0..places.len() as u32) as usize]
}

fn is_within_line_end(text: &str, at: usize) -> bool {
    text[..at].ends_with('\r') && text[at..].starts_with('\n')
}

/// Changes the text at random and gives the change as the protocol has it.
fn edit(random: &mut Rand32, text: &mut String, is_utf8: bool, is_small: bool) -> Value {
    let (a, mut b) = (any_offset(random, text), any_offset(random, text));
    if is_small {
        b = text.ceil_char_boundary(a + random.rand_range(0..6) as usize);
        b += usize::from(is_within_line_end(text, b));
    }
    // Mostly short ranges, so that texts grow.
    let (start, end) = match random.rand_range(0..3) {
        0 => (a.min(b), a.max(b)),
        _ => (a, a),
    };
    let piece = PIECES[random.rand_range(0..PIECES.len() as u32) as usize];
    let range =
        json!({"start": position(text, start, is_utf8), "end": position(text, end, is_utf8)});
    text.replace_range(start..end, piece);
    json!({"range": range, "text": piece})
}

/// Requests about a whole document.
const ABOUT_ALL: [&str; 6] = [
    "textDocument/codeLens",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/inlayHint",
    "textDocument/semanticTokens/full",
];

/// What is answered about a whole document.
fn about_all(editor: &mut Editor, method: &str, uri: &str) -> String {
    let end = json!({"line": 1000, "character": 0});
    let whole = json!({"start": {"line": 0, "character": 0}, "end": end});
    let mut answer = editor.ask(
        method,
        json!({"textDocument": {"uri": uri}, "range": whole}),
    );
    // Answers are numbered, document by document.
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("resultId");
    }
    answer.to_string()
}

/// Requests about a place.
const ABOUT_A_PLACE: [&str; 6] = [
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/documentHighlight",
    "textDocument/hover",
    "textDocument/selectionRange",
    "textDocument/signatureHelp",
];

/// What is answered about a place.
fn about_a_place(editor: &mut Editor, method: &str, uri: &str, place: &Value) -> String {
    let document = json!({"uri": uri});
    let params = json!({"textDocument": document, "position": place, "positions": [place]});
    editor.ask(method, params).to_string()
}

/// A mistake and nothing declared; and rules of which each is looked at by itself, since their types are declared.
const STARTS: [&str; 2] = [
    "rule a: true => pin(Foldr(f));\r\n",
    "actor Folder { fn open; files: [File]; depth: int; }
actor File { fn read; }
param high = 80%;
def busy(s: server) = s.cpu.perc > high;
rule one: Folder(f).cpu.perc > high => reserve(f, cpu);
/// The second.
rule two: File(x) in ref(Folder(f).files) and f.depth > 3 => colocate(f, x);
server.cpu.perc > 90 => alert(\"{server} is full: {server.cpu.perc}\");
server.mem.perc > 80 or server.mem.perc < 85 => balance({File}, mem);
rule five: busy(server(s)) => drain(s);
rule six: client.call(Folder(f).open).count > 3 and Folder(g).depth > 1 => pin(f); pin(g);
",
];

#[test]
fn random_edits_leave_what_a_fresh_document_would_hold() {
    for (encoding, start) in [("utf-8", 0), ("utf-16", 0), ("utf-8", 1), ("utf-16", 1)] {
        let mut editor = Editor::new(&json!({"general": {"positionEncodings": [encoding]}}));
        for seed in 0..20 {
            let mut random = Rand32::new(seed);
            let mut text = STARTS[start].to_owned();
            let (edited, fresh) = (format!("untitled:{seed}"), format!("untitled:fresh{seed}"));
            editor.open(&edited, &text);
            let mut changed = Value::Null;
            for _ in 0..12 {
                let count = random.rand_range(1..4);
                let changes = (0..count)
                    .map(|_| edit(&mut random, &mut text, encoding == "utf-8", start > 0));
                changed = editor.change(&edited, &changes.collect());
            }
            let mut expected = editor.open(&fresh, &text).to_string();
            expected = expected.replace(&fresh, &edited);
            assert_eq!(changed.to_string(), expected, "seed {seed}: {text:?}");
            for method in ABOUT_ALL {
                let about_edited = about_all(&mut editor, method, &edited);
                let about_fresh = about_all(&mut editor, method, &fresh).replace(&fresh, &edited);
                assert_eq!(about_edited, about_fresh, "{method}, seed {seed}: {text:?}");
            }
            let at = any_offset(&mut random, &text);
            let place = position(&text, at, encoding == "utf-8");
            for method in ABOUT_A_PLACE {
                let edited_says = about_a_place(&mut editor, method, &edited, &place);
                let fresh_says = about_a_place(&mut editor, method, &fresh, &place);
                let fresh_says = fresh_says.replace(&fresh, &edited);
                assert_eq!(
                    edited_says, fresh_says,
                    "{method} at {at}, seed {seed}: {text:?}"
                );
            }
        }
        editor.end();
    }
}

#[test]
fn a_change_out_of_the_text_is_brought_into_it() {
    let mut editor = Editor::new(&json!({}));
    let uri = "untitled:a";
    editor.open(uri, "true =");
    let at = |line: u32, character: u32| json!({"line": line, "character": character});
    let append = json!({"range": {"start": at(7, 0), "end": at(0, 99)}, "text": "> "});
    editor.change(uri, &json!([append]));
    let items = editor.ask_at("textDocument/completion", uri, 8);
    assert_eq!(items[0]["label"], "pin");
    editor.end();
}

#[test]
fn a_change_of_a_document_that_is_not_open_is_left_aside() {
    let mut editor = Editor::new(&json!({}));
    let params = json!({"textDocument": {"uri": "untitled:a", "version": 2}, "contentChanges": [{"text": "x"}]});
    editor.tell("textDocument/didChange", params);
    assert_eq!(
        editor.ask_at("textDocument/hover", "untitled:a", 0),
        Value::Null
    );
    editor.end();
}
