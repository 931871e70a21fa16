//! Documentation text as HTML. What is written as HTML is shown, not obeyed, and links lead to pages only.

use maud::PreEscaped;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};

/// The HTML of some Markdown.
pub(super) fn html_of(markdown: &str) -> PreEscaped<String> {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: harmless(dest_url),
            title,
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Image {
            link_type,
            dest_url: harmless(dest_url),
            title,
            id,
        }),
        other => other,
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    PreEscaped(text)
}

/// A link to a page or a mail address; anything else leads nowhere.
fn harmless(link: CowStr<'_>) -> CowStr<'_> {
    let scheme = link.split(['/', '?', '#']).next().unwrap_or_default();
    let is_harmless = match scheme.split_once(':') {
        None => true,
        Some((scheme, _)) => ["http", "https", "mailto"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known)),
    };
    if is_harmless {
        link
    } else {
        CowStr::Borrowed("#")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_laid_out_and_html_is_shown() {
        assert_eq!(html_of("a *b*").0, "<p>a <em>b</em></p>\n");
        assert_eq!(
            html_of("a <script>alert(1)</script>").0,
            "<p>a &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
        );
        assert_eq!(
            html_of("[x](javascript:alert(1)) [y](https://a.org) [z](b.html#c:d)").0,
            "<p><a href=\"#\">x</a> <a href=\"https://a.org\">y</a> <a href=\"b.html#c:d\">z</a></p>\n"
        );
    }
}
