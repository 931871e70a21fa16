//! A kind of diagnostic, as SARIF describes it; its page is the help.

use plasma_diagnostic::Code;
use serde::Serialize;

use super::Message;
use crate::page_text;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    full_description: Message,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Debug, Serialize)]
struct Help {
    text: String,
    markdown: &'static str,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

impl Rule {
    pub(super) fn new(code: Code) -> Self {
        let page = code.page();
        Rule {
            id: code.number(),
            name: code.name(),
            short_description: Message::new(code.summary()),
            full_description: Message::new(page_text::lead(page)),
            help: Help {
                text: page_text::plain(page),
                markdown: page,
            },
            default_configuration: Configuration {
                level: code.severity().name(),
            },
        }
    }
}
