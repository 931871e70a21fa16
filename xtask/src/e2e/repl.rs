//! The prompt on a real terminal: hints, completion, whole statements, history, keys, interrupts, a confirmed
//! policy.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::tmux::{self, Tmux};
use crate::session::{plasma, root};

/// For anything to be shown.
const PATIENCE: Duration = Duration::from_secs(20);

const COLUMNS: u16 = 60;
const ROWS: u16 = 24;

/// Actors of the cluster: enough that a question about pairs of them takes long.
const ACTORS: usize = 4_000;

/// How often an evaluation may end before it is interrupted.
const ATTEMPTS: usize = 5;

pub(crate) fn test() -> Result<(), String> {
    if let Err(reason) = tmux::install() {
        println!("  SKIPPED, there is no tmux: {reason}");
        return Ok(());
    }
    let folder = root().join("target/e2e-repl");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("home")).map_err(|error| error.to_string())?;
    fs::write(folder.join("big.jsonl"), cluster()).map_err(|error| error.to_string())?;
    let plasma = plasma()?;
    first_session(&plasma, &folder)?;
    second_session(&plasma, &folder)?;
    interrupts(&plasma, &folder)?;
    confirmed_policy(&plasma, &folder)
}

/// A snapshot of many actors with long names.
fn cluster() -> String {
    let mut text = String::from(
        "{\"event\":\"schema\",\"source\":\"actor Folder { fn open; }\"}\n\
         {\"event\":\"server\",\"id\":\"s1\",\"cpu\":{\"perc\":50}}\n",
    );
    for actor in 0..ACTORS {
        let _ = writeln!(
            text,
            "{{\"event\":\"actor\",\"id\":\"a-folder-with-a-name-that-is-wider-than-any-terminal-{actor}\",\
             \"type\":\"Folder\",\"server\":\"s1\",\"cpu\":{{\"perc\":{}}}}}",
            actor % 7
        );
    }
    text + "{\"event\":\"tick\",\"t\":10}\n"
}

fn start(plasma: &Path, folder: &Path, arguments: &str) -> Result<Tmux, String> {
    let command = format!(
        "HOME='{}' XDG_STATE_HOME= XDG_CONFIG_HOME= INPUTRC= NO_COLOR= '{}' repl {arguments}; \
         echo LEFT $?; sleep 600",
        folder.join("home").display(),
        plasma.display(),
    );
    let files: PathBuf = root().join("docs/book/src/repl.in");
    let screen = Tmux::start([COLUMNS, ROWS], &files, &command)?;
    screen.wait_for("Ctrl-D leaves.", PATIENCE)?;
    screen.wait_for("\nplasma>", PATIENCE)?;
    Ok(screen)
}

fn leave(screen: &Tmux) -> Result<(), String> {
    screen.key("C-d")?;
    screen.wait_for("LEFT 0", PATIENCE).map(drop)
}

/// Ctrl-C while a line is typed: there is an empty one.
fn drop_line(screen: &Tmux) -> Result<(), String> {
    screen.key("C-c")?;
    let is_empty = |screen: &str| screen.trim_end().ends_with("\nplasma>");
    screen
        .wait_until("an empty line", PATIENCE, is_empty)
        .map(drop)
}

/// A hint is dimmed and taken; Tab completes; a statement over three lines is one.
fn first_session(plasma: &Path, folder: &Path) -> Result<(), String> {
    let screen = start(plasma, folder, "hot.plasma --trace run.jsonl --at 20")?;
    screen.text("Folder(f).cpu.per")?;
    screen.wait_for("Folder(f).cpu.perc", PATIENCE)?;
    let coloured = screen.coloured()?;
    if !coloured.contains("\u{1b}[2m") || !coloured.contains("\u{1b}[33mFolder") {
        return Err(format!("no dimmed hint, or no colours: {coloured:?}"));
    }
    screen.key("Right")?;
    screen.key("Enter")?;
    screen.wait_for("fo1   60 %", PATIENCE)?;
    screen.text("true => bal")?;
    screen.key("Tab")?;
    screen.text("(")?;
    screen.wait_for("true => balance({types}, resource)", PATIENCE)?;
    drop_line(&screen)?;
    screen.text(":why fo")?;
    screen.key("Tab")?;
    screen.key("Tab")?;
    screen.wait_for("fo1  fo2", PATIENCE)?;
    drop_line(&screen)?;
    for line in [
        "rule wide:",
        "server.cpu.perc > 80 =>",
        "balance({Folder}, cpu);",
    ] {
        screen.enter(line, PATIENCE)?;
    }
    screen.wait_for("wide fires", PATIENCE)?;
    leave(&screen)
}

