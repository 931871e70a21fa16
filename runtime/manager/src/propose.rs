//! How each behavior is served: one file a behavior.
//!
//! Each function is given the solver with everything that ranks higher already served, looks
//! whether its goal holds on the draft, and if not repairs it by moves that worsen nothing decided
//! before. It first tries without harming what ranks lower ([`Regard::All`]), then at its expense
//! ([`Regard::Standing`]).
//!
//! [`Regard::All`]: crate::arbitrate::demand::Regard::All
//! [`Regard::Standing`]: crate::arbitrate::demand::Regard::Standing

mod balance;
mod colocate;
mod drain;
mod migrate;
mod pin;
mod reserve;
mod scale_in;
mod separate;
mod spread;

pub(crate) use balance::balance;
pub(crate) use colocate::colocate;
pub(crate) use drain::drain;
pub(crate) use migrate::migrate;
pub(crate) use pin::pin;
pub(crate) use reserve::{Crowds, Unfreeable, reserve};
pub(crate) use scale_in::scale_in;
pub(crate) use separate::separate;
pub(crate) use spread::spread;
