//! Policies beside a recorded cluster: what hovers, hints and lenses show of it.

use std::sync::Arc;

use lsp_server::{Message, Response};
use plasma_model::Event;
use plasma_remote::{PolicyKeeper, Publisher, PublisherSettings, Refused};
use serde_json::{Value, json};

use crate::Editor;
use crate::folder::Folder;

const POLICY: &str = "rule hot: server(s).cpu.perc > 80 => drain(s);
rule cold: server(s).cpu.perc < 5 => drain(s);
Folder(f).cpu.perc > 50 => checkpoint(f);
";

/// Two ticks: `s1` is hot at the second one.
const TRACE: &str = r#"{"event":"hello","version":1,"engine":"embedded","period":10.0}
{"event":"server","id":"s1","cpu":{"perc":40.0,"capacity":4.0}}
{"event":"server","id":"s2","cpu":{"perc":7.0,"capacity":4.0}}
{"event":"actor","id":"fo1","type":"Folder","server":"s1","cpu":{"perc":12.0}}
{"event":"tick","t":10.0}
{"event":"server","id":"s1","cpu":{"perc":91.5,"capacity":4.0}}
{"event":"tick","t":20.0}
"#;

/// An editor that can be had to ask again, and its introduction.
fn capabilities() -> Value {
    json!({"workspace": {
        "inlayHint": {"refreshSupport": true},
        "codeLens": {"refreshSupport": true},
        "configuration": true,
    }})
}

/// Opens a policy and waits until something was found out about its cluster.
fn open(editor: &mut Editor, uri: &str) {
    assert_eq!(editor.open(uri, POLICY), json!([]));
    wait(editor);
}

/// Waits until the editor is had to ask again.
fn wait(editor: &Editor) {
    loop {
        if let Message::Request(request) = editor.heard()
            && request.method == "workspace/codeLens/refresh"
        {
            return;
        }
    }
}

fn lenses(editor: &mut Editor, uri: &str) -> Vec<String> {
    let lenses = editor.ask(
        "textDocument/codeLens",
        json!({"textDocument": {"uri": uri}}),
    );
    let lenses = lenses.as_array().expect("lenses").iter();
    let titles = lenses.map(|lens| {
        lens["command"]["title"]
            .as_str()
            .expect("a title")
            .to_owned()
    });
    titles.collect()
}

fn hints(editor: &mut Editor, uri: &str) -> Vec<String> {
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
    let params = json!({"textDocument": {"uri": uri}, "range": range});
    let hints = editor.ask("textDocument/inlayHint", params);
    let hints = hints.as_array().expect("hints").iter();
    let shown = hints.map(|hint| {
        let place = &hint["position"];
        let label = hint["label"].as_str().expect("a label");
        format!("{}:{} {label}", place["line"], place["character"])
    });
    shown.collect()
}

#[test]
fn a_project_names_the_cluster_beside_its_policies() {
    let folder = Folder::new("beside");
    folder.write("plasma.toml", "attach = \"last.jsonl\"\n");
    folder.write("last.jsonl", TRACE);
    let mut editor = Editor::new(&capabilities());
    let uri = folder.uri("p.plasma");
    open(&mut editor, &uri);
    assert_eq!(
        lenses(&mut editor, &uri),
        [
            "plan on last.jsonl, t = 20 s",
            "fired once in last.jsonl, now for 1 binding",
            "never fired in 2 ticks of last.jsonl; nearest: 7 % of < 5 %",
            "never fired in 2 ticks of last.jsonl; nearest: 12 % of > 50 %",
        ]
    );
    assert_eq!(
        hints(&mut editor, &uri),
        [
            "0:33 %",
            "0:33 ✓ 91.5 %",
            "1:33 %",
            "1:33 ✗ 7 %",
            "2:23 %",
            "2:23 ✗ 12 %"
        ]
    );
    let hover = editor.ask_at("textDocument/hover", &uri, 24);
    let shown = hover["contents"]["value"].as_str().expect("a text");
    let about = shown.split("---").last().expect("the cluster");
    assert_eq!(
        about.trim(),
        "**last.jsonl, t = 20 s**\n\n`server(s).cpu.perc`: 2 values from 7 % to 91.5 %, median 7 %; \
         greatest: 91.5 % (server:s1), 7 % (server:s2)\n\n\
         The rule fires for s = server:s1:\n`✓ s.cpu.perc = 91.5 %, > 80 %`"
    );
    let rule = editor.ask_at("textDocument/hover", &uri, 6);
    let shown = rule["contents"]["value"].as_str().expect("a text");
    assert!(
        shown.contains("hot: fired once in last.jsonl, now for 1 binding\nat 20 s"),
        "{shown}"
    );
    editor.end();
}

