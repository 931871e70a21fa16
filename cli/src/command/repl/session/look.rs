//! What the prompt looks at: `:attach`, `:at`, `:wait`, and what is watched there.

use std::path::Path;

use plasma_actor::Application;
use plasma_syntax::lexemes;

use super::{Session, Voice};
use crate::analysis::SchemaSource;
use crate::command::apps;
use crate::command::repl::answer::{Answer, Refusal};
use crate::command::repl::command::Tick;
use crate::command::repl::live::{Listener, Running};
use crate::command::repl::remote;
use crate::command::repl::watch::{Watched, Watches};
use crate::command::repl::world::{Still, World, title};

impl Session {
    /// Looks at a file or a running engine from now on, with the schema that it announces. Of a file at
    /// one tick, by default the last one.
    pub(in crate::command::repl) fn attach(
        &mut self,
        target: &str,
        at_seconds: Option<f64>,
    ) -> Result<Answer, Refusal> {
        if !remote::is_address(target) {
            return self.look_at_file(Path::new(target), at_seconds);
        }
        if at_seconds.is_some() {
            return Err(Refusal::helped(
                format!("{target} is a running cluster: it is always now"),
                "leave `--at` out",
            ));
        }
        let running = Running::join(remote::connect(target)?, self.listener())?;
        self.follow(running, target)
    }

    /// Looks at one tick of a file, by default the last one.
    pub(in crate::command::repl) fn look_at_file(
        &mut self,
        path: &Path,
        at_seconds: Option<f64>,
    ) -> Result<Answer, Refusal> {
        let (still, schema) = Still::open(path, at_seconds)?;
        self.look_at(still, schema)
    }

    /// Starts an application on servers of this process, and looks at it.
    pub(in crate::command::repl) fn start(
        &mut self,
        application: &'static dyn Application,
    ) -> Result<Answer, Refusal> {
        apps::schema_of(application)?;
        let running = Running::start(application, self.listener())?;
        self.follow(running, application.name())
    }

    /// Looks at another tick of the same file.
    pub(in crate::command::repl) fn at(&mut self, tick: Tick) -> Result<Answer, Refusal> {
        match &mut self.world {
            World::Still(still) => {
                let (still, schema) = still.at(tick)?;
                let mut answer = self.look_at(still, schema)?;
                answer.append(self.watched_now()?);
                Ok(answer)
            }
            World::Live(_) => Err(Refusal::helped(
                "a running cluster is always now",
                "`:wait` waits for the next period; `plasma run --record` writes a trace to go to and fro in",
            )),
            World::Nothing => Err(Refusal::helped(
                "there is no trace to look at yet",
                "`:attach FILE`, or start with --trace",
            )),
        }
    }

    fn look_at(&mut self, still: Still, schema: Option<SchemaSource>) -> Result<Answer, Refusal> {
        let mut answer = self.answer();
        self.disarm_for_another(&mut answer);
        answer.append(still.title(self.setting.options.format));
        self.world = World::Still(Box::new(still));
        self.change_schema(schema);
        Ok(answer)
    }

    fn follow(&mut self, running: Running, name: &str) -> Result<Answer, Refusal> {
        let is_called_off = || (self.is_called_off)();
        let error = |mistake| Refusal::from(format!("error: {mistake}"));
        if !running.wait(is_called_off).map_err(error)? {
            return Err("error: interrupted before the first period ended"
                .to_owned()
                .into());
        }
        let schema = running.schema().map(|text| SchemaSource {
            name: format!("{name} (schema)"),
            text: text.to_owned(),
        });
        let mut answer = self.answer();
        self.disarm_for_another(&mut answer);
        self.world = World::Live(running);
        self.change_schema(schema);
        self.name = name.to_owned();
        answer.append(self.title()?);
        Ok(answer)
    }

    /// What is looked at, if it is a running cluster.
    fn title(&self) -> Result<Answer, Refusal> {
        let (columns, _) = self.world.now()?;
        Ok(title(self.setting.options.format, &self.name, &columns))
    }

    fn change_schema(&mut self, schema: Option<SchemaSource>) {
        self.setting.schema = schema;
        self.prepare_watches();
    }

