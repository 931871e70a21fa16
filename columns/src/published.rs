//! What actors publish under one name.

use std::sync::Arc;

use plasma_model::Value;

use crate::{ActorNo, Column};

/// The published values of one property: a column of numbers, and what is no number beside it.
#[derive(Clone, Debug, Default)]
pub struct Published {
    numbers: Column,
    /// By actor; shorter than the column where all the rest are numbers or unknown.
    others: Arc<Vec<Option<Value>>>,
}

impl Published {
    /// The numbers; unknown where something else is published.
    pub fn numbers(&self) -> &Column {
        &self.numbers
    }

    /// What an actor publishes; `None` is unknown.
    pub fn get(&self, actor: ActorNo) -> Option<Value> {
        let number = self.numbers.get(actor).map(Value::Number);
        number.or_else(|| self.other(actor).cloned())
    }

    /// What an actor publishes, if it is no number.
    pub fn other(&self, actor: ActorNo) -> Option<&Value> {
        self.others.get(actor as usize)?.as_ref()
    }

    /// Sets what an actor publishes; whether it is something else than before.
    pub fn set(&mut self, actor: ActorNo, value: Option<Value>) -> bool {
        let (number, other) = match value {
            Some(Value::Number(number)) => (Some(number), None),
            other => (None, other),
        };
        let mut is_changed = self.numbers.set(actor, number);
        if self.other(actor) != other.as_ref() {
            is_changed = true;
            let others = Arc::make_mut(&mut self.others);
            let place = actor as usize;
            if place >= others.len() {
                others.resize(place + 1, None);
            }
            if let Some(at) = others.get_mut(place) {
                *at = other;
            }
        }
        is_changed
    }

    /// Gives memory back that was taken for growth.
    pub(crate) fn shrink(&mut self) {
        self.numbers.shrink();
        Arc::make_mut(&mut self.others).shrink_to_fit();
    }

    /// Bytes held in memory, texts not counted.
    pub fn bytes(&self) -> usize {
        self.numbers.bytes() + self.others.capacity() * size_of::<Option<Value>>()
    }
}
