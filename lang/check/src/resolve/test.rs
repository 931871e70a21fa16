//! Tests: their clusters, and what they expect, with the names of the test's own actors and servers.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use plasma_diagnostic::{Span, did_you_mean};
use plasma_model::{ActorId, Entity, PERIOD_SECONDS_DEFAULT, RELEASE_PERIODS_DEFAULT, ServerId};
use plasma_syntax::cluster::{ClusterTree, Statement};
use plasma_syntax::tree::{
    self, AttributeName, ExpectationMode, ExprId, ExprKind, TestDecl, TestStatement, WordKind,
};

use super::test_names::FirstNamed;
use super::{Checker, RuleChecker};
use crate::cluster::{Introduced, Said, read};
use crate::error::{duplicate_name, out_of_range, wrong_test};
use crate::names::VariableKind;
use crate::program::{Condition, Expectation, Rule, Test, TestCondition, VariableId, Wanted, When};

/// Most evaluations of a test.
pub(crate) const TEST_PERIODS_MAX: f64 = 100_000.0;

/// Checks all tests; those with a mistake are left out. `rules` are the names of all rules.
pub(super) fn check_tests(checker: &mut Checker<'_>, rules: &[Arc<str>]) -> Vec<Test> {
    let tree = checker.tree;
    let mut names: HashMap<String, Span> = HashMap::new();
    let mut tests = Vec::new();
    for test in tree.tests() {
        let name = tree.text_value(test.name);
        if let Some(first) = names.get(&name) {
            checker.report(duplicate_name::test(test.name, &name, *first));
        }
        names.entry(name).or_insert(test.name);
        let reported = checker.diagnostics.len();
        let checked = TestChecker::new(checker, test, rules).check();
        let is_right = !test.is_cut
            && checker
                .diagnostics
                .get(reported..)
                .is_none_or(|new| !new.iter().any(plasma_diagnostic::Diagnostic::is_error));
        tests.extend(checked.filter(|_| is_right));
    }
    tests
}

/// The state of checking one test.
pub(super) struct TestChecker<'c, 'a> {
    pub(super) checker: &'c mut Checker<'a>,
    pub(super) test: &'a TestDecl,
    pub(super) rules: &'c [Arc<str>],
    pub(super) introduced: Introduced,
    pub(super) first_named: FirstNamed<'a>,
    /// The last time mentioned, in seconds.
    last_seconds: f64,
}

impl<'c, 'a> TestChecker<'c, 'a> {
    fn new(checker: &'c mut Checker<'a>, test: &'a TestDecl, rules: &'c [Arc<str>]) -> Self {
        TestChecker {
            checker,
            test,
            rules,
            introduced: Introduced::default(),
            first_named: FirstNamed::default(),
            last_seconds: 0.0,
        }
    }

    fn check(mut self) -> Option<Test> {
        let tree = self.checker.tree;
        let period_seconds = self.period();
        let said = self.said(period_seconds.unwrap_or(PERIOD_SECONDS_DEFAULT));
        let expectations = self.test.statements.iter().filter_map(|statement| {
            let TestStatement::Expectation(expectation) = statement else {
                return None;
            };
            Some(expectation)
        });
        let expectations: Vec<_> = expectations.map(|e| self.expectation(e)).collect();
        let period_seconds = period_seconds?;
        let end_seconds = self.last_seconds + period_seconds;
        if end_seconds / period_seconds > TEST_PERIODS_MAX {
            let report = out_of_range::too_many_periods(self.test.name, TEST_PERIODS_MAX);
            self.checker.report(report);
            return None;
        }
        Some(Test {
            name: tree.text_value(self.test.name).into(),
            span: self.test.span,
            name_span: self.test.name,
            docs: tree.docs(self.test.docs),
            period_seconds,
            said: said?,
            expectations: expectations.into_iter().collect::<Option<_>>()?,
            end_seconds,
        })
    }

    fn period(&mut self) -> Option<f64> {
        let mut period_seconds = Some(PERIOD_SECONDS_DEFAULT);
        let mut first: Option<Span> = None;
        for attribute in &self.test.attributes {
            match (attribute.name, first) {
                (AttributeName::Period, None) => {
                    first = Some(attribute.span);
                    let period = self.checker.duration(attribute.value, "a period");
                    period_seconds = period;
                }
                (AttributeName::Period, Some(first)) => {
                    let report = duplicate_name::attribute(attribute.span, "period", first);
                    self.checker.report(report);
                }
                _ => {}
            }
        }
        period_seconds
    }

