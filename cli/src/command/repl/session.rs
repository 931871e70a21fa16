//! What the prompt knows: the cluster it looks at, the schema, and the rules so far. Evaluates what
//! is entered; reads no line and prints none.

use std::path::Path;

use plasma_check::program::{CheckedProgram, Expression as Checked};
use plasma_check::schema::Schema;
use plasma_check::{Environment, check_expression, check_parsed, schema_of};
use plasma_diagnostic::{Diagnostic, FileId, RenderOptions, SourceMap};
use plasma_eval::{Expression, tabulate};
use plasma_syntax::{ReplInput, ReplStatus, parse_repl_input};

use super::table;
use super::world::World;
use crate::analysis::SchemaSource;
use crate::failure::Failure;
use crate::policy_file::PolicyFile;
use crate::{moment, plan_text, policy_file};

/// The state of a prompt.
pub(super) struct Session {
    world: World,
    schema: Option<SchemaSource>,
    params: Vec<(String, String)>,
    /// The policy loaded, and the rules entered since.
    policy: PolicyFile,
    entered: Vec<String>,
    coloured: bool,
}

/// Why something entered gives nothing: the text for people.
pub(super) type Refusal = String;

impl Session {
    /// A prompt without rules.
    pub(super) fn new(
        world: World,
        schema: Option<SchemaSource>,
        params: Vec<(String, String)>,
        coloured: bool,
    ) -> Self {
        let policy = PolicyFile {
            name: "<prompt>".into(),
            path: None,
            text: String::new(),
        };
        Session {
            world,
            schema,
            params,
            policy,
            entered: Vec::new(),
            coloured,
        }
    }

    /// Loads a policy in place of the rules so far.
    pub(super) fn load(&mut self, argument: &str) -> Result<String, Refusal> {
        let file = policy_file::read(argument).map_err(|failure| failure.to_string())?;
        let (program, warnings) = self.program_of(&file)?;
        self.policy = file;
        self.entered.clear();
        let rules = program.rules.len();
        Ok(format!(
            "{warnings}{rules} {} from {}\n",
            if rules == 1 { "rule" } else { "rules" },
            self.policy.name
        ))
    }

    /// Looks at the last tick of a file from now on.
    pub(super) fn look_at(&mut self, path: &Path) -> Result<String, Refusal> {
        let moment = moment::read(path, None).map_err(|failure: Failure| failure.to_string())?;
        let text = format!(
            "{}: t = {} s, {} servers, {} actors\n",
            path.display(),
            moment.snapshot.t,
            moment.snapshot.servers.len(),
            moment.snapshot.actors.len()
        );
        self.schema = moment.schema.or(self.schema.take());
        self.world = World::Still(Box::new(moment.snapshot));
        Ok(text)
    }

    /// The rules so far, as text.
    pub(super) fn rules(&self) -> String {
        let mut text = self.policy.text.trim_end().to_owned();
        for entered in &self.entered {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(entered);
        }
        if text.is_empty() {
            "no rules yet\n".to_owned()
        } else {
            text + "\n"
        }
    }

    /// What the rules so far would do now, and why.
    pub(super) fn plan(&self) -> Result<String, Refusal> {
        let (program, _) = self.program_of(&self.so_far())?;
        self.plan_of(&program)
    }

    /// Evaluates a statement: an expression, or rules, parameters and declarations to add.
    pub(super) fn enter(&mut self, text: &str) -> Result<String, Refusal> {
        let mut sources = SourceMap::new();
        let file = sources.add("<prompt>", text);
        let input = parse_repl_input(file, text);
        if input.status != ReplStatus::Complete {
            return Err(self.rendered(&sources, &input.diagnostics));
        }
        match input.expression {
            Some(_) => self.expression(&sources, &input),
            None => self.items(text),
        }
    }

    fn expression(&self, sources: &SourceMap, input: &ReplInput) -> Result<String, Refusal> {
        let environment = Environment {
            schema: self.declared_schema()?,
            params: Vec::new(),
        };
        let Some(id) = input.expression else {
            return Ok(String::new());
        };
        let checked = check_expression(&input.tree, id, &environment);
        let Some((scope, expression)) = &checked.expression else {
            return Err(self.rendered(sources, &checked.diagnostics));
        };
        let expression = match expression {
            Checked::Number(operand) => Expression::Number(operand),
            Checked::Condition(condition) => Expression::Condition(condition),
        };
        let snapshot = self.world.snapshot()?;
        Ok(table::text(&tabulate(
            &checked.schema,
            scope,
            expression,
            &snapshot,
        )))
    }

    /// Adds items; shows what the rules among them would do by themselves.
    fn items(&mut self, text: &str) -> Result<String, Refusal> {
        self.entered.push(text.trim().to_owned());
        let (program, warnings) = match self.program_of(&self.so_far()) {
            Ok(checked) => checked,
            Err(refusal) => {
                self.entered.pop();
                return Err(refusal);
            }
        };
        let entered = plasma_syntax::parse(FileId(0), text).tree.rules().count();
        if entered == 0 {
            return Ok(warnings);
        }
        let mut alone = program;
        let before = alone.rules.len().saturating_sub(entered);
        alone.rules.drain(..before);
        for (index, rule) in alone.rules.iter_mut().enumerate() {
            rule.index = index;
        }
        Ok(warnings + &self.plan_of(&alone)?)
    }

    fn plan_of(&self, program: &CheckedProgram) -> Result<String, Refusal> {
        let snapshot = self.world.snapshot()?;
        let plan = plasma_scenario::plan(program, &snapshot);
        Ok(plan_text::text(program, &snapshot, &plan.decision))
    }

    /// The policy loaded and everything entered since, as one policy.
    fn so_far(&self) -> PolicyFile {
        let mut text = self.policy.text.clone();
        for entered in &self.entered {
            text.push('\n');
            text.push_str(entered);
        }
        PolicyFile {
            name: self.policy.name.clone(),
            path: None,
            text,
        }
    }

    /// A policy checked against the cluster's schema, with the text of its warnings.
    fn program_of(&self, file: &PolicyFile) -> Result<(CheckedProgram, String), Refusal> {
        let mut sources = SourceMap::new();
        let id = sources.add(file.name.as_str(), file.text.as_str());
        let environment = Environment {
            schema: self.declared_schema()?,
            params: self.params.clone(),
        };
        let parsed = plasma_syntax::parse(id, file.text.as_str());
        let checked = check_parsed(parsed, &environment);
        let text = self.rendered(&sources, &checked.diagnostics);
        if checked.has_errors() {
            Err(text)
        } else {
            Ok((checked.program, text))
        }
    }

    fn declared_schema(&self) -> Result<Option<Schema>, Refusal> {
        let Some(source) = &self.schema else {
            return Ok(None);
        };
        let mut sources = SourceMap::new();
        let id = sources.add(source.name.as_str(), source.text.as_str());
        let parsed = plasma_syntax::parse(id, source.text.as_str());
        let (schema, mut mistakes) = schema_of(&parsed.tree);
        mistakes.extend(parsed.diagnostics);
        if mistakes.iter().any(Diagnostic::is_error) {
            return Err(self.rendered(&sources, &mistakes));
        }
        Ok(Some(schema))
    }

    fn rendered(&self, sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
        let options = RenderOptions {
            color: self.coloured,
            width: None,
        };
        plasma_diagnostic::render(sources, diagnostics, options)
    }
}
