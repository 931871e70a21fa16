//! Clusters on which two policies ask for different things: found by the checker, and evaluated under
//! both before anybody is told.

use std::collections::BTreeSet;

use plasma_check::cluster::text::quoted;
use plasma_check::compare::{Situation, situations};
use plasma_check::program::{CheckedProgram, Rule};
use plasma_check::schema::Schema;
use plasma_columns::Columns;
use plasma_diagnostic::SourceMap;
use plasma_eval::Evaluator;
use plasma_model::{Behavior, Decision, Goal, Intent, PERIOD_SECONDS_DEFAULT, Reservations};
use plasma_syntax::parse_cluster;

use super::pairs::Pair;
use crate::{LiteralCluster, Planner};

/// At most so many of what is asked for are named in one example.
const ASKED_MAX: usize = 5;

/// Which policy alone asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// The old one.
    Old,
    /// The new one.
    New,
}

impl Only {
    /// The word, as documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Only::Old => "old",
            Only::New => "new",
        }
    }
}

/// Something that only one of two policies asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Which one.
    pub only: Only,
    /// What it asks for, the first of it.
    pub asked: Vec<String>,
    /// Where.
    pub state: ExampleState,
}

/// Where an example is found.
#[derive(Clone, Debug, PartialEq)]
pub enum ExampleState {
    /// A cluster, as a test of the new policy.
    Test(String),
    /// A tick of the trace.
    Tick {
        /// When, in seconds.
        t: f64,
    },
}

/// A cluster that may show a difference between two rules.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    situation: Situation,
    /// What the rules are called.
    name: String,
}

/// Two policies, to be evaluated on clusters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage<'p> {
    pub(super) old: &'p CheckedProgram,
    pub(super) new: &'p CheckedProgram,
    /// The types of both.
    pub(super) schema: &'p Schema,
}

impl Stage<'_> {
    /// Clusters that may show a difference between two rules.
    pub(super) fn situations(&self, pair: &Pair<'_>) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (fires, silent) in [(pair.new, pair.old), (pair.old, pair.new)] {
            let Some(fires) = fires else { continue };
            let name = pair.new.unwrap_or(fires).name.to_string();
            let situations = situations(self.schema, fires, silent);
            found.extend(situations.into_iter().map(|situation| Candidate {
                situation,
                name: name.clone(),
            }));
        }
        found
    }

    /// The first cluster on which only one of two rules, or of the policies as a whole, asks for
    /// something.
    pub(super) fn shown(
        &self,
        pair: Option<&Pair<'_>>,
        candidates: &[Candidate],
        only: Only,
    ) -> Option<Example> {
        let mut candidates = candidates.iter();
        candidates.find_map(|candidate| self.differs(pair, candidate, only))
    }

    fn differs(
        &self,
        pair: Option<&Pair<'_>>,
        candidate: &Candidate,
        only: Only,
    ) -> Option<Example> {
        let mut cluster = self.cluster(&candidate.situation)?;
        let (mut old_asking, mut new_asking) = (Evaluator::new(self.old), Evaluator::new(self.new));
        let periods = (candidate.situation.at_seconds / PERIOD_SECONDS_DEFAULT).ceil();
        for _ in 0..=periods as u32 {
            let columns = cluster.observe().ok()?;
            let old = asked(self.old, columns, &mut old_asking);
            let new = asked(self.new, columns, &mut new_asking);
            let (old_rule, new_rule) = match pair {
                Some(pair) => (Asker::Rule(pair.old), Asker::Rule(pair.new)),
                None => (Asker::Anybody, Asker::Anybody),
            };
            let found = match only {
                Only::New => only_in(&new, new_rule, &old, old_rule),
                Only::Old => only_in(&old, old_rule, &new, new_rule),
            };
            if let Some((first, _)) = found.first() {
                return Some(Example {
                    only,
                    asked: found.iter().map(|(goal, _)| goal.to_string()).collect(),
                    state: ExampleState::Test(self.test(candidate, only, first, columns.frame().t)),
                });
            }
        }
        None
    }

    fn cluster(&self, situation: &Situation) -> Option<LiteralCluster> {
        let text = situation.cluster.join("\n");
        let (_, file) = SourceMap::single("example", text.as_str());
        let parsed = parse_cluster(file, text.as_str());
        let mut cluster = LiteralCluster::from_beginning(PERIOD_SECONDS_DEFAULT);
        let is_right = parsed.diagnostics.is_empty();
        let said = is_right.then(|| cluster.say(&parsed.tree, self.schema))?;
        said.ok().map(|()| cluster)
    }

    /// The cluster as a test of the new policy; what it expects was seen.
    fn test(&self, candidate: &Candidate, only: Only, goal: &Goal, t: f64) -> String {
        let name = match only {
            Only::New => format!("{}: only the new policy asks for {goal}", candidate.name),
            Only::Old => format!("{}: only the old policy asks for {goal}", candidate.name),
        };
        let mut text = format!("test {} {{\n", quoted(&name));
        for line in &candidate.situation.cluster {
            text.push_str(&format!("  {line}\n"));
        }
        text.push_str(&format!(
            "  {}\n}}",
            self.expectation(candidate, only, goal, t)
        ));
        text
    }

    /// What holds of the new policy on the cluster; a remark, where a test cannot say it.
    fn expectation(&self, candidate: &Candidate, only: Only, goal: &Goal, t: f64) -> String {
        let at = match t > PERIOD_SECONDS_DEFAULT {
            true => format!(" at {t}s"),
            false => String::new(),
        };
        let remark = match only {
            Only::New => format!("// the new policy asks for {goal}{at}, the old one does not"),
            Only::Old => format!("// the old policy asks for {goal}{at}, the new one does not"),
        };
        let is_written = !matches!(goal.behavior(), Behavior::Migrate | Behavior::Alert);
        let Some(decision) = self.decided(candidate, t).filter(|_| is_written) else {
            return remark;
        };
        let mut asked = decision.intents.iter().enumerate();
        let granted = asked.find(|(place, i)| i.goal == *goal && !decision.is_dropped(*place));
        match (only, granted) {
            (Only::New, Some((_, intent))) => format!("expect {goal}{}{at};", by(intent)),
            (Only::Old, None) => format!("expect not {goal}{at};"),
            _ => remark,
        }
    }

    /// What the new policy decides there, its earlier decisions carried out.
    fn decided(&self, candidate: &Candidate, t: f64) -> Option<Decision> {
        let mut cluster = self.cluster(&candidate.situation)?;
        let mut planner = Planner::new(self.new.clone());
        loop {
            let columns = cluster.observe().ok()?;
            let decision = planner.plan(columns).decision;
            if columns.frame().t >= t {
                return Some(decision);
            }
            cluster.carry_out(&decision).ok()?;
        }
    }
}

