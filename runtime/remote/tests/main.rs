//! A run over the network, heard and changed from outside.

mod conformance;
mod hostile;
mod newcomers;
mod policy;
mod slow;
mod streams;
mod support;
