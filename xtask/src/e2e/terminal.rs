//! A pseudo-terminal: what a person at a keyboard sees and types, on a machine without any tool.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A command that runs on a terminal of its own.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    shown: Vec<u8>,
}

impl Terminal {
    /// Starts a command on a terminal of 100 columns and 40 rows.
    pub(crate) fn start(mut command: Command) -> Result<Self, String> {
        let (ours, theirs) = pair().map_err(|error| format!("no terminal: {error}"))?;
        let stdio = || theirs.try_clone().map(Stdio::from);
        command
            .stdin(stdio().map_err(|e| e.to_string())?)
            .stdout(stdio().map_err(|e| e.to_string())?)
            .stderr(stdio().map_err(|e| e.to_string())?)
            .env("TERM", "xterm-256color");
        let child = command
            .spawn()
            .map_err(|error| format!("cannot start {command:?}: {error}"))?;
        let mut output = ours.try_clone().map_err(|error| error.to_string())?;
        let (sender, screen) = mpsc::channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            // The terminal reports an error once its last program has ended.
            while let Ok(length @ 1..) = output.read(&mut chunk) {
                if sender.send(chunk[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Ok(Terminal {
            child,
            keyboard: ours,
            screen,
            shown: Vec::new(),
        })
    }

    /// Waits until `text` has been shown.
    pub(crate) fn wait_for(&mut self, text: &str, patience: Duration) -> Result<(), String> {
        let deadline = Instant::now() + patience;
        while !self.shown().contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(chunk) => self.shown.extend(chunk),
                Err(_) => return Err(format!("`{text}` was not shown but: {}", self.shown())),
            }
        }
        Ok(())
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &[u8]) -> Result<(), String> {
        self.keyboard
            .write_all(keys)
            .map_err(|error| error.to_string())
    }

    /// Waits for the command to end; its status and all that it showed.
    pub(crate) fn end(mut self, patience: Duration) -> Result<(ExitStatus, String), String> {
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(chunk) => self.shown.extend(chunk),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    let _ = self.child.kill();
                    let _ = self.child.wait();
                    return Err(format!("it did not end; it showed: {}", self.shown()));
                }
            }
        }
        let status = self.child.wait().map_err(|error| error.to_string())?;
        Ok((status, self.shown()))
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown).into_owned()
    }
}

/// The two ends of a new terminal: the person's and the program's.
fn pair() -> rustix::io::Result<(File, File)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let name = ptsname(&ours, Vec::new())?;
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let theirs = rustix::fs::open(name.as_c_str(), flags, Mode::empty())?;
    let size = Winsize {
        ws_row: 40,
        ws_col: 100,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&theirs, size)?;
    Ok((File::from(ours), File::from(theirs)))
}
