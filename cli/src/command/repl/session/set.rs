//! `:set`: the settings of the prompt, and the parameters of the policy so far.

use super::Session;
use crate::command::repl::answer::{Answer, Refusal};
use crate::command::repl::options::SETTINGS;

impl Session {
    /// Sets a setting or a parameter; lists all without one.
    pub(in crate::command::repl) fn set(
        &mut self,
        setting: Option<&(String, String)>,
    ) -> Result<Answer, Refusal> {
        let Some((name, value)) = setting else {
            let mut answer = self.setting.options.list();
            for (name, value) in &self.setting.params {
                answer.add_note(&format!("{name:8} {value:8} a parameter, set from outside"));
            }
            return Ok(answer);
        };
        let is_setting = SETTINGS.iter().any(|row| row.name == name);
        if !is_setting && self.setting.declares(&self.policy, name)? {
            return self.set_param(name, value);
        }
        let answer = self.setting.options.set(name, value)?;
        self.watches.set_options(self.setting.options);
        Ok(answer)
    }

    /// Gives a parameter of the policy another value than it is declared with, as `--param` does; says which it has
    /// without one.
    fn set_param(&mut self, name: &str, value: &str) -> Result<Answer, Refusal> {
        if value.is_empty() {
            let known = self.setting.params.iter().rfind(|(known, _)| known == name);
            return Ok(self.note(match known {
                Some((_, value)) => format!("`{name}` is {value}, set from outside"),
                None => format!("`{name}` is as declared: `:doc {name}`"),
            }));
        }
        let before = self.setting.params.clone();
        self.setting.params.retain(|(known, _)| known != name);
        let set = (name.to_owned(), value.to_owned());
        self.setting.params.push(set);
        if let Err(refusal) = self.usable(&self.policy) {
            self.setting.params = before;
            return Err(refusal);
        }
        let mut answer = self.answer();
        self.replace_policy(self.policy.clone(), &mut answer);
        Ok(answer)
    }
}
