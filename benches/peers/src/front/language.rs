//! A language with the rules written in it, and what its front end does with them.

/// The rules in a language.
pub(crate) struct Language {
    pub(crate) name: &'static str,
    /// One text, or one a rule where a text holds one expression.
    pub(crate) texts: Vec<String>,
    pub(crate) steps: Vec<Step>,
}

/// Something that a front end does with the texts.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// Does it and gives all memory back; an error if something is wrong
    /// with one of them.
    pub(crate) take: fn(&[String]) -> Result<(), String>,
}

impl Step {
    pub(crate) fn new(name: &'static str, take: fn(&[String]) -> Result<(), String>) -> Self {
        Step { name, take }
    }
}

impl Language {
    /// Bytes of all texts.
    pub(crate) fn bytes(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }
}
