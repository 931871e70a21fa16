//! The page of a diagnostic, from Markdown to the terminal: headings without their signs, examples
//! indented, everything else as it is written.

/// The page without colours.
pub(crate) fn plain(page: &str) -> String {
    rendered(page, false)
}

/// The page with its headings in bold.
pub(crate) fn coloured(page: &str) -> String {
    rendered(page, true)
}

/// The sentences below the title.
pub(crate) fn lead(page: &str) -> String {
    let body = page.lines().skip(1);
    let paragraph = body
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty());
    paragraph.collect::<Vec<_>>().join(" ")
}

fn rendered(page: &str, bold: bool) -> String {
    let mut text = String::with_capacity(page.len());
    let mut is_example = false;
    for line in page.lines() {
        let heading = line.trim_start_matches('#').trim_start();
        if line.starts_with("```") {
            is_example = !is_example;
            continue;
        } else if is_example && line.is_empty() {
        } else if is_example {
            text.push_str("    ");
            text.push_str(line);
        } else if line.starts_with('#') && bold {
            text.push_str(&format!("\u{1b}[1m{heading}\u{1b}[0m"));
        } else if line.starts_with('#') {
            text.push_str(heading);
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# E1 a\n\nOne\ntwo.\n\n## B\n\n```plasma fails\ntrue\n\nx\n```\n";

    #[test]
    fn signs_of_markdown_are_gone() {
        assert_eq!(plain(PAGE), "E1 a\n\nOne\ntwo.\n\nB\n\n    true\n\n    x\n");
        assert!(coloured(PAGE).starts_with("\u{1b}[1mE1 a\u{1b}[0m\n"));
    }

    #[test]
    fn the_lead_is_the_first_paragraph() {
        assert_eq!(lead(PAGE), "One two.");
    }
}
