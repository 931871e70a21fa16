//! What the rules are true of, binding by binding: what all engines must agree on.

use plasma_benches::floor::Firings;

/// The bindings of the three rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bindings {
    /// Whether the first rule fires.
    pub(crate) balance: bool,
    /// Folders with files.
    pub(crate) folders: Vec<(u32, u32)>,
    /// Sessions with players.
    pub(crate) sessions: Vec<(u32, u32)>,
}

impl Firings for Bindings {
    fn balance(&mut self) {
        self.balance = true;
    }

    fn folder(&mut self, folder: u32, file: u32) {
        self.folders.push((folder, file));
    }

    fn session(&mut self, session: u32, player: u32) {
        self.sessions.push((session, player));
    }
}

impl Bindings {
    /// In order, so that they can be compared.
    #[must_use]
    pub(crate) fn sorted(mut self) -> Self {
        self.folders.sort_unstable();
        self.sessions.sort_unstable();
        self
    }

    /// Firings of all rules.
    pub(crate) fn count(&self) -> usize {
        usize::from(self.balance) + self.folders.len() + self.sessions.len()
    }

    /// What an engine found too much or too little, rule by rule; both sorted.
    pub(crate) fn difference(&self, expected: &Bindings) -> Option<String> {
        let mut said = Vec::new();
        if self.balance != expected.balance {
            said.push(format!("rule 1 fires: {}", self.balance));
        }
        let rules = [
            ("rule 2 (folder, file)", &self.folders, &expected.folders),
            (
                "rule 3 (session, player)",
                &self.sessions,
                &expected.sessions,
            ),
        ];
        for (rule, found, expected) in rules {
            let missing = without(expected, found);
            let surplus = without(found, expected);
            for (what, bindings) in [("misses", missing), ("wrongly has", surplus)] {
                if let Some((first, second)) = bindings.first() {
                    said.push(format!(
                        "{rule} {what} {} bindings, the first ({first}, {second})",
                        bindings.len()
                    ));
                }
            }
            if said.is_empty() && found.len() != expected.len() {
                said.push(format!(
                    "{rule} has {} bindings instead of {}: some are there twice",
                    found.len(),
                    expected.len()
                ));
            }
        }
        (!said.is_empty()).then(|| said.join("; "))
    }
}

fn without(all: &[(u32, u32)], others: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let is_missing = |binding: &&(u32, u32)| others.binary_search(binding).is_err();
    all.iter().filter(is_missing).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::Bindings;

    fn bindings(folders: &[(u32, u32)]) -> Bindings {
        Bindings {
            folders: folders.to_vec(),
            ..Bindings::default()
        }
    }

    #[test]
    fn a_difference_names_rule_and_binding() {
        let expected = bindings(&[(1, 2), (3, 4)]);
        assert_eq!(expected.difference(&expected), None);
        let found = Bindings {
            balance: true,
            ..bindings(&[(1, 2), (1, 3)])
        };
        assert_eq!(
            found.difference(&expected).as_deref(),
            Some(
                "rule 1 fires: true; rule 2 (folder, file) misses 1 bindings, the first (3, 4); \
                 rule 2 (folder, file) wrongly has 1 bindings, the first (1, 3)"
            )
        );
        let twice = bindings(&[(1, 2), (1, 2), (3, 4)]).difference(&expected);
        assert!(twice.is_some_and(|said| said.contains("twice")));
    }
}
