//! Documentation from Markdown to the terminal: signs of Markdown gone, paragraphs broken into lines, examples
//! indented but for one at the beginning, which is a signature.

use plasma_scenario::visible;
use unicode_width::UnicodeWidthStr as _;

/// Longest line of a paragraph, whatever the terminal has room for.
const WIDTH_MAX: usize = 90;

const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Several texts, a blank line between two.
pub(crate) fn of_all(pages: &[String], width: Option<usize>, coloured: bool) -> String {
    let width = width.unwrap_or(WIDTH_MAX).min(WIDTH_MAX);
    let texts: Vec<String> = pages.iter().map(|page| of(page, width, coloured)).collect();
    texts.join("\n")
}

fn of(page: &str, width: usize, coloured: bool) -> String {
    let mut text = String::with_capacity(page.len());
    let mut paragraph = String::new();
    let (mut is_example, mut is_lead) = (false, true);
    for line in page.lines() {
        if line.starts_with("```") {
            end_paragraph(&mut text, &mut paragraph, width);
            is_example = !is_example;
            is_lead = text.is_empty();
        } else if is_example {
            example(&mut text, line, is_lead, coloured);
        } else if line.is_empty() || line.starts_with(['#', '-', '|', ' ']) {
            end_paragraph(&mut text, &mut paragraph, width);
            other(&mut text, &mut paragraph, line, coloured);
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
        }
    }
    end_paragraph(&mut text, &mut paragraph, width);
    text
}

fn example(text: &mut String, line: &str, is_lead: bool, coloured: bool) {
    match is_lead || line.is_empty() {
        true => bold(text, line, coloured),
        false => text.push_str(&format!("    {}\n", visible(line))),
    }
}

/// A line that stands out.
fn bold(text: &mut String, line: &str, coloured: bool) {
    let line = visible(line);
    match (line.is_empty(), coloured) {
        (true, _) => text.push('\n'),
        (false, true) => text.push_str(&format!("{BOLD}{line}{PLAIN}\n")),
        (false, false) => text.push_str(&format!("{line}\n")),
    }
}

/// A line that stands by itself, or begins an item of a list.
fn other(text: &mut String, paragraph: &mut String, line: &str, coloured: bool) {
    let line = visible(line);
    match line.strip_prefix('#') {
        Some(heading) => {
            let heading = heading.trim_start_matches('#').trim_start();
            bold(text, heading, coloured);
        }
        None if line.starts_with("- ") => paragraph.push_str(&line),
        None => text.push_str(&format!("{line}\n")),
    }
}

/// Breaks what was gathered into lines.
fn end_paragraph(text: &mut String, paragraph: &mut String, width: usize) {
    let gathered = std::mem::take(paragraph);
    let indent = if gathered.starts_with("- ") { "  " } else { "" };
    let mut used = 0;
    for word in gathered.split(' ').filter(|word| !word.is_empty()) {
        let word = visible(word);
        if used > 0 && used + 1 + word.width() > width {
            text.push('\n');
            text.push_str(indent);
            used = indent.len();
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(&word);
        used += word.width();
    }
    if used > 0 {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    const PAGE: &str = "```plasma\nreserve(actor)\n```\n\nOne two\nthree four.\n\n- `a`: a long item of it\n- b\n\n# Head\nEnd.";

    #[test]
    fn paragraphs_are_broken_and_examples_are_not() {
        insta::assert_snapshot!(of(PAGE, 12, false), @r"
        reserve(actor)

        One two
        three four.

        - `a`: a
          long item
          of it
        - b

        Head
        End.
        ");
        assert!(of(PAGE, 12, true).starts_with("\u{1b}[1mreserve(actor)\u{1b}[0m\n"));
    }
}
