//! The operations of an actor type that the core needs without knowing the type.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use slotmap::DefaultKey;

use crate::actor::Functions;

use super::cell::{Cell, TypedCell};
use super::shared::Shared;
use super::turn;

/// An actor type without its name in the type system.
pub(crate) trait ActorType: Send + Sync {
    /// An activation without state or calls.
    fn new_cell(&self) -> Box<dyn Cell>;
    /// Runs a turn of an actor: its `activated`, or the next call of its mailbox.
    fn deliver(&self, core: &Rc<RefCell<Shared>>, entry: u32);
    /// Runs a turn of an actor: goes on with a call that waited.
    fn resume(&self, core: &Rc<RefCell<Shared>>, entry: u32, task: DefaultKey);
}

/// The actor type `A`.
pub(crate) struct TypeOf<A>(PhantomData<fn() -> A>);

impl<A: Functions> TypeOf<A> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<A: Functions> ActorType for TypeOf<A> {
    fn new_cell(&self) -> Box<dyn Cell> {
        Box::new(TypedCell::<A>::new(None))
    }

    fn deliver(&self, core: &Rc<RefCell<Shared>>, entry: u32) {
        turn::deliver::<A>(core, entry);
    }

    fn resume(&self, core: &Rc<RefCell<Shared>>, entry: u32, task: DefaultKey) {
        turn::resume::<A>(core, entry, task);
    }
}
