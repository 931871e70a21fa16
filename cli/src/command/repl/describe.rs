//! What names stand for: their documentation as an editor shows it, asked for where such names can stand.

use std::collections::BTreeSet;

use plasma_ide::{CompletionItem, completion, hover};

use super::scene::Scene;

/// Where names stand that need no actor: what is written before them.
const PLACES: [&str; 13] = [
    "",
    "rule r: true => ",
    "rule r: server.",
    "rule r: server.cpu.",
    "rule r: server.cpu > ",
    "rule r: client.call(any(a).f).",
    "rule r: any(a).",
    "rule r: any(a) ",
    "rule r [",
    "limit ",
    "actor T { p: ",
    "test \"t\" { ",
    "test \"t\" { expect pin(a) by ",
];

/// What is written before the name of a member of a type.
fn member_places(owner: &str) -> [String; 3] {
    [
        format!("rule r: {owner}(a)."),
        format!("rule r: client.call({owner}(a)."),
        format!("rule r: any(b) in ref({owner}(a)."),
    ]
}

impl Scene {
    /// The documentation of everything that is called so, in Markdown. A member may be written behind its
    /// type or metric: `Folder.open`, `Folder(f).open`, `cpu.perc`.
    pub(super) fn documentation(&self, name: &str) -> Vec<String> {
        let name = without_variables(name);
        let mut found = match name.rsplit_once('.') {
            None => self.documentation_of_word(&name),
            Some((owner, member)) => self.documentation_of_member(&name, owner, member),
        };
        let mut seen = BTreeSet::new();
        found.retain(|text| seen.insert(text.clone()));
        found
    }

    fn documentation_of_word(&self, name: &str) -> Vec<String> {
        // What has a value tells it where it is used.
        if let Some(text) = self.hovered(name).filter(|text| text.contains("param ")) {
            return vec![text];
        }
        let mut found = self.docs_at(PLACES, name);
        if found.is_empty() {
            for owner in self.types() {
                found.extend(self.docs_at(member_places(&owner), name));
            }
        }
        if found.is_empty() {
            found.extend(self.hovered(name));
        }
        found
    }

    fn documentation_of_member(&self, name: &str, owner: &str, member: &str) -> Vec<String> {
        if self.types().iter().any(|known| known == owner) {
            return self.docs_at(member_places(owner), member);
        }
        if owner == "std" {
            return self.hovered(&format!("use {name};")).into_iter().collect();
        }
        let places = [
            format!("rule r: {owner}."),
            format!("rule r: server.{owner}."),
            format!("rule r: any(a).{owner}."),
        ];
        let found = self.docs_at(places, member);
        match found.is_empty() && owner == "call" {
            true => self.docs_at(["rule r: client.call(any(a).f)."], member),
            false => found,
        }
    }

    /// Every name that is documented.
    pub(super) fn documented(&self) -> BTreeSet<String> {
        let label = |item: CompletionItem| item.label;
        let mut names: BTreeSet<String> = PLACES
            .iter()
            .flat_map(|place| self.items_at(place))
            .map(label)
            .collect();
        names.extend(plasma_ide::KEYWORDS.iter().map(|row| row.name.to_owned()));
        names.extend(
            plasma_ide::VALUE_TYPES
                .iter()
                .map(|row| row.name.to_owned()),
        );
        for owner in self.types() {
            let items = member_places(&owner);
            let items = items.iter().flat_map(|place| self.items_at(place));
            let members = items.map(|item| format!("{owner}.{}", item.label));
            names.extend(members);
        }
        names
    }

    fn docs_at(
        &self,
        places: impl IntoIterator<Item = impl AsRef<str>>,
        name: &str,
    ) -> Vec<String> {
        let items = places
            .into_iter()
            .flat_map(|place| self.items_at(place.as_ref()));
        let named = items.filter(|item| item.label == name);
        named.map(|item| item.docs).collect()
    }

    /// What can stand behind a text.
    fn items_at(&self, place: &str) -> Vec<CompletionItem> {
        let analysed = self.analyse(place);
        let (analysis, start) = analysed.whole();
        completion(analysis, start + place.len() as u32)
    }

    /// What is said of the last word of a text.
    fn hovered(&self, text: &str) -> Option<String> {
        let analysed = self.analyse(text);
        let (analysis, start) = analysed.whole();
        let end = text.trim_end_matches(';').len() as u32;
        hover(analysis, start + end).map(|hover| hover.markdown)
    }

    fn types(&self) -> Vec<String> {
        let analysed = self.analyse("");
        let types = analysed.whole().0.schema().types.iter();
        types.map(|actor| actor.name.to_string()).collect()
    }
}

/// `Folder.open` of `Folder(f).open`.
fn without_variables(name: &str) -> String {
    let mut depth = 0usize;
    let kept = name.chars().filter(|character| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0 && !character.is_whitespace(),
    });
    kept.collect()
}
