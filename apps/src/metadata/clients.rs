//! The clients: each opens a folder, waits for the listing, thinks, and begins again.

use std::time::Duration;

use oorandom::Rand64;
use plasma_actor::{Context, Ref};

use super::{Folder, Metadata, Pattern, Popularity};

/// One client of the closed loop.
pub(super) struct Client {
    number: u32,
    popularity: Popularity,
    think: Duration,
    pattern: Pattern,
    random: Rand64,
}

impl Client {
    pub(super) fn new(
        metadata: &Metadata,
        popularity: &Popularity,
        seed: u64,
        number: u32,
    ) -> Self {
        Self {
            number,
            popularity: popularity.clone(),
            think: metadata.think,
            pattern: metadata.pattern,
            random: Rand64::new_inc(u128::from(seed), u128::from(number)),
        }
    }

    /// Lives until the load falls, or for ever. Failed openings are counted by the gateway; a client
    /// goes on after them as people do.
    pub(super) async fn run(mut self, cx: Context) {
        let start = cx.now();
        let first = self.random.rand_float();
        cx.sleep(self.think.mul_f64(first)).await;
        while self.stays(cx.now().since(start)) {
            let folder = Ref::<Folder>::new(self.popularity.folder_at(self.random.rand_float()));
            let _ = folder.open(&cx).await;
            let pause = 0.5 + self.random.rand_float();
            cx.sleep(self.think.mul_f64(pause)).await;
        }
    }

    fn stays(&self, age: Duration) -> bool {
        match self.pattern {
            Pattern::Steady => true,
            Pattern::Falls { after, clients } => age < after || self.number < clients,
        }
    }
}
