//! Builds tests.

use plasma_diagnostic::Span;

use super::{Builder, Range};
use crate::cluster::{FieldValue, SeriesEntry, SeriesShape, Statement};
use crate::error::syntax_error;
use crate::number::Number;
use crate::tree::{
    Attribute, AttributeName, BehaviorCall, Expectation, ExpectationMode, ExprId, ExprList, Item,
    Name, TestDecl, TestStatement, Wanted,
};

/// Most periods that an entry of a series can stand for.
const TIMES_MAX: u32 = 1_000_000;

impl Builder<'_> {
    /// `test ".." [period 1s] { .. }`: takes the statements read since it began.
    pub(crate) fn test(&mut self, l: u32, name: Range, attributes: Option<Vec<Attribute>>, r: u32) {
        let cluster = self.statements_since(l);
        let cluster = cluster.into_iter().map(TestStatement::Cluster);
        let first = self
            .clauses
            .partition_point(|clause| clause_span(clause).start < l);
        let mut statements: Vec<TestStatement> = self.clauses.split_off(first);
        statements.extend(cluster);
        statements.sort_by_key(|statement| clause_span(statement).start);
        let test = TestDecl {
            span: self.span(l, r),
            docs: self.docs(l),
            name: self.span(name.0, name.1),
            attributes: self.fitting(attributes, AttributeName::OF_TESTS),
            statements,
            is_cut: self.cut_at.is_some_and(|at| at >= l),
        };
        self.item(Item::Test(test));
    }

    /// A test whose closing brace is missing.
    pub(crate) fn broken_test(
        &mut self,
        l: u32,
        name: Range,
        attributes: Option<Vec<Attribute>>,
        r: u32,
    ) {
        self.test(l, name, attributes, r);
    }

    /// `at 30s { .. }`
    pub(crate) fn at(&mut self, l: u32, time: ExprId, r: u32) {
        let statements = self.statements_since(l);
        let span = self.span(l, r);
        self.clauses.push(TestStatement::At {
            span,
            time,
            statements,
        });
    }

    pub(crate) fn expectation(
        &mut self,
        (l, word_end): Range,
        wanted: Wanted,
        at: Option<ExprId>,
        within: Option<ExprId>,
        r: u32,
    ) {
        let mode_span = self.span(l, word_end);
        let word = self.tree.text(mode_span);
        let found = ExpectationMode::ALL.iter().find(|(name, _)| *name == word);
        let mode = found.map_or(ExpectationMode::Expect, |(_, mode)| *mode);
        let span = self.span(l, r);
        self.clauses.push(TestStatement::Expectation(Expectation {
            span,
            mode_span,
            mode,
            wanted,
            at,
            within,
        }));
    }

    pub(crate) fn no_actions(&mut self, no: Range, name: Name, r: u32) -> Wanted {
        if self.tree.name(name) != "actions" {
            let span = self.span(no.0, r);
            self.report(syntax_error::no_what(span, name.span));
        }
        Wanted::NoActions
    }

    pub(crate) fn wanted_behavior(
        &mut self,
        call: BehaviorCall,
        is_negated: bool,
        by: Option<Name>,
    ) -> Wanted {
        Wanted::Behavior {
            call,
            is_negated,
            by,
        }
    }

    pub(crate) fn behavior_call(
        &mut self,
        l: u32,
        name_end: u32,
        args: ExprList,
        r: u32,
    ) -> BehaviorCall {
        BehaviorCall {
            span: self.span(l, r),
            name: Some(self.name(l, name_end)),
            args,
        }
    }

    /// The statements about the cluster that were read since a byte.
    fn statements_since(&mut self, l: u32) -> Vec<Statement> {
        let first = self
            .statements
            .partition_point(|statement| statement.span().start < l);
        self.statements.split_off(first)
    }

    // Series.

    pub(crate) fn series_entry(
        &mut self,
        l: u32,
        shape: SeriesShape,
        times: Option<Range>,
        r: u32,
    ) -> Box<SeriesEntry> {
        let span = self.span(l, r);
        let times = times.map_or(1, |(l, r)| self.times(self.span(l, r)));
        Box::new(SeriesEntry { span, shape, times })
    }

    /// `x5`
    fn times(&mut self, span: Span) -> u32 {
        let digits = self.tree.text(span).trim_start_matches('x');
        let times = digits.parse::<u32>().ok();
        let times = times.filter(|times| (1..=TIMES_MAX).contains(times));
        times.unwrap_or_else(|| {
            self.report(syntax_error::times_out_of_range(span, TIMES_MAX));
            1
        })
    }

    pub(crate) fn series_range_without_step(
        &mut self,
        l: u32,
        from: Option<Number>,
        to: Option<Number>,
        r: u32,
    ) -> Box<SeriesEntry> {
        let span = self.span(l, r);
        let text = self.tree.text(span).to_owned();
        self.report(syntax_error::range_without_step(span, &text));
        let shape = SeriesShape::Range {
            from,
            to,
            step: None,
        };
        self.series_entry(l, shape, None, r)
    }

    pub(crate) fn series_number(&mut self, l: u32, r: u32, is_negative: bool) -> Option<Number> {
        match self.field_number(l, r, is_negative) {
            FieldValue::Number(number) => Some(number),
            _ => None,
        }
    }
}

fn clause_span(statement: &TestStatement) -> Span {
    match statement {
        TestStatement::Cluster(statement) => statement.span(),
        TestStatement::At { span, .. } => *span,
        TestStatement::Expectation(expectation) => expectation.span,
    }
}