/// ` by hot_folder`, if the rule has a name.
fn by(intent: &Intent) -> String {
    let mut named = intent.causes.iter().map(|cause| &cause.rule);
    let name = named.find(|name| !name.contains('#') && !name.contains('.'));
    name.map_or_else(String::new, |name| format!(" by {name}"))
}

/// What a policy asks for at the next tick, with nothing reserved.
pub(super) fn asked(
    program: &CheckedProgram,
    columns: &Columns,
    evaluator: &mut Evaluator,
) -> Vec<Intent> {
    let evaluation = evaluator.evaluate(program, columns, &Reservations::default());
    evaluation.intents
}

/// Whose intents are compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asker<'r> {
    /// One rule's; of one that was added or removed the other policy has none.
    Rule(Option<&'r Rule>),
    /// All.
    Anybody,
}

impl Asker<'_> {
    fn asks(self, intent: &Intent) -> bool {
        match self {
            Asker::Anybody => true,
            Asker::Rule(rule) => rule.is_some_and(|rule| {
                let mut causes = intent.causes.iter();
                causes.any(|cause| cause.rule_index == rule.index)
            }),
        }
    }
}

/// The first of what one asks for and the other one does not. Between which bounds a balance works does
/// not count.
pub(super) fn only_in<'i>(
    intents: &'i [Intent],
    asker: Asker<'_>,
    others: &[Intent],
    other_asker: Asker<'_>,
) -> Vec<(&'i Goal, &'i Intent)> {
    let others = others.iter().filter(|intent| other_asker.asks(intent));
    let known: BTreeSet<String> = others.map(|intent| intent.goal.to_string()).collect();
    let asked = intents.iter().filter(|intent| asker.asks(intent));
    let new = asked.filter(|intent| !known.contains(&intent.goal.to_string()));
    new.take(ASKED_MAX)
        .map(|intent| (&intent.goal, intent))
        .collect()
}