    /// What the statements about the cluster say, in the order of time.
    fn said(&mut self, period_seconds: f64) -> Option<Vec<(f64, Said)>> {
        let tree = self.checker.tree;
        let mut outside: Vec<Statement> = Vec::new();
        let mut later: Vec<(f64, &[Statement])> = Vec::new();
        let mut are_right = true;
        for statement in &self.test.statements {
            match statement {
                TestStatement::Cluster(statement) => outside.push(statement.clone()),
                TestStatement::At {
                    time, statements, ..
                } => match self.time(*time) {
                    Some(seconds) => later.push((seconds, statements)),
                    None => are_right = false,
                },
                TestStatement::Expectation(_) => {}
            }
        }
        later.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let clusters = std::iter::once((0.0, ClusterTree::of_policy(tree, outside)));
        let later = later
            .iter()
            .map(|(t, said)| (*t, ClusterTree::of_policy(tree, said.to_vec())));
        let clusters: Vec<(f64, ClusterTree)> = clusters.chain(later).collect();
        for (_, cluster) in &clusters {
            self.introduced.add(cluster);
        }
        for name in self
            .introduced
            .actors
            .values()
            .cloned()
            .collect::<BTreeSet<_>>()
        {
            self.checker.infer_type(&name, self.test.name);
        }
        self.note_cluster();
        let mut hosted = BTreeSet::new();
        let mut said = Vec::new();
        for (t, cluster) in &clusters {
            let schema = self.checker.schema();
            let (changes, diagnostics) = read(cluster, schema, &self.introduced, &hosted);
            are_right &= diagnostics.is_empty();
            self.checker.diagnostics.extend(diagnostics);
            let actors = changes.periods.first().map(|changes| changes.actors.keys());
            hosted.extend(actors.into_iter().flatten().map(ActorId::to_string));
            // The first entry of a series is that of the first snapshot that sees it.
            let periods = changes.periods.len() as f64;
            if changes.periods.len() > 1 {
                let first = (t / period_seconds).ceil().max(1.0);
                self.mention((first + periods - 1.0) * period_seconds);
            }
            said.push((*t, changes));
        }
        are_right.then_some(said)
    }

    /// A time of the test, in seconds.
    fn time(&mut self, id: ExprId) -> Option<f64> {
        let seconds = self.checker.duration(id, "a time of a test")?;
        self.mention(seconds);
        Some(seconds)
    }

    fn mention(&mut self, seconds: f64) {
        self.last_seconds = self.last_seconds.max(seconds);
    }

    fn expectation(&mut self, expectation: &tree::Expectation) -> Option<Expectation> {
        let tree = self.checker.tree;
        let when = self.when(expectation);
        let wanted = match &expectation.wanted {
            tree::Wanted::NoActions => Some(Wanted::NoActions),
            tree::Wanted::Behavior {
                call,
                is_negated,
                by,
            } => self.wanted_behavior(call, *is_negated, *by),
            tree::Wanted::Condition(condition) => self
                .condition(*condition)
                .map(Box::new)
                .map(Wanted::Condition),
        };
        let words = tree.text(expectation.span).split_whitespace();
        let text = words.collect::<Vec<_>>().join(" ");
        Some(Expectation {
            text: Arc::from(text.trim_end_matches(';').trim_end()),
            span: expectation.span,
            when: when?,
            wanted: wanted?,
        })
    }

    fn when(&mut self, expectation: &tree::Expectation) -> Option<When> {
        let at = expectation.at.map(|at| self.time(at));
        let within = expectation.within.map(|within| self.time(within));
        let is_at = expectation.mode == ExpectationMode::Expect;
        let misplaced = match is_at {
            true => expectation.within.map(|id| (id, "within", "at")),
            false => expectation.at.map(|id| (id, "at", "within")),
        };
        if let Some((id, word, meant)) = misplaced {
            let span = self.checker.tree.expr(id).span;
            let mode = self.checker.tree.text(expectation.mode_span);
            let report = wrong_test::misplaced_time(span, mode, word, meant);
            self.checker.report(report);
            return None;
        }
        let (at, within) = (
            at.map_or(Some(None), |t| t.map(Some)),
            within.map_or(Some(None), |t| t.map(Some)),
        );
        Some(match expectation.mode {
            ExpectationMode::Expect => When::At(at?.unwrap_or(0.0)),
            ExpectationMode::Eventually => When::Eventually(within?),
            ExpectationMode::Never => When::Never(within?),
            ExpectationMode::Always => When::Always(within?),
        })
    }

    /// Any condition, in which the test's actors and servers are known by their names.
    fn condition(&mut self, id: ExprId) -> Option<TestCondition> {
        let noted = self.checker.names.len();
        let mut own = BTreeSet::new();
        let condition = self.condition_of(id, &mut own);
        self.note_bound(noted, |introduced| own.contains(&introduced));
        condition
    }

