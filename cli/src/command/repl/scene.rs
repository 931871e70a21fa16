//! What an editor of lines knows of the prompt: the policy so far, what it is checked against, and the names
//! in the cluster. Asks `ide` about a line as an editor asks about a document.

use plasma_columns::Columns;
use plasma_diagnostic::FileId;
use plasma_ide::{
    Analysis, CompletionItem, CompletionKind, SchemaText, SemanticToken, Surroundings,
};
use plasma_ide::{completion, semantic_tokens};
use plasma_model::{ActorId, Entity, ServerId};
use plasma_scenario::project;
use plasma_syntax::{ReplStatus, parse_repl_input};

use super::policy::Policy;
use super::setting::Setting;
use crate::analysis::{self, SchemaSource};
use crate::policy_file;

/// A policy that is longer is not looked at on every key: a line is then completed and coloured by itself.
const POLICY_BYTES_MAX: usize = 32 << 10;

/// What makes a rule of an expression, so that it is checked like one; on a line of its own, for the
/// expression may end with a comment.
const RULE_ENDING: &str = "\n=> alert(\"\");";

/// What an editor of lines knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    /// The policy so far.
    before: String,
    surroundings: Surroundings,
    /// Actors, servers and rules, as `:why` takes them.
    pub(super) subjects: Vec<String>,
    /// What was entered and can be forgotten.
    pub(super) entered: Vec<String>,
}

/// A line behind the policy so far.
#[derive(Debug)]
pub(super) struct Analysed {
    analysis: Analysis,
    /// Where the line begins.
    start: u32,
    length: u32,
}

impl Scene {
    /// What can be known now.
    pub(super) fn new(policy: &Policy, setting: &Setting, columns: Option<&Columns>) -> Scene {
        let project = project::find(policy.path()).unwrap_or_default();
        let schema = SchemaSource::in_force(setting.schema.as_ref(), &project);
        let text = policy.text();
        let (rules, entered) = policy.names();
        let subjects = columns.map(subjects).unwrap_or_default();
        let mut params: Vec<(String, String)> = project.params.into_iter().collect();
        params.extend(setting.params.iter().cloned());
        Scene {
            before: match text.is_empty() || text.len() > POLICY_BYTES_MAX {
                true => String::new(),
                false => text + "\n",
            },
            surroundings: Surroundings {
                schema: schema.map(|source| SchemaText {
                    name: source.name,
                    text: source.text,
                }),
                params,
                lints: project.lints,
                today: analysis::today(),
                problems: Vec::new(),
            },
            subjects: rules.into_iter().chain(subjects).collect(),
            entered,
        }
    }

    /// A line behind the policy so far; an expression as the condition of a rule.
    pub(super) fn analyse(&self, line: &str) -> Analysed {
        let input = parse_repl_input(FileId(0), line);
        let is_expression = input.status == ReplStatus::Complete && input.expression.is_some();
        let ending = if is_expression { RULE_ENDING } else { "" };
        let text = format!("{}{line}{ending}", self.before);
        let files = policy_file::module_files();
        Analysed {
            analysis: Analysis::with_modules("<prompt>", text, &self.surroundings, Some(&files)),
            start: self.before.len() as u32,
            length: line.len() as u32,
        }
    }
}

impl Analysed {
    /// The analysis of the whole, and where the line begins in it.
    pub(super) fn whole(&self) -> (&Analysis, u32) {
        (&self.analysis, self.start)
    }

    /// The coloured pieces of the line, each with where it begins and ends there.
    pub(super) fn tokens(&self) -> Vec<(usize, usize, SemanticToken)> {
        let end = self.start + self.length;
        let all = semantic_tokens(&self.analysis).into_iter();
        let own = all.filter(|token| token.span.start >= self.start && token.span.end <= end);
        let place = |offset: u32| (offset - self.start) as usize;
        own.map(|token| (place(token.span.start), place(token.span.end), token))
            .collect()
    }

    /// What can stand at a place of the line and begins with the word before it; and where that begins.
    pub(super) fn completions(&self, line: &str, position: usize) -> (usize, Vec<CompletionItem>) {
        let mut items = completion(&self.analysis, self.start + position as u32);
        let begin = items.first().map_or(position, |item| {
            item.replace.start.saturating_sub(self.start) as usize
        });
        let word = line.get(begin..position).unwrap_or_default();
        // Behind a whole rule another behavior could follow; a line of its own begins something new.
        let is_new = line.get(..begin).is_some_and(|text| text.trim().is_empty());
        items.retain(|item| {
            let is_offered = !is_new || item.kind != CompletionKind::Behavior;
            is_offered && item.label.starts_with(word) && item.label.len() > word.len()
        });
        items.sort_by(|left, right| left.label.cmp(&right.label));
        items.dedup_by(|left, right| left.label == right.label);
        (begin, items)
    }
}

/// The actors and servers of a cluster. Where both have one name, the server is told apart.
fn subjects(columns: &Columns) -> Vec<String> {
    let frame = columns.frame();
    let name = |no: &u32| columns.actor_names().name(*no).to_owned();
    let actors: Vec<String> = frame.live().iter().map(name).collect();
    let server = |id: &ServerId| {
        let is_actor = columns.live_actor(&ActorId::from(id.as_str())).is_some();
        match is_actor {
            true => Entity::Server(id.clone()).to_string(),
            false => id.as_str().to_owned(),
        }
    };
    let servers = columns.servers().keys().map(server);
    servers.chain(actors).collect()
}

#[cfg(test)]
mod tests {
    use super::Scene;
    use plasma_ide::{SchemaText, Surroundings};

    fn scene() -> Scene {
        Scene {
            before: "param high = 80%;\ntrue => pin(Folder(f));\n".to_owned(),
            surroundings: Surroundings {
                schema: Some(SchemaText {
                    name: "app.plasma".to_owned(),
                    text: "actor Folder { files: [File]; fn open; }\nactor File { fn read; }"
                        .to_owned(),
                }),
                ..Surroundings::default()
            },
            ..Scene::default()
        }
    }

    fn labels(line: &str) -> (usize, Vec<String>) {
        let (begin, items) = scene().analyse(line).completions(line, line.len());
        (begin, items.into_iter().map(|item| item.label).collect())
    }

    #[test]
    fn a_line_is_completed_by_the_schema_and_the_policy_so_far() {
        assert_eq!(labels("Fol"), (0, vec!["Folder".to_owned()]));
        assert_eq!(labels("Folder(f).cp"), (10, vec!["cpu".to_owned()]));
        assert_eq!(
            labels("server.cpu.perc > hi"),
            (18, vec!["high".to_owned()])
        );
        assert_eq!(labels("true => bal"), (8, vec!["balance".to_owned()]));
        assert_eq!(labels("client.call(Folder(f).o").1, ["open"]);
        assert_eq!(labels("12").1, Vec::<String>::new());
        assert!(!labels("").1.contains(&"balance".to_owned()));
    }

    #[test]
    fn pieces_of_a_line_are_known_by_what_they_stand_for() {
        let line = "Folder(f).cpu.perc > high";
        let analysed = scene().analyse(line);
        let pieces = analysed.tokens();
        let pieces: Vec<String> = pieces
            .iter()
            .map(|(start, end, token)| format!("{}:{:?}", &line[*start..*end], token.kind))
            .collect();
        let expected = [
            "Folder:Type",
            "f:Variable",
            "cpu:Property",
            "perc:Property",
            ">:Operator",
            "high:Param",
        ];
        assert_eq!(pieces, expected);
    }
}
