//! The cluster keeps the contract of every engine.

use plasma_cluster::Cluster;
use plasma_engine::conformance::{Kind, examine};

use crate::journal::Journals;
use crate::run::config;

#[test]
fn the_cluster_keeps_the_contract() {
    let verdict = examine(Kind::Live, || {
        Ok(Box::new(Cluster::start(&Journals::new(6, 2), config(3))?))
    });
    assert!(verdict.is_ok(), "{}", verdict.err().unwrap_or_default());
}
