//! How expressions lie in memory: 24 bytes each, less than half of what an [`Expr`] takes. All phases walk
//! over trees of megabytes, and wait for memory more than for anything else.

use plasma_diagnostic::{FileId, Span};

use super::Name;
use super::expr::{
    ArithmeticOp, CompareOp, Expr, ExprId, ExprKind, ExprList, Sense, Word, WordKind,
};
use crate::Number;
use crate::number::UNITS;

/// The expressions of a tree, which all are of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exprs {
    packed: Vec<Packed>,
    /// What does not fit into an expression.
    more: Vec<u32>,
}

/// How many expressions there are, to go back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    packed: usize,
    more: usize,
}

/// An expression: what the fields hold beside its place in the text, its [`Tag`] says.
#[derive(Clone, Copy, Debug)]
struct Packed {
    start: u32,
    end: u32,
    a: u32,
    b: u32,
    c: u32,
    tag: Tag,
    /// The length of a sign.
    sign_len: u8,
}

/// What an expression is, with what is told by a few bits.
#[derive(Clone, Copy, Debug)]
enum Tag {
    Hole,
    Bool(bool),
    /// The bits of the value in `a` and `b`; how it is written in `c`, from 1, 0 without a unit.
    Number,
    Text,
    /// The word is all of the text.
    Word(WordKind),
    /// The word begins the text and ends at `c`; the list is `a`, `b`.
    Call(WordKind),
    /// Behind `a`; without arguments. The name is the text from `b` to `c`.
    Member,
    /// The same with what `more` holds from `b` on: whether there is a name, where it begins and ends,
    /// whether there are arguments, and their list.
    MemberWithMore,
    /// The list is `a`, `b`.
    Types,
    By,
    Paren,
    Not,
    /// The list is `a`, `b`.
    And,
    /// The list is `a`, `b`.
    Or,
    /// Of `a` and `b`, with the sign at `c`.
    Compare(CompareOp),
    InRef(Sense),
    On(Sense),
    Minus,
    /// Of `a` and `b`, with the sign at `c`.
    Arithmetic(ArithmeticOp),
    Windowed,
    Sustained,
    /// Of `a`. The word begins the text and ends at `c`; `more` holds from `b` on the list of ranges, whether
    /// there is a filter, and which.
    Aggregate(WordKind),
}

impl Exprs {
    pub(crate) fn len(&self) -> usize {
        self.packed.len()
    }

