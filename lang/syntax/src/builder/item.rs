//! Builds items.

use plasma_diagnostic::Span;

use super::{Builder, Range};
use crate::error::syntax_error;
use crate::tree::{
    ActorDecl, AllowDecl, Attribute, AttributeName, BehaviorCall, ExprId, ExprKind, ExprList, Item,
    LimitDecl, LimitShape, Member, MemberKind, Name, Rule, RuleHead, TypeRef, TypeShape,
};

impl Builder<'_> {
    pub(crate) fn rule(&mut self, l: u32, head: Option<Box<RuleHead>>, condition: ExprId, r: u32) {
        let rule = self.rule_parts(l, head, condition, r);
        self.item(Item::Rule(rule));
    }

    /// `require separate(a, b) where ..;`
    pub(crate) fn require(&mut self, l: u32, condition: Option<ExprId>, r: u32) {
        let condition = condition.unwrap_or_else(|| self.bool(r, true, r));
        let requirement = self.rule_parts(l, None, condition, r);
        self.item(Item::Require(requirement));
    }

    fn rule_parts(
        &mut self,
        l: u32,
        head: Option<Box<RuleHead>>,
        condition: ExprId,
        r: u32,
    ) -> Rule {
        // A rule that was given up in the middle may have left behaviors behind: take only those
        // of this one.
        let behaviors = &self.tree.behaviors;
        let own = behaviors.iter().rev();
        let len = own.take_while(|behavior| behavior.span.start >= l).count();
        // None are nowhere.
        let start = if len > 0 { behaviors.len() - len } else { 0 };
        Rule {
            is_cut: self.cut_at.is_some_and(|at| at >= l),
            span: self.span(l, r),
            docs: self.docs(l),
            head,
            condition,
            behaviors: (start as u32, len as u32),
        }
    }

    /// A rule with a mistake behind its condition. If that is no condition yet, most of it may be
    /// missing: nothing is said about it.
    pub(crate) fn cut_rule(
        &mut self,
        l: u32,
        head: Option<Box<RuleHead>>,
        condition: ExprId,
        r: u32,
    ) {
        let found = self.tree.expr(condition);
        let is_operand = matches!(
            found.kind,
            ExprKind::Word(_)
                | ExprKind::Call { .. }
                | ExprKind::Member { .. }
                | ExprKind::Number(_)
                | ExprKind::Text
                | ExprKind::Minus(_)
                | ExprKind::Arithmetic { .. }
                | ExprKind::Aggregate { .. }
                | ExprKind::Windowed { .. }
        );
        let condition = if is_operand {
            self.hole((found.span.start, found.span.end))
        } else {
            condition
        };
        self.rule(l, head, condition, r);
    }

    /// A rule that ends behind its condition, before the next item or the end of the text.
    pub(crate) fn unfinished_rule(
        &mut self,
        l: u32,
        head: Option<Box<RuleHead>>,
        condition: ExprId,
        r: u32,
    ) {
        if !self.is_echo(r) {
            self.report(syntax_error::missing_behaviors(self.span(r, r)));
        }
        self.doubtful_to = self.doubtful_to.max(Some(l));
        self.cut_rule(l, head, condition, r);
    }

    /// A rule that ends before its condition.
    pub(crate) fn broken_head(
        &mut self,
        l: u32,
        name: Name,
        attributes: Option<Vec<Attribute>>,
        head_end: u32,
        hole: Range,
        r: u32,
    ) {
        let head = self.rule_head(l, name, attributes, head_end);
        let condition = self.hole(hole);
        self.cut_rule(l, Some(head), condition, r);
    }

    pub(crate) fn rule_head(
        &mut self,
        l: u32,
        name: Name,
        attributes: Option<Vec<Attribute>>,
        r: u32,
    ) -> Box<RuleHead> {
        self.expect_lower(name, "a rule's name");
        Box::new(RuleHead {
            span: self.span(l, r),
            name: Some(name),
            attributes: self.fitting(attributes, AttributeName::ALL),
        })
    }

    /// `very-hot`: a name of several words, from its `first` to its `last`.
    pub(crate) fn hyphenated(&mut self, first: Name, last: Name) -> Name {
        let span = first.span.cover(last.span);
        let words = self.tree.text(span).split('-').map(str::trim);
        let meant = words.collect::<Vec<_>>().join("_");
        self.report(syntax_error::hyphenated(span, &meant));
        Name { span }
    }

    pub(crate) fn attribute(
        &mut self,
        l: u32,
        word: Name,
        value: ExprId,
        r: u32,
    ) -> Box<Attribute> {
        let span = self.span(l, r);
        let text = self.tree.name(word);
        let mut known = AttributeName::ALL.iter().chain(AttributeName::OF_TESTS);
        let known = known.find(|(word, _)| *word == text);
        let name = known.map_or(AttributeName::Unknown, |(_, name)| *name);
        let allow = None;
        Box::new(Attribute {
            span,
            name,
            value,
            allow,
        })
    }

    /// `allow "no-gap" "why" until "2027-01-31"` in brackets.
    pub(crate) fn allow_attribute(
        &mut self,
        l: u32,
        lint: Range,
        reason: Option<Range>,
        until: Option<Range>,
        r: u32,
    ) -> Box<Attribute> {
        let allow = self.allow(l, lint, reason, until, r);
        Box::new(Attribute {
            span: allow.span,
            name: AttributeName::Allow,
            value: self.hole(lint),
            allow: Some(allow),
        })
    }

    /// `allow "no-gap" "why" until "2027-01-31";`
    pub(crate) fn allow_item(
        &mut self,
        l: u32,
        lint: Range,
        reason: Option<Range>,
        until: Option<Range>,
        r: u32,
    ) {
        let allow = self.allow(l, lint, reason, until, r);
        self.item(Item::Allow(allow));
    }

    /// What is silenced, why, and how long.
    fn allow(
        &mut self,
        l: u32,
        lint: Range,
        reason: Option<Range>,
        until: Option<Range>,
        r: u32,
    ) -> AllowDecl {
        AllowDecl {
            span: self.span(l, r),
            docs: self.docs(l),
            lint: self.span(lint.0, lint.1),
            reason: reason.map(|(l, r)| self.span(l, r)),
            until: until.map(|(l, r)| self.span(l, r)),
        }
    }

    /// Reports the attributes that do not exist, and those that there are elsewhere: those of tests in a
    /// rule, and of rules in a test.
    pub(crate) fn fitting(
        &mut self,
        attributes: Option<Vec<Attribute>>,
        fitting: &[(&str, AttributeName)],
    ) -> Vec<Attribute> {
        let mut attributes = attributes.unwrap_or_default();
        for attribute in &mut attributes {
            let word = attribute.name.word();
            let fits = fitting.iter().any(|(_, name)| *name == attribute.name);
            if attribute.name == AttributeName::Unknown {
                self.report_unknown_attribute(attribute.span, fitting);
            } else if !fits {
                self.report(syntax_error::misplaced_attribute(attribute.span, word));
                attribute.name = AttributeName::Unknown;
            }
        }
        attributes
    }

    /// An attribute that does not exist, if it begins with a word: what does not is reported already.
    fn report_unknown_attribute(&mut self, whole: Span, fitting: &[(&str, AttributeName)]) {
        let text = self.tree.text(whole);
        let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = text.find(|c| !is_of_word(c)).unwrap_or(text.len());
        let word = text.get(..length).unwrap_or(text).to_owned();
        if !word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return;
        }
        let span = Span {
            end: whole.start + length as u32,
            ..whole
        };
        self.report(syntax_error::unknown_attribute(span, &word, fitting));
    }

    /// `priority: 10` or `priority=10`
    pub(crate) fn attribute_with_sign(
        &mut self,
        l: u32,
        name: Name,
        sign: Range,
        value: ExprId,
        r: u32,
    ) -> Box<Attribute> {
        let sign = self.span(sign.0, sign.1);
        let text = self.tree.text(sign).to_owned();
        self.report(syntax_error::attribute_sign(sign, &text));
        self.attribute(l, name, value, r)
    }

    /// `rule x(priority 10):`
    pub(crate) fn attributes_in_parentheses(
        &mut self,
        l: u32,
        attributes: Vec<Attribute>,
        r: u32,
    ) -> Vec<Attribute> {
        let span = self.span(l, r);
        self.report(syntax_error::attributes_in_parentheses(span));
        attributes
    }

    pub(crate) fn attribute_hole(&mut self, hole: Range) -> Box<Attribute> {
        Box::new(Attribute {
            span: self.span(hole.0, hole.1),
            name: AttributeName::Unknown,
            value: self.hole(hole),
            allow: None,
        })
    }

    pub(crate) fn behavior(&mut self, l: u32, name_end: u32, args: ExprList, r: u32) {
        let name = Some(self.name(l, name_end));
        let span = self.span(l, r);
        self.tree.behaviors.push(BehaviorCall { span, name, args });
    }

    /// `limit migrations 20 per 10s each Folder;`
    pub(crate) fn limit_rate(
        &mut self,
        l: u32,
        what: Name,
        count: ExprId,
        window: ExprId,
        each: Option<ExprId>,
        r: u32,
    ) {
        let shape = LimitShape::Rate {
            count,
            window,
            each,
        };
        self.limit(l, what, shape, r);
    }

    /// `limit servers 2..16;`
    pub(crate) fn limit_range(&mut self, l: u32, what: Name, least: ExprId, most: ExprId, r: u32) {
        self.limit(l, what, LimitShape::Range { least, most }, r);
    }

    fn limit(&mut self, l: u32, what: Name, shape: LimitShape, r: u32) {
        let limit = LimitDecl {
            span: self.span(l, r),
            docs: self.docs(l),
            what,
            shape,
        };
        self.item(Item::Limit(limit));
    }

    pub(crate) fn actor(&mut self, l: u32, name: Option<Name>, members: Vec<Member>, r: u32) {
        if let Some(name) = name {
            self.expect_upper(name, "an actor type");
        }
        let actor = ActorDecl {
            span: self.span(l, r),
            docs: self.docs(l),
            name,
            members,
        };
        self.item(Item::Actor(actor));
    }

    /// An actor declaration whose closing brace is missing.
    pub(crate) fn broken_actor(&mut self, l: u32, name: Name, members: Vec<Member>, r: u32) {
        self.actor(l, Some(name), members, r);
    }

    pub(crate) fn function(&mut self, l: u32, name: Name, r: u32) -> Box<Member> {
        Box::new(Member {
            span: self.span(l, r),
            docs: self.docs(l),
            name: Some(name),
            kind: MemberKind::Function,
        })
    }

    pub(crate) fn property(
        &mut self,
        l: u32,
        name: Name,
        ty: Option<TypeRef>,
        r: u32,
    ) -> Box<Member> {
        Box::new(Member {
            span: self.span(l, r),
            docs: self.docs(l),
            name: Some(name),
            kind: MemberKind::Property(ty),
        })
    }

    pub(crate) fn type_ref(
        &mut self,
        l: u32,
        shape: TypeShape,
        name: Name,
        r: u32,
    ) -> Option<TypeRef> {
        Some(TypeRef {
            span: self.span(l, r),
            shape,
            name: Some(name),
        })
    }

    /// `List<File>`, `Option<File>`
    pub(crate) fn generic_type(
        &mut self,
        l: u32,
        outer: Name,
        inner: Name,
        r: u32,
    ) -> Option<TypeRef> {
        let shape = match self.tree.name(outer) {
            "Option" | "Optional" | "Maybe" => TypeShape::Optional,
            _ => TypeShape::List,
        };
        self.type_as_elsewhere(l, shape, inner, r)
    }

    /// `File[]`
    pub(crate) fn array_type(&mut self, l: u32, inner: Name, r: u32) -> Option<TypeRef> {
        self.type_as_elsewhere(l, TypeShape::List, inner, r)
    }

    fn type_as_elsewhere(
        &mut self,
        l: u32,
        shape: TypeShape,
        inner: Name,
        r: u32,
    ) -> Option<TypeRef> {
        let (span, name) = (self.span(l, r), self.tree.name(inner).to_owned());
        self.report(syntax_error::type_as_elsewhere(span, shape, &name));
        self.type_ref(l, shape, inner, r)
    }

    pub(super) fn expect_lower(&mut self, name: Name, what: &str) {
        let text = self.tree.name(name);
        if text.starts_with(|c: char| c.is_ascii_uppercase()) {
            let diagnostic = syntax_error::upper_name(name.span, what, text);
            self.report(diagnostic);
        }
    }

    pub(super) fn expect_upper(&mut self, name: Name, what: &str) {
        let text = self.tree.name(name);
        if !text.starts_with(|c: char| c.is_ascii_uppercase()) {
            let diagnostic = syntax_error::lower_type(name.span, what, text);
            self.report(diagnostic);
        }
    }
}
