//! How the session speaks with the thread that follows the clusters.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};
use plasma_check::program::CheckedProgram;
use plasma_scenario::project::Attachment;

use super::Update;
use super::worker::{Job, work};

/// How the session speaks with the thread that follows the clusters. The thread begins with the first document
/// that has a cluster, and ends with the desk.
#[derive(Debug)]
pub(crate) struct Desk {
    jobs: Option<Sender<Job>>,
    updates: Receiver<Update>,
    /// Kept so that the receiver waits for ever while there is no thread.
    giver: Sender<Update>,
    thread: Option<JoinHandle<()>>,
    /// What is followed: the document's cluster, and what the document was then.
    followed: BTreeMap<String, (Attachment, u64)>,
    /// What of that the thread has not taken yet.
    wishes: Wishes,
}

/// A cluster, and the policy that is to be followed there.
pub(crate) type Wish = (Attachment, Arc<CheckedProgram>);

/// The last wish for each document: earlier ones are not worth keeping, each holds a whole policy.
pub(crate) type Wishes = Arc<Mutex<BTreeMap<String, Wish>>>;

impl Desk {
    /// Nothing is followed yet.
    pub(crate) fn new() -> Desk {
        let (giver, updates) = unbounded();
        Desk {
            jobs: None,
            updates,
            giver,
            thread: None,
            followed: BTreeMap::new(),
            wishes: Wishes::default(),
        }
    }

    /// What was found out, as it comes.
    pub(crate) fn updates(&self) -> &Receiver<Update> {
        &self.updates
    }

    /// Has a document followed in no cluster any more.
    pub(crate) fn leave(&mut self, uri: &str) {
        if self.followed.remove(uri).is_some() {
            self.wishes().remove(uri);
            self.tell(Job::Leave(uri.to_owned()));
        }
    }

    /// Has a document's policy followed in a cluster; nothing is done if the document is as it was when that was
    /// asked for last, which its stamp tells.
    pub(crate) fn follow(
        &mut self,
        uri: &str,
        attachment: Attachment,
        (stamp, program): (u64, &CheckedProgram),
    ) {
        let known = self.followed.get(uri);
        if known.is_some_and(|(place, known)| *place == attachment && *known == stamp) {
            return;
        }
        let followed = (attachment.clone(), stamp);
        self.followed.insert(uri.to_owned(), followed);
        // A copy of its own: the session goes on with the rest of what it knows.
        let wish = (attachment, Arc::new(program.clone()));
        let is_told = self.wishes().insert(uri.to_owned(), wish).is_some();
        if !is_told {
            self.tell(Job::Follow(uri.to_owned()));
        }
    }

    fn wishes(&self) -> MutexGuard<'_, BTreeMap<String, Wish>> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a document is followed in this cluster.
    pub(crate) fn follows(&self, uri: &str, attachment: &Attachment) -> bool {
        let known = self.followed.get(uri);
        known.is_some_and(|(place, _)| place == attachment)
    }

    fn tell(&mut self, job: Job) {
        if self.jobs.is_none() {
            let (jobs, taken) = unbounded();
            let (giver, asker) = (self.giver.clone(), jobs.clone());
            let thread = std::thread::Builder::new().name("attached".to_owned());
            // Without a thread there is no cluster beside the text; all else goes on.
            let wishes = Arc::clone(&self.wishes);
            self.thread = thread
                .spawn(move || work(&taken, &asker, &giver, &wishes))
                .ok();
            self.jobs = Some(jobs);
        }
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(jobs) = self.jobs.take() {
            let _ = jobs.send(Job::End);
        }
        // Not waited for: it may be within the last tick of a large trace, or of a silent engine.
        drop(self.thread.take());
    }
}
