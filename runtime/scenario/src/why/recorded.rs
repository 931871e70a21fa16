//! What a recording tells of one moment: the decision that was made then, and how its actions ended.

use std::collections::BTreeMap;

use plasma_engine::trace::TraceReader;
use plasma_eval::Past;
use plasma_manager::{MOVE_DEADLINE_SECONDS, SERVER_DEADLINE_SECONDS};
use plasma_model::{
    Action, ActionId, Event, OutcomeResult, PlanAction, PlanDocument, PlanIntent, PlanRejection,
};

use super::{Subject, binds};
use crate::trace::read_moment_seeing;
use crate::{TraceMoment, TraceMomentError};

/// A decision that was recorded, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Hash of the policy that decided; see [`policy_hash`](crate::policy_hash).
    pub policy: String,
    /// What it decided.
    pub plan: PlanDocument,
    /// What was ordered of it in that period.
    pub ordered: Vec<Action>,
    /// How the orders ended that have ended.
    pub outcomes: BTreeMap<ActionId, OutcomeResult>,
    /// Why what follows could not be read to the end of every order, if so.
    pub cut: Option<String>,
}

/// What of a recorded decision is about one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedAbout<'r> {
    /// The actions, each with how it ended.
    pub actions: Vec<(&'r PlanAction, RecordedFate<'r>)>,
    /// What was refused, with the reasons.
    pub refused: Vec<(&'r PlanIntent, &'r PlanRejection)>,
}

/// What became of a recorded action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RecordedFate<'r> {
    /// It was not ordered in its period; the next plan took its place.
    NotOrdered,
    /// It was ordered, and the recording does not tell how it ended.
    Unknown,
    /// It ended.
    Ended(&'r OutcomeResult),
}

impl Recorded {
    /// What of the decision is about a subject, whose name is `name`.
    pub fn about(&self, subject: &Subject, name: &str) -> RecordedAbout<'_> {
        let plan = &self.plan;
        let concerns = |place: &usize| {
            let intent = plan.intents.get(*place);
            intent.is_some_and(|intent| concerns(intent, subject, name))
        };
        let acts_on = |action: &PlanAction| match subject {
            Subject::Entity(entity) => binds::acts_on(&action.body, entity),
            Subject::RuleFor(_, entity) => {
                let asked = action
                    .intents
                    .iter()
                    .filter_map(|place| plan.intents.get(*place));
                let mut causes = asked.flat_map(|intent| &intent.causes);
                binds::acts_on(&action.body, entity) && causes.any(|cause| cause.rule == name)
            }
            Subject::Rule(_) => false,
        };
        let actions = plan.actions.iter();
        let actions =
            actions.filter(|action| acts_on(action) || action.intents.iter().any(concerns));
        let refused = plan
            .rejected
            .iter()
            .filter(|refused| concerns(&refused.intent));
        RecordedAbout {
            actions: actions
                .map(|action| (action, self.fate(action.id)))
                .collect(),
            refused: refused
                .filter_map(|refused| Some((plan.intents.get(refused.intent)?, refused)))
                .collect(),
        }
    }

    fn fate(&self, id: ActionId) -> RecordedFate<'_> {
        match self.outcomes.get(&id) {
            Some(outcome) => RecordedFate::Ended(outcome),
            None if self.ordered.iter().any(|action| action.id == id) => RecordedFate::Unknown,
            None => RecordedFate::NotOrdered,
        }
    }
}

/// Whether a recorded intent is about a subject: in an argument or a cause.
fn concerns(intent: &PlanIntent, subject: &Subject, name: &str) -> bool {
    let mut causes = intent.causes.iter();
    match subject {
        Subject::Rule(_) => causes.any(|cause| cause.rule == name),
        Subject::RuleFor(_, entity) => {
            causes.any(|cause| cause.rule == name) && names(intent, &entity.to_string())
        }
        Subject::Entity(_) => names(intent, name),
    }
}

fn names(intent: &PlanIntent, name: &str) -> bool {
    let arguments = intent.args.iter();
    let causes = intent.causes.iter();
    let bound = causes.flat_map(|cause| cause.bindings.values());
    let mut values = arguments.chain(bound).filter_map(|value| value.as_str());
    values.any(|value| value == name)
}

/// Reads a trace up to a tick as [`read_moment`](crate::read_moment) does, and behind it what a recording tells of that tick's
/// decision. A mistake behind the tick ends the reading there, and is told.
///
/// # Errors
/// If the trace has a mistake up to the tick, or no such tick.
pub fn read_recorded(
    mut reader: TraceReader,
    at_seconds: Option<f64>,
    period_seconds: Option<f64>,
    past: &mut Past,
) -> Result<(TraceMoment, Option<Recorded>), TraceMomentError> {
    // The tick that is taken may be known only at the one behind it.
    let mut before = Collector::default();
    let mut now = Collector::default();
    let found = read_moment_seeing(
        &mut reader,
        at_seconds,
        period_seconds,
        past,
        &mut |event| {
            if let Event::Tick { .. } = event {
                before = std::mem::take(&mut now);
            }
            before.see(event);
            now.see(event);
        },
    )?;
    let moment = found.moment;
    let t = moment.columns.frame().t;
    let mut collector = match now.first_seconds == Some(t) {
        true => now,
        false => before,
    };
    let mut cut = found.mistake_behind.map(|mistake| mistake.to_string());
    while cut.is_none() && !collector.is_complete(t) {
        match reader.next_event() {
            Ok(Some(located)) => collector.see(&located.event),
            Ok(None) => break,
            Err(error) => cut = Some(error.to_string()),
        }
    }
    let recorded = collector.finish(t, cut);
    Ok((moment, recorded))
}

