//! Running clusters: each followed by a thread that waits for its periods, and tries again when it is gone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::Sender;
use plasma_columns::Columns;
use plasma_engine::{Batch, Engine, Stopper};
use plasma_manager::Window;
use plasma_remote::RemoteEngine;

use super::worker::Job;

/// How long it waits before it tries again.
const RETRY: Duration = Duration::from_secs(2);

/// What an engine tells.
pub(crate) struct Heard {
    /// The engine.
    pub(crate) url: String,
    told: Told,
}

enum Told {
    /// It can be reached: it begins anew.
    Begins {
        period_seconds: Option<f64>,
        stopper: Stopper,
    },
    /// A period.
    Batch(Box<Batch>),
    /// It cannot be reached, or not any more.
    Lost(String),
}

/// The engines that are followed.
pub(crate) struct Engines {
    asker: Sender<Job>,
    by_url: BTreeMap<String, Followed>,
}

struct Followed {
    window: Window,
    /// Whether a period has ended since it could be reached.
    is_whole: bool,
    /// The cluster at the last tick, if somebody asked for it since.
    present: Option<Arc<Columns>>,
    is_over: Arc<AtomicBool>,
    stopper: Option<Stopper>,
}

impl Engines {
    /// None yet; what they tell goes to `asker`.
    pub(crate) fn new(asker: Sender<Job>) -> Engines {
        Engines {
            asker,
            by_url: BTreeMap::new(),
        }
    }

    /// Begins to follow an engine, unless that is done already.
    pub(crate) fn follow(&mut self, url: &str) {
        if self.by_url.contains_key(url) {
            return;
        }
        let is_over = Arc::new(AtomicBool::new(false));
        let (asker, name, ended) = (self.asker.clone(), url.to_owned(), Arc::clone(&is_over));
        let thread = std::thread::Builder::new().name("engine".to_owned());
        let started = thread.spawn(move || listen(&name, &asker, &ended));
        if let Err(error) = started {
            let told = Told::Lost(format!("cannot start a thread: {error}"));
            let url = url.to_owned();
            let _ = self.asker.send(Job::Heard(Heard { url, told }));
        }
        let followed = Followed {
            window: Window::new(None),
            is_whole: false,
            present: None,
            is_over,
            stopper: None,
        };
        self.by_url.insert(url.to_owned(), followed);
    }

    /// Follows only these any longer.
    pub(crate) fn keep(&mut self, urls: &[String]) {
        self.by_url.retain(|url, followed| {
            let is_kept = urls.contains(url);
            if !is_kept {
                followed.end();
            }
            is_kept
        });
    }

    /// The cluster at the last tick that an engine told of.
    pub(crate) fn present(&mut self, url: &str) -> Option<Arc<Columns>> {
        let followed = self
            .by_url
            .get_mut(url)
            .filter(|followed| followed.is_whole)?;
        let window = &followed.window;
        let present = || Arc::new(window.columns().clone());
        Some(Arc::clone(followed.present.get_or_insert_with(present)))
    }

    /// Takes note of what an engine tells; whether a period ended.
    ///
    /// # Errors
    ///
    /// If it cannot be reached, or tells nonsense: why, for people.
    pub(crate) fn note(&mut self, heard: Heard) -> Result<bool, String> {
        let Some(followed) = self.by_url.get_mut(&heard.url) else {
            return Ok(false);
        };
        match heard.told {
            Told::Begins {
                period_seconds,
                stopper,
            } => {
                followed.window = Window::new(period_seconds);
                followed.stopper = Some(stopper);
                followed.is_whole = false;
                Ok(false)
            }
            Told::Batch(batch) => {
                let mut is_ended = false;
                for event in &batch.events {
                    let pushed = followed.window.push(event);
                    is_ended |= pushed.map_err(|error| error.to_string())?;
                }
                followed.is_whole |= is_ended;
                followed.present = None;
                Ok(is_ended)
            }
            Told::Lost(message) => {
                followed.is_whole = false;
                Err(message)
            }
        }
    }
}

impl Followed {
    fn end(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(stopper) = self.stopper.take() {
            stopper.stop();
        }
    }
}

impl Drop for Engines {
    fn drop(&mut self) {
        self.by_url.values_mut().for_each(Followed::end);
    }
}

/// Listens to an engine until nobody follows it any more.
fn listen(url: &str, asker: &Sender<Job>, is_over: &AtomicBool) {
    let tell = |told: Told| {
        let url = url.to_owned();
        asker.send(Job::Heard(Heard { url, told })).is_ok()
    };
    while !is_over.load(Ordering::Relaxed) {
        let why = match RemoteEngine::connect(url, None) {
            Ok(mut engine) => {
                let begins = Told::Begins {
                    period_seconds: Some(engine.hello().period),
                    stopper: engine.stopper(),
                };
                if !tell(begins) {
                    return;
                }
                listen_to(&mut engine, &tell)
            }
            Err(error) => error.to_string(),
        };
        if is_over.load(Ordering::Relaxed) || !tell(Told::Lost(why)) {
            return;
        }
        std::thread::sleep(RETRY);
    }
}

/// Tells of an engine's periods; why there are no more.
fn listen_to(engine: &mut RemoteEngine, tell: &dyn Fn(Told) -> bool) -> String {
    loop {
        match engine.next_batch() {
            Ok(Some(batch)) => {
                if !tell(Told::Batch(Box::new(batch))) {
                    return String::new();
                }
            }
            Ok(None) => return "the run has ended".to_owned(),
            Err(error) => return error.to_string(),
        }
    }
}
