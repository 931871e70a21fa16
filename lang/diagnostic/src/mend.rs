//! Safe fixes carried out: those that do not touch each other together, then again what is left.

use crate::{Code, Diagnostic, Edit, FileId, Fix};

/// So often the text is checked again for what is left; what needs more is left as it is.
const ROUNDS_MAX: usize = 20;

/// A text after its safe fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The text.
    pub text: String,
    /// What was fixed, in the order in which it was.
    pub fixed: Vec<Fixed>,
}

/// Something that was fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// What it was.
    pub code: Code,
    /// What was done.
    pub title: String,
    /// The line where it stood when it was fixed, from 1.
    pub line: usize,
}

/// Applies the safe fixes of a file until there are none. `check` says what is wrong with a text of
/// that file.
///
/// A fix counts only if the text parses no worse with it: a text that parsed never comes back as one
/// that does not.
pub fn mend(text: &str, file: FileId, mut check: impl FnMut(&str) -> Vec<Diagnostic>) -> Mended {
    let mut text = text.to_owned();
    let mut found = check(&text);
    let mut fixed = Vec::new();
    for _ in 0..ROUNDS_MAX {
        let candidates = compatible(&found, file);
        let unread = unread(&found, file);
        let mut attempt = |chosen: &[Candidate<'_>]| {
            let edits = chosen.iter().flat_map(|(_, fix)| &fix.edits);
            let after = edited(&text, edits)?;
            let found = check(&after);
            let is_better = after != text && self::unread(&found, file) <= unread;
            is_better.then_some((after, found))
        };
        let one_by_one = || candidates.chunks(1);
        let all = std::iter::once(candidates.as_slice()).filter(|all| !all.is_empty());
        let better = all
            .chain(one_by_one())
            .find_map(|chosen| Some((chosen, attempt(chosen)?)));
        let Some((chosen, (after, found_after))) = better else {
            break;
        };
        fixed.extend(chosen.iter().map(|(diagnostic, fix)| Fixed {
            code: diagnostic.code,
            title: fix.title.clone(),
            line: line_of(&text, diagnostic.primary.start),
        }));
        (text, found) = (after, found_after);
    }
    Mended { text, fixed }
}

/// A diagnostic with one of its fixes.
type Candidate<'d> = (&'d Diagnostic, &'d Fix);

/// The first safe fix of each diagnostic, less those that touch one before them.
fn compatible(diagnostics: &[Diagnostic], file: FileId) -> Vec<Candidate<'_>> {
    let mut chosen: Vec<Candidate<'_>> = Vec::new();
    // The edits chosen so far, by where they begin and end.
    let mut taken = std::collections::BTreeMap::<u32, u32>::new();
    for diagnostic in diagnostics {
        let is_ours = |fix: &&Fix| {
            let mut edits = fix.edits.iter();
            fix.safe && !fix.edits.is_empty() && edits.all(|edit| edit.span.file == file)
        };
        let Some(fix) = diagnostic.fixes.iter().find(is_ours) else {
            continue;
        };
        let touches = |edit: &Edit| {
            let before = taken.range(..=edit.span.end).next_back();
            before.is_some_and(|(_, end)| *end >= edit.span.start)
        };
        if !fix.edits.iter().any(touches) {
            taken.extend(
                fix.edits
                    .iter()
                    .map(|edit| (edit.span.start, edit.span.end)),
            );
            chosen.push((diagnostic, fix));
        }
    }
    chosen
}

/// How many mistakes keep parts of the text from being read.
fn unread(diagnostics: &[Diagnostic], file: FileId) -> usize {
    let is_unread = |d: &&Diagnostic| {
        let is_syntax = matches!(d.code, Code::BadToken | Code::SyntaxError | Code::TooLarge);
        is_syntax && d.primary.file == file
    };
    diagnostics.iter().filter(is_unread).count()
}

/// A text with edits carried out; `None` if they overlap or do not fit it.
pub fn edited<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(text.len());
    let mut end = 0;
    for edit in edits {
        let range = edit.span.range();
        result.push_str(text.get(end..range.start)?);
        result.push_str(&edit.text);
        end = range.end.max(range.start);
    }
    result.push_str(text.get(end..)?);
    Some(result)
}

fn line_of(text: &str, offset: u32) -> usize {
    let before = text.bytes().take(offset as usize);
    1 + before.filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    const FILE: FileId = FileId(0);

    /// Every `old` of a text, with a safe fix that makes it `new`.
    fn each(text: &str, code: Code, old: &str, new: &str) -> Vec<Diagnostic> {
        let places = text.match_indices(old).map(|(at, _)| at as u32);
        let reported = places.map(|at| {
            let span = Span::new(FILE, at, at + old.len() as u32);
            Diagnostic::new(code, span, "").with_fix(Fix::safe("t", span, new))
        });
        reported.collect()
    }

    #[test]
    fn fixes_that_touch_wait_for_the_next_round() {
        let mut rounds = 0;
        let mended = mend("aaa\na", FILE, |text| {
            rounds += 1;
            each(text, Code::NoGap, "a", "b")
        });
        assert_eq!(mended.text, "bbb\nb");
        assert_eq!(mended.fixed.len(), 4);
        let lines: Vec<usize> = mended.fixed.iter().map(|fixed| fixed.line).collect();
        assert_eq!(lines, [1, 1, 2, 1]);
        assert_eq!(rounds, 3);
    }

    #[test]
    fn fixes_that_never_end_are_given_up() {
        let mended = mend("a", FILE, |text| {
            let mut found = each(text, Code::NoGap, "a", "b");
            found.extend(each(text, Code::NoGap, "b", "a"));
            found
        });
        assert_eq!(mended.fixed.len(), ROUNDS_MAX);
    }

    #[test]
    fn a_fix_that_breaks_the_text_is_not_applied() {
        let mended = mend("a c", FILE, |text| {
            let mut found = each(text, Code::NoGap, "a", "!");
            found.extend(each(text, Code::NoGap, "c", "d"));
            found.extend(each(text, Code::SyntaxError, "!", "!"));
            found
        });
        assert_eq!(mended.text, "a d");
    }

    #[test]
    fn doubtful_fixes_and_those_of_other_files_are_left() {
        let mended = mend("a", FILE, |_| {
            let span = Span::new(FILE, 0, 1);
            let other = Span::new(FileId(1), 0, 1);
            vec![
                Diagnostic::new(Code::NoGap, span, "")
                    .with_fix(Fix::doubtful("t", span, "b"))
                    .with_fix(Fix::safe("t", other, "b")),
            ]
        });
        assert_eq!((mended.text.as_str(), mended.fixed.len()), ("a", 0));
    }

    #[test]
    fn edits_that_do_not_fit_are_refused() {
        let edit = |start, end| Edit {
            span: Span::new(FILE, start, end),
            text: "x".to_owned(),
        };
        assert_eq!(
            edited("abc", &[edit(1, 2), edit(0, 1)]).as_deref(),
            Some("xxc")
        );
        assert_eq!(edited("abc", &[edit(0, 2), edit(1, 3)]), None);
        assert_eq!(edited("é", &[edit(1, 2)]), None);
        assert_eq!(edited("a", &[edit(3, 4)]), None);
    }
}
