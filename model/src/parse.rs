//! Reading parts of events: strictly, and with errors that say what the format expects.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::{Field, LatencyRecord, UsageUpdate, Value};

/// Reads an object by its names; a list by position is refused. `expected` is for the message.
pub(crate) fn object<'de, D, T>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Object<T>(&'static str, PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(Object(expected, PhantomData))
}

impl<'de> Deserialize<'de> for UsageUpdate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Named {
            #[serde(default)]
            perc: Field<f64>,
            #[serde(default)]
            size: Field<f64>,
            #[serde(default)]
            capacity: Field<f64>,
        }

        let named: Named = object(deserializer, "an object such as {\"perc\":12.5}")?;
        Ok(UsageUpdate {
            perc: named.perc,
            size: named.size,
            capacity: named.capacity,
        })
    }
}

impl<'de> Deserialize<'de> for LatencyRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Named {
            mean: Option<f64>,
            p50: Option<f64>,
            p99: Option<f64>,
        }

        let named: Named = object(deserializer, "an object such as {\"mean\":0.002}")?;
        Ok(LatencyRecord {
            mean: named.mean,
            p50: named.p50,
            p99: named.p99,
        })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Published;

        impl Visitor<'_> for Published {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a text, true or false")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(Value::Number(value as f64))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(Value::Number(value as f64))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
                Ok(Value::Number(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(Value::Text(Arc::from(value)))
            }
        }

        deserializer.deserialize_any(Published)
    }
}

/// Reads a field of named entries; one that is `null` is unknown again, as if it were left out of
/// the entries given.
pub(crate) fn known_entries<'de, D, V>(
    deserializer: D,
) -> Result<Field<BTreeMap<String, V>>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    let entries: Option<BTreeMap<String, Option<V>>> = Option::deserialize(deserializer)?;
    let known = entries.map(|entries| {
        let known = entries.into_iter();
        known
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    });
    Ok(Field::from(known))
}

#[cfg(test)]
mod tests {
    use crate::{ActorUpdate, Event, Field, Value};

    fn actor(fields: &str) -> ActorUpdate {
        let line = format!(r#"{{"event":"actor","id":"a",{fields}}}"#);
        match serde_json::from_str(&line) {
            Ok(Event::Actor(update)) => update,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn an_entry_that_is_null_is_unknown() {
        let update = actor(r#""values":{"depth":null,"name":"x"},"refs":{"files":null}"#);
        let Field::Known(values) = update.values else {
            panic!("{:?}", update.values);
        };
        assert_eq!(values.get("depth"), None);
        assert_eq!(values.get("name"), Some(&Value::Text("x".into())));
        assert!(matches!(update.refs, Field::Known(refs) if refs.is_empty()));
        assert_eq!(actor(r#""values":null"#).values, Field::Unknown);
    }

    #[test]
    fn figures_have_names() {
        let line = r#"{"event":"actor","id":"a","cpu":[91.2,null,4.0]}"#;
        let message = serde_json::from_str::<Event>(line)
            .map_err(|error| error.to_string())
            .unwrap_err();
        assert!(
            message.contains(r#"an object such as {"perc":12.5}"#),
            "{message}"
        );
    }
}
