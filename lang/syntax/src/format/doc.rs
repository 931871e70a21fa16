//! What is to be printed, with the places where lines may break: documents in the manner of Wadler.

use std::borrow::Cow;

/// A piece of the output.
#[derive(Clone, Debug)]
pub(super) struct Doc<'t> {
    pub(super) kind: Kind<'t>,
    /// Whether a line must break in it, so that no group around it fits a line.
    pub(super) breaks: bool,
}

/// What a piece is.
#[derive(Clone, Debug)]
pub(super) enum Kind<'t> {
    /// Pieces one after the other.
    Concat(Vec<Doc<'t>>),
    /// Text as it is; a line break in it is printed as it is.
    Text(Cow<'t, str>),
    /// A comment that stays on the line of what was printed last, whatever break is due.
    Behind {
        text: Cow<'t, str>,
        /// Whether the line ends with it.
        ends_line: bool,
    },
    /// A blank, unless a line begins or ends here.
    Space,
    /// A blank, or a line break in a group that does not fit.
    Line,
    /// Nothing, or a line break in a group that does not fit.
    SoftLine,
    /// A line break. Breaks that meet are one.
    HardLine,
    /// A blank line, if a line break is due here.
    BlankLine,
    /// Its lines begin so many columns further right.
    Indent(usize, Box<Doc<'t>>),
    /// On one line if that ends before the column given, else with breaks at its own lines.
    Group(usize, Box<Doc<'t>>),
}

/// Lines are at most so long.
pub(super) const COLUMNS: usize = 100;

impl<'t> Doc<'t> {
    const fn plain(kind: Kind<'t>) -> Doc<'t> {
        let breaks = false;
        Doc { kind, breaks }
    }

    pub(super) const NOTHING: Doc<'static> = Doc::plain(Kind::Concat(Vec::new()));
    pub(super) const SPACE: Doc<'static> = Doc::plain(Kind::Space);
    pub(super) const LINE: Doc<'static> = Doc::plain(Kind::Line);
    pub(super) const SOFT_LINE: Doc<'static> = Doc::plain(Kind::SoftLine);
    pub(super) const BLANK_LINE: Doc<'static> = Doc::plain(Kind::BlankLine);
    pub(super) const HARD_LINE: Doc<'static> = Doc {
        kind: Kind::HardLine,
        breaks: true,
    };

    pub(super) fn text(text: impl Into<Cow<'t, str>>) -> Doc<'t> {
        let text = text.into();
        Doc {
            breaks: text.contains('\n'),
            kind: Kind::Text(text),
        }
    }

    /// A comment that stays where it is on its line.
    pub(super) fn behind(text: Cow<'t, str>, ends_line: bool) -> Doc<'t> {
        Doc {
            breaks: ends_line || text.contains('\n'),
            kind: Kind::Behind { text, ends_line },
        }
    }

    pub(super) fn concat(parts: impl Into<Vec<Doc<'t>>>) -> Doc<'t> {
        let parts = parts.into();
        Doc {
            breaks: parts.iter().any(|part| part.breaks),
            kind: Kind::Concat(parts),
        }
    }

    pub(super) fn indent(self, columns: usize) -> Doc<'t> {
        Doc {
            breaks: self.breaks,
            kind: Kind::Indent(columns, Box::new(self)),
        }
    }

    pub(super) fn group(self) -> Doc<'t> {
        self.group_within(COLUMNS)
    }

    /// A group that is to end before a column of its own.
    pub(super) fn group_within(self, columns: usize) -> Doc<'t> {
        Doc {
            breaks: self.breaks,
            kind: Kind::Group(columns, Box::new(self)),
        }
    }

    /// The piece with its lines broken, even if it would fit a line.
    pub(super) fn broken(self) -> Doc<'t> {
        Doc {
            breaks: true,
            ..self
        }
    }
}
