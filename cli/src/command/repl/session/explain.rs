//! What the policy so far would do, and why: `:plan`, `:why`, `:whynot`.

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_eval::Excess;
use plasma_model::PlanDocument;
use plasma_scenario::{Subject, ToldMax, UnknownSubject, plan_text, why};

use super::Session;
use crate::command::repl::answer::{Answer, Refusal, json};
use crate::command::why::{TOLD_MAX_HUMAN, TOLD_MAX_JSON};
use crate::document::why::WhyDocument;
use crate::why_text;

impl Session {
    /// What the rules so far would do now, and why.
    pub(in crate::command::repl) fn plan(&self) -> Result<Answer, Refusal> {
        self.plan_of(&self.usable(&self.policy)?.program)
    }

    /// Why the rules so far do what they do about an actor, or why one of them fires or does not.
    pub(in crate::command::repl) fn why(&self, name: &str) -> Result<Answer, Refusal> {
        self.explain(&|program, columns| Subject::find(name, program, columns))
    }

    /// How far a rule is from firing; of `RULE ACTOR` or `ACTOR RULE`, for that actor.
    pub(in crate::command::repl) fn why_not(&self, names: &str) -> Result<Answer, Refusal> {
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
    ) -> Result<Answer, Refusal> {
        let usable = self.usable(&self.policy)?;
        let (columns, past) = self.world.now()?;
        let subject = find(&usable.program, &columns)
            .map_err(|unknown| Refusal::helped(unknown.to_string(), unknown.help()))?;
        let mut answer = self.answer();
        let told_max: ToldMax = match answer.is_for_people() {
            true => TOLD_MAX_HUMAN,
            false => TOLD_MAX_JSON,
        };
        let why = why(&usable.program, (&columns, &past), &subject, told_max);
        refuse_excess(why.plan.excesses.first())?;
        let name = subject.name(&usable.program);
        answer.add(
            "why",
            || why_text::text(&why, &subject, &name, &columns),
            || json(WhyDocument::new(&why, &subject, &name, None)),
        );
        Ok(answer)
    }

    /// What a policy would do now, and why.
    pub(super) fn plan_of(&self, program: &CheckedProgram) -> Result<Answer, Refusal> {
        let (columns, past) = self.world.now()?;
        let plan = plasma_scenario::plan(program, &columns, &past);
        refuse_excess(plan.excesses.first())?;
        let mut answer = self.answer();
        answer.add(
            "plan",
            || plan_text::text(program, (&columns, &past), &plan.decision),
            || json(PlanDocument::new(&plan.decision, None)),
        );
        Ok(answer)
    }
}

fn refuse_excess(excess: Option<&Excess>) -> Result<(), Refusal> {
    match excess {
        Some(excess) => Err(Refusal::helped(excess.to_string(), Excess::HELP)),
        None => Ok(()),
    }
}
