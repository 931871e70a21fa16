//! What lenses do: tests run and coverage measured, as commands of the server.

use lsp_server::Message;
use serde_json::{Value, json};

use crate::Editor;

const URI: &str = "untitled:a";

const POLICY: &str = "rule hot: server(s).cpu.perc > 80% => drain(s);
test \"a hot server is drained\" {
  server s1 { cpu: 90% }
  expect drain(s1);
}
test \"all are\" {
  server s1 { cpu: 10% }
  expect drain(s1);
}
";

fn run(editor: &mut Editor, command: &str, argument: Value) -> Result<Value, (i32, String)> {
    let params = json!({"command": command, "arguments": [argument]});
    editor.answer("workspace/executeCommand", params)
}

#[test]
fn a_lens_names_the_command_that_the_server_carries_out() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, POLICY);
    let lenses = editor.ask(
        "textDocument/codeLens",
        json!({"textDocument": {"uri": URI}}),
    );
    let shown: Vec<_> = lenses
        .as_array()
        .expect("lenses")
        .iter()
        .map(|lens| {
            (
                lens["range"]["start"]["line"].clone(),
                lens["command"]["title"].clone(),
            )
        })
        .collect();
    let expected = [
        (json!(0), json!("▸ run all 2 tests")),
        (json!(0), json!("coverage")),
        (json!(1), json!("▸ run test")),
        (json!(5), json!("▸ run test")),
    ];
    assert_eq!(shown, expected);
    let command = &lenses[2]["command"];
    let name = command["command"].as_str().expect("a name");
    let ran = run(&mut editor, name, command["arguments"][0].clone()).expect("it runs");
    assert_eq!(ran["summary"], "\"a hot server is drained\" passed");
    editor.end();
}

#[test]
fn tests_tell_what_failed_and_why() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, POLICY);
    let ran = run(&mut editor, "plasma.test", json!({"uri": URI})).expect("it runs");
    assert_eq!(ran["summary"], "1 passed, 1 failed");
    let failed = &ran["tests"][1];
    assert_eq!(
        (&failed["status"], &failed["line"]),
        (&json!("failed"), &json!(6))
    );
    assert_eq!(failed["failures"][0]["line"], 8);
    let text = ran["text"].as_str().expect("a text");
    assert!(
        text.starts_with("ok    a hot server is drained\nFAIL  all are\n      line 8: "),
        "{text}"
    );
    editor.end();
}

#[test]
fn an_editor_that_does_not_show_results_has_them_shown() {
    for (options, is_shown) in [(json!({}), true), (json!({"showsResults": true}), false)] {
        let (mut editor, _) = Editor::with(json!({
            "processId": null, "rootUri": null, "capabilities": {},
            "initializationOptions": options,
        }));
        editor.open(URI, POLICY);
        run(&mut editor, "plasma.coverage", json!({"uri": URI})).expect("it runs");
        let mut shown = Vec::new();
        editor.tell(
            "textDocument/didClose",
            json!({"textDocument": {"uri": URI}}),
        );
        loop {
            let Message::Notification(heard) = editor.heard() else {
                continue;
            };
            match heard.method.as_str() {
                "textDocument/publishDiagnostics" => break,
                "window/showMessage" => shown.push(heard.params["message"].clone()),
                _ => {}
            }
        }
        let expected =
            "coverage: rules 1 of 1, conditions 2 of 2, thresholds 2 of 2, behaviors 1 of 1";
        assert_eq!(shown, vec![json!(expected); usize::from(is_shown)]);
        editor.end();
    }
}

#[test]
fn a_command_that_cannot_be_carried_out_says_why() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, "rule hot: server(s).cpus > 80% => drain(s);");
    for (command, argument, expected) in [
        (
            "plasma.tset",
            json!({"uri": URI}),
            "there is no command `plasma.tset`",
        ),
        (
            "plasma.test",
            Value::Null,
            "`plasma.test` needs {\"uri\": \"..\"}",
        ),
        (
            "plasma.test",
            json!({"uri": "untitled:b"}),
            "`untitled:b` is not open",
        ),
        ("plasma.test", json!({"uri": URI}), "the policy has errors"),
    ] {
        let (_, reason) = run(&mut editor, command, argument).expect_err("it cannot be");
        assert!(reason.starts_with(expected), "{reason}");
    }
    editor.change(
        URI,
        &json!([{"text": "rule hot: true => drain(server(s));"}]),
    );
    let none = run(&mut editor, "plasma.test", json!({"uri": URI, "name": "x"}));
    assert_eq!(none.expect_err("it cannot be").1, "there is no test \"x\"");
    editor.end();
}
