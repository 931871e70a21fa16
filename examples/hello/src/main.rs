//! A room that greets its guests: two types of actors, and every command of Plasma for them.
use plasma_actor::{Actor, Application, CallError, Context, Load, Ref, Setup, Types, WireError};
use std::{process::ExitCode, time::Duration};

/// Knows its guests: policies follow the references as `r.guests`.
#[derive(Actor, serde::Serialize, serde::Deserialize)]
struct Room {
    guests: Vec<Ref<Guest>>,
}

#[plasma_actor::functions]
impl Room {
    async fn greet(&mut self, cx: &Context) -> Result<(), CallError> {
        for guest in &self.guests {
            guest.hello(cx).await?;
        }
        Ok(())
    }
}

/// Each greeting costs it some processor time.
#[derive(Actor, serde::Serialize, serde::Deserialize)]
struct Guest {
    greeted: u64,
}

#[plasma_actor::functions]
impl Guest {
    fn hello(&mut self, cx: &Context) {
        self.greeted += 1;
        cx.burn(Duration::from_micros(50));
    }
}

struct Hello;
impl Application for Hello {
    fn name(&self) -> &str {
        "hello"
    }
    fn about(&self) -> &str {
        "a room that greets its guests"
    }
    fn types(&self, types: &mut Types) {
        types.add::<Room>().add::<Guest>();
    }
    fn create(&self, setup: &mut Setup) -> Result<(), WireError> {
        let guests = (0..3).map(|_| setup.create(&Guest { greeted: 0 }));
        let guests = guests.collect::<Result<_, _>>()?;
        setup.create(&Room { guests }).map(|_| ())
    }
    fn load(&self, _seed: u64) -> Load {
        let mut load = Load::default();
        load.client(|cx| async move { while Ref::<Room>::new(1).greet(&cx).await.is_ok() {} });
        load
    }
}

fn main() -> ExitCode {
    plasma_cli::main_with(&[&Hello])
}
