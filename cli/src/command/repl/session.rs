//! What the prompt knows: the cluster it looks at, the schema, and the policy so far. Evaluates what
//! is entered; reads no line and prints none.

use std::path::Path;

use plasma_check::check_expression;
use plasma_check::program::{CheckedProgram, Expression as Checked};
use plasma_columns::Columns;
use plasma_diagnostic::{Code, Diagnostic, SourceMap};
use plasma_eval::{Allowance, Excess, Expression, tabulate};
use plasma_scenario::{Subject, UnknownSubject, plan_text, why};
use plasma_syntax::tree::{Item, Tree};
use plasma_syntax::{ReplInput, ReplStatus, parse_repl_input};

use super::policy::{PROMPT_NAME, Policy, Whole};
use super::setting::{Setting, Undeclared, Usable};
use super::table;
use super::world::World;
use crate::command::why::TOLD_MAX_HUMAN;
use crate::{moment, policy_file, why_text};

/// The state of a prompt.
pub(super) struct Session {
    world: World,
    setting: Setting,
    policy: Policy,
    /// Whether nobody waits for the present answer any more.
    is_called_off: fn() -> bool,
}

/// Why something entered gives nothing: the text for people.
pub(super) type Refusal = String;

impl Session {
    /// A prompt without rules.
    pub(super) fn new(world: World, setting: Setting, is_called_off: fn() -> bool) -> Self {
        Session {
            world,
            setting,
            policy: Policy::default(),
            is_called_off,
        }
    }

    /// Begins without a policy, if the project and the schema can be used.
    pub(super) fn begin(&self) -> Result<String, Refusal> {
        self.setting
            .usable(&self.policy, Undeclared::Waits, |_, _| false)
            .map(|_| String::new())
    }

    /// Loads a policy in place of the rules so far.
    pub(super) fn load(
        &mut self,
        argument: impl AsRef<Path>,
        undeclared: Undeclared,
    ) -> Result<String, Refusal> {
        let file = policy_file::read(argument).map_err(|failure| failure.to_string())?;
        let policy = Policy::loaded(file);
        let Usable {
            program, warnings, ..
        } = self.setting.usable(&policy, undeclared, |_, _| true)?;
        self.policy = policy;
        let rules = program.rules.len();
        Ok(format!(
            "{warnings}{rules} {} from {}\n",
            if rules == 1 { "rule" } else { "rules" },
            self.policy.name()
        ))
    }

    /// Looks at one tick of a file from now on, by default the last one, with the schema that the
    /// file announces.
    pub(super) fn look_at(
        &mut self,
        path: &Path,
        at_seconds: Option<f64>,
    ) -> Result<String, Refusal> {
        let moment =
            moment::read_with_past(path, at_seconds).map_err(|failure| failure.to_string())?;
        let text = format!(
            "{}: t = {} s, {} servers, {} actors\n",
            path.display(),
            moment.columns.frame().t,
            moment.columns.servers().len(),
            moment.columns.frame().live().len()
        );
        self.setting.schema = moment.schema;
        self.world = World::Still(Box::new(moment.columns), moment.past);
        Ok(text)
    }

    /// The rules so far, as text.
    pub(super) fn rules(&self) -> String {
        match self.policy.text().trim() {
            "" => "no rules yet\n".to_owned(),
            text => format!("{text}\n"),
        }
    }

    /// What the rules so far would do now, and why.
    pub(super) fn plan(&self) -> Result<String, Refusal> {
        let usable = self
            .setting
            .usable(&self.policy, Undeclared::Waits, |_, _| false)?;
        self.plan_of(&usable.program)
    }

    /// Why the rules so far do what they do about an actor, or why one of them fires or does not.
    pub(super) fn why(&self, name: &str) -> Result<String, Refusal> {
        self.explain(&|program, columns| Subject::find(name, program, columns))
    }

    /// How far a rule is from firing; of `RULE ACTOR` or `ACTOR RULE`, for that actor.
    pub(super) fn why_not(&self, names: &str) -> Result<String, Refusal> {
        self.explain(
            &|program, columns| match names.split_once(char::is_whitespace) {
                None => Subject::find(names, program, columns),
                Some((first, second)) => {
                    Subject::find_both([first, second.trim_start()], program, columns)
                }
            },
        )
    }

