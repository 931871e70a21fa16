//! What the prompt knows: the cluster it looks at, the schema, and the policy so far. Evaluates what
//! is entered; reads no line and prints none.

mod arm;
mod describe;
mod explain;
mod files;
mod look;
mod set;
mod tested;

use std::borrow::Cow;

use plasma_check::check_expression;
use plasma_check::program::CheckedProgram;
use plasma_diagnostic::{Code, Diagnostic, FileId, SourceMap};
use plasma_syntax::tree::{Item, Tree};
use plasma_syntax::{ReplInput, ReplStatus, parse_repl_input};

use self::arm::Armed;
use super::answer::{Answer, Refusal};
use super::policy::{PROMPT_NAME, Policy, Whole};
use super::scene::Scene;
use super::setting::{Setting, Undeclared, Usable};
use super::table;
use super::watch::{Prepared, Watches};
use super::world::World;

/// Prints above the line being typed.
pub(super) type Voice = std::sync::Arc<dyn Fn(&str) + Send + Sync>;

/// The state of a prompt.
pub(super) struct Session {
    world: World,
    /// What people call the running cluster that is looked at.
    name: String,
    pub(super) setting: Setting,
    policy: Policy,
    watches: Watches,
    /// Whether the policy may act on the cluster.
    armed: Armed,
    /// What news of a running cluster are told through as they come; `None` where they are asked for.
    voice: Option<Voice>,
    /// Whether nobody waits for the present answer any more.
    is_called_off: fn() -> bool,
}

impl Session {
    /// A prompt without rules, that looks at nothing.
    pub(super) fn new(setting: Setting, voice: Option<Voice>, is_called_off: fn() -> bool) -> Self {
        Session {
            world: World::Nothing,
            name: String::new(),
            watches: Watches::new(setting.options),
            setting,
            policy: Policy::default(),
            armed: Armed::default(),
            voice,
            is_called_off,
        }
    }

    /// Begins without a policy, if the project and the schema can be used.
    pub(super) fn begin(&self) -> Result<Answer, Refusal> {
        self.usable(&self.policy)?;
        Ok(self.answer())
    }

    /// The answer to nothing.
    pub(super) fn nothing(&self) -> Answer {
        self.answer()
    }

    /// The answer to a question about the prompt itself.
    pub(super) fn help(&self, text: &str) -> Answer {
        let format = self.setting.options.format;
        Answer::of(format, "help", || text.to_owned(), || text.into())
    }

    /// What an editor of lines has to know of it now.
    pub(super) fn scene(&self) -> Scene {
        let columns = match &self.world {
            World::Nothing => None,
            world => world.now().ok().map(|(columns, _)| columns),
        };
        Scene::new(&self.policy, &self.setting, columns.as_deref())
    }

    /// Evaluates a statement: an expression, or rules, parameters and declarations to add, or these
    /// and then an expression.
    pub(super) fn enter(&mut self, text: &str) -> Result<Answer, Refusal> {
        let mut sources = SourceMap::new();
        let file = sources.add(PROMPT_NAME, text);
        let input = parse_repl_input(file, text);
        if input.status != ReplStatus::Complete {
            return Err(self.setting.rendered(&sources, &input.diagnostics));
        }
        if input.expression.is_none() {
            return self.items(text);
        }
        let before = self.policy.clone();
        let last_item = input.tree.items().last();
        let items = last_item.and_then(|item| text.get(..item.span().end as usize));
        let mut answer = match items {
            Some(items) => self.items(items)?,
            None => self.answer(),
        };
        match self.values(sources, &input) {
            Ok(values) => answer.append(values),
            Err(refusal) => {
                self.policy = before;
                return Err(refusal);
            }
        }
        Ok(answer)
    }

    /// The values of an expression now.
    fn values(&self, sources: SourceMap, input: &ReplInput) -> Result<Answer, Refusal> {
        let (prepared, warnings) = self.prepared(sources, input)?;
        let (columns, past) = self.world.now()?;
        let values = prepared.table((&columns, &past), &self.is_called_off);
        let layout = self.setting.options.layout();
        let mut answer = self.answer();
        answer.add_warnings(warnings);
        answer.add(
            "values",
            || table::text(&values, layout),
            || table::document(&values, layout.rows_max),
        );
        Ok(answer)
    }

    /// A text that must be one expression.
    fn prepared_text(&self, text: &str) -> Result<(Prepared, Refusal), Refusal> {
        let mut sources = SourceMap::new();
        let file = sources.add(PROMPT_NAME, text);
        let input = parse_repl_input(file, text);
        if input.status != ReplStatus::Complete {
            return Err(self.setting.rendered(&sources, &input.diagnostics));
        }
        if input.expression.is_none() || !input.tree.items().is_empty() {
            return Err(Refusal::helped(
                format!("`{text}` is no expression"),
                "write a number or a condition, such as `Folder(f).cpu.perc > 10`",
            ));
        }
        self.prepared(sources, &input)
    }

