//! A real terminal: tmux, with a socket of its own. What is on the screen can be read back, with its colours.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::session::succeed;

/// How often the screen is looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// A screen with a shell command on it; ends when dropped.
pub(super) struct Tmux {
    socket: String,
}

/// Whether tmux is there; it is installed if it is not and that can be done.
///
/// # Errors
/// Why it is not there.
pub(super) fn install() -> Result<(), String> {
    let version = || {
        let mut tmux = Command::new("tmux");
        tmux.arg("-V");
        succeed(tmux).map(drop)
    };
    if version().is_ok() {
        return Ok(());
    }
    let mut apt = Command::new("apt-get");
    apt.args(["-o", "DPkg::Lock::Timeout=600", "install", "--yes", "tmux"]);
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    succeed(apt)?;
    version()
}

impl Tmux {
    /// A screen of so many columns and rows, on which a shell command runs in a folder.
    pub(super) fn start(
        [columns, rows]: [u16; 2],
        folder: &Path,
        shell: &str,
    ) -> Result<Tmux, String> {
        // One that is just ending must not be met.
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let socket = format!("plasma-e2e-{}-{number}", std::process::id());
        let tmux = Tmux { socket };
        let (columns, rows) = (columns.to_string(), rows.to_string());
        let folder = folder.to_string_lossy();
        tmux.run(&[
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-s",
            "e2e",
            "-x",
            &columns,
            "-y",
            &rows,
            "-c",
            &folder,
            shell,
        ])?;
        Ok(tmux)
    }

    /// Types a text.
    pub(super) fn text(&self, text: &str) -> Result<(), String> {
        // A semicolon at the end would end tmux's own command.
        let text = match text.strip_suffix(';') {
            Some(head) => format!("{head}\\;"),
            None => text.to_owned(),
        };
        self.run(&["send-keys", "-t", "e2e", "-l", "--", &text])
            .map(drop)
    }

    /// Presses a key by tmux's name for it: `Enter`, `C-r`.
    pub(super) fn key(&self, name: &str) -> Result<(), String> {
        self.run(&["send-keys", "-t", "e2e", name]).map(drop)
    }

    /// Types a text, waits until it is on the screen, and presses Enter.
    pub(super) fn enter(&self, text: &str, patience: Duration) -> Result<(), String> {
        self.text(text)?;
        self.wait_for(text, patience)?;
        self.key("Enter")
    }

    /// What is on the screen, without colours.
    pub(super) fn screen(&self) -> Result<String, String> {
        self.run(&["capture-pane", "-p", "-t", "e2e"])
    }

    /// The same with the sequences that colour it.
    pub(super) fn coloured(&self) -> Result<String, String> {
        self.run(&["capture-pane", "-e", "-p", "-t", "e2e"])
    }

    /// Waits until the screen is as wanted.
    pub(super) fn wait_until(
        &self,
        what: &str,
        patience: Duration,
        is_so: impl Fn(&str) -> bool,
    ) -> Result<String, String> {
        let deadline = Instant::now() + patience;
        loop {
            let screen = self.screen()?;
            if is_so(&screen) {
                return Ok(screen);
            }
            if Instant::now() > deadline {
                return Err(format!("{what} was not shown but:\n{}", screen.trim_end()));
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// Waits until a text is on the screen.
    pub(super) fn wait_for(&self, text: &str, patience: Duration) -> Result<String, String> {
        self.wait_until(&format!("`{text}`"), patience, |screen| {
            screen.contains(text)
        })
    }

    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let mut tmux = Command::new("tmux");
        tmux.args(["-L", &self.socket]).args(arguments);
        tmux.env_remove("TMUX");
        succeed(tmux)
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = self.run(&["kill-server"]);
    }
}