/// The statement of the session before is found, whole; keys are those of vi when that is wanted.
fn second_session(plasma: &Path, folder: &Path) -> Result<(), String> {
    let screen = start(plasma, folder, "--trace run.jsonl --at 20")?;
    screen.key("C-r")?;
    screen.text("wide")?;
    screen.wait_for("balance({Folder}, cpu);", PATIENCE)?;
    screen.key("Enter")?;
    screen.key("Enter")?;
    screen.wait_for("wide fires", PATIENCE)?;
    screen.enter(":set keys vi", PATIENCE)?;
    screen.text("xserver.cpu")?;
    screen.wait_for("xserver.cpu", PATIENCE)?;
    screen.key("Escape")?;
    // A terminal tells Escape from the beginning of a sequence by what does not follow.
    std::thread::sleep(Duration::from_millis(600));
    screen.text("0x")?;
    screen.key("Enter")?;
    screen.wait_for("server:s1   90 %", PATIENCE)?;
    leave(&screen)
}

/// A table fits the terminal; Ctrl-C drops a line, and ends an evaluation.
fn interrupts(plasma: &Path, folder: &Path) -> Result<(), String> {
    let big = folder.join("big.jsonl");
    let screen = start(plasma, folder, &format!("--snapshot '{}'", big.display()))?;
    screen.enter(":set rows 3", PATIENCE)?;
    screen.enter("Folder(f).cpu", PATIENCE)?;
    let shown = screen.wait_for("and 3997 more rows", PATIENCE)?;
    let rows = shown.lines().filter(|line| line.contains('…'));
    if rows.filter(|row| row.trim_end().ends_with('%')).count() != 3 {
        return Err(format!("the table does not fit:\n{shown}"));
    }
    screen.text("Folder(f).mem")?;
    screen.wait_for("Folder(f).mem", PATIENCE)?;
    drop_line(&screen)?;
    screen.enter(":set rows", PATIENCE)?;
    for _ in 0..ATTEMPTS {
        screen.text("Folder(a).cpu > Folder(b).cpu")?;
        screen.wait_for("Folder(a).cpu > Folder(b).cpu", PATIENCE)?;
        screen.key("Enter")?;
        screen.key("C-c")?;
        let ended = screen.wait_until("the end of an evaluation", PATIENCE, |screen| {
            screen.contains("interrupted at") || screen.contains("stopped counting")
        })?;
        if ended.contains("interrupted at") {
            return leave(&screen);
        }
        screen.key("C-l")?;
    }
    Err("no evaluation was interrupted".to_owned())
}

/// Nothing moves until somebody has said yes, and nothing once it is over.
fn confirmed_policy(plasma: &Path, folder: &Path) -> Result<(), String> {
    let screen = start(plasma, folder, "--app metadata")?;
    screen.enter(":arm", PATIENCE)?;
    screen.wait_for("there are no rules yet", PATIENCE)?;
    screen.enter("server.cpu.perc > 20 => balance({any}, cpu);", PATIENCE)?;
    screen.wait_for("[y/N]", PATIENCE)?;
    screen.text("n")?;
    screen.key("Enter")?;
    screen.wait_for("nothing moves; `:apply` lets it", PATIENCE)?;
    screen.enter(":apply", PATIENCE)?;
    screen.wait_for("applied: 1 rule", PATIENCE)?;
    screen.wait_for("fired #1", PATIENCE)?;
    screen.enter(":disarm", PATIENCE)?;
    screen.wait_for("disarmed: nothing is ordered", PATIENCE)?;
    leave(&screen)
}
