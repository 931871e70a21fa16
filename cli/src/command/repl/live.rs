//! A running cluster behind a prompt: measured on a thread of its own, looked at, never moved.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use plasma_actor::Application;
use plasma_cluster::ClusterConfig;
use plasma_columns::Columns;
use plasma_engine::{Engine as _, Stopper};
use plasma_eval::Past;
use plasma_manager::Window;

use crate::failure::Failure;

/// How often the cluster is measured.
const PERIOD: Duration = Duration::from_secs(1);

/// The last tick with those before it, or why there is none.
type Last = Arc<Mutex<Result<Option<(Columns, Past)>, String>>>;

/// A running cluster; ends when dropped.
pub(super) struct Cluster {
    last: Last,
    stopper: Stopper,
    measuring: Option<JoinHandle<()>>,
}

impl Cluster {
    /// Starts the application and waits for its first measurement.
    pub(super) fn start(application: &'static dyn Application) -> Result<Self, Failure> {
        let config = ClusterConfig {
            period: PERIOD,
            ..ClusterConfig::default()
        };
        let cluster = plasma_cluster::Cluster::start(application, config)
            .map_err(|error| Failure::new(error.to_string()))?;
        let stopper = cluster.stopper();
        let last: Last = Arc::new(Mutex::new(Ok(None)));
        let (first, measured) = std::sync::mpsc::channel();
        let shared = Arc::clone(&last);
        let measuring = std::thread::Builder::new()
            .name("measure".to_owned())
            .spawn(move || measure(cluster, &shared, || first.send(()).is_ok()))
            .map_err(|error| Failure::new(format!("cannot start a thread: {error}")))?;
        // An error means that the thread has ended: what `snapshot` then says is the reason.
        let _ = measured.recv();
        Ok(Cluster {
            last,
            stopper,
            measuring: Some(measuring),
        })
    }

    /// The cluster at the end of the last period, and before.
    pub(super) fn now(&self) -> Result<(Columns, Past), String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()?
            .ok_or_else(|| "the cluster has not been measured yet".to_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stopper.stop();
        if let Some(measuring) = self.measuring.take() {
            let _ = measuring.join();
        }
    }
}

fn measure(mut cluster: plasma_cluster::Cluster, last: &Last, measured: impl Fn() -> bool) {
    let mut window = Window::new(Some(PERIOD.as_secs_f64()));
    let mut past = Past::of_everything();
    let keep = |result| *last.lock().unwrap_or_else(PoisonError::into_inner) = result;
    loop {
        match cluster.next_batch() {
            Ok(Some(batch)) => {
                for event in batch.events {
                    if let Err(error) = window.push(&event) {
                        keep(Err(error.to_string()));
                    }
                }
                let columns = window.columns().clone();
                past.push(columns.frame());
                keep(Ok(Some((columns, past.clone()))));
                measured();
            }
            Ok(None) => break,
            Err(error) => {
                keep(Err(error.to_string()));
                break;
            }
        }
    }
    // Nothing moves in it: there is nothing to be answered for.
    let _ = cluster.finish();
}
