//! Blocks of a page that a program writes, between comments that readers do not see.

/// The page with another text in a block.
pub(crate) fn with_block(page: &str, name: &str, text: &str) -> Result<String, String> {
    let (begin, end) = (
        format!("<!-- begin {name} -->\n"),
        format!("<!-- end {name} -->"),
    );
    let parts = page.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some((before, after))
    });
    let (before, after) =
        parts.ok_or_else(|| format!("the page has no `{}` .. `{end}`", begin.trim_end()))?;
    Ok(format!("{before}{begin}{text}\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::with_block;

    #[test]
    fn only_the_block_changes() {
        let page =
            "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n<!-- begin y -->\n<!-- end y -->\n";
        let once = with_block(page, "x", "new\nlines").expect("a block");
        assert_eq!(
            once,
            "a\n<!-- begin x -->\nnew\nlines\n<!-- end x -->\nb\n<!-- begin y -->\n<!-- end y -->\n"
        );
        assert_eq!(with_block(&once, "x", "old").as_deref(), Ok(page));
        let missing = with_block(page, "z", "new");
        assert!(missing.is_err_and(|error| error.contains("<!-- begin z -->")));
    }
}
