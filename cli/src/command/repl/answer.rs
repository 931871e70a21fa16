//! What a statement is answered with: text for people, one JSON document for programs.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::options::Format;

/// An answer while it is put together; what it holds depends on who reads it.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    format: Format,
    text: String,
    fields: Map<String, Json>,
    is_no: bool,
}

/// Why something entered gives nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Refusal {
    /// The text for people.
    pub(super) text: String,
    /// The diagnostics in it, as `plasma check --format json` has them.
    pub(super) diagnostics: Vec<Json>,
}

impl Answer {
    /// Nothing yet.
    pub(super) fn new(format: Format) -> Answer {
        Answer {
            format,
            text: String::new(),
            fields: Map::new(),
            is_no: false,
        }
    }

    /// The same as an answer that says no: a script that gets it has failed.
    pub(super) fn no(self) -> Answer {
        Answer {
            is_no: true,
            ..self
        }
    }

    /// Whether it says no.
    pub(super) fn is_no(&self) -> bool {
        self.is_no
    }

    /// An answer of one part: text, or what the text is made of.
    pub(super) fn of(
        format: Format,
        name: &str,
        text: impl FnOnce() -> String,
        value: impl FnOnce() -> Json,
    ) -> Answer {
        let mut answer = Answer::new(format);
        answer.add(name, text, value);
        answer
    }

    /// A sentence.
    pub(super) fn note(format: Format, text: impl Into<String>) -> Answer {
        let mut answer = Answer::new(format);
        answer.add_note(&text.into());
        answer
    }

    /// Whether people read it.
    pub(super) fn is_for_people(&self) -> bool {
        self.format == Format::Human
    }

    /// Adds a part; only what is asked for is made.
    pub(super) fn add(
        &mut self,
        name: &str,
        text: impl FnOnce() -> String,
        value: impl FnOnce() -> Json,
    ) {
        match self.format {
            Format::Human => self.text.push_str(&text()),
            Format::Json => {
                self.fields.insert(name.to_owned(), value());
            }
        }
    }

    /// Adds lines that are for people what they are for programs: among the notes.
    pub(super) fn add_note(&mut self, text: &str) {
        let lines = text.lines().filter(|line| !line.is_empty());
        match self.format {
            Format::Human => lines.for_each(|line| {
                self.text.push_str(line);
                self.text.push('\n');
            }),
            Format::Json => {
                let notes = self.fields.entry("notes");
                if let Json::Array(notes) = notes.or_insert_with(|| Json::Array(Vec::new())) {
                    notes.extend(lines.map(Json::from));
                }
            }
        }
    }

    /// Adds warnings: their text, and the same for programs.
    pub(super) fn add_warnings(&mut self, warnings: Refusal) {
        match self.format {
            Format::Human => self.text.push_str(&warnings.text),
            Format::Json if warnings.diagnostics.is_empty() => {}
            Format::Json => {
                let diagnostics = Json::Array(warnings.diagnostics);
                self.fields.insert("diagnostics".to_owned(), diagnostics);
            }
        }
    }

    /// Adds another answer behind this one.
    pub(super) fn append(&mut self, other: Answer) {
        self.text.push_str(&other.text);
        self.is_no |= other.is_no;
        for (name, value) in other.fields {
            match (self.fields.get_mut(&name), value) {
                (Some(Json::Array(known)), Json::Array(more)) => known.extend(more),
                (_, value) => {
                    self.fields.insert(name, value);
                }
            }
        }
    }

    /// As it is printed.
    pub(super) fn printed(self) -> String {
        match self.format {
            Format::Human => self.text,
            Format::Json => format!("{}\n", Json::Object(self.fields)),
        }
    }
}

impl Refusal {
    /// With help.
    pub(super) fn helped(message: impl AsRef<str>, help: impl AsRef<str>) -> Refusal {
        let (message, help) = (message.as_ref(), help.as_ref());
        Refusal::from(format!("error: {message}\n  help: {help}"))
    }

    /// As it is printed: text goes to standard error, a document is an answer like any other.
    pub(super) fn document(&self) -> String {
        let mut fields = Map::new();
        fields.insert("error".to_owned(), Json::from(self.text.trim_end()));
        if !self.diagnostics.is_empty() {
            let diagnostics = Json::Array(self.diagnostics.clone());
            fields.insert("diagnostics".to_owned(), diagnostics);
        }
        format!("{}\n", Json::Object(fields))
    }
}

impl From<String> for Refusal {
    fn from(text: String) -> Refusal {
        Refusal {
            text,
            diagnostics: Vec::new(),
        }
    }
}

impl From<crate::failure::Failure> for Refusal {
    fn from(failure: crate::failure::Failure) -> Refusal {
        failure.to_string().into()
    }
}

/// A document as a value; `null` if it cannot be one, which a document made of plain data never is.
pub(super) fn json(document: impl Serialize) -> Json {
    serde_json::to_value(document).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::{Answer, Refusal};
    use crate::command::repl::options::Format;

    fn answer(format: Format) -> Answer {
        let mut answer = Answer::note(format, "one\n");
        answer.append(Answer::note(format, "two"));
        let text = || "three\n".to_owned();
        answer.append(Answer::of(format, "number", text, || Json::from(3)));
        answer
    }

    #[test]
    fn people_get_text_and_programs_one_document() {
        assert_eq!(answer(Format::Human).printed(), "one\ntwo\nthree\n");
        let document = "{\"notes\":[\"one\",\"two\"],\"number\":3}\n";
        assert_eq!(answer(Format::Json).printed(), document);
        let refusal = Refusal::helped("no", "yes");
        assert_eq!(refusal.text, "error: no\n  help: yes");
        assert_eq!(
            refusal.document(),
            "{\"error\":\"error: no\\n  help: yes\"}\n"
        );
    }
}