    /// The condition, and where in it the test's own names have their origin.
    fn condition_of(&mut self, id: ExprId, own: &mut BTreeSet<Span>) -> Option<TestCondition> {
        let introduced = &self.introduced;
        let mut rule = RuleChecker::new(self.checker, usize::MAX);
        rule.collect_condition(id);
        let types: HashMap<usize, VariableKind> = rule
            .mentioned_unknown()
            .filter_map(|(index, name)| {
                let kind = match introduced.actors.get(name) {
                    Some(of_type) => VariableKind::Actor(rule.checker.types.find(of_type)?),
                    None => introduced.is_server(name).then_some(VariableKind::Server)?,
                };
                Some((index, kind))
            })
            .collect();
        rule.know(&types);
        own.extend(rule.own_mentions(&types, introduced));
        if let Some((span, name)) = rule.first_unknown() {
            let names = introduced.actors.keys().chain(&introduced.servers);
            let meant = did_you_mean(name, names.map(String::as_str));
            let report = wrong_test::unknown_name(span, name, meant);
            rule.fail(report);
            return None;
        }
        rule.open_scope(id);
        let condition = rule.condition(id)?;
        if rule.is_broken {
            return None;
        }
        let entity = |name: &str| {
            if introduced.actors.contains_key(name) {
                return Some(Entity::Actor(ActorId::from(name)));
            }
            let is_server = introduced.is_server(name);
            is_server.then(|| Entity::Server(ServerId::from(name)))
        };
        let ids = (0..).map(VariableId).zip(&rule.resolved);
        let known = types.keys().copied().collect::<BTreeSet<_>>();
        let bound = ids.filter_map(|(id, variable)| {
            let origin = rule.origins.get(id.0 as usize).copied().flatten()?;
            let is_bound = known.contains(&origin) || rule.is_of_test(origin, introduced);
            Some((id, entity(&variable.name).filter(|_| is_bound)?))
        });
        let bound = bound.collect();
        let scope = Rule {
            index: 0,
            name: Arc::from("test"),
            priority: 0,
            cooldown_seconds: None,
            release_periods: RELEASE_PERIODS_DEFAULT,
            span: rule.checker.tree.expr(id).span,
            docs: String::new(),
            variables: std::mem::take(&mut rule.resolved),
            condition: Condition::Constant(true),
            behaviors: Vec::new(),
        };
        Some(TestCondition {
            scope,
            condition,
            bound,
        })
    }

    /// The word that an expression is, if it is one.
    pub(super) fn word(&self, id: ExprId) -> Option<(&'a str, WordKind)> {
        let tree = self.checker.tree;
        match *tree.kind(tree.unparenthesized(id)) {
            ExprKind::Word(word) => Some((tree.name(word.name), word.kind)),
            _ => None,
        }
    }
}

impl<'a> RuleChecker<'_, 'a> {
    /// The names that are mentioned without a type, and are no parameters.
    fn mentioned_unknown(&self) -> impl Iterator<Item = (usize, &'a str)> {
        let list = self.variables.list.iter().enumerate();
        list.filter(|(_, v)| v.kind.is_none() && !v.is_local)
            .filter(|(_, v)| self.checker.params.find(v.name).is_none())
            .map(|(index, v)| (index, v.name))
    }

    /// Gives these names what they stand for.
    fn know(&mut self, kinds: &HashMap<usize, VariableKind>) {
        for (index, kind) in kinds {
            if let Some(variable) = self.variables.list.get_mut(*index) {
                variable.kind = Some(*kind);
                variable.introduced = Some(variable.span);
            }
        }
    }

    /// Where what is the test's own is introduced or first mentioned: known by its name, or with its type before it.
    fn own_mentions(
        &self,
        known: &HashMap<usize, VariableKind>,
        introduced: &Introduced,
    ) -> impl Iterator<Item = Span> {
        let list = self.variables.list.iter().enumerate();
        let own = list
            .filter(|(index, _)| known.contains_key(index) || self.is_of_test(*index, introduced));
        own.map(|(_, variable)| variable.origin())
    }

    fn first_unknown(&self) -> Option<(Span, &'a str)> {
        let (index, name) = self.mentioned_unknown().next()?;
        Some((self.variables.list.get(index)?.span, name))
    }

    /// Whether a typed mention is of an actor or a server of the test: `Folder(f)` where `f` is one.
    fn is_of_test(&self, index: usize, introduced: &Introduced) -> bool {
        let Some(variable) = self.variables.list.get(index).filter(|v| !v.is_local) else {
            return false;
        };
        match variable.kind {
            Some(VariableKind::Server) => introduced.is_server(variable.name),
            Some(VariableKind::Actor(id)) => {
                let of_type = introduced.actors.get(variable.name);
                of_type.and_then(|name| self.checker.types.find(name)) == Some(id)
            }
            Some(VariableKind::AnyActor) => introduced.actors.contains_key(variable.name),
            _ => false,
        }
    }
}