/// What follows one tick.
#[derive(Debug, Default)]
struct Collector {
    ticks: usize,
    /// Time of the tick itself.
    first_seconds: Option<f64>,
    now_seconds: f64,
    decision: Option<(f64, String, PlanDocument)>,
    ordered: Vec<Action>,
    outcomes: BTreeMap<ActionId, OutcomeResult>,
}

impl Collector {
    fn see(&mut self, event: &Event) {
        match event {
            Event::Tick { t, .. } => {
                self.ticks += 1;
                self.first_seconds.get_or_insert(*t);
                self.now_seconds = *t;
            }
            Event::Decision { t, policy, plan } if self.ticks <= 1 => {
                self.decision = Some((*t, policy.clone(), plan.clone()));
            }
            Event::Actions { actions, .. } if self.ticks <= 1 => {
                self.ordered.extend(actions.iter().cloned());
            }
            Event::Outcome(outcome) => {
                let is_ordered = self.ordered.iter().any(|action| action.id == outcome.id);
                if is_ordered {
                    self.outcomes.insert(outcome.id, outcome.result.clone());
                }
            }
            _ => {}
        }
    }

    /// Whether nothing more is to be expected of the decision at `t`: the next tick has come, and every
    /// order has ended or is beyond its deadline.
    fn is_complete(&self, t: f64) -> bool {
        let is_ended = |action: &Action| {
            let deadline = action.deadline.unwrap_or(match action.body.is_move() {
                true => MOVE_DEADLINE_SECONDS,
                false => SERVER_DEADLINE_SECONDS,
            });
            // What ended just in time is told with the tick after it.
            let period = self.now_seconds - t;
            self.outcomes.contains_key(&action.id) || period > 2.0 * deadline
        };
        self.ticks > 1 && self.ordered.iter().all(is_ended)
    }

    fn finish(self, t: f64, cut: Option<String>) -> Option<Recorded> {
        let (decided, policy, plan) = self.decision?;
        (decided == t).then_some(Recorded {
            policy,
            plan,
            ordered: self.ordered,
            outcomes: self.outcomes,
            cut,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = r#"{"event":"server","id":"s1","cpu":{"perc":90.0}}
{"event":"tick","t":10.0}
{"event":"decision","t":10.0,"policy":"early","plan":{"t":10.0,"intents":[],"actions":[],"rejected":[],"placement":{}}}
{"event":"tick","t":20.0}
{"event":"decision","t":20.0,"policy":"late","plan":{"t":20.0,"intents":[],"actions":[],"rejected":[],"placement":{}}}
{"event":"actions","window":2,"lease":1,"actions":[{"id":4,"action":"migrate","actor":"f","from":"s1","to":"s2","deadline":5.0}]}
{"event":"tick","t":30.0}
{"event":"actions","window":3,"lease":1,"actions":[{"id":5,"action":"migrate","actor":"g","from":"s1","to":"s2","deadline":5.0}]}
{"event":"outcome","id":5,"ok":true,"pause":0.001,"bytes":10}
{"event":"outcome","id":4,"ok":false,"error":"full"}
{"event":"tick","t":40.0}
{"event":"serv"#;

    fn at(at_seconds: f64, text: &'static str) -> Option<Recorded> {
        let reader = TraceReader::new("t.jsonl", Box::new(text.as_bytes()));
        let read = read_recorded(reader, Some(at_seconds), None, &mut Past::default());
        read.expect("the tick is there").1
    }

    #[test]
    fn a_decision_is_told_with_the_orders_and_their_outcomes() {
        let recorded = at(20.0, TRACE).expect("it was decided");
        assert_eq!(recorded.policy, "late");
        let ordered: Vec<ActionId> = recorded.ordered.iter().map(|action| action.id).collect();
        assert_eq!(ordered, [4]);
        assert_eq!(recorded.outcomes[&4], OutcomeResult::failed("full"));
        assert_eq!(recorded.outcomes.len(), 1);
        assert_eq!(recorded.cut, None);
    }

    /// Half a period later the next tick must be read to know that this one is to be taken.
    #[test]
    fn a_tick_taken_for_a_later_time_has_its_own_decision_too() {
        assert_eq!(at(24.0, TRACE), at(20.0, TRACE));
    }

    #[test]
    fn each_tick_has_its_own_decision() {
        assert_eq!(at(10.0, TRACE).map(|r| r.policy).as_deref(), Some("early"));
        assert_eq!(at(30.0, TRACE), None);
    }

    #[test]
    fn a_cut_behind_the_tick_is_told_where_an_outcome_is_missing() {
        let (whole, _) = TRACE
            .split_once("{\"event\":\"outcome\",\"id\":4")
            .expect("it is there");
        let cut: &'static str = format!("{whole}{{\"event\":\"out").leak();
        let recorded = at(20.0, cut).expect("it was decided");
        assert!(recorded.outcomes.is_empty());
        assert_eq!(
            recorded.cut.as_deref(),
            Some(
                "t.jsonl:10: the trace is cut off after the tick at 30 s; up to there (`--at 30`) it can be read"
            )
        );
    }

    #[test]
    fn by_default_the_last_tick_is_told() {
        let (whole, _) = TRACE
            .rsplit_once("{\"event\":\"tick\",\"t\":30")
            .expect("it is there");
        let whole: &'static str = whole.to_owned().leak();
        let reader = TraceReader::new("t.jsonl", Box::new(whole.as_bytes()));
        let (moment, recorded) =
            read_recorded(reader, None, None, &mut Past::default()).expect("it is whole");
        assert_eq!(moment.columns.frame().t, 20.0);
        assert_eq!(recorded.map(|r| r.policy).as_deref(), Some("late"));
    }
}
