//! Items: what a policy file consists of.

use super::comments::{self, BlankLines, trimmed};
use super::doc::{COLUMNS, Doc};
use super::layout::{INDENT, Layout};
use crate::tree::{
    ActorDecl, Attribute, BehaviorCall, DefDecl, Item, LimitDecl, LimitShape, Member, MemberKind,
    ParamDecl, Rule, RuleHead, UseDecl,
};

/// A rule with a head stands on one line of up to so many columns.
const SHORT_RULE_COLUMNS: usize = 80;

/// Behaviors stand below each other behind the arrow.
const ARROW_INDENT: usize = "=> ".len();

impl<'t> Layout<'t> {
    /// An item, with the comments before it, on lines of its own.
    pub(super) fn item(&mut self, item: &Item) -> Doc<'t> {
        let comments = comments::before_next(&mut self.cursor, BlankLines::ALL);
        let before = self.cursor.clone();
        self.is_lost = false;
        let mut doc = match item {
            Item::Actor(actor) => self.actor(actor),
            Item::Param(param) => self.param(param),
            Item::Use(module) => self.use_module(module),
            Item::Def(definition) => self.definition(definition),
            Item::Require(requirement) => self.requirement(requirement),
            Item::Limit(limit) => self.limit(limit),
            Item::Rule(rule) => self.rule(rule),
            Item::Test(test) => self.test(test),
            Item::Allow(allow) => {
                let words = self.spaced_words(allow.span.end.saturating_sub(1));
                Doc::concat([words, self.sign(";")])
            }
        };
        let span = item.span();
        if self.is_lost || self.cursor.previous_end() != span.end {
            // Better no layout than a wrong one.
            self.cursor = before;
            self.cursor.skip_to(span.end);
            doc = Doc::text(trimmed(self.tree.text(span)));
        }
        Doc::concat([Doc::HARD_LINE, comments, doc])
    }

    fn param(&mut self, param: &ParamDecl) -> Doc<'t> {
        let words = self.spaced_words(self.tree.expr(param.value).span.start);
        let value = self.expr(param.value);
        let end = self.sign(";");
        Doc::concat([words, Doc::SPACE, value, end])
    }

    fn use_module(&mut self, module: &UseDecl) -> Doc<'t> {
        let word = self.sign("use");
        let path = self.close_words(module.path_span().map_or(0, |path| path.end));
        let mut docs = vec![word, Doc::SPACE, path];
        if self.cursor.next() == "with" {
            docs.extend([Doc::SPACE, self.sign("with"), Doc::SPACE]);
            docs.push(self.settings(module));
        }
        docs.push(self.sign(";"));
        Doc::concat(docs)
    }

    fn settings(&mut self, module: &UseDecl) -> Doc<'t> {
        let settings = &module.settings;
        self.spaced_braces(settings, |this, setting| {
            let words = [this.word(), Doc::SPACE, this.sign("="), Doc::SPACE];
            let value = this.expr(setting.value);
            Doc::concat([Doc::concat(words), value])
        })
    }

    fn definition(&mut self, definition: &DefDecl) -> Doc<'t> {
        self.grouped(|this| {
            let words = [this.sign("def"), Doc::SPACE, this.word()];
            let params = this.enclosed(("(", ")"), &definition.params, |this, _| {
                let words = [this.word(), this.sign(":"), Doc::SPACE, this.word()];
                Doc::concat(words)
            });
            let sign = [Doc::SPACE, this.sign("="), Doc::LINE];
            let body = this.expr(definition.body);
            let body = Doc::concat([Doc::concat(sign), body, this.sign(";")]).indent(INDENT);
            Doc::concat([Doc::concat(words), params, body])
        })
    }

    // Constraints.

    fn requirement(&mut self, requirement: &Rule) -> Doc<'t> {
        let tree = self.tree;
        self.grouped(|this| {
            let mut docs = vec![this.sign("require"), Doc::SPACE];
            if let [behavior] = tree.behaviors(requirement) {
                docs.extend([this.word(), this.args(behavior.args)]);
            }
            if this.cursor.next() == "where" {
                let condition = [Doc::LINE, this.sign("where"), Doc::SPACE];
                let condition = Doc::concat(condition);
                let asked = this.expr(requirement.condition);
                docs.push(Doc::concat([condition, asked]).indent(INDENT));
            }
            docs.push(this.sign(";"));
            Doc::concat(docs)
        })
    }

    fn limit(&mut self, limit: &LimitDecl) -> Doc<'t> {
        let words = match limit.shape {
            LimitShape::Rate { .. } => self.spaced_words(limit.span.end.saturating_sub(1)),
            LimitShape::Range { least, most } => {
                let words = self.spaced_words(self.tree.expr(least).span.start);
                let range = self.close_words(self.tree.expr(most).span.end);
                Doc::concat([words, Doc::SPACE, range])
            }
        };
        Doc::concat([words, self.sign(";")])
    }

    // Rules.

    fn rule(&mut self, rule: &Rule) -> Doc<'t> {
        let Some(head) = &rule.head else {
            let condition = self.expr(rule.condition).indent(INDENT);
            let behaviors = self.arrow_and_behaviors(rule).indent(INDENT);
            return Doc::concat([condition, behaviors]).group();
        };
        let head = self.rule_head(head);
        let body = self.grouped(|this| {
            let condition = this.expr(rule.condition);
            let behaviors = this.arrow_and_behaviors(rule);
            Doc::concat([condition, behaviors])
        });
        let body = Doc::concat([Doc::LINE, body]).indent(INDENT);
        Doc::concat([head, body]).group_within(SHORT_RULE_COLUMNS)
    }

    fn rule_head(&mut self, head: &RuleHead) -> Doc<'t> {
        let words = [self.sign("rule"), Doc::SPACE, self.word()];
        let attributes = self.attributes(&head.attributes);
        let colon = self.sign(":");
        Doc::concat([Doc::concat(words), attributes, colon])
    }

    /// What stands in brackets behind a name, with the blank before it.
    pub(super) fn attributes(&mut self, attributes: &[Attribute]) -> Doc<'t> {
        if attributes.is_empty() {
            return Doc::NOTHING;
        }
        let attributes = self.enclosed(("[", "]"), attributes, |this, attribute| {
            this.spaced_words(attribute.span.end)
        });
        Doc::concat([Doc::SPACE, attributes])
    }

    fn arrow_and_behaviors(&mut self, rule: &Rule) -> Doc<'t> {
        let tree = self.tree;
        let arrow = self.sign("=>");
        let behaviors = self.grouped(|this| {
            let mut docs = Vec::new();
            for (place, behavior) in tree.behaviors(rule).iter().enumerate() {
                if place > 0 {
                    docs.push(Doc::LINE);
                }
                docs.push(this.behavior(behavior));
            }
            Doc::concat(docs)
        });
        let behaviors = behaviors.indent(ARROW_INDENT);
        Doc::concat([Doc::LINE, arrow, Doc::SPACE, behaviors])
    }

    fn behavior(&mut self, behavior: &BehaviorCall) -> Doc<'t> {
        let name = self.word();
        let args = self.args(behavior.args);
        let end = self.sign(";");
        Doc::concat([name, args, end])
    }

    // Actor declarations.

    fn actor(&mut self, actor: &ActorDecl) -> Doc<'t> {
        let words = [self.sign("actor"), Doc::SPACE, self.word(), Doc::SPACE];
        let members = self.block(
            &actor.members,
            |this, member| this.member_decl(member),
            false,
        );
        Doc::concat([Doc::concat(words), members])
    }

    fn member_decl(&mut self, member: &Member) -> Doc<'t> {
        match member.kind {
            MemberKind::Function => {
                let words = [self.sign("fn"), Doc::SPACE, self.word(), self.sign(";")];
                Doc::concat(words)
            }
            MemberKind::Property(None) => {
                self.is_lost = true;
                Doc::NOTHING
            }
            MemberKind::Property(Some(ty)) => {
                let words = [self.word(), self.sign(":"), Doc::SPACE];
                let ty = self.close_words(ty.span.end);
                let end = self.sign(";");
                Doc::concat([Doc::concat(words), ty, end])
            }
        }
    }

    /// What stands in braces, one a line, or all on one if it was written so and fits, unless it must
    /// break.
    pub(super) fn block<T>(
        &mut self,
        elements: &[T],
        mut element: impl FnMut(&mut Self, &T) -> Doc<'t>,
        must_break: bool,
    ) -> Doc<'t> {
        let opening = self.sign("{");
        let opened = self.cursor.previous_end();
        let has_comments = self.cursor.comment_start().is_some();
        let begins = self
            .cursor
            .comment_start()
            .unwrap_or(self.cursor.next_start());
        let is_broken = must_break || self.cursor.line_breaks(opened, begins) > 0;
        if elements.is_empty() && !has_comments {
            return Doc::concat([opening, self.sign("}")]);
        }
        let mut inner = Vec::new();
        for (place, one) in elements.iter().enumerate() {
            let blank_lines = BlankLines {
                at_start: place > 0,
                ..BlankLines::ALL
            };
            inner.push(Doc::LINE);
            inner.push(comments::before_next(&mut self.cursor, blank_lines));
            inner.push(element(self, one));
        }
        if elements.is_empty() {
            inner.push(Doc::LINE);
        }
        let blank_lines = BlankLines {
            at_start: !elements.is_empty(),
            at_end: false,
            ..BlankLines::ALL
        };
        inner.push(comments::before_next(&mut self.cursor, blank_lines));
        let inner = Doc::concat(inner).indent(INDENT);
        let doc = Doc::concat([opening, inner, Doc::LINE, self.sign("}")]);
        let doc = if is_broken { doc.broken() } else { doc };
        doc.group_within(COLUMNS)
    }
}
