//! The thread that follows the clusters: one policy after the other, the newest wish first.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_ide::Attached;
use plasma_scenario::project::Attachment;

use super::desk::Wishes;
use super::follower::Follower;
use super::live::{Engines, Heard};
use super::recorded::{replay, stamp};
use super::{Found, State, Update};

/// How often it is looked whether a file has changed.
const LOOKED_AT_SECONDS: f64 = 2.0;

/// A file that takes long is looked at less often: so many times as long apart as it takes.
const REST_FACTOR: f64 = 10.0;

/// What takes longer is told.
const QUIET: Duration = Duration::from_millis(400);

/// What the thread is told.
pub(crate) enum Job {
    /// There is a wish for a document.
    Follow(String),
    /// A document is closed, or has no cluster any more.
    Leave(String),
    /// Something came from an engine.
    Heard(Heard),
    /// Nobody is there any more.
    End,
}

/// Works until the end.
pub(crate) fn work(
    jobs: &Receiver<Job>,
    asker: &Sender<Job>,
    giver: &Sender<Update>,
    wishes: &Wishes,
) {
    let mut worker = Worker {
        jobs,
        giver,
        wishes,
        waiting: VecDeque::new(),
        engines: Engines::new(asker.clone()),
        documents: BTreeMap::new(),
        heard: BTreeMap::new(),
    };
    loop {
        match worker.next() {
            Ok(job) => {
                if !worker.take(job) {
                    return;
                }
            }
            Err(RecvTimeoutError::Timeout) => worker.look(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        // What has arrived in the meantime is taken in before anything is computed.
        while let Some(job) = worker.waiting.pop_front().or_else(|| jobs.try_recv().ok()) {
            if !worker.take(job) {
                return;
            }
        }
        worker.tell_heard();
        worker.replay_one();
    }
}

/// A document whose policy is followed.
struct Document {
    attachment: Attachment,
    program: Arc<CheckedProgram>,
    /// Of a recorded cluster: what the file was when it was replayed last.
    replayed: Option<Replayed>,
    /// Of a running cluster: the policy on its way.
    follower: Option<Follower>,
}

/// A file that was replayed.
#[derive(Clone, Copy)]
struct Replayed {
    stamp: Option<(u64, SystemTime)>,
    at: Instant,
    took: Duration,
    /// Whether it has changed since.
    is_old: bool,
}

struct Worker<'w> {
    jobs: &'w Receiver<Job>,
    giver: &'w Sender<Update>,
    wishes: &'w Wishes,
    /// What arrived while something was replayed.
    waiting: VecDeque<Job>,
    engines: Engines,
    documents: BTreeMap<String, Document>,
    /// The engines that told something, with what is wrong with them.
    heard: BTreeMap<String, Option<String>>,
}

impl Worker<'_> {
    /// Waits for a job, or until a file is to be looked at.
    fn next(&mut self) -> Result<Job, RecvTimeoutError> {
        if let Some(job) = self.waiting.pop_front() {
            return Ok(job);
        }
        match self.next_look() {
            Some(wait) => self.jobs.recv_timeout(wait),
            None => self.jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Takes in a job; `false` at the end.
    fn take(&mut self, job: Job) -> bool {
        match job {
            Job::Follow(uri) => self.follow(uri),
            Job::Leave(uri) => {
                self.documents.remove(&uri);
                self.let_go();
            }
            Job::Heard(heard) => {
                let url = heard.url.clone();
                match self.engines.note(heard) {
                    Ok(true) => _ = self.heard.insert(url, None),
                    Ok(false) => {}
                    Err(message) => _ = self.heard.insert(url, Some(message)),
                }
            }
            Job::End => return false,
        }
        true
    }

    /// Follows a policy as is wished last.
    fn follow(&mut self, uri: String) {
        let mut wishes = self.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((attachment, program)) = wishes.remove(&uri) else {
            return;
        };
        drop(wishes);
        let mut document = Document {
            attachment,
            program,
            replayed: None,
            follower: None,
        };
        if let Attachment::Engine(url) = &document.attachment {
            self.engines.follow(url);
            document.follower = Some(Follower::new(Arc::clone(&document.program)));
            if let Some(columns) = self.engines.present(url) {
                let found = document.saw(&uri, &columns);
                self.give(found);
            }
        }
        self.documents.insert(uri, document);
        self.let_go();
    }

    /// Ends what nobody looks at any more.
    fn let_go(&mut self) {
        let urls = self
            .documents
            .values()
            .filter_map(|document| match &document.attachment {
                Attachment::Engine(url) => Some(url.as_str()),
                Attachment::File(_) => None,
            });
        let urls: Vec<String> = urls.map(str::to_owned).collect();
        self.engines.keep(&urls);
    }

    /// Tells what engines told. Of several periods that came meanwhile only the last is looked at.
    fn tell_heard(&mut self) {
        for (url, mistake) in std::mem::take(&mut self.heard) {
            let columns = self.engines.present(&url);
            let attachment = Attachment::Engine(url);
            for (uri, document) in &mut self.documents {
                if document.attachment != attachment {
                    continue;
                }
                let found = match (&mistake, &columns) {
                    (Some(message), _) => document.lost(uri, message),
                    (None, Some(columns)) => document.saw(uri, columns),
                    (None, None) => continue,
                };
                let _ = self.giver.send(Update::Found(Box::new(found)));
            }
        }
    }

    fn give(&self, found: Found) {
        // Without a session there is nobody to tell.
        let _ = self.giver.send(Update::Found(Box::new(found)));
    }

    /// How long it is until a file is to be looked at again.
    fn next_look(&self) -> Option<Duration> {
        let waits = self.documents.values().filter_map(|document| {
            if document.follower.is_some() {
                return None;
            }
            Some(document.replayed.map_or(Duration::ZERO, |last| {
                last.due().saturating_duration_since(Instant::now())
            }))
        });
        waits.min()
    }

    /// Looks which files have changed.
    fn look(&mut self) {
        let now = Instant::now();
        for document in self.documents.values_mut() {
            if let (Attachment::File(path), Some(last)) =
                (&document.attachment, &mut document.replayed)
                && last.due() <= now
            {
                last.is_old |= stamp(path) != last.stamp;
                last.at = now;
            }
        }
    }

    /// Replays one document whose cluster or policy is new.
    fn replay_one(&mut self) {
        let mut recorded = self.documents.iter().filter_map(|(uri, document)| {
            let Attachment::File(path) = &document.attachment else {
                return None;
            };
            let is_new = document.replayed.is_none_or(|last| last.is_old);
            is_new.then(|| (uri.clone(), path.clone()))
        });
        if let Some((uri, path)) = recorded.next() {
            self.replay(&uri, &path);
        }
    }

    fn replay(&mut self, uri: &str, path: &Path) {
        let Some(document) = self.documents.get_mut(uri) else {
            return;
        };
        let (started, stamp) = (Instant::now(), stamp(path));
        let follower = Follower::new(Arc::clone(&document.program));
        let mut is_told = false;
        let name = document.attachment.name();
        let (jobs, waiting, wishes) = (self.jobs, &mut self.waiting, self.wishes);
        let replayed = replay(path, follower, &mut |ticks| {
            if started.elapsed() > QUIET {
                is_told = true;
                let doing = Update::Doing(format!("{name}: {ticks} ticks"));
                let _ = self.giver.send(doing);
            }
            waiting.extend(jobs.try_iter());
            // What is wished anew, or not at all any more, is not worth its end.
            let wishes = wishes.lock().unwrap_or_else(PoisonError::into_inner);
            let is_over = |job: &Job| match job {
                Job::Leave(of) => of == uri,
                Job::End => true,
                Job::Follow(_) | Job::Heard(_) => false,
            };
            !wishes.contains_key(uri) && !waiting.iter().any(is_over)
        });
        if is_told {
            let _ = self.giver.send(Update::Doing(String::new()));
        }
        let (attached, message) = match replayed {
            Ok(None) => return,
            Ok(Some(replay)) => (Ok(replay.attached), replay.message),
            Err(message) => (Err(message), None),
        };
        document.replayed = Some(Replayed {
            stamp,
            at: Instant::now(),
            took: started.elapsed(),
            is_old: false,
        });
        let attached = attached.map(|attached| Attached {
            name: name.into(),
            ..attached
        });
        let found = Found {
            uri: uri.to_owned(),
            attachment: document.attachment.clone(),
            attached,
            state: State::Still,
            message,
        };
        self.give(found);
    }
}

impl Replayed {
    /// When it is to be looked at again.
    fn due(&self) -> Instant {
        let rest = self.took.as_secs_f64() * REST_FACTOR;
        self.at + Duration::from_secs_f64(rest.max(LOOKED_AT_SECONDS))
    }
}

impl Document {
    /// Takes note of a tick of a running cluster.
    fn saw(&mut self, uri: &str, columns: &Arc<Columns>) -> Found {
        let name = self.attachment.name();
        let program = &self.program;
        let follower = self
            .follower
            .get_or_insert_with(|| Follower::new(Arc::clone(program)));
        follower.see(columns);
        let attached = Attached {
            name: name.into(),
            ..follower.attached(Arc::clone(columns))
        };
        Found {
            uri: uri.to_owned(),
            attachment: self.attachment.clone(),
            attached: Ok(attached),
            state: State::Live,
            message: None,
        }
    }

    /// A running cluster cannot be reached.
    fn lost(&self, uri: &str, message: &str) -> Found {
        Found {
            uri: uri.to_owned(),
            attachment: self.attachment.clone(),
            attached: Err(message.to_owned()),
            state: State::Lost,
            message: None,
        }
    }
}
