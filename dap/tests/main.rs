//! A session as an editor has it, over pipes: what is asked and what is answered, in the words that people see.

mod session;

use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write, pipe};
use std::thread::JoinHandle;

use plasma_check::{Environment, Modules, check_parsed};
use plasma_dap::{DapError, Debuggee, Launch};
use plasma_diagnostic::SourceMap;
use plasma_engine::trace::TraceReader;
use plasma_scenario::TraceTicks;
use serde_json::{Value as Json, json};

/// What the policy of all tests is called, and saved as.
const POLICY_PATH: &str = "/policies/hot.plasma";

const POLICY: &str = "\
actor Folder { files: [File]; fn open; }
actor File { fn read; }

rule hot_folder:
  server.cpu.perc > 80 and client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files)
  => reserve(f, cpu); colocate(f, x);

rule even: server.cpu.perc > 95 => balance({File}, cpu);
";

/// Four ticks: calm, nearly hot, hot, calm.
fn trace() -> String {
    let mut lines =
        vec![json!({"event": "hello", "version": 1, "engine": "test", "period": 10.0}).to_string()];
    for (tick, cpu) in [50.0, 78.0, 90.0, 40.0].into_iter().enumerate() {
        let server =
            |id: &str, cpu: f64| json!({"event": "server", "id": id, "cpu": {"perc": cpu}});
        lines.push(server("s1", cpu).to_string());
        lines.push(server("s2", 10.0).to_string());
        if tick == 0 {
            let actor = |id: &str, kind: &str, cpu: f64| json!({"event": "actor", "id": id, "type": kind, "server": "s1", "cpu": {"perc": cpu}});
            let mut folder = actor("fo1", "Folder", 30.0);
            folder["refs"] = json!({"files": ["fi1"]});
            lines.push(folder.to_string());
            lines.push(actor("fi1", "File", 5.0).to_string());
        }
        lines.push(
            json!({"event": "calls", "from": "client", "to": "fo1", "fn": "open", "count": 100})
                .to_string(),
        );
        lines.push(json!({"event": "tick", "t": 10.0 * (tick + 1) as f64}).to_string());
    }
    lines.join("\n") + "\n"
}

fn ticks() -> Result<TraceTicks, String> {
    let text = std::io::Cursor::new(trace().into_bytes());
    let reader = TraceReader::recognising("trace", Box::new(BufReader::new(text)));
    let reader = reader.map_err(|error| error.to_string())?;
    TraceTicks::new(reader).map_err(|error| error.to_string())
}

fn open(launch: &Launch) -> Result<Debuggee, String> {
    if launch.program != POLICY_PATH {
        return Err(format!("cannot read {}", launch.program));
    }
    let (sources, file) = SourceMap::single(POLICY_PATH, POLICY);
    let parsed = plasma_syntax::parse(file, POLICY);
    let environment = Environment {
        modules: Modules::default(),
        ..Environment::default()
    };
    let checked = check_parsed(&parsed, &environment);
    Ok(Debuggee {
        program: checked.program,
        tree: parsed.tree,
        environment,
        sources,
        paths: |name| Some(name.into()),
        trace: Box::new(ticks),
    })
}

/// An editor with an adapter of its own.
struct Editor {
    to: PipeWriter,
    from: BufReader<PipeReader>,
    adapter: JoinHandle<Result<(), DapError>>,
    seq: i64,
    /// Everything that happened, a line each.
    transcript: String,
}

impl Editor {
    fn new() -> Editor {
        let (input, to) = pipe().expect("a pipe");
        let (from, mut output) = pipe().expect("a pipe");
        let adapter = std::thread::spawn(move || {
            plasma_dap::serve(BufReader::new(input), &mut output, &open)
        });
        Editor {
            to,
            from: BufReader::new(from),
            adapter,
            seq: 0,
            transcript: String::new(),
        }
    }

    /// An editor that has launched the policy and set these breakpoints in it.
    fn launched(breakpoints: &Json) -> Editor {
        let mut editor = Editor::new();
        editor.ask("initialize", json!({"adapterID": "plasma"}));
        let launch = json!({"program": POLICY_PATH, "trace": "run.jsonl"});
        assert_eq!(editor.ask("launch", launch), json!({}));
        editor.until("initialized");
        editor.transcript.clear();
        let source = json!({"path": POLICY_PATH});
        editor.ask(
            "setBreakpoints",
            json!({"source": source, "breakpoints": breakpoints}),
        );
        editor
    }

