//! A running cluster behind a prompt: measured on a thread of its own, and moved only by a policy that was
//! applied to it.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use plasma_actor::Application;
use plasma_check::program::CheckedProgram;
use plasma_cluster::{Cluster, ClusterConfig};
use plasma_columns::Columns;
use plasma_engine::{Engine, Stopper};
use plasma_eval::Past;
use plasma_manager::Gem;
use plasma_remote::{RemoteError, RemotePolicy};
use plasma_scenario::{Control, Mode};

use super::remote::Remote;
use crate::command::run;
use crate::failure::Failure;

/// How often a cluster of this process is measured.
const PERIOD: Duration = Duration::from_secs(1);

/// How often a waiting prompt looks whether it has been interrupted.
const GLANCE: Duration = Duration::from_millis(50);

/// At most so many lines about what a policy did wait to be shown; the oldest go first.
const NEWS_MAX: usize = 200;

/// Who is told of each period: the cluster, what was before, and what the policy did in it.
pub(super) type Listener = Box<dyn FnMut(&Columns, &Past, &[String]) + Send>;

/// A running cluster. One of this process ends when dropped; one of another process goes on as it is.
pub(super) struct Running {
    shared: Arc<Shared>,
    stopper: Stopper,
    /// The actor declarations that it announces.
    schema: Option<String>,
    conducting: Option<JoinHandle<()>>,
    /// Who decides on its policy, if that is another process.
    elsewhere: Option<Elsewhere>,
}

/// The policy of a cluster that another process runs.
struct Elsewhere {
    policy: RemotePolicy,
    /// The policy that was in force before the first change from here.
    before: Option<String>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    ticked: Condvar,
    wanted: Mutex<Wanted>,
}

/// What the last periods told.
#[derive(Default)]
struct Seen {
    /// The last tick with those before it.
    last: Option<(Columns, Past)>,
    /// How many periods there were.
    periods: u64,
    /// What the policy did, where nobody listens.
    news: VecDeque<String>,
    /// Why there will be no further period.
    end: Option<String>,
}

/// What is to be done from the next decision on.
#[derive(Default)]
struct Wanted {
    acts: bool,
    policy: Option<(CheckedProgram, String)>,
}

impl Running {
    /// Starts an application on servers of this process.
    pub(super) fn start(
        application: &'static dyn Application,
        listener: Option<Listener>,
    ) -> Result<Self, Failure> {
        let config = ClusterConfig {
            period: PERIOD,
            ..ClusterConfig::default()
        };
        let cluster =
            Cluster::start(application, config).map_err(|error| Failure::new(error.to_string()))?;
        Running::conduct(Box::new(cluster), listener)
    }

    /// Goes along with a cluster that another process runs.
    pub(super) fn join(remote: Remote, listener: Option<Listener>) -> Result<Self, Failure> {
        let mut running = Running::conduct(remote.engine, listener)?;
        running.elsewhere = Some(Elsewhere {
            policy: remote.policy,
            before: None,
        });
        Ok(running)
    }

    fn conduct(
        mut engine: Box<dyn Engine + Send>,
        listener: Option<Listener>,
    ) -> Result<Self, Failure> {
        let stopper = engine.stopper();
        let schema = engine.schema().map(str::to_owned);
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        let conducting = std::thread::Builder::new()
            .name("conduct".to_owned())
            .spawn(move || conduct(engine.as_mut(), &of_thread, listener))
            .map_err(|error| Failure::new(format!("cannot start a thread: {error}")))?;
        Ok(Running {
            shared,
            stopper,
            schema,
            conducting: Some(conducting),
            elsewhere: None,
        })
    }

    /// The actor declarations that it announces.
    pub(super) fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// The cluster at the end of the last period, and before.
    pub(super) fn now(&self) -> Result<(Columns, Past), String> {
        let seen = self.shared.seen();
        match (&seen.last, &seen.end) {
            (_, Some(end)) => Err(end.clone()),
            (Some(last), None) => Ok(last.clone()),
            (None, None) => Err("the cluster has not been measured yet".to_owned()),
        }
    }

