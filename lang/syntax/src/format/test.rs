//! Tests: one statement a line, the fields of one on its line where they fit.

use super::doc::Doc;
use super::layout::Layout;
use crate::cluster::{CallsStatement, Field, FieldValue, Statement};
use crate::tree::{BehaviorCall, Expectation, ExprId, TestDecl, TestStatement, Wanted};

impl<'t> Layout<'t> {
    pub(super) fn test(&mut self, test: &TestDecl) -> Doc<'t> {
        let words = [self.sign("test"), Doc::SPACE, self.word()];
        let attributes = self.attributes(&test.attributes);
        let body = self.block(
            &test.statements,
            |this, statement| this.test_statement(statement),
            true,
        );
        Doc::concat([Doc::concat(words), attributes, Doc::SPACE, body])
    }

    fn test_statement(&mut self, statement: &TestStatement) -> Doc<'t> {
        match statement {
            TestStatement::Cluster(statement) => self.cluster_statement(statement),
            TestStatement::At {
                time, statements, ..
            } => {
                let words = [self.sign("at"), Doc::SPACE, self.expr(*time), Doc::SPACE];
                let body = self.block(
                    statements,
                    |this, statement| this.cluster_statement(statement),
                    false,
                );
                Doc::concat([Doc::concat(words), body])
            }
            TestStatement::Expectation(expectation) => self.expectation(expectation),
        }
    }

    fn expectation(&mut self, expectation: &Expectation) -> Doc<'t> {
        let mut docs = vec![self.word(), Doc::SPACE];
        match &expectation.wanted {
            Wanted::NoActions => docs.extend([self.sign("no"), Doc::SPACE, self.word()]),
            Wanted::Condition(condition) => docs.push(self.expr(*condition)),
            Wanted::Behavior {
                call,
                is_negated,
                by,
            } => {
                if *is_negated {
                    docs.extend([self.sign("not"), Doc::SPACE]);
                }
                docs.push(self.wanted_behavior(call));
                if let Some(by) = by {
                    docs.extend([Doc::SPACE, self.sign("by"), Doc::SPACE]);
                    docs.push(self.close_words(by.span.end));
                }
            }
        }
        let parts = [("at", expectation.at), ("within", expectation.within)];
        for (word, value) in parts {
            docs.extend(self.timed(word, value));
        }
        docs.push(self.sign(";"));
        Doc::concat(docs).group()
    }

    fn timed(&mut self, word: &str, value: Option<ExprId>) -> Vec<Doc<'t>> {
        let Some(value) = value else {
            return Vec::new();
        };
        vec![Doc::SPACE, self.sign(word), Doc::SPACE, self.expr(value)]
    }

    fn wanted_behavior(&mut self, call: &BehaviorCall) -> Doc<'t> {
        let name = self.word();
        // All arguments may be left out, and the parentheses with them.
        if call.name.is_some_and(|name| name.span == call.span) {
            return name;
        }
        let args = self.args(call.args);
        Doc::concat([name, args])
    }

    // What a cluster is like.

    fn cluster_statement(&mut self, statement: &Statement) -> Doc<'t> {
        match statement {
            Statement::Server(server) => {
                let words = [self.sign("server"), Doc::SPACE, self.word()];
                let fields = self.fields(&server.fields);
                Doc::concat([Doc::concat(words), fields])
            }
            Statement::Actor(actor) => {
                let mut docs = vec![self.word(), Doc::SPACE, self.word()];
                if actor.host.is_some() {
                    docs.extend([Doc::SPACE, self.sign("on"), Doc::SPACE, self.word()]);
                }
                docs.push(self.fields(&actor.fields));
                Doc::concat(docs)
            }
            Statement::Calls(calls) => self.calls(calls),
        }
    }

    fn calls(&mut self, calls: &CallsStatement) -> Doc<'t> {
        let caller = [self.word(), Doc::SPACE, self.sign("->"), Doc::SPACE];
        let callee = [self.word(), self.sign("."), self.word(), self.sign(":")];
        let mut docs = vec![Doc::concat(caller), Doc::concat(callee)];
        for place in 0..calls.figures.len() {
            if place > 0 {
                docs.push(self.sign(","));
            }
            docs.extend([Doc::SPACE, self.word()]);
        }
        Doc::concat(docs)
    }

    /// The fields in their braces, with the blank before them; nothing if there are no braces.
    fn fields(&mut self, fields: &[Field]) -> Doc<'t> {
        if self.cursor.next() != "{" {
            return Doc::NOTHING;
        }
        let fields = self.spaced_braces(fields, |this, field| this.field(field));
        Doc::concat([Doc::SPACE, fields])
    }

    fn field(&mut self, field: &Field) -> Doc<'t> {
        let words = [self.word(), self.sign(":"), Doc::SPACE];
        let value = match &field.value {
            FieldValue::Hole => {
                self.is_lost = true;
                Doc::NOTHING
            }
            FieldValue::Names(names) => self.enclosed(("[", "]"), names, |this, _| this.word()),
            FieldValue::Series(entries) => self.enclosed(("[", "]"), entries, |this, entry| {
                this.series_entry(entry.span.end)
            }),
            FieldValue::Texts(texts) => {
                let places: Vec<usize> = (0..texts.len()).collect();
                self.enclosed(("{", "}"), &places, |this, _| {
                    let words = [this.word(), this.sign(":"), Doc::SPACE, this.word()];
                    Doc::concat(words)
                })
            }
            FieldValue::Number(_)
            | FieldValue::Bool(_)
            | FieldValue::Text(_)
            | FieldValue::Missing => self.close_words(field.value_span.end),
        };
        Doc::concat([Doc::concat(words), value])
    }

    /// `30%..90% step 10%`, `40% x5`: no blanks around `..` and behind a minus.
    fn series_entry(&mut self, end: u32) -> Doc<'t> {
        let mut docs = Vec::new();
        while self.cursor.next_start() < end {
            let is_close =
                self.cursor.next() == ".." || matches!(self.cursor.previous(), ".." | "-");
            if !docs.is_empty() && !is_close {
                docs.push(Doc::SPACE);
            }
            docs.push(self.word());
        }
        Doc::concat(docs)
    }
}
