//! What a log point says: a text with expressions in braces, each checked once.

use plasma_check::program::{Rule, Scope};
use plasma_model::Binding;

use crate::debuggee::Debuggee;
use crate::timeline::Moment;
use crate::watch::Watch;

/// The message of a log point.
#[derive(Clone, Debug)]
pub(crate) struct LogMessage(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    /// Whom a variable stands for.
    Name(String),
    /// An expression, as it is written.
    Value(String, Box<Watch>),
}

impl LogMessage {
    /// Reads a message about a rule. What is no expression stands in it with the mistake.
    pub(crate) fn new(debuggee: &Debuggee, message: &str, rule: &Rule) -> LogMessage {
        let mut pieces = Vec::new();
        let mut rest = message;
        while let Some((before, expression, after)) = next_braces(rest) {
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(piece(debuggee, expression, rule));
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        LogMessage(pieces)
    }

    /// What it says at a moment, for a binding.
    pub(crate) fn text(&self, moment: &Moment, binding: &Binding) -> String {
        let LogMessage(pieces) = self;
        let told = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Name(name) => {
                let bound = binding.iter().find(|(of, _)| **of == **name);
                bound.map_or_else(|| name.clone(), |(_, entity)| entity.to_string())
            }
            Piece::Value(written, watch) => match watch.value(moment, binding) {
                Ok(watched) => watched.text,
                Err(mistake) => mistaken(written, &mistake),
            },
        });
        told.collect()
    }
}

/// What stands before the next braces, in them, and behind them.
fn next_braces(text: &str) -> Option<(&str, &str, &str)> {
    let (before, behind) = text.split_once('{')?;
    let (expression, after) = behind.split_once('}')?;
    Some((before, expression, after))
}

fn piece(debuggee: &Debuggee, expression: &str, rule: &Rule) -> Piece {
    let name = expression.trim();
    let mut bound = rule.variables.iter().filter(|v| v.scope == Scope::Rule);
    if bound.any(|variable| *variable.name == *name) {
        return Piece::Name(name.to_owned());
    }
    match Watch::new(debuggee, expression, Some(rule)) {
        Ok(watch) => Piece::Value(expression.to_owned(), Box::new(watch)),
        Err(mistake) => Piece::Text(mistaken(expression, &mistake)),
    }
}

fn mistaken(expression: &str, mistake: &str) -> String {
    format!("{{{expression}: {mistake}}}")
}
