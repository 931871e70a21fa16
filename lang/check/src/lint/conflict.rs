//! `conflict`: two rules that can fire together and contradict each other, with a cluster that shows it.
//!
//! What is searched is a cluster in which both fire, for the same actors, so that arbitration must drop
//! what one of them asks for. The conditions are taken apart into atoms that hold together; who is who
//! and lives where follows from the relations among them, the figures are chosen within what the
//! comparisons leave, and the finished cluster is judged once more by the whole conditions. Where that
//! does not lead to a cluster, there may be one all the same: nothing is said.

mod block;
mod clash;
mod cluster;
mod furnish;
mod judge;
mod places;
mod scene;
pub(crate) mod situation;
mod steady;
mod values;
mod world;

use plasma_diagnostic::{Code, Diagnostic, Span, Witness};
use plasma_syntax::tree::Tree;

use super::Source;

use self::block::Block;
use self::clash::{Ask, can_contradict, contradictions, rank};
use self::cluster::{Stage, cluster};
use self::scene::Scene;
use crate::program::{BehaviorCall, BehaviorKind, CheckedProgram, Rule};

/// So many rules and requirements are held against each other.
const RULES_MAX: usize = 256;

/// So many ways to make two conditions true are tried in all.
const WAYS_MAX: usize = 16_384;

/// Reports the rules that lose against another one, the first that is found for each.
pub(crate) fn check(program: &CheckedProgram, tree: &Tree, source: &Source<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let all: Vec<&Rule> = program.rules_and_requirements().collect();
    let (compared, beyond) = all.split_at(all.len().min(RULES_MAX));
    let mut search = Search {
        program,
        tree,
        source,
        ways_left: WAYS_MAX,
        losers: Vec::new(),
    };
    // Of most policies this is all that need be asked.
    let may_contradict = |rule: &&Rule| {
        let mut behaviors = rule.behaviors.iter();
        behaviors.any(|behavior| clash::may_contradict(&behavior.kind))
    };
    let pairs = match compared.iter().any(may_contradict) {
        true => compared,
        false => &[],
    };
    for (place, rule) in pairs.iter().enumerate() {
        for other in compared.iter().take(place + 1) {
            if search.ways_left > 0 {
                found.extend(search.pair(other, rule));
            }
        }
    }
    let first = match (search.ways_left, beyond.first()) {
        (0, _) => compared.first(),
        (_, first) => first,
    };
    found.extend(first.map(|rule| not_compared(rule)));
    found
}

struct Search<'p, 's> {
    program: &'p CheckedProgram,
    tree: &'p Tree,
    source: &'p Source<'s>,
    ways_left: usize,
    /// Indices of the rules that are reported.
    losers: Vec<usize>,
}

impl Search<'_, '_> {
    /// A contradiction between two rules, or within one.
    fn pair(&mut self, one: &Rule, other: &Rule) -> Option<Diagnostic> {
        // What modules do among themselves is theirs.
        if !self.program.is_own(one.span) && !self.program.is_own(other.span) {
            return None;
        }
        // Between rules of different priority the author has decided which one wins.
        if one.priority != other.priority && !one.is_required() && !other.is_required() {
            return None;
        }
        let mut pairs = one
            .behaviors
            .iter()
            .flat_map(|a| other.behaviors.iter().map(move |b| (a, b)));
        pairs.find_map(|(a, b)| {
            let is_first = rank(&a.kind) <= rank(&b.kind);
            // One rule may mean: keep this server, and let the others leave it.
            let is_reserve = matches!(b.kind, BehaviorKind::Reserve { .. });
            if is_reserve && one.index == other.index {
                return None;
            }
            // Within one rule each pair is met twice.
            if !is_first && one.index == other.index {
                return None;
            }
            let (first, second) = match is_first {
                true => ((one, a), (other, b)),
                false => ((other, b), (one, a)),
            };
            self.behaviors(first, second)
        })
    }