    pub(crate) fn reserve(&mut self, count: usize) {
        self.packed.reserve(count);
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            packed: self.packed.len(),
            more: self.more.len(),
        }
    }

    /// Takes back all that was added since.
    pub(crate) fn truncate(&mut self, to: Mark) {
        self.packed.truncate(to.packed);
        self.more.truncate(to.more);
    }

    #[inline]
    pub(crate) fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        let id = ExprId(self.packed.len() as u32);
        let packed = self.pack(kind, span);
        self.packed.push(packed);
        id
    }

    /// An expression; a hole for an id of another tree.
    #[inline(always)]
    pub(crate) fn expr(&self, id: ExprId, file: FileId) -> Expr {
        Expr {
            kind: self.kind(id, file),
            span: self.span(id, file),
        }
    }

    /// What an expression is; a hole for an id of another tree. Whoever asks looks at one or two kinds only:
    /// within its caller, no more is unpacked than that.
    #[inline(always)]
    pub(crate) fn kind(&self, id: ExprId, file: FileId) -> ExprKind {
        match self.packed.get(id.0 as usize) {
            Some(packed) => self.unpack(packed, file),
            None => ExprKind::Hole,
        }
    }

    /// All of its text.
    #[inline]
    pub(crate) fn span(&self, id: ExprId, file: FileId) -> Span {
        let packed = self.packed.get(id.0 as usize);
        packed.map_or(Span::new(file, 0, 0), |packed| packed.span(file))
    }

    #[inline]
    fn pack(&mut self, kind: ExprKind, span: Span) -> Packed {
        let mut sign_len = 0;
        let mut sign = |span: Span| {
            // The longest sign has three bytes.
            sign_len = span.len() as u8;
            span.start
        };
        let (tag, a, b, c) = match kind {
            ExprKind::Hole => (Tag::Hole, 0, 0, 0),
            ExprKind::Bool(value) => (Tag::Bool(value), 0, 0, 0),
            ExprKind::Number(number) => {
                let (a, b, c) = number_fields(number);
                (Tag::Number, a, b, c)
            }
            ExprKind::Text => (Tag::Text, 0, 0, 0),
            ExprKind::Word(word) => {
                debug_assert_eq!(word.name.span, span, "a word is all of its text");
                (Tag::Word(word.kind), 0, 0, 0)
            }
            ExprKind::Call { word, args } => {
                debug_assert_eq!(word.name.span.start, span.start, "the word comes first");
                (
                    Tag::Call(word.kind),
                    args.start,
                    args.len,
                    word.name.span.end,
                )
            }
            ExprKind::Member {
                base,
                name: Some(name),
                args: None,
            } => (Tag::Member, base.0, name.span.start, name.span.end),
            ExprKind::Member { base, name, args } => {
                let more = self.more.len() as u32;
                let (has_name, name) = (name.is_some(), name.map(|name| name.span));
                let (has_args, args) = (args.is_some(), args.unwrap_or_default());
                let name = name.map_or((0, 0), |span| (span.start, span.end));
                self.more.extend([
                    u32::from(has_name),
                    name.0,
                    name.1,
                    u32::from(has_args),
                    args.start,
                    args.len,
                ]);
                (Tag::MemberWithMore, base.0, more, 0)
            }
            ExprKind::Types(list) => (Tag::Types, list.start, list.len, 0),
            ExprKind::By(inner) => (Tag::By, inner.0, 0, 0),
            ExprKind::Paren(inner) => (Tag::Paren, inner.0, 0, 0),
            ExprKind::Not(inner) => (Tag::Not, inner.0, 0, 0),
            ExprKind::And(list) => (Tag::And, list.start, list.len, 0),
            ExprKind::Or(list) => (Tag::Or, list.start, list.len, 0),
            ExprKind::Compare {
                op,
                op_span,
                left,
                right,
            } => (Tag::Compare(op), left.0, right.0, sign(op_span)),
            ExprKind::InRef {
                actor,
                property,
                sense,
            } => (Tag::InRef(sense), actor.0, property.0, 0),
            ExprKind::On { actor, host, sense } => (Tag::On(sense), actor.0, host.0, 0),
            ExprKind::Minus(inner) => (Tag::Minus, inner.0, 0, 0),
            ExprKind::Arithmetic {
                op,
                op_span,
                left,
                right,
            } => (Tag::Arithmetic(op), left.0, right.0, sign(op_span)),
            ExprKind::Windowed { of, window } => (Tag::Windowed, of.0, window.0, 0),
            ExprKind::Sustained { condition, window } => (Tag::Sustained, condition.0, window.0, 0),
            ExprKind::Aggregate {
                word,
                of,
                ranges,
                filter,
            } => {
                debug_assert_eq!(word.name.span.start, span.start, "the word comes first");
                let more = self.more.len() as u32;
                let (has_filter, filter) = (filter.is_some(), filter.map_or(0, |id| id.0));
                self.more
                    .extend([ranges.start, ranges.len, u32::from(has_filter), filter]);
                (Tag::Aggregate(word.kind), of.0, more, word.name.span.end)
            }
        };
        Packed {
            start: span.start,
            end: span.end,
            a,
            b,
            c,
            tag,
            sign_len,
        }
    }

    #[inline(always)]
    fn unpack(&self, packed: &Packed, file: FileId) -> ExprKind {
        let Packed { a, b, c, .. } = *packed;
        let list = ExprList { start: a, len: b };
        let sign = || Span::new(file, c, c + u32::from(packed.sign_len));
        let (of, other) = (ExprId(a), ExprId(b));
        match packed.tag {
            Tag::Hole => ExprKind::Hole,
            Tag::Bool(value) => ExprKind::Bool(value),
            Tag::Number => ExprKind::Number(number(a, b, c)),
            Tag::Text => ExprKind::Text,
            Tag::Word(kind) => ExprKind::Word(packed.word(kind, packed.end, file)),
            Tag::Call(kind) => ExprKind::Call {
                word: packed.word(kind, c, file),
                args: list,
            },
            Tag::Member => ExprKind::Member {
                base: of,
                name: Some(name(b, c, file)),
                args: None,
            },
            Tag::MemberWithMore => self.member(packed, file),
            Tag::Types => ExprKind::Types(list),
            Tag::By => ExprKind::By(of),
            Tag::Paren => ExprKind::Paren(of),
            Tag::Not => ExprKind::Not(of),
            Tag::And => ExprKind::And(list),
            Tag::Or => ExprKind::Or(list),
            Tag::Compare(op) => ExprKind::Compare {
                op,
                op_span: sign(),
                left: of,
                right: other,
            },
            Tag::InRef(sense) => ExprKind::InRef {
                actor: of,
                property: other,
                sense,
            },
            Tag::On(sense) => ExprKind::On {
                actor: of,
                host: other,
                sense,
            },
            Tag::Minus => ExprKind::Minus(of),
            Tag::Arithmetic(op) => ExprKind::Arithmetic {
                op,
                op_span: sign(),
                left: of,
                right: other,
            },
            Tag::Windowed => ExprKind::Windowed { of, window: other },
            Tag::Sustained => ExprKind::Sustained {
                condition: of,
                window: other,
            },
            Tag::Aggregate(kind) => self.aggregate(packed, packed.word(kind, c, file)),
        }
    }

    #[inline(never)]
    fn member(&self, packed: &Packed, file: FileId) -> ExprKind {
        let [has_name, start, end, has_args, first, len] = self.more(packed.b);
        let args = ExprList { start: first, len };
        ExprKind::Member {
            base: ExprId(packed.a),
            name: (has_name != 0).then(|| name(start, end, file)),
            args: (has_args != 0).then_some(args),
        }
    }

    #[inline(never)]
    fn aggregate(&self, packed: &Packed, word: Word) -> ExprKind {
        let [start, len, has_filter, filter] = self.more(packed.b);
        ExprKind::Aggregate {
            word,
            of: ExprId(packed.a),
            ranges: ExprList { start, len },
            filter: (has_filter != 0).then_some(ExprId(filter)),
        }
    }

    fn more<const N: usize>(&self, at: u32) -> [u32; N] {
        let more = self.more.get(at as usize..).unwrap_or(&[]);
        more.first_chunk().copied().unwrap_or([0; N])
    }
}

impl Packed {
    #[inline]
    fn span(&self, file: FileId) -> Span {
        Span::new(file, self.start, self.end)
    }

    /// The word that begins the text.
    #[inline(always)]
    fn word(&self, kind: WordKind, end: u32, file: FileId) -> Word {
        let name = name(self.start, end, file);
        Word { kind, name }
    }
}

#[inline(always)]
fn name(start: u32, end: u32, file: FileId) -> Name {
    Name {
        span: Span::new(file, start, end),
    }
}

/// The value, and the place of the unit in the table, from 1.
fn number_fields(number: Number) -> (u32, u32, u32) {
    let unit = number.unit.map_or(0, |unit| {
        let place = UNITS.iter().position(|known| known.text == unit.text);
        place.map_or(0, |place| place + 1)
    });
    let bits = number.value.to_bits();
    ((bits >> 32) as u32, bits as u32, unit as u32)
}

#[inline(never)]
fn number(high: u32, low: u32, unit: u32) -> Number {
    let place = (unit as usize).checked_sub(1);
    Number {
        value: f64::from_bits(u64::from(high) << 32 | u64::from(low)),
        unit: place.and_then(|place| UNITS.get(place)),
    }
}
