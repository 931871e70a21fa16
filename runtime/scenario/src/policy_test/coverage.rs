//! What of a policy its tests reach: rules that fire, conditions seen true and false, thresholds met on
//! both sides, behaviors that are asked for and not refused.

use std::collections::HashSet;

use plasma_check::program::{CheckedProgram, Rule};
use plasma_diagnostic::Span;
use plasma_eval::{ConditionPart, each_derivation, parts_of};
use plasma_model::Binding;

use super::Evaluation;

/// What the tests of a policy reached.
#[derive(Clone, Debug)]
pub struct Coverage {
    rules: Vec<RuleCoverage>,
}

#[derive(Clone, Debug)]
struct RuleCoverage {
    index: usize,
    name: String,
    span: Span,
    has_fired: bool,
    parts: Vec<PartCoverage>,
    /// Each behavior with whether it was asked for and not refused.
    behaviors: Vec<(String, Span, bool)>,
}

#[derive(Clone, Debug)]
struct PartCoverage {
    part: ConditionPart,
    was_true: bool,
    was_false: bool,
    was_below: bool,
    was_above: bool,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoverageKind {
    /// Rules that fire.
    Rules,
    /// Parts of conditions, each true once and false once.
    Conditions,
    /// Thresholds, each met from below once and from above once; a value that is the threshold is on
    /// both sides.
    Thresholds,
    /// Behaviors that are asked for and not refused.
    Behaviors,
}

impl CoverageKind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [CoverageKind; 4] = [
        CoverageKind::Rules,
        CoverageKind::Conditions,
        CoverageKind::Thresholds,
        CoverageKind::Behaviors,
    ];

    /// Its word in every output.
    pub fn name(self) -> &'static str {
        match self {
            CoverageKind::Rules => "rules",
            CoverageKind::Conditions => "conditions",
            CoverageKind::Thresholds => "thresholds",
            CoverageKind::Behaviors => "behaviors",
        }
    }
}

/// How many of how many are reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoverageCount {
    /// Reached.
    pub covered: usize,
    /// All there are.
    pub total: usize,
}

/// Something that no test reaches.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncovered {
    /// What it counts as.
    pub kind: CoverageKind,
    /// What is not reached, for people: `f.cpu.perc > 10 % is never false`.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Coverage {
    /// Nothing reached of a policy's rules and requirements yet. Those of the modules that it uses are
    /// tested where they stand.
    pub fn new(program: &CheckedProgram) -> Coverage {
        let rules = program.rules_and_requirements();
        let rules = rules.filter(|rule| program.is_own(rule.span));
        Coverage {
            rules: rules.map(|rule| RuleCoverage::new(program, rule)).collect(),
        }
    }

    pub(super) fn see(&mut self, evaluation: &Evaluation<'_>) {
        for rule in &mut self.rules {
            rule.see(evaluation);
        }
    }

    /// How many of each kind are reached, in a line: `rules 1 of 2, conditions 3 of 4, ..`.
    pub fn summary(&self) -> String {
        let counts = CoverageKind::ALL.map(|kind| {
            let count = self.count(kind);
            format!("{} {} of {}", kind.name(), count.covered, count.total)
        });
        counts.join(", ")
    }

    /// How many of each kind are reached.
    pub fn count(&self, kind: CoverageKind) -> CoverageCount {
        let mut count = CoverageCount::default();
        for (_, is_covered, _) in self.rules.iter().flat_map(|rule| rule.points(kind)) {
            count.total += 1;
            count.covered += usize::from(is_covered);
        }
        count
    }

    /// What is not reached, rule by rule.
    pub fn uncovered(&self) -> Vec<Uncovered> {
        let points = self.rules.iter().flat_map(|rule| {
            let kinds = CoverageKind::ALL.into_iter();
            // Of a rule that never fires nothing more needs to be said but what its conditions lack.
            kinds.flat_map(move |kind| {
                let points = rule.points(kind).into_iter();
                points.map(move |(text, is_covered, span)| (kind, text, is_covered, span))
            })
        });
        let open = points.filter(|(_, _, is_covered, _)| !is_covered);
        open.map(|(kind, text, _, span)| Uncovered { kind, text, span })
            .collect()
    }
}

