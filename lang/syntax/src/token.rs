//! The tokens of the language.

/// What a token is. Its text is a span of the source; the token itself carries nothing.
///
/// The lexer knows only plain words and the reserved ones; [`crate::words`] then makes words such as
/// `rule` or `pin` into keywords where they act as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A word with a lower-case letter or `_` first.
    Lower,
    /// A word with an upper-case letter first.
    Upper,
    /// A number with its unit: digits and the letters, `%` or `/s` that follow without a blank.
    Number,
    /// A number without a digit before the point: a mistake.
    PointNumber,
    /// A text in quotes; the lexer finds its end.
    Text,

    /// `true`
    True,
    /// `false`
    False,
    /// `and`
    And,
    /// `or`
    Or,
    /// `not`
    Not,
    /// `in`
    In,
    /// `client`
    Client,
    /// `server`
    Server,
    /// `any`
    Any,

    /// A behavior's name before its arguments.
    Behavior,
    /// `rule` before a rule's name.
    Rule,
    /// `param` before a parameter's name.
    Param,
    /// `actor` before a type's name.
    Actor,
    /// `use` before the path of a module.
    Use,
    /// `with` behind the path of a module.
    With,
    /// `def` before the name of a definition.
    Def,
    /// `require` before a behavior.
    Require,
    /// `limit` before what it is on.
    Limit,
    /// `per` within a limit.
    Per,
    /// `each` within a limit.
    Each,
    /// `fn` before a function's name.
    Fn,
    /// `ref` after `in`.
    Ref,
    /// `on` between two operands.
    On,
    /// `for` behind what an aggregate is of, before a variable with its type.
    For,
    /// `for` behind a condition, before a length of time.
    ForTime,
    /// `over` behind a measured value.
    Over,
    /// `test` before the name of a test.
    Test,
    /// `at` before a time, in a test.
    At,
    /// `expect`, `eventually`, `never` or `always` at the beginning of a statement of a test.
    Expect,
    /// `no` before `actions`, in an expectation.
    No,
    /// `by` behind an expected behavior, before the rule that asks for it.
    By,
    /// `within` before a length of time, in an expectation.
    Within,
    /// `_` in a series: a missing sample.
    Missing,
    /// `x5` in a series: five times.
    Times,
    /// `step` in a series, before how far its numbers are apart.
    Step,
    /// `allow` before the lint, in quotes, that it silences.
    Allow,
    /// `until` between two texts in quotes: behind why a lint is silenced, before the last day.
    Until,
    /// `where` behind an operand.
    Where,

    /// `=>` or `⇒`
    FatArrow,
    /// `->`
    ThinArrow,
    /// `==`
    EqualEqual,
    /// `!=`
    NotEqual,
    /// `<=`
    LessEqual,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `=`
    Equal,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `:`
    Colon,
    /// `?`
    Question,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%` that no number precedes directly.
    Percent,

    /// Text that is no token; reported where it is made.
    Bad,

    /// A comment to the end of the line, `//` or `///`. Not given to the parser.
    LineComment,
    /// The beginning of a block comment; the lexer finds its end. Not given to the parser.
    BlockComment,

    /// `&&`, `&`: `and` in other languages.
    ForeignAnd,
    /// `||`, `|`: `or` in other languages.
    ForeignOr,
    /// `!`: `not` in other languages.
    ForeignNot,
    /// `≤`, `=<`, `!>`
    ForeignLessEqual,
    /// `≥`, `!<`
    ForeignGreaterEqual,
    /// `≠`, `<>`, `!==`
    ForeignNotEqual,
    /// `===`
    ForeignEqualEqual,
    /// `==>`
    ForeignFatArrow,
    /// `→`
    ForeignThinArrow,
    /// A comment of other languages.
    ForeignComment,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Its first byte.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
}

impl TokenKind {
    /// Whether it is a word that can stand where an operand begins, or be a name.
    pub(crate) fn is_operand_word(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            Lower | Upper | True | False | Client | Server | Any | Behavior
        )
    }

    /// Whether it is written so in other languages only.
    pub(crate) fn is_foreign(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            PointNumber
                | ForeignAnd
                | ForeignOr
                | ForeignNot
                | ForeignLessEqual
                | ForeignGreaterEqual
                | ForeignNotEqual
                | ForeignEqualEqual
                | ForeignFatArrow
                | ForeignThinArrow
                | ForeignComment
        )
    }

    /// Whether it is a word that can be no name.
    pub(crate) fn is_reserved(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            True | False | And | Or | Not | In | Client | Server | Any
        )
    }

    /// Whether an operand can end with it.
    pub(crate) fn ends_operand(self) -> bool {
        self.is_operand_word() || matches!(self, TokenKind::Number | TokenKind::RightParen)
    }

    /// Whether it stands between the two sides of a comparison.
    pub(crate) fn is_comparison(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            Less | LessEqual | Greater | GreaterEqual | EqualEqual | NotEqual
        )
    }

    /// Whether it begins an item wherever it stands.
    pub(crate) fn begins_item(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            Rule | Param | Actor | Use | Def | Limit | Require | Test
        )
    }

    /// Whether an item may begin with it where one may stand.
    pub(crate) fn may_begin_item(self) -> bool {
        use TokenKind::*;
        self.begins_item()
            || matches!(
                self,
                Lower
                    | Upper
                    | Any
                    | Server
                    | Client
                    | Number
                    | Text
                    | True
                    | False
                    | Not
                    | Minus
                    | LeftParen
                    | Allow
                    | Bad
            )
    }

    /// Whether it is any word at all, reserved or not.
    pub(crate) fn is_word(self) -> bool {
        use TokenKind::*;
        self.is_operand_word()
            || matches!(
                self,
                And | Or
                    | Not
                    | In
                    | Rule
                    | Param
                    | Actor
                    | Use
                    | With
                    | Def
                    | Require
                    | Where
                    | Limit
                    | Per
                    | Each
                    | Fn
                    | Ref
                    | On
                    | For
                    | ForTime
                    | Over
                    | Test
                    | At
                    | Expect
                    | No
                    | By
                    | Within
                    | Missing
                    | Times
                    | Step
                    | Allow
                    | Until
            )
    }
}
