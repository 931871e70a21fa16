//! Events whose texts stand where they were read: the frequent ones, without an allocation a field.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::parse::object;
use crate::{ActorUpdate, CallsRecord, Event, Field, LatencyRecord, ServerId, UsageUpdate, Value};

/// An event as a reader gives it. Updates of actors and calls, which are nearly all of a stream, are
/// borrowed from the text; the rest is rare and owned.
#[derive(Clone, Debug, PartialEq)]
pub enum EventView<'t> {
    /// An actor appeared or changed.
    Actor(ActorView<'t>),
    /// Calls received in the period that the next tick ends.
    Calls(CallsView<'t>),
    /// Any event; of the two above one that could not be borrowed.
    Owned(Event),
}

/// Values by name, sorted, each name once.
pub type Entries<'t, V> = Vec<(&'t str, V)>;

/// An [`ActorUpdate`], borrowed.
///
/// Deserializing is strict: what is out of the ordinary (a field that is not known, an escape
/// sequence in a text) is refused, and has to be read as an [`Event`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each field is that of `ActorUpdate`.
pub struct ActorView<'t> {
    #[serde(default, rename = "event")]
    name: EventName,
    pub id: &'t str,
    #[serde(rename = "type", default, borrow)]
    pub actor_type: Field<&'t str>,
    #[serde(default, borrow)]
    pub server: Field<&'t str>,
    #[serde(default, deserialize_with = "usage")]
    pub cpu: Field<UsageUpdate>,
    #[serde(default, deserialize_with = "usage")]
    pub mem: Field<UsageUpdate>,
    #[serde(default, deserialize_with = "usage")]
    pub net: Field<UsageUpdate>,
    #[serde(default, borrow, deserialize_with = "entries")]
    pub refs: Field<Entries<'t, Vec<&'t str>>>,
    #[serde(default, borrow, deserialize_with = "entries")]
    pub values: Field<Entries<'t, Value>>,
    #[serde(default)]
    pub mailbox: Field<u64>,
    #[serde(default)]
    pub idle: Field<f64>,
    #[serde(default)]
    pub age: Field<f64>,
    #[serde(default)]
    pub moves: Field<u64>,
    #[serde(default)]
    pub epoch: Field<u64>,
}

/// A [`CallsRecord`], borrowed; as strict as [`ActorView`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each field is that of `CallsRecord`.
pub struct CallsView<'t> {
    #[serde(default, rename = "event")]
    name: EventName,
    pub from: &'t str,
    pub to: &'t str,
    #[serde(rename = "fn")]
    pub function: &'t str,
    pub count: f64,
    #[serde(default)]
    pub size: Option<f64>,
    #[serde(default, deserialize_with = "latency")]
    pub latency: Option<LatencyRecord>,
}

/// The field `event`: looked at already, but it may not stand there twice.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct EventName;

impl<'de> Deserialize<'de> for EventName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer).map(|_| EventName)
    }
}

impl EventView<'_> {
    /// The event with its own texts.
    pub fn into_owned(self) -> Event {
        match self {
            EventView::Actor(view) => Event::Actor(view.into_owned()),
            EventView::Calls(view) => Event::Calls(view.into_owned()),
            EventView::Owned(event) => event,
        }
    }
}

impl<'t> ActorView<'t> {
    /// An update seen as a borrowed one.
    pub fn of(update: &'t ActorUpdate) -> Self {
        let text = |field: &'t Field<String>| by_ref(field).map(String::as_str);
        let refs = by_ref(&update.refs).map(|refs| {
            let entries = refs.iter().map(|(name, ids)| {
                let ids = ids.iter().map(|id| id.as_str());
                (name.as_str(), ids.collect())
            });
            entries.collect()
        });
        let values = by_ref(&update.values).map(|values| {
            let entries = values.iter();
            let entries = entries.map(|(name, value)| (name.as_str(), value.clone()));
            entries.collect()
        });
        ActorView {
            name: EventName,
            id: update.id.as_str(),
            actor_type: text(&update.actor_type),
            server: by_ref(&update.server).map(ServerId::as_str),
            cpu: update.cpu,
            mem: update.mem,
            net: update.net,
            refs,
            values,
            mailbox: update.mailbox,
            idle: update.idle,
            age: update.age,
            moves: update.moves,
            epoch: update.epoch,
        }
    }

