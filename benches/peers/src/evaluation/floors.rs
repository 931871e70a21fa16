//! The floors: the rules by hand.

use std::hint::black_box;

use plasma_benches::floor::{LaidOutFloor, RowFloor};
use plasma_benches::generated::Generated;

use super::bindings::Bindings;
use super::engine::Form;

impl<'c> Form<'c> for LaidOutFloor<'c> {
    fn load(cluster: &'c Generated) -> Result<Self, String> {
        Ok(LaidOutFloor::new(cluster))
    }

    fn evaluate(&mut self, bindings: Option<&mut Bindings>) -> Result<(), String> {
        match bindings {
            Some(bindings) => self.fire(bindings),
            None => drop(black_box(self.answer())),
        }
        Ok(())
    }
}

impl<'c> Form<'c> for RowFloor<'c> {
    fn load(cluster: &'c Generated) -> Result<Self, String> {
        Ok(RowFloor::new(cluster))
    }

    fn evaluate(&mut self, bindings: Option<&mut Bindings>) -> Result<(), String> {
        match bindings {
            Some(bindings) => self.fire(bindings),
            None => drop(black_box(self.answer())),
        }
        Ok(())
    }
}