#[test]
fn commands_tell_what_a_policy_does_there() {
    let folder = Folder::new("commands");
    folder.write("plasma.toml", "attach = \"last.jsonl\"\n");
    folder.write("last.jsonl", TRACE);
    let mut editor = Editor::new(&capabilities());
    let uri = folder.uri("p.plasma");
    open(&mut editor, &uri);
    let plan = run(&mut editor, "plasma.plan", json!({"uri": uri}));
    assert_eq!(plan["summary"], "plan on last.jsonl: 1 action");
    assert!(
        plan["text"]
            .as_str()
            .expect("a text")
            .starts_with("t = 20 s: 2 servers, 1 actors")
    );
    let firings = run(
        &mut editor,
        "plasma.firings",
        json!({"uri": uri, "rule": "cold"}),
    );
    let text = firings["text"].as_str().expect("a text");
    assert!(
        text.contains("✗ s.cpu.perc = 7 %, needs < 5 %: 2 % away"),
        "{text}"
    );
    editor.end();
}

#[test]
fn labels_are_offered_as_the_cluster_has_them() {
    let folder = Folder::new("labels");
    folder.write("plasma.toml", "attach = \"last.jsonl\"\n");
    let labelled = TRACE.replace(
        "\"id\":\"s1\",",
        "\"id\":\"s1\",\"labels\":{\"zone\":\"eu-1\"},",
    );
    folder.write("last.jsonl", &labelled);
    let mut editor = Editor::new(&capabilities());
    let uri = folder.uri("p.plasma");
    let policy = "rule a: server(s).label(\"zone\") == \"\" => drain(s);";
    assert_eq!(editor.open(&uri, policy), json!([]));
    wait(&editor);
    for (character, expected) in [(25, "zone"), (36, "eu-1")] {
        let items = editor.ask_at("textDocument/completion", &uri, character);
        assert_eq!(items[0]["textEdit"]["newText"], expected, "{items}");
        assert_eq!(items[1], Value::Null);
    }
    editor.end();
}

#[test]
fn a_setting_wins_over_the_project_and_a_change_is_followed() {
    let folder = Folder::new("setting");
    folder.write("plasma.toml", "attach = \"last.jsonl\"\n");
    folder.write("last.jsonl", TRACE);
    folder.write("other.jsonl", &TRACE.replace("91.5", "80.5"));
    let mut editor = Editor::in_folders(&capabilities(), &[folder.uri("")]);
    let asked = loop {
        if let Message::Request(request) = editor.heard()
            && request.method == "workspace/configuration"
        {
            break request;
        }
    };
    assert_eq!(asked.params["items"], json!([{"section": "plasma"}]));
    let set = json!([{"attach": "other.jsonl", "codeLens": {"plan": false}}]);
    let answer = Message::Response(Response::new_ok(asked.id, set));
    editor
        .connection
        .sender
        .send(answer)
        .expect("the server listens");
    wait(&editor);
    let uri = folder.uri("p.plasma");
    open(&mut editor, &uri);
    assert_eq!(
        lenses(&mut editor, &uri)[0],
        "fired once in other.jsonl, now for 1 binding"
    );
    // Settings that are sent, and no longer name a cluster: the project's it is again.
    editor.tell(
        "workspace/didChangeConfiguration",
        json!({"settings": {"plasma": {}}}),
    );
    wait(&editor);
    loop {
        if lenses(&mut editor, &uri)[0] == "plan on last.jsonl, t = 20 s" {
            break;
        }
        wait(&editor);
    }
    editor.end();
}

