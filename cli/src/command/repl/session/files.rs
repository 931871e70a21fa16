//! The policy so far and files: `:load`, `:reload`, `:save`, `:rules`, `:forget`.

use std::path::Path;

use plasma_diagnostic::FileId;

use super::{Session, count_of};
use crate::command::repl::answer::{Answer, Refusal};
use crate::command::repl::policy::Policy;
use crate::command::repl::setting::Undeclared;
use crate::failure::Failure;
use crate::{policy_file, replace_file};

impl Session {
    /// Loads a policy in place of the rules so far.
    pub(in crate::command::repl) fn load(
        &mut self,
        argument: impl AsRef<Path>,
        undeclared: Undeclared,
    ) -> Result<Answer, Refusal> {
        let policy = Policy::loaded(policy_file::read(argument)?);
        self.take_over(policy, undeclared)
    }

    /// Reads the policy loaded again; what was entered since stays.
    pub(in crate::command::repl) fn reload(&mut self) -> Result<Answer, Refusal> {
        let Some(source) = self.policy.source() else {
            return Err(Refusal::helped(
                "no policy has been loaded",
                "`:load FILE` loads one",
            ));
        };
        let policy = self.policy.reloaded(policy_file::read(source)?);
        self.take_over(policy, Undeclared::Waits)
    }

    fn take_over(&mut self, policy: Policy, undeclared: Undeclared) -> Result<Answer, Refusal> {
        let usable = self.setting.usable(&policy, undeclared, |_, _| true)?;
        let mut answer = self.answer();
        answer.add_warnings(usable.warnings);
        let rules = count_of(usable.program.rules.len(), "rule");
        answer.add_note(&format!("{rules} from {}", policy.name()));
        self.replace_policy(policy, &mut answer);
        Ok(answer)
    }

    /// The rules so far, as text.
    pub(in crate::command::repl) fn rules(&self) -> Answer {
        let text = self.policy.text();
        let shown = || match text.trim() {
            "" => "no rules yet\n".to_owned(),
            text => format!("{text}\n"),
        };
        let format = self.setting.options.format;
        Answer::of(format, "policy", shown, || text.trim().into())
    }

    /// Drops what was entered under a name.
    pub(in crate::command::repl) fn forget(&mut self, name: &str) -> Result<Answer, Refusal> {
        let policy = self
            .policy
            .without(name)
            .map_err(|mistake| format!("error: {mistake}"))?;
        if let Err(mistakes) = self.usable(&policy) {
            // A policy that was wrong before (for another snapshot's schema) may become less so.
            if self.usable(&self.policy).is_ok() {
                return Err(Refusal {
                    text: format!("error: `{name}` is still needed\n{}", mistakes.text),
                    ..mistakes
                });
            }
        }
        let mut answer = self.note(format!("`{name}` is forgotten"));
        self.replace_policy(policy, &mut answer);
        Ok(answer)
    }

    /// Writes the policy so far into a file, laid out.
    pub(in crate::command::repl) fn save(
        &self,
        path: &Path,
        replaces: bool,
    ) -> Result<Answer, Refusal> {
        let shown = path.display();
        let text = self.policy.text();
        if text.trim().is_empty() {
            return Err("error: there are no rules to save yet".to_owned().into());
        }
        let parsed = plasma_syntax::parse(FileId(0), text.as_str());
        let text = plasma_syntax::format(&parsed).unwrap_or(text);
        let is_there = path.exists();
        if is_there && !replaces {
            return Err(Refusal::helped(
                format!("{shown} is there already"),
                format!("`:save! {shown}` replaces it"),
            ));
        }
        let written = match is_there {
            true => replace_file::replace(path, &text),
            false => write_new(path, &text),
        };
        written.map_err(|error| Failure::writing(path, &error))?;
        let rules = parsed.tree.rules().count();
        Ok(self.note(format!("{} in {shown}", count_of(rules, "rule"))))
    }
}

/// Writes a file that is not there yet; one that has come to be there in the meantime stays.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::File::create_new(path)?;
    file.write_all(text.as_bytes())
}