    fn explain(
        &self,
        find: &dyn Fn(&CheckedProgram, &Columns) -> Result<Subject, UnknownSubject>,
    ) -> Result<String, Refusal> {
        let policy = &self.policy;
        let usable = self
            .setting
            .usable(policy, Undeclared::Waits, |_, _| false)?;
        let (columns, past) = self.world.now()?;
        let subject = find(&usable.program, &columns)
            .map_err(|unknown| format!("error: {unknown}\n  help: {}", unknown.help()))?;
        let why = why(&usable.program, (&columns, &past), &subject, TOLD_MAX_HUMAN);
        if let Some(excess) = why.plan.excesses.first() {
            return Err(format!("error: {excess}\n  help: {}", Excess::HELP));
        }
        let name = subject.name(&usable.program);
        Ok(why_text::text(&why, &subject, &name, &columns))
    }

    /// Drops what was entered under a name.
    pub(super) fn forget(&mut self, name: &str) -> Result<String, Refusal> {
        let error = |mistake| format!("error: {mistake}");
        let policy = self.policy.without(name).map_err(error)?;
        let checked = self
            .setting
            .usable(&policy, Undeclared::Waits, |_, _| false);
        if let Err(mistakes) = checked {
            // A policy that was wrong before (for another snapshot's schema) may become less so.
            if self
                .setting
                .usable(&self.policy, Undeclared::Waits, |_, _| false)
                .is_ok()
            {
                return Err(format!("error: `{name}` is still needed\n{mistakes}"));
            }
        }
        self.policy = policy;
        Ok(format!("`{name}` is forgotten\n"))
    }

    /// Evaluates a statement: an expression, or rules, parameters and declarations to add, or these
    /// and then an expression.
    pub(super) fn enter(&mut self, text: &str) -> Result<String, Refusal> {
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
        let mut answer = items.map_or_else(|| Ok(String::new()), |items| self.items(items))?;
        match self.expression(sources, &input) {
            Ok(table) => answer.push_str(&table),
            Err(refusal) => {
                self.policy = before;
                return Err(refusal);
            }
        }
        Ok(answer)
    }

    fn expression(&self, mut sources: SourceMap, input: &ReplInput) -> Result<String, Refusal> {
        let around = self
            .setting
            .around(&mut sources, &self.policy, Undeclared::Waits)?;
        let Some(id) = input.expression else {
            return Ok(String::new());
        };
        let policy = &around.parsed.tree;
        let mut checked = check_expression(&input.tree, id, policy, &around.environment);
        around.whole.lead_back(&mut checked.diagnostics);
        let Some((scope, expression)) = &checked.expression else {
            return Err(self.setting.rendered(&sources, &checked.diagnostics));
        };
        let expression = match expression {
            Checked::Number(operand) => Expression::Number(operand),
            Checked::Condition(condition) => Expression::Condition(condition),
        };
        let (columns, past) = self.world.now()?;
        let allowance = Allowance {
            rows_max: table::ROWS_SHOWN_MAX,
            candidates_max: table::CANDIDATES_MAX,
            is_called_off: &self.is_called_off,
        };
        let values = tabulate(
            &checked.schema,
            scope,
            expression,
            (&columns, &past),
            allowance,
        );
        Ok(self.setting.rendered(&sources, &checked.diagnostics) + &table::text(&values))
    }

    /// Adds items; shows what the rules among them would do by themselves. What is answered with an
    /// error is not added.
    fn items(&mut self, text: &str) -> Result<String, Refusal> {
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
        let entered = plasma_syntax::parse(plasma_diagnostic::FileId(0), text).tree;
        let mut answer = usable.warnings;
        answer.push_str(&values_from_outside(&entered, &usable.params));
        if entered.rules().next().is_some() || entered.uses().next().is_some() {
            answer.push_str(&self.plan_of_last(usable.program, &usable.tree, &entered)?);
        }
        // A comment alone says nothing that would have to be kept.
        if !entered.items().is_empty() {
            policy.keep();
            self.policy = policy;
        }
        Ok(answer)
    }

    /// What the rules entered last, and those of the modules used there, would do by themselves.
    fn plan_of_last(
        &self,
        mut program: CheckedProgram,
        tree: &Tree,
        entered: &Tree,
    ) -> Result<String, Refusal> {
        if matches!(self.world, World::Nothing) {
            return Ok(
                "kept; what it would do shows with a cluster: `:snapshot FILE`\n".to_owned(),
            );
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
        self.plan_of(&program)
    }

    fn plan_of(&self, program: &CheckedProgram) -> Result<String, Refusal> {
        let (columns, past) = self.world.now()?;
        let plan = plasma_scenario::plan(program, &columns, &past);
        if let Some(excess) = plan.excesses.first() {
            return Err(format!("error: {excess}\n  help: {}", Excess::HELP));
        }
        Ok(plan_text::text(program, (&columns, &past), &plan.decision))
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
