//! How the session speaks with the thread that follows the clusters.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};
use plasma_check::Checked;
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
    /// What is followed: the document's cluster and policy.
    followed: BTreeMap<String, (Attachment, Arc<Checked>)>,
}

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
        }
    }

    /// What was found out, as it comes.
    pub(crate) fn updates(&self) -> &Receiver<Update> {
        &self.updates
    }

    /// Has a document's policy followed in a cluster; in none, without one.
    pub(crate) fn follow(&mut self, uri: &str, beside: Option<(Attachment, Arc<Checked>)>) {
        match beside {
            None => {
                if self.followed.remove(uri).is_some() {
                    self.tell(Job::Leave(uri.to_owned()));
                }
            }
            Some((attachment, checked)) => {
                let known = self.followed.get(uri);
                let is_known = known.is_some_and(|(place, policy)| {
                    *place == attachment && Arc::ptr_eq(policy, &checked)
                });
                if is_known {
                    return;
                }
                let entry = (attachment.clone(), Arc::clone(&checked));
                self.followed.insert(uri.to_owned(), entry);
                self.tell(Job::Follow {
                    uri: uri.to_owned(),
                    attachment,
                    checked,
                });
            }
        }
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
            self.thread = thread.spawn(move || work(&taken, &asker, &giver)).ok();
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
