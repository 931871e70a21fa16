//! Sessions of `plasma repl` in pages, run again: what is answered must be what the page says, to the letter.
//!
//! A block `plasma-repl` holds statements behind `plasma> ` and, for their further lines, `   ...> `, each
//! followed by its answer. One that begins with `$ plasma repl ..` begins a session, any other goes on with the
//! one before it on the page. It runs among the files in the folder named like the page, `.in` for `.md`.
//!
//! `UPDATE_TRANSCRIPTS=1 cargo test -p plasma-cli --test main` writes what is answered now.

use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Set to write the answers into the pages.
const UPDATE_VARIABLE: &str = "UPDATE_TRANSCRIPTS";

const FENCE: &str = "```plasma-repl";
const PROMPT: &str = "plasma> ";
const PROMPT_GOING_ON: &str = "   ...>";

/// Where pages with sessions are.
const FOLDERS: [&str; 3] = ["tests/repl", "../docs/book/src", "../docs/book/src/how-to"];

/// One block of a page.
struct Block {
    /// Its lines within the page, without the fences.
    lines: Range<usize>,
    /// The command that begins its session.
    command: Option<String>,
    statements: Vec<String>,
}

#[test]
fn sessions_are_answered_as_the_pages_say() {
    let mut wrong = Vec::new();
    let mut sessions = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a readable page");
        let (answered, count) = answered(&page, &text);
        sessions += count;
        if answered == text {
            continue;
        }
        if std::env::var_os(UPDATE_VARIABLE).is_some() {
            fs::write(&page, answered).expect("a page that can be written");
            continue;
        }
        wrong.push(format!(
            "{}: {}",
            page.display(),
            difference(&text, &answered)
        ));
    }
    assert!(sessions >= 5, "only {sessions} sessions found");
    assert!(
        wrong.is_empty(),
        "{}\n{UPDATE_VARIABLE}=1 writes what is answered now",
        wrong.join("\n")
    );
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = FOLDERS.iter().map(|folder| root.join(folder));
    let mut pages: Vec<PathBuf> = folders
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// The page with the answers as they are now, and how many sessions it has.
fn answered(page: &Path, text: &str) -> (String, usize) {
    let lines: Vec<&str> = text.lines().collect();
    let blocks = blocks(&lines);
    let mut replaced: Vec<(Range<usize>, String)> = Vec::new();
    let mut sessions = 0;
    let mut at = 0;
    while at < blocks.len() {
        let next = blocks
            .iter()
            .skip(at + 1)
            .position(|block| block.command.is_some());
        let end = next.map_or(blocks.len(), |next| at + 1 + next);
        let session = &blocks[at..end];
        let output = run(page, session);
        for (block, answers) in session.iter().zip(apart(&output, session)) {
            let command = block.command.as_ref();
            let head = command.map_or(String::new(), |command| format!("{command}\n"));
            replaced.push((block.lines.clone(), head + &answers));
        }
        sessions += 1;
        at = end;
    }
    let mut new = String::new();
    let mut from = 0;
    for (block, answers) in replaced {
        lines[from..block.start]
            .iter()
            .for_each(|line| new.extend([line, "\n"]));
        new.push_str(&answers);
        from = block.end;
    }
    lines[from..]
        .iter()
        .for_each(|line| new.extend([line, "\n"]));
    (new, sessions)
}

fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(fence) = lines[at..].iter().position(|line| *line == FENCE) {
        let start = at + fence + 1;
        let length = lines[start..].iter().position(|line| *line == "```");
        let end = start + length.expect("a block has an end");
        let mut statements: Vec<String> = Vec::new();
        for line in &lines[start..end] {
            if let Some(statement) = line.strip_prefix(PROMPT.trim_end()) {
                let statement = statement.strip_prefix(' ').unwrap_or(statement);
                statements.push(statement.to_owned());
            } else if let Some(more) = line.strip_prefix(PROMPT_GOING_ON) {
                let statement = statements.last_mut().expect("a statement goes on");
                statement.push('\n');
                statement.push_str(more.strip_prefix(' ').unwrap_or(more));
            }
        }
        let command = lines.get(start).filter(|line| line.starts_with("$ "));
        blocks.push(Block {
            lines: start..end,
            command: command.map(|line| (*line).to_owned()),
            statements,
        });
        at = end;
    }
    blocks
}

/// What the session prints, each statement before its answer.
fn run(page: &Path, session: &[Block]) -> String {
    let command = session[0]
        .command
        .as_deref()
        .expect("a session has a command");
    let arguments = command
        .strip_prefix("$ plasma repl")
        .expect("a session is one of the prompt");
    let folder = tempfile::tempdir().expect("a folder");
    let files = page.with_extension("in");
    if files.is_dir() {
        copy(&files, folder.path());
    }
    let mut plasma = Command::new(env!("CARGO_BIN_EXE_plasma"))
        .args(["repl", "--echo"])
        .args(words(arguments))
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("plasma runs");
    let mut stdin = plasma.stdin.take().expect("it is piped");
    for statement in session.iter().flat_map(|block| &block.statements) {
        // One that has left reads no more.
        let _ = writeln!(stdin, "{statement}");
    }
    drop(stdin);
    let output = plasma.wait_with_output().expect("plasma ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    let is_ended = matches!(output.status.code(), Some(0 | 1));
    assert!(is_ended, "{}: {command}: {errors}", page.display());
    String::from_utf8(output.stdout).expect("it is text")
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}

/// The words of a command; those in quotes may hold blanks.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, piece) in command.split('\'').enumerate() {
        match number % 2 {
            1 => words.push(piece.to_owned()),
            _ => words.extend(piece.split_whitespace().map(str::to_owned)),
        }
    }
    words
}

/// What was printed for each block.
fn apart(output: &str, session: &[Block]) -> Vec<String> {
    let mut rest = output.lines().peekable();
    let mut texts = Vec::new();
    for (place, block) in session.iter().enumerate() {
        let mut text = String::new();
        let mut statements = 0;
        let is_last = place + 1 == session.len();
        while let Some(line) = rest.peek() {
            let begins = line.starts_with(PROMPT);
            if begins && statements == block.statements.len() && !is_last {
                break;
            }
            statements += usize::from(begins);
            text.extend([line, "\n"]);
            rest.next();
        }
        texts.push(text);
    }
    texts
}

/// The first line that differs.
fn difference(old: &str, new: &str) -> String {
    let mut lines = (1..).zip(old.lines().zip(new.lines()));
    match lines.find(|(_, (old, new))| old != new) {
        Some((number, (old, new))) => format!("line {number}\n  page:   {old}\n  answer: {new}"),
        None => "it ends earlier or later".to_owned(),
    }
}