    fn into_owned(self) -> ActorUpdate {
        let refs = self.refs.map(|entries| {
            let entries = entries.into_iter();
            let entries = entries.map(|(name, ids)| {
                let ids = ids.into_iter().map(Into::into);
                (name.to_owned(), ids.collect())
            });
            entries.collect()
        });
        let values = self.values.map(|entries| {
            let entries = entries.into_iter();
            let entries = entries.map(|(name, value)| (name.to_owned(), value));
            entries.collect()
        });
        ActorUpdate {
            id: self.id.into(),
            actor_type: self.actor_type.map(str::to_owned),
            server: self.server.map(ServerId::from),
            cpu: self.cpu,
            mem: self.mem,
            net: self.net,
            refs,
            values,
            mailbox: self.mailbox,
            idle: self.idle,
            age: self.age,
            moves: self.moves,
            epoch: self.epoch,
        }
    }
}

impl<'t> CallsView<'t> {
    /// So many calls, of which nothing else is known.
    pub fn new(from: &'t str, to: &'t str, function: &'t str, count: f64) -> Self {
        CallsView {
            name: EventName,
            from,
            to,
            function,
            count,
            size: None,
            latency: None,
        }
    }

    /// A record seen as a borrowed one.
    pub fn of(record: &'t CallsRecord) -> Self {
        CallsView {
            name: EventName,
            from: &record.from,
            to: record.to.as_str(),
            function: &record.function,
            count: record.count,
            size: record.size,
            latency: record.latency,
        }
    }

    fn into_owned(self) -> CallsRecord {
        CallsRecord {
            from: self.from.to_owned(),
            to: self.to.into(),
            function: self.function.to_owned(),
            count: self.count,
            size: self.size,
            latency: self.latency,
        }
    }
}

fn by_ref<T>(field: &Field<T>) -> Field<&T> {
    match field {
        Field::Keep => Field::Keep,
        Field::Unknown => Field::Unknown,
        Field::Known(value) => Field::Known(value),
    }
}

/// Figures with no other fields beside them.
fn usage<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Field<UsageUpdate>, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Named {
        #[serde(default)]
        perc: Field<f64>,
        #[serde(default)]
        size: Field<f64>,
        #[serde(default)]
        capacity: Field<f64>,
    }

    let named: Field<Object<Named>> = Field::deserialize(deserializer)?;
    Ok(named.map(|Object(named)| UsageUpdate {
        perc: named.perc,
        size: named.size,
        capacity: named.capacity,
    }))
}

/// A latency with no other fields beside it.
fn latency<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LatencyRecord>, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Named {
        mean: Option<f64>,
        p50: Option<f64>,
        p99: Option<f64>,
    }

    let named: Option<Object<Named>> = Option::deserialize(deserializer)?;
    Ok(named.map(|Object(named)| LatencyRecord {
        mean: named.mean,
        p50: named.p50,
        p99: named.p99,
    }))
}

/// Something that is read by its names, not by position.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer, "an object").map(Object)
    }
}

/// Named entries, sorted by name; of two with the same name the last one holds, and one that is
/// `null` is left out.
fn entries<'de, D, V>(deserializer: D) -> Result<Field<Entries<'de, V>>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    struct Named<V>(PhantomData<V>);

    impl<'de, V: Deserialize<'de>> Visitor<'de> for Named<V> {
        type Value = Field<Entries<'de, V>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(Field::Unknown)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Field::Unknown)
        }

        fn visit_some<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_map(self)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries: Vec<(&'de str, Option<V>)> = Vec::new();
            while let Some(entry) = map.next_entry()? {
                entries.push(entry);
            }
            if entries.len() > 1 {
                entries.reverse();
                // Stable: the last one of a name comes first now.
                entries.sort_by_key(|(name, _)| *name);
                entries.dedup_by_key(|(name, _)| *name);
            }
            let known = entries.into_iter();
            let known = known.filter_map(|(name, value)| Some((name, value?)));
            Ok(Field::Known(known.collect()))
        }
    }

    deserializer.deserialize_option(Named(PhantomData))
}