    /// A contradiction between two behaviors, the one that is served first being the first.
    fn behaviors(
        &mut self,
        (first_rule, first): (&Rule, &BehaviorCall),
        (second_rule, second): (&Rule, &BehaviorCall),
    ) -> Option<Diagnostic> {
        if !can_contradict(&first.kind, &second.kind) {
            return None;
        }
        let mut scene = Scene::default();
        let part = scene.add(first_rule)?;
        let other_part = match first_rule.index == second_rule.index {
            true => None,
            false => Some(scene.add(second_rule)?),
        };
        let asks = [
            Ask {
                rule: first_rule,
                behavior: &first.kind,
                part: &part,
            },
            Ask {
                rule: second_rule,
                behavior: &second.kind,
                part: other_part.as_ref().unwrap_or(&part),
            },
        ];
        let ways = contradictions(&mut scene, asks[0], asks[1])?;
        ways.into_iter().find_map(|contradiction| {
            let [winner, loser] = match contradiction.first_wins {
                true => [(first_rule, first), (second_rule, second)],
                false => [(second_rule, second), (first_rule, first)],
            };
            if self.losers.contains(&loser.0.index) {
                return None;
            }
            let Stage { world, assigned } = {
                let schema = &self.program.schema;
                cluster(schema, &scene, &contradiction, &mut self.ways_left)?
            };
            let at_seconds = scene.at_seconds();
            let block = Block {
                schema: &self.program.schema,
                scene: &scene,
                world: &world,
                assigned: &assigned,
                asks: if contradiction.first_wins {
                    [winner, loser]
                } else {
                    [loser, winner]
                },
                contradiction: &contradiction,
                at_seconds,
            };
            let test = block.text(&self.test_name(winner.0, loser.0));
            let end = self.tree.source().len() as u32;
            self.losers.push(loser.0.index);
            let witness = Witness {
                test,
                place: Span::new(self.tree.file(), end, end),
            };
            let report = conflict(self.source, winner, loser);
            Some(self.at_home(report).with_witness(witness))
        })
    }

    /// A report that stands in the policy: what loses may be of a module.
    fn at_home(&self, report: Diagnostic) -> Diagnostic {
        match report.labels.as_slice() {
            [won, ..] if !self.program.is_own(report.primary) => {
                let (lost, label) = (report.primary, report.primary_label.clone());
                let (place, text) = (won.span, won.message.clone());
                let labels = Vec::new();
                let report = Diagnostic {
                    primary: place,
                    labels,
                    ..report
                };
                report.with_primary_label(text).with_label(lost, label)
            }
            _ => report,
        }
    }

    /// A name that no test of the file has.
    fn test_name(&self, winner: &Rule, loser: &Rule) -> String {
        let name = match winner.index == loser.index {
            true => format!("{} contradicts itself", winner.name),
            false => format!("{} against {}", winner.name, loser.name),
        };
        let is_taken = |name: &String| {
            let mut tests = self.tree.tests();
            tests.any(|test| self.tree.text_value(test.name) == *name)
        };
        let numbered = (2..=usize::MAX).map(|number| format!("{name} ({number})"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let free = names.find(|name| !is_taken(name));
        free.unwrap_or_default()
    }
}

fn conflict(
    source: &Source<'_>,
    (winner_rule, winner): (&Rule, &BehaviorCall),
    (loser_rule, loser): (&Rule, &BehaviorCall),
) -> Diagnostic {
    let name = &loser_rule.name;
    let lost = loser.kind.name();
    let won = winner.kind.name();
    let message = match (
        winner_rule.is_required(),
        winner_rule.index == loser_rule.index,
    ) {
        (_, true) => {
            format!("rule `{name}` contradicts itself: its `{lost}` loses against its `{won}`")
        }
        (true, _) if loser_rule.is_required() => format!(
            "`{name}` and `{}` can contradict each other: `{lost}` then loses against `{won}`",
            winner_rule.name
        ),
        (true, _) => format!(
            "rule `{name}` can contradict `{}`: its `{lost}` then loses against the required `{won}`",
            winner_rule.name
        ),
        (false, _) => format!(
            "rules `{name}` and `{}` can fire together and contradict each other: `{lost}` then loses \
             against `{won}`",
            winner_rule.name
        ),
    };
    let help = match (
        winner_rule.is_required(),
        winner_rule.index == loser_rule.index,
    ) {
        (_, true) => "remove one of the two".to_owned(),
        (true, _) => format!("exclude the case from the condition of `{name}`"),
        (false, _) => "let their conditions exclude each other, or give the one that should win a \
                       higher priority"
            .to_owned(),
    };
    let text = source(winner.span).split_whitespace();
    let text = text.collect::<Vec<_>>().join(" ");
    Diagnostic::new(Code::Conflict, loser.span, message)
        .with_primary_label("this is dropped")
        .with_label(winner.span, format!("`{text}` is honoured"))
        .with_help(help)
}

/// Rules beyond the bound.
fn not_compared(first: &Rule) -> Diagnostic {
    let message = "whether this rule and those behind it contradict others is unknown: there are too \
                   many ways for rules to fire together";
    Diagnostic::new(Code::Conflict, first.span, message)
        .with_help("divide the policy into several files to have all of them looked at")
}
