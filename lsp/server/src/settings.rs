//! What the editor's user has set for this server: the section `plasma` of its settings.

use plasma_ide::{HintKind, Task};
use serde_json::Value;

/// The section of the editor's settings.
pub(crate) const SECTION: &str = "plasma";

/// What the user has set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The cluster to look at, in place of the project's: the file of a snapshot or a trace, or the URL of an
    /// engine.
    pub(crate) attach: Option<String>,
    /// Names of hints and lenses that are switched off: `inlayHints.units`.
    switched_off: Vec<String>,
}

/// Every hint, by its name under `inlayHints`.
const HINTS: [(&str, HintKind); 6] = [
    ("types", HintKind::Type),
    ("units", HintKind::Unit),
    ("statistics", HintKind::Statistic),
    ("server", HintKind::Server),
    ("parameters", HintKind::Parameter),
    ("values", HintKind::Value),
];

/// The names of the lenses under `codeLens`.
const LENSES: [&str; 4] = ["tests", "coverage", "plan", "firings"];

impl Settings {
    /// Takes in the settings as the editor sends them. Of what is of a wrong type, the messages say so, and it is
    /// as if it were not set; what is not of this server is left aside.
    pub(crate) fn read(sent: &Value) -> (Settings, Vec<String>) {
        let mut settings = Settings::default();
        let mut mistakes = Vec::new();
        match sent.get("attach") {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if text.trim().is_empty() => {}
            Some(Value::String(text)) => settings.attach = Some(text.trim().to_owned()),
            Some(_) => mistakes.push(format!(
                "the setting `{SECTION}.attach` must be the file of a snapshot or a trace, or the URL of an engine"
            )),
        }
        let hints = HINTS.iter().map(|(name, _)| ("inlayHints", *name));
        for (group, name) in hints.chain(LENSES.map(|name| ("codeLens", name))) {
            match sent.get(group).and_then(|group| group.get(name)) {
                None | Some(Value::Null | Value::Bool(true)) => {}
                Some(Value::Bool(false)) => settings.switched_off.push(format!("{group}.{name}")),
                Some(_) => mistakes.push(format!(
                    "the setting `{SECTION}.{group}.{name}` must be true or false"
                )),
            }
        }
        (settings, mistakes)
    }

    /// Whether hints of a kind are wanted.
    pub(crate) fn shows_hint(&self, kind: HintKind) -> bool {
        let mut named = HINTS.iter().filter(|(_, of)| *of == kind);
        named.all(|(name, _)| self.is_on("inlayHints", name))
    }

    /// Whether a lens is wanted.
    pub(crate) fn shows_lens(&self, task: &Task) -> bool {
        let name = match task {
            Task::RunTest(_) | Task::RunTests(_) => "tests",
            Task::Coverage => "coverage",
            Task::Plan => "plan",
            Task::Firings(_) => "firings",
        };
        self.is_on("codeLens", name)
    }

    fn is_on(&self, group: &str, name: &str) -> bool {
        let mut off = self.switched_off.iter();
        !off.any(|off| {
            off.strip_prefix(group)
                .and_then(|rest| rest.strip_prefix('.'))
                == Some(name)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_is_shown_that_is_not_switched_off() {
        let sent = json!({"attach": " a.jsonl ", "inlayHints": {"units": false}, "codeLens": {"plan": false}, "path": 3});
        let (settings, mistakes) = Settings::read(&sent);
        assert_eq!(mistakes, Vec::<String>::new());
        assert_eq!(settings.attach.as_deref(), Some("a.jsonl"));
        assert!(!settings.shows_hint(HintKind::Unit));
        assert!(settings.shows_hint(HintKind::Value));
        assert!(!settings.shows_lens(&Task::Plan));
        assert!(settings.shows_lens(&Task::Coverage));
    }

    #[test]
    fn what_is_of_a_wrong_type_is_told() {
        let sent = json!({"attach": 3, "codeLens": {"plan": "no"}});
        let (settings, mistakes) = Settings::read(&sent);
        assert_eq!(settings, Settings::default());
        assert_eq!(mistakes.len(), 2, "{mistakes:?}");
        assert!(mistakes[1].contains("`plasma.codeLens.plan` must be true or false"));
    }
}