    fn heard(&mut self) -> Json {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).expect("the adapter lives");
            match line.trim().split_once(": ") {
                Some((_, number)) => length = number.parse().expect("a length"),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).expect("a whole message");
        serde_json::from_slice(&body).expect("JSON")
    }

    /// Sends a request, and returns the body of its answer, or its message.
    fn ask(&mut self, command: &str, arguments: Json) -> Json {
        self.seq += 1;
        let request =
            json!({"seq": self.seq, "type": "request", "command": command, "arguments": arguments});
        let body = request.to_string();
        let sent = write!(self.to, "Content-Length: {}\r\n\r\n{body}", body.len());
        sent.expect("the adapter listens");
        loop {
            let mut message = self.heard();
            if message["type"] == "response" {
                assert_eq!(message["request_seq"], self.seq);
                let is_success = message["success"] == true;
                let told = if is_success { "body" } else { "message" };
                let answer = message[told].take();
                self.transcript += &format!("{command} -> {answer}\n");
                return answer;
            }
            self.note(&message);
        }
    }

    fn note(&mut self, event: &Json) {
        let body = &event["body"];
        let text = |field: &str| body[field].as_str().unwrap_or("").trim_end().to_owned();
        let told = match event["event"].as_str() {
            Some("stopped") => format!(
                "{}: {} {}",
                text("reason"),
                text("description"),
                text("text")
            ),
            Some("output") => text("output"),
            _ => String::new(),
        };
        let name = event["event"].as_str().unwrap_or("?");
        self.transcript += &format!("  {name} {}\n", told.trim_end());
    }

    /// Waits for an event.
    fn until(&mut self, name: &str) {
        loop {
            let event = self.heard();
            self.note(&event);
            if event["event"] == name {
                return;
            }
        }
    }

    /// Goes on by a request, until it halts.
    fn go(&mut self, command: &str) {
        self.ask(command, json!({"threadId": 1}));
        self.until("stopped");
    }

    /// The frames, and what is in the scopes of the first one.
    fn look(&mut self) -> String {
        let stack = self.ask("stackTrace", json!({"threadId": 1}));
        let mut told = String::new();
        for frame in stack["stackFrames"].as_array().into_iter().flatten() {
            let grey = match frame["presentationHint"] == "subtle" {
                true => ", in grey",
                false => "",
            };
            told += &format!(
                "{} (line {}{grey})\n",
                frame["name"].as_str().unwrap_or(""),
                frame["line"]
            );
        }
        let scopes = self.ask("scopes", json!({"frameId": 1}));
        for scope in scopes["scopes"].as_array().cloned().into_iter().flatten() {
            told += &format!("  {}\n", scope["name"].as_str().unwrap_or(""));
            told += &self.opened(&scope["variablesReference"], "    ", 2);
        }
        told
    }

    fn opened(&mut self, reference: &Json, indent: &str, depth: usize) -> String {
        let found = self.ask("variables", json!({"variablesReference": reference}));
        let mut told = String::new();
        for variable in found["variables"].as_array().cloned().into_iter().flatten() {
            let text = |field: &str| variable[field].as_str().unwrap_or("").to_owned();
            told += &format!("{indent}{} = {}\n", text("name"), text("value"));
            if depth > 1 && variable["variablesReference"] != 0 {
                let deeper = format!("{indent}  ");
                told += &self.opened(&variable["variablesReference"], &deeper, depth - 1);
            }
        }
        told
    }

    /// The value of an expression in the first frame.
    fn value(&mut self, expression: &str) -> String {
        let answer = self.ask("evaluate", json!({"expression": expression, "frameId": 1}));
        match answer["result"].as_str() {
            Some(result) => result.to_owned(),
            None => answer.as_str().unwrap_or("?").to_owned(),
        }
    }

    fn end(mut self) {
        self.ask("terminate", json!({}));
        self.until("terminated");
        self.ask("disconnect", json!({}));
        assert!(matches!(self.adapter.join(), Ok(Ok(()))));
    }
}