    /// Waits for the end of the period. `false` if nobody waits for it any more.
    pub(super) fn wait(&self, is_called_off: impl Fn() -> bool) -> Result<bool, String> {
        let mut seen = self.shared.seen();
        let before = seen.periods;
        while seen.periods == before {
            if let Some(end) = &seen.end {
                return Err(end.clone());
            }
            if is_called_off() {
                return Ok(false);
            }
            let waited = self.shared.ticked.wait_timeout(seen, GLANCE);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(true)
    }

    /// Decides by this policy from the end of the present period on, and orders what is decided; what the
    /// process that runs the cluster says about it, if that is another one.
    ///
    /// # Errors
    /// What keeps that process from it.
    pub(super) fn apply(
        &mut self,
        program: CheckedProgram,
        text: String,
    ) -> Result<Option<String>, RemoteError> {
        if let Some(elsewhere) = &mut self.elsewhere {
            if elsewhere.before.is_none() {
                elsewhere.before = Some(elsewhere.policy.policy()?);
            }
            return elsewhere.policy.replace_policy(&text).map(Some);
        }
        *self.shared.wanted() = Wanted {
            acts: true,
            policy: Some((program, text)),
        };
        Ok(None)
    }

    /// Orders nothing any more. Once this returns, nothing is ordered; a cluster of another process is under
    /// the policy again that it had before, which is said.
    ///
    /// # Errors
    /// What keeps that process from it.
    pub(super) fn rest(&mut self) -> Result<Option<String>, RemoteError> {
        if let Some(elsewhere) = &mut self.elsewhere {
            let Some(before) = &elsewhere.before else {
                return Ok(None);
            };
            let said = elsewhere.policy.replace_policy(before)?;
            elsewhere.before = None;
            return Ok(Some(said));
        }
        *self.shared.wanted() = Wanted::default();
        Ok(None)
    }

    /// What the policy did since this was last asked.
    pub(super) fn news(&self) -> Vec<String> {
        self.shared.seen().news.drain(..).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *self.shared.wanted() = Wanted::default();
        self.stopper.stop();
        if let Some(conducting) = self.conducting.take() {
            let _ = conducting.join();
        }
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wanted(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the end of a period, or of all.
    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen());
        self.ticked.notify_all();
    }
}

fn conduct(engine: &mut dyn Engine, shared: &Shared, mut listener: Option<Listener>) {
    let gem = Gem::with_past(CheckedProgram::default(), Past::of_everything());
    let mut control = Control::new(engine, gem, "", None);
    loop {
        match next(&mut control, shared) {
            Ok(Some(mut news)) => {
                let last = (control.columns().clone(), control.gem().past().clone());
                if let Some(listener) = &mut listener {
                    listener(&last.0, &last.1, &news);
                    news.clear();
                }
                shared.note(|seen| {
                    seen.last = Some(last);
                    seen.periods += 1;
                    seen.news.extend(news);
                    while seen.news.len() > NEWS_MAX {
                        seen.news.pop_front();
                    }
                });
            }
            Ok(None) => {
                shared.note(|seen| seen.end = Some("the cluster has ended".to_owned()));
                break;
            }
            Err(error) => {
                shared.note(|seen| seen.end = Some(error));
                break;
            }
        }
    }
    // What was begun ends; nobody is left to be told how.
    let _ = control.finish();
}

/// One period: what the policy did in it. What is wanted is asked for when it is to be decided, and cannot
/// change until that is done.
fn next(control: &mut Control<'_>, shared: &Shared) -> Result<Option<Vec<String>>, String> {
    let Some(measured) = control.measure().map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let mut wanted = shared.wanted();
    if let Some((program, text)) = wanted.policy.take() {
        let past = control.gem().past().clone();
        control.replace_policy_knowing(program, past, &text, "the prompt");
    }
    let mode = match wanted.acts {
        true => Mode::Act,
        false => Mode::Watch,
    };
    let period = control.conclude(measured, mode);
    drop(wanted);
    period
        .map(|period| Some(run::told(&period)))
        .map_err(|error| error.to_string())
}
