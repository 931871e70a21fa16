//! Builds expressions.

use plasma_diagnostic::Span;

use super::{Builder, Chain, Range};
use crate::error::{syntax_error, wrong_argument};
use crate::number::Number;
use crate::tree::{ArithmeticOp, CompareOp, Expr, ExprId, ExprKind, ExprList, Name, Sense, Word};

impl Builder<'_> {
    pub(crate) fn or(&mut self, l: u32, chain: Chain, r: u32) -> ExprId {
        let list = self.list(chain);
        self.or_of(l, list, r)
    }

    pub(crate) fn or_of(&mut self, l: u32, list: ExprList, r: u32) -> ExprId {
        let (span, depth) = (self.span(l, r), self.list_depth(list));
        self.push(ExprKind::Or(list), span, depth + 1)
    }

    pub(crate) fn and(&mut self, l: u32, chain: Chain, r: u32) -> ExprId {
        let list = self.list(chain);
        self.and_of(l, list, r)
    }

    pub(crate) fn and_of(&mut self, l: u32, list: ExprList, r: u32) -> ExprId {
        let (span, depth) = (self.span(l, r), self.list_depth(list));
        self.push(ExprKind::And(list), span, depth + 1)
    }

    pub(crate) fn not(&mut self, l: u32, inner: ExprId, r: u32) -> ExprId {
        let (span, depth) = (self.span(l, r), self.depth(inner));
        self.push(ExprKind::Not(inner), span, depth + 1)
    }

    /// A comparison. One of a comparison is reported, and read as two joined by `and`.
    pub(crate) fn compare(
        &mut self,
        l: u32,
        left: ExprId,
        sign: Range,
        op: Option<CompareOp>,
        right: ExprId,
        r: u32,
    ) -> ExprId {
        let op_span = self.span(sign.0, sign.1);
        let op = op.unwrap_or_else(|| {
            self.report(syntax_error::assignment(op_span));
            CompareOp::Equal
        });
        let middle = self.last_operand(left);
        // `a > > b` has a hole in the middle: reported already, and not a chain. Nor is `a > b > ;`.
        let is_hole = |expr: Expr| expr.kind == ExprKind::Hole;
        let is_whole = !is_hole(self.tree.expr(self.root(right)));
        let between = middle.map(|id| self.tree.expr(id));
        if let Some(between) = between.filter(|expr| is_whole && !is_hole(*expr)) {
            let text = self.tree.text(between.span).to_owned();
            let whole = self.span(l, r);
            let source = self.tree.text(whole).to_owned();
            self.report(syntax_error::chained(
                &source,
                whole,
                op_span,
                between.span,
                &text,
            ));
        }
        let kind = ExprKind::Compare {
            op,
            op_span,
            left: middle.unwrap_or(left),
            right,
        };
        let start = middle.map_or(l, |id| self.tree.expr(id).span.start);
        let depth = self.depth(left).max(self.depth(right));
        let span = self.span(start, r);
        let comparison = self.push(kind, span, depth + 1);
        if middle.is_none() {
            return comparison;
        }
        let chain = self.pair(left, comparison);
        self.and(l, chain, r)
    }

    /// What stands before the first dot.
    fn root(&self, id: ExprId) -> ExprId {
        let mut id = id;
        while let ExprKind::Member { base, .. } = self.tree.expr(id).kind {
            id = base;
        }
        id
    }

    /// The operand that ends `left`, if that is itself a comparison.
    fn last_operand(&self, left: ExprId) -> Option<ExprId> {
        match self.tree.expr(left).kind {
            ExprKind::Compare { right, .. } => Some(right),
            ExprKind::InRef { property, .. } => Some(property),
            ExprKind::On { host, .. } => Some(host),
            // An earlier link of the same chain; a conjunction of the text stands in parentheses.
            ExprKind::And(list) => {
                let last = self.tree.list(list).last().copied();
                last.and_then(|id| self.last_operand(id))
            }
            _ => None,
        }
    }

    /// `actor in ref(..)`, with the parentheses from `open` to `r`.
    pub(crate) fn in_ref(
        &mut self,
        l: u32,
        actor: ExprId,
        sense: Sense,
        open: u32,
        args: ExprList,
        r: u32,
    ) -> ExprId {
        let span = self.span(l, r);
        let actor = self.not_compared(l, actor, "in ref", span);
        let given = self.tree.list(args).to_vec();
        let property = match *given {
            [] => {
                self.report(syntax_error::ref_of_nothing(self.span(open, r)));
                self.hole((r, r))
            }
            [property] => property,
            [property, ref more @ ..] => {
                self.cut_at = self.cut_at.max(Some(open));
                let spans = more.iter().map(|id| self.tree.expr(*id));
                let is_whole = spans.clone().all(|expr| expr.kind != ExprKind::Hole);
                let extra = spans.map(|expr| expr.span).reduce(|a, b| a.cover(b));
                if let (true, Some(extra)) = (is_whole, extra) {
                    let first = self.tree.expr(property).span;
                    self.report(wrong_argument::ref_of_several(first, extra, given.len()));
                }
                property
            }
        };
        let depth = self.depth(actor).max(self.depth(property));
        let kind = ExprKind::InRef {
            actor,
            property,
            sense,
        };
        self.push(kind, span, depth + 1)
    }

    /// `actor on host`.
    pub(crate) fn on(
        &mut self,
        l: u32,
        actor: ExprId,
        sense: Sense,
        host: ExprId,
        r: u32,
    ) -> ExprId {
        let span = self.span(l, r);
        let actor = self.not_compared(l, actor, "on", span);
        let depth = self.depth(actor).max(self.depth(host));
        self.push(ExprKind::On { actor, host, sense }, span, depth + 1)
    }

    /// The left side of `in ref` or `on`, or a hole after the report that it is a comparison.
    fn not_compared(&mut self, l: u32, left: ExprId, word: &str, whole: Span) -> ExprId {
        if self.last_operand(left).is_none() {
            return left;
        }
        self.report(syntax_error::chained_in(word, whole));
        self.cut_at = self.cut_at.max(Some(l));
        let span = self.tree.expr(left).span;
        self.hole((span.start, span.end))
    }

    pub(crate) fn in_hole(&mut self, l: u32, actor: ExprId, hole: Range, r: u32) -> ExprId {
        let property = self.hole(hole);
        let (span, depth) = (self.span(l, r), self.depth(actor));
        let sense = Sense::Is;
        let kind = ExprKind::InRef {
            actor,
            property,
            sense,
        };
        self.push(kind, span, depth + 1)
    }

    pub(crate) fn minus(&mut self, l: u32, inner: ExprId, r: u32) -> ExprId {
        if self.tree.expr(inner).kind == ExprKind::Hole {
            return self.hole((l, r));
        }
        let (span, depth) = (self.span(l, r), self.depth(inner));
        self.push(ExprKind::Minus(inner), span, depth + 1)
    }

    pub(crate) fn arithmetic(
        &mut self,
        l: u32,
        left: ExprId,
        sign: Range,
        op: ArithmeticOp,
        right: ExprId,
        r: u32,
    ) -> ExprId {
        // What is calculated from nothing is nothing, and no more is said about it.
        let is_hole = |id: ExprId| self.tree.expr(id).kind == ExprKind::Hole;
        if is_hole(left) || is_hole(right) {
            return self.hole((l, r));
        }
        let (span, op_span) = (self.span(l, r), self.span(sign.0, sign.1));
        let depth = self.depth(left).max(self.depth(right));
        let kind = ExprKind::Arithmetic {
            op,
            op_span,
            left,
            right,
        };
        self.push(kind, span, depth + 1)
    }

    /// `x over 60s`
    pub(crate) fn windowed(&mut self, l: u32, of: ExprId, window: ExprId, r: u32) -> ExprId {
        if self.tree.expr(of).kind == ExprKind::Hole {
            return self.hole((l, r));
        }
        let depth = self.depth(of).max(self.depth(window));
        let span = self.span(l, r);
        self.push(ExprKind::Windowed { of, window }, span, depth + 1)
    }

    /// `c for 30s`
    pub(crate) fn sustained(
        &mut self,
        l: u32,
        condition: ExprId,
        window: ExprId,
        r: u32,
    ) -> ExprId {
        let depth = self.depth(condition).max(self.depth(window));
        let span = self.span(l, r);
        self.push(ExprKind::Sustained { condition, window }, span, depth + 1)
    }

    /// `avg(x for server(s) where c)`.
    pub(crate) fn aggregate(
        &mut self,
        l: u32,
        word: Word,
        of: ExprId,
        (ranges, filter): (Option<Chain>, Option<ExprId>),
        r: u32,
    ) -> ExprId {
        let ranges = ranges.map_or(ExprList::default(), |chain| self.list(chain));
        self.aggregate_of(l, word, (of, ranges, filter), r)
    }

    /// Of the expression, over the ranges, of what the filter keeps.
    pub(crate) fn aggregate_of(
        &mut self,
        l: u32,
        word: Word,
        (of, ranges, filter): (ExprId, ExprList, Option<ExprId>),
        r: u32,
    ) -> ExprId {
        let inner = self.depth(of).max(self.list_depth(ranges));
        let depth = inner.max(filter.map_or(0, |filter| self.depth(filter)));
        let span = self.span(l, r);
        let kind = ExprKind::Aggregate {
            word,
            of,
            ranges,
            filter,
        };
        self.push(kind, span, depth + 1)
    }

    /// An aggregate after whose clauses something was not understood.
    pub(crate) fn cut_aggregate(
        &mut self,
        l: u32,
        word: Word,
        _of: ExprId,
        _clauses: (Option<Chain>, Option<ExprId>),
        r: u32,
    ) -> ExprId {
        self.cut_at = self.cut_at.max(Some(l));
        self.hole((word.name.span.start, r))
    }

    /// `count(f.cpu > 3)`: the list without the comparison, whose sign is given.
    pub(crate) fn compared_argument(&mut self, chain: Chain, sign: Range, end: u32) -> ExprList {
        let sign_span = self.span(sign.0, sign.1);
        self.report(syntax_error::compared_argument(sign_span));
        self.cut_list(chain, (sign.0, end))
    }

    pub(crate) fn text_literal(&mut self, l: u32, r: u32) -> ExprId {
        let span = self.span(l, r);
        self.push(ExprKind::Text, span, 1)
    }

    pub(crate) fn bool(&mut self, l: u32, value: bool, r: u32) -> ExprId {
        let span = self.span(l, r);
        self.push(ExprKind::Bool(value), span, 1)
    }

    pub(crate) fn number(&mut self, l: u32, r: u32) -> ExprId {
        let span = self.span(l, r);
        let kind = match self.number_value(l, r) {
            Some(number) => ExprKind::Number(number),
            None => ExprKind::Hole,
        };
        self.push(kind, span, 1)
    }

    /// `-5`, where a number may be below zero.
    pub(crate) fn negative(&mut self, (minus, digits): Range, r: u32) -> ExprId {
        let span = self.span(minus, r);
        let kind = match self.number_value(digits, r) {
            Some(number) => ExprKind::Number(Number {
                value: -number.value,
                ..number
            }),
            None => ExprKind::Hole,
        };
        self.push(kind, span, 1)
    }

    pub(crate) fn word(&mut self, word: Word) -> ExprId {
        self.push(ExprKind::Word(word), word.name.span, 1)
    }

    pub(crate) fn call(&mut self, l: u32, word: Word, args: ExprList, r: u32) -> ExprId {
        let (span, depth) = (self.span(l, r), self.list_depth(args));
        self.push(ExprKind::Call { word, args }, span, depth + 1)
    }

    pub(crate) fn paren(&mut self, l: u32, inner: ExprId, r: u32) -> ExprId {
        let (span, depth) = (self.span(l, r), self.depth(inner));
        self.push(ExprKind::Paren(inner), span, depth + 1)
    }

    pub(crate) fn member(
        &mut self,
        l: u32,
        base: ExprId,
        name: Option<Name>,
        args: Option<ExprList>,
        r: u32,
    ) -> ExprId {
        let inner = args.map_or(0, |args| self.list_depth(args));
        let depth = inner.max(self.depth(base));
        let span = self.span(l, r);
        self.push(ExprKind::Member { base, name, args }, span, depth + 1)
    }

    pub(crate) fn by(&mut self, l: u32, label: ExprId, r: u32) -> ExprId {
        let (span, depth) = (self.span(l, r), self.depth(label));
        self.push(ExprKind::By(label), span, depth + 1)
    }

    pub(crate) fn types(&mut self, l: u32, chain: Chain, r: u32) -> ExprId {
        let list = self.list(chain);
        self.types_of(l, list, r)
    }

    pub(crate) fn types_of(&mut self, l: u32, list: ExprList, r: u32) -> ExprId {
        let (span, depth) = (self.span(l, r), self.list_depth(list));
        self.push(ExprKind::Types(list), span, depth + 1)
    }
}
