//! An application written with the macros.

use plasma_actor::{Actor, CallError, Context, Origin, Ref, functions};
use serde::{Deserialize, Serialize};

/// A shelf of documents.
#[derive(Actor, Serialize, Deserialize)]
#[actor(default, checkpoint = "2s")]
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) documents: Vec<Ref<Document>>,
    pub(crate) next: Option<Ref<Self>>,
    #[publish(percent)]
    pub(crate) fill: f64,
    #[serde(skip)]
    pub(crate) opened: u64,
}

#[functions]
impl Shelf {
    fn activated(&mut self, _cx: &Context, origin: Origin) {
        self.opened = u64::from(origin == Origin::New);
    }

    /// How many documents there are, here and on the shelves after this one.
    async fn count(&self, cx: &Context) -> Result<usize, CallError> {
        let others = match &self.next {
            Some(next) => next.count(cx).await?,
            None => 0,
        };
        Ok(self.documents.len() + others)
    }

    /// Puts a document on the shelf.
    fn put(&mut self, _cx: &Context, document: Ref<Document>) -> Result<u32, Full> {
        self.documents.push(document);
        u32::try_from(self.documents.len()).map_err(|_| Full)
    }

    /// Stamps every document.
    async fn stamp_all(&mut self, cx: &Context, state: u8, cx_: bool) {
        for document in &self.documents {
            let _ = document.stamp(cx, state, cx_).send();
        }
    }
}

/// No document fits on the shelf.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Full;

/// A document. Its arguments have the names that the macros use for their own variables.
#[derive(Actor, Serialize, Deserialize)]
#[actor(durable = none)]
pub(crate) struct Document {
    pub(crate) shelf: Ref<Shelf>,
    #[publish(bytes)]
    pub(crate) size: u64,
}

#[functions]
impl Document {
    fn stamp(&mut self, _: &Context, state: u8, cx: bool) {
        self.size += u64::from(state) + u64::from(cx);
    }

    fn replace(&mut self, context: &Context, out: String, call: u64, result: bool) -> bool {
        context.burn(std::time::Duration::from_nanos(call));
        self.size = out.len() as u64;
        result
    }
}