#[test]
fn a_cluster_that_cannot_be_read_is_told_once_and_harms_nothing() {
    let folder = Folder::new("unreadable");
    folder.write("plasma.toml", "attach = \"none.jsonl\"\n");
    let capabilities = capabilities();
    let introduction = json!({
        "processId": null, "rootUri": null, "capabilities": capabilities,
        "initializationOptions": {"status": true},
    });
    let (mut editor, _) = Editor::with(introduction);
    let uri = folder.uri("p.plasma");
    assert_eq!(editor.open(&uri, POLICY), json!([]));
    let mut told = Vec::new();
    while told.len() < 2 {
        if let Message::Notification(notification) = editor.heard()
            && notification.method != "textDocument/publishDiagnostics"
        {
            told.push((notification.method, notification.params));
        }
    }
    assert_eq!(told[0].0, "window/logMessage");
    let message = told[0].1["message"].as_str().expect("a text");
    assert!(
        message.contains("none.jsonl") && message.contains("cannot"),
        "{message}"
    );
    assert_eq!(told[1].0, "plasma/status");
    assert_eq!(told[1].1["attached"]["state"], "lost");
    let path = told[1].1["attached"]["path"].as_str().expect("a path");
    assert!(path.ends_with("none.jsonl"), "{path}");
    assert_eq!(lenses(&mut editor, &uri), Vec::<String>::new());
    let refused = editor.answer(
        "workspace/executeCommand",
        json!({"command": "plasma.plan", "arguments": [{"uri": uri}]}),
    );
    let (_, reason) = refused.expect_err("there is no cluster");
    assert!(reason.starts_with("no cluster is attached: "), "{reason}");
    editor.end();
}

/// A run whose policy cannot be had.
struct NoPolicy;

impl PolicyKeeper for NoPolicy {
    fn policy(&self) -> String {
        String::new()
    }

    fn replace(&self, _: &str, _: &str) -> Result<String, Refused> {
        let diagnostics = "it stays".to_owned();
        Err(Refused { diagnostics })
    }
}

/// A run of the trace, period by period.
fn served() -> (Publisher, Vec<Vec<Event>>) {
    let events = TRACE
        .lines()
        .map(|line| serde_json::from_str(line).expect("an event"));
    let mut events: Vec<Event> = events.collect();
    let Event::Hello(hello) = events.remove(0) else {
        panic!("a trace begins with hello");
    };
    let settings = PublisherSettings {
        address: "127.0.0.1:0".to_owned(),
        token: None,
    };
    let publisher = Publisher::start(settings, &hello, None, Arc::new(NoPolicy));
    let periods = events.split_inclusive(|event| matches!(event, Event::Tick { .. }));
    (
        publisher.expect("a free port"),
        periods.map(<[Event]>::to_vec).collect(),
    )
}

/// The next state of the attached cluster.
fn status(editor: &Editor) -> Value {
    loop {
        if let Message::Notification(mut notification) = editor.heard()
            && notification.method == "plasma/status"
        {
            return notification.params["attached"].take();
        }
    }
}

#[test]
fn a_running_engine_is_followed_period_by_period_until_its_end() {
    let (publisher, periods) = served();
    let [first, second] = periods.as_slice() else {
        panic!("two periods");
    };
    publisher.publish(first);
    let folder = Folder::new("live");
    folder.write(
        "plasma.toml",
        &format!("attach = \"{}\"\n", publisher.url()),
    );
    let (mut editor, _) = Editor::with(json!({
        "processId": null, "rootUri": null, "capabilities": {},
        "initializationOptions": {"status": true},
    }));
    let uri = folder.uri("p.plasma");
    assert_eq!(editor.open(&uri, POLICY), json!([]));
    let begun = status(&editor);
    assert_eq!(
        (&begun["state"], &begun["t"]),
        (&json!("live"), &json!(10.0))
    );
    publisher.publish(second);
    assert_eq!(status(&editor)["t"], 20.0);
    let name = publisher.url().to_owned();
    assert_eq!(
        lenses(&mut editor, &uri)[1],
        format!("fired once in {name}, now for 1 binding")
    );
    drop(publisher);
    let ended = status(&editor);
    assert_eq!(ended["state"], "lost");
    let message = ended["message"].as_str().expect("a text");
    assert!(
        message.starts_with(&format!("attached cluster {name}: ")),
        "{message}"
    );
    assert_eq!(lenses(&mut editor, &uri), Vec::<String>::new());
    editor.end();
}

/// The result of a command.
fn run(editor: &mut Editor, command: &str, argument: Value) -> Value {
    let params = json!({"command": command, "arguments": [argument]});
    editor.ask("workspace/executeCommand", params)
}
