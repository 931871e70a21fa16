//! Collects what is wrong with an item, so that all of it is reported at once.

use quote::ToTokens;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Mistakes(Option<syn::Error>);

impl Mistakes {
    /// Reports a mistake at the place of `tokens`.
    pub(crate) fn report(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    /// Adds a mistake.
    pub(crate) fn add(&mut self, mistake: syn::Error) {
        match &mut self.0 {
            Some(earlier) => earlier.combine(mistake),
            None => self.0 = Some(mistake),
        }
    }

    /// Whether there are none so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The value of `result`, if there is no mistake in it.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|mistake| self.add(mistake)).ok()
    }

    /// `value`, if there were no mistakes.
    pub(crate) fn unless_any<T>(self, value: T) -> syn::Result<T> {
        match self.0 {
            Some(mistakes) => Err(mistakes),
            None => Ok(value),
        }
    }
}