impl RuleCoverage {
    fn new(program: &CheckedProgram, rule: &Rule) -> RuleCoverage {
        let part = |part| PartCoverage {
            part,
            was_true: false,
            was_false: false,
            was_below: false,
            was_above: false,
        };
        let behaviors = rule.behaviors.iter();
        // What stands in a definition is one condition, however often the rule uses it.
        let mut seen = HashSet::new();
        let mut conditions = parts_of(program, rule);
        conditions.retain(|part| seen.insert(part.span));
        RuleCoverage {
            index: rule.index,
            name: rule.name.to_string(),
            span: rule.span,
            has_fired: false,
            parts: conditions.into_iter().map(part).collect(),
            behaviors: behaviors
                .map(|behavior| (behavior.kind.name().to_owned(), behavior.span, false))
                .collect(),
        }
    }

    fn see(&mut self, evaluation: &Evaluation<'_>) {
        let (parts, has_fired) = (&mut self.parts, &mut self.has_fired);
        each_derivation(
            evaluation.program,
            (evaluation.columns, evaluation.past),
            evaluation.reservations,
            self.index,
            &Binding::new(),
            &mut |derivation| {
                *has_fired |= derivation.holds.is_true();
                for atom in &derivation.atoms {
                    let part = parts.iter_mut().find(|part| part.part.span == atom.span);
                    let Some(part) = part else { continue };
                    part.was_true |= atom.holds.is_true();
                    part.was_false |= atom.holds == plasma_eval::Truth::False;
                    if let Some((value, threshold)) = atom.figures {
                        part.was_below |= value <= threshold;
                        part.was_above |= value >= threshold;
                    }
                }
            },
        );
        let decision = evaluation.decision;
        for (place, intent) in decision.intents.iter().enumerate() {
            let is_own = intent
                .causes
                .iter()
                .any(|cause| cause.rule_index == self.index);
            if !is_own || decision.is_dropped(place) {
                continue;
            }
            let name = intent.goal.behavior().name();
            let asked = self.behaviors.iter_mut().filter(|(own, ..)| own == name);
            asked.for_each(|(_, _, was_asked)| *was_asked = true);
        }
    }

    /// What counts as one, with whether it was reached.
    fn points(&self, kind: CoverageKind) -> Vec<(String, bool, Span)> {
        match kind {
            CoverageKind::Rules => {
                let text = format!("{} never fires", self.name);
                vec![(text, self.has_fired, self.span)]
            }
            CoverageKind::Conditions => self.both(|part| {
                let text = &part.part.text;
                Some([
                    (format!("{text} is never true"), part.was_true),
                    (format!("{text} is never false"), part.was_false),
                ])
            }),
            CoverageKind::Thresholds => self.both(|part| {
                let text = &part.part.text;
                part.part.has_threshold.then(|| {
                    [
                        (format!("{text} is never met from below"), part.was_below),
                        (format!("{text} is never met from above"), part.was_above),
                    ]
                })
            }),
            CoverageKind::Behaviors => {
                let behaviors = self.behaviors.iter();
                let point = |(name, span, was_asked): &(String, Span, bool)| {
                    let text = format!("{name} of {} is never asked for", self.name);
                    (text, *was_asked, *span)
                };
                behaviors.map(point).collect()
            }
        }
    }

    fn both(
        &self,
        points: impl Fn(&PartCoverage) -> Option<[(String, bool); 2]>,
    ) -> Vec<(String, bool, Span)> {
        let parts = self.parts.iter();
        let points = parts.filter_map(|part| Some((points(part)?, part.part.span)));
        points
            .flat_map(|(points, span)| points.map(|(text, is_covered)| (text, is_covered, span)))
            .collect()
    }
}