    /// The expression of an input, checked against the policy; and the warnings about it.
    fn prepared(
        &self,
        mut sources: SourceMap,
        input: &ReplInput,
    ) -> Result<(Prepared, Refusal), Refusal> {
        let around = self
            .setting
            .around(&mut sources, &self.policy, Undeclared::Waits)?;
        let Some(id) = input.expression else {
            return Err("error: an expression is missing".to_owned().into());
        };
        let policy = &around.parsed.tree;
        let mut checked = check_expression(&input.tree, id, policy, &around.environment);
        around.whole.lead_back(&mut checked.diagnostics);
        let warnings = self.setting.rendered(&sources, &checked.diagnostics);
        let Some((scope, expression)) = checked.expression else {
            return Err(warnings);
        };
        let prepared = Prepared {
            schema: checked.schema,
            scope,
            expression,
        };
        Ok((prepared, warnings))
    }

    /// Adds items; shows what the rules among them would do by themselves. What is answered with an
    /// error is not added.
    fn items(&mut self, text: &str) -> Result<Answer, Refusal> {
        let mut policy = self.policy.with(text);
        // Rules and uses may follow, and what there was before has been answered.
        let is_about_this = |diagnostic: &Diagnostic, whole: &Whole| {
            let is_early = matches!(
                diagnostic.code,
                Code::EmptyPolicy | Code::UnusedParam | Code::UnusedDefinition
            );
            Some(diagnostic.primary.file) == whole.last() && !is_early
        };
        let usable = self
            .setting
            .usable(&policy, Undeclared::Waits, is_about_this)?;
        let entered = plasma_syntax::parse(FileId(0), text).tree;
        let mut answer = self.answer();
        answer.add_warnings(usable.warnings);
        answer.add_note(&values_from_outside(&entered, &usable.params));
        let has_rules = entered.rules().next().is_some() || entered.uses().next().is_some();
        // One that is armed shows the plan of the whole policy.
        if has_rules && !self.armed.is_armed() {
            self.plan_of_last(&mut answer, usable.program, &usable.tree, &entered)?;
        }
        // A comment alone says nothing that would have to be kept.
        if !entered.items().is_empty() {
            policy.keep();
            self.replace_policy(policy, &mut answer);
        }
        Ok(answer)
    }

    /// Another policy from now on: what depends on it is looked at again.
    fn replace_policy(&mut self, policy: Policy, answer: &mut Answer) {
        self.policy = policy;
        self.prepare_watches();
        self.propose(answer);
    }

    /// What the rules entered last, and those of the modules used there, would do by themselves.
    fn plan_of_last(
        &self,
        answer: &mut Answer,
        mut program: CheckedProgram,
        tree: &Tree,
        entered: &Tree,
    ) -> Result<(), Refusal> {
        if matches!(self.world, World::Nothing) {
            answer.add_note("kept; what it would do shows with a cluster: `:attach FILE`");
            return Ok(());
        }
        let total = tree.rules().count();
        let new = total.saturating_sub(entered.rules().count())..total;
        let used = entered.uses().filter_map(|module| module.name());
        let used: Vec<String> = used
            .map(|name| format!("{}.", entered.name(name)))
            .collect();
        program.rules.retain(|rule| {
            let is_of_module = used.iter().any(|prefix| rule.name.starts_with(prefix));
            new.contains(&rule.index) || is_of_module
        });
        for (index, rule) in program.rules.iter_mut().enumerate() {
            rule.index = index;
        }
        answer.append(self.plan_of(&program)?);
        Ok(())
    }

    /// The policy, if it has no errors. Its warnings have been told.
    fn usable(&self, policy: &Policy) -> Result<Usable, Refusal> {
        self.setting.usable(policy, Undeclared::Waits, |_, _| false)
    }

    /// An answer without anything in it.
    fn answer(&self) -> Answer {
        Answer::new(self.setting.options.format)
    }

    /// An answer of a sentence.
    fn note(&self, text: impl Into<String>) -> Answer {
        Answer::note(self.setting.options.format, text)
    }
}

/// A line for each parameter declared here that has its value from outside.
fn values_from_outside(tree: &Tree, params: &[(String, String)]) -> String {
    let value_of = |item: &Item| {
        let Item::Param(param) = item else {
            return None;
        };
        let declared = tree.name(param.name?);
        let (name, value) = params.iter().rfind(|(name, _)| name == declared)?;
        Some(format!("`{name}` is {value}, set from outside\n"))
    };
    tree.items().iter().filter_map(value_of).collect()
}

/// `1 rule`, `2 rules`.
fn count_of(count: usize, noun: &str) -> Cow<'static, str> {
    match count {
        1 => format!("1 {noun}").into(),
        _ => format!("{count} {noun}s").into(),
    }
}