    /// Waits for so many periods of a running cluster; shows what is watched after each.
    pub(in crate::command::repl) fn wait(
        &mut self,
        periods: u32,
        show: &mut dyn FnMut(Answer),
    ) -> Result<Answer, Refusal> {
        let World::Live(running) = &self.world else {
            return Err(Refusal::helped(
                "there is no running cluster to wait for",
                "`:at next` goes on in a trace; start with --app NAME for a cluster",
            ));
        };
        for _ in 0..periods {
            let error = |mistake| Refusal::from(format!("error: {mistake}"));
            if !running.wait(|| (self.is_called_off)()).map_err(error)? {
                break;
            }
            // Where news are told as they come, these have been.
            if self.voice.is_none() {
                let mut answer = self.answer();
                answer.add_note(&running.news().join("\n"));
                answer.append(self.watched_now()?);
                show(answer);
            }
        }
        self.title()
    }

    /// Watches an expression; without one, shows what is watched.
    pub(in crate::command::repl) fn watch(
        &mut self,
        text: Option<&str>,
    ) -> Result<Answer, Refusal> {
        let Some(text) = text else {
            return match self.watches.with(|watches| watches.is_empty()) {
                true => Ok(self.note("nothing is watched; `:watch EXPR` watches")),
                false => self.watched_now(),
            };
        };
        let (prepared, warnings) = self.prepared_text(text)?;
        let watched = Watched::new(text, prepared);
        self.watches.with(|watches| {
            watches.retain(|known| !is_same(&known.text, text));
            watches.push(watched);
        });
        let mut answer = self.answer();
        answer.add_warnings(warnings);
        if !matches!(self.world, World::Nothing) {
            answer.append(self.watched_now()?);
        }
        Ok(answer)
    }

    /// Watches an expression no longer: as it was entered, or by its number; or none any more.
    pub(in crate::command::repl) fn unwatch(
        &mut self,
        text: Option<&str>,
    ) -> Result<Answer, Refusal> {
        let Some(text) = text else {
            self.watches.with(Vec::clear);
            return Ok(self.answer());
        };
        let number = text.parse::<usize>().ok();
        let is_dropped = self.watches.with(|watches| {
            let found = match number {
                Some(number) => number.checked_sub(1).filter(|at| *at < watches.len()),
                None => watches.iter().position(|known| is_same(&known.text, text)),
            };
            found.map(|at| watches.remove(at)).is_some()
        });
        match is_dropped {
            true => Ok(self.answer()),
            false => Err(Refusal::helped(
                format!("`{text}` is not watched"),
                "`:watch` lists what is",
            )),
        }
    }

    fn watched_now(&self) -> Result<Answer, Refusal> {
        if self.watches.with(|watches| watches.is_empty()) {
            return Ok(self.answer());
        }
        let (columns, past) = self.world.now()?;
        Ok(self.watches.all((&columns, &past)))
    }

    /// Checks what is watched against the policy and the schema as they are now.
    pub(super) fn prepare_watches(&self) {
        let texts: Vec<String> = self
            .watches
            .with(|watches| watches.iter().map(|w| w.text.clone()).collect());
        for text in texts {
            let prepared = match self.prepared_text(&text) {
                Ok((prepared, _)) => Ok(prepared),
                Err(refusal) => Err(refusal.text),
            };
            self.watches.with(|watches| {
                if let Some(watched) = watches.iter_mut().find(|w| w.text == text) {
                    watched.prepared = prepared;
                }
            });
        }
    }

    /// Who tells of each period as it ends, if somebody does.
    fn listener(&self) -> Option<Listener> {
        let voice: Voice = self.voice.clone()?;
        let watches: Watches = self.watches.clone();
        Some(Box::new(move |columns, past, news| {
            let mut text: String = news.iter().map(|line| format!("{line}\n")).collect();
            text.push_str(&watches.changed((columns, past)));
            if !text.is_empty() {
                voice(&text);
            }
        }))
    }
}

/// Whether two texts are the same expression but for blanks.
fn is_same(left: &str, right: &str) -> bool {
    let words = |text| lexemes(text).into_iter().map(|lexeme| lexeme.text);
    words(left).eq(words(right))
}
