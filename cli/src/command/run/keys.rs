//! The keys of the live view: Ctrl-C, which a terminal in raw mode hands over as a key, and `q`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::interrupt::Interrupt;

/// How often the reader looks whether the view has been closed.
const POLL: Duration = Duration::from_millis(50);

/// Reads keys until it is dropped.
pub(super) struct Keys {
    is_closed: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Interrupt,
    Stop,
}

impl Keys {
    /// Begins to read keys; the terminal is in raw mode.
    pub(super) fn listen(interrupt: Interrupt) -> Self {
        let is_closed = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&is_closed);
        let reader = std::thread::spawn(move || {
            while !closed.load(Ordering::SeqCst) {
                match next_wish() {
                    Ok(Some(Wish::Interrupt)) => interrupt.raise(),
                    Ok(Some(Wish::Stop)) => interrupt.stop(),
                    Ok(None) => {}
                    // Without a keyboard there is nobody who could watch.
                    Err(_) => return interrupt.stop(),
                }
            }
        });
        Keys {
            is_closed,
            reader: Some(reader),
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.is_closed.store(true, Ordering::SeqCst);
        if let Some(reader) = self.reader.take() {
            // A reader that panicked has nothing more to say.
            let _ = reader.join();
        }
    }
}

fn next_wish() -> std::io::Result<Option<Wish>> {
    if !event::poll(POLL)? {
        return Ok(None);
    }
    Ok(match event::read()? {
        Event::Key(key) => wish(&key),
        _ => None,
    })
}

fn wish(key: &KeyEvent) -> Option<Wish> {
    let with_control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        _ if key.kind == KeyEventKind::Release => None,
        KeyCode::Char('c' | 'C') if with_control => Some(Wish::Interrupt),
        KeyCode::Char('q' | 'Q') if !with_control => Some(Wish::Stop),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_c_interrupts_and_q_stops() {
        let wish_of = |code, modifiers| wish(&KeyEvent::new(code, modifiers));
        let (none, control) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        assert_eq!(wish_of(KeyCode::Char('c'), control), Some(Wish::Interrupt));
        assert_eq!(wish_of(KeyCode::Char('c'), none), None);
        assert_eq!(wish_of(KeyCode::Char('q'), none), Some(Wish::Stop));
        assert_eq!(wish_of(KeyCode::Enter, none), None);
    }
}
