//! JSON that is merged before a type reads it: a member that comes twice is refused here, as a type would refuse it.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// An object in which no member repeats, at any depth.
pub(crate) struct Unrepeated(pub(crate) Map<String, Value>);

impl<'de> Deserialize<'de> for Unrepeated {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Any::deserialize(from)?.0 {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(D::Error::custom("expected an object")),
        }
    }
}

/// A value in which none repeats.
struct Any(Value);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Once)
    }
}

struct Once;

impl<'de> Visitor<'de> for Once {
    type Value = Any;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_bool<E>(self, it: bool) -> Result<Any, E> {
        Ok(Any(it.into()))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Any, E> {
        Ok(Any(it.into()))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Any, E> {
        Ok(Any(it.into()))
    }

    fn visit_f64<E>(self, it: f64) -> Result<Any, E> {
        Ok(Any(it.into()))
    }

    fn visit_str<E>(self, it: &str) -> Result<Any, E> {
        Ok(Any(it.into()))
    }

    fn visit_unit<E>(self) -> Result<Any, E> {
        Ok(Any(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Any, A::Error> {
        let mut items = Vec::new();
        while let Some(Any(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Any(items.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Any, A::Error> {
        let mut members = Map::new();
        while let Some((name, Any(value))) = map.next_entry::<String, Any>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format!("duplicate field `{name}`")));
            }
            members.insert(name, value);
        }
        Ok(Any(members.into()))
    }
}
