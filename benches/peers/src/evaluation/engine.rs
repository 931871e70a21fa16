//! What the run asks of an engine, and the frame of those that live in this process.

use std::time::Instant;

use plasma_benches::clock::cpu_seconds;
use plasma_benches::generated::Generated;

use super::bindings::Bindings;

/// Seconds that something took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Spent {
    /// Of the engine's process, all threads together.
    pub(crate) cpu: f64,
    /// Of the wall clock.
    pub(crate) wall: f64,
}

impl Spent {
    /// Does something, and says what it took.
    pub(crate) fn by<T>(work: impl FnOnce() -> T) -> (Spent, T) {
        let (cpu, wall) = (cpu_seconds(), Instant::now());
        let result = work();
        let spent = Spent {
            cpu: cpu_seconds() - cpu,
            wall: wall.elapsed().as_secs_f64(),
        };
        (spent, result)
    }

    /// A part of it.
    pub(crate) fn divided_by(self, parts: usize) -> Spent {
        Spent {
            cpu: self.cpu / parts as f64,
            wall: self.wall / parts as f64,
        }
    }
}

impl std::ops::AddAssign for Spent {
    fn add_assign(&mut self, other: Spent) {
        self.cpu += other.cpu;
        self.wall += other.wall;
    }
}

/// What some evaluations of all snapshots took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Run {
    /// By line of the engine.
    pub(crate) spent: Vec<Spent>,
    /// Taking over what changed before each, where an engine follows changes.
    pub(crate) load: Option<Spent>,
}

/// An engine with its own form of every snapshot.
pub(crate) trait Engine {
    /// The lines of the table that it fills: what its evaluation takes up to some point.
    fn lines(&self) -> Vec<String>;

    /// The engine's version, if it is not part of this repository.
    fn version(&self) -> Option<String> {
        None
    }

    /// Makes the engine's form of every snapshot, and says what that took.
    fn load(&mut self) -> Result<Spent, String>;

    /// What the rules are true of on a snapshot, as it was loaded.
    fn bindings(&mut self, snapshot: usize) -> Result<Bindings, String>;

    /// Evaluates every snapshot so many times.
    fn run(&mut self, times: usize) -> Result<Run, String>;
}

/// An engine's form of one snapshot.
pub(crate) trait Form<'c>: Sized {
    /// The version of what evaluates it, if it is not part of this repository.
    fn version() -> Option<String> {
        None
    }

    /// Makes it.
    fn load(cluster: &'c Generated) -> Result<Self, String>;

    /// Evaluates the rules, and hands over what they are true of if somebody wants to know.
    fn evaluate(&mut self, bindings: Option<&mut Bindings>) -> Result<(), String>;
}

/// An engine in this process.
pub(crate) struct InProcess<'c, F> {
    name: String,
    clusters: &'c [Generated],
    forms: Vec<F>,
}

impl<'c, F: Form<'c>> InProcess<'c, F> {
    /// Nothing loaded yet.
    pub(crate) fn new(name: &str, clusters: &'c [Generated]) -> Self {
        InProcess {
            name: name.to_owned(),
            clusters,
            forms: Vec::new(),
        }
    }
}

impl<'c, F: Form<'c>> Engine for InProcess<'c, F> {
    fn lines(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn version(&self) -> Option<String> {
        F::version()
    }

    fn load(&mut self) -> Result<Spent, String> {
        self.forms.clear();
        let load = || self.clusters.iter().map(F::load).collect();
        let (spent, forms): (_, Result<Vec<F>, String>) = Spent::by(load);
        self.forms = forms?;
        Ok(spent)
    }

    fn bindings(&mut self, snapshot: usize) -> Result<Bindings, String> {
        let mut bindings = Bindings::default();
        self.forms[snapshot].evaluate(Some(&mut bindings))?;
        Ok(bindings)
    }

    fn run(&mut self, times: usize) -> Result<Run, String> {
        let (spent, result) = Spent::by(|| {
            (0..times).try_for_each(|_| self.forms.iter_mut().try_for_each(|f| f.evaluate(None)))
        });
        result.map(|()| Run {
            spent: vec![spent],
            load: None,
        })
    }
}
