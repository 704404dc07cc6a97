//! `${lan.number}`: what a script has at hand, put into its texts.

use serde_json::{Map, Value};

use super::{expect::at, source::unknown};

/// What is at hand, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables(Map<String, Value>);

impl Variables {
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// Beneath a name; beside what is there.
    pub(crate) fn set_in(&mut self, name: &str, key: &str, value: Value) {
        if let Some(Value::Object(members)) = self.0.get_mut(name) {
            members.insert(key.to_owned(), value);
        }
    }

    pub(crate) fn take_away(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    pub(crate) fn put_back(&mut self, name: &str, value: Option<Value>) {
        match value {
            Some(value) => self.set(name, value),
            None => drop(self.0.remove(name)),
        }
    }

    /// A path with dots.
    pub(crate) fn get(&self, path: &str) -> Result<Value, String> {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let names = self.0.keys().map(String::as_str);
        let value = self.0.get(name).ok_or_else(|| unknown("variable", name, names))?;
        if rest.is_empty() {
            return Ok(value.clone());
        }
        match at(value, rest) {
            Value::Null => {
                let names: Vec<&str> =
                    value.as_object().into_iter().flatten().map(|(name, _)| &**name).collect();
                Err(unknown(&format!("field of {name}"), rest, names.into_iter()))
            }
            found => Ok(found.clone()),
        }
    }

    pub(crate) fn text(&self, path: &str) -> Result<String, String> {
        self.get(path).map(|value| plain(&value))
    }

    /// A value with every `${…}` in it replaced. One that is nothing else keeps its kind.
    pub(crate) fn fill(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => return self.fill_text(text),
            Value::Array(items) => {
                items.iter().map(|item| self.fill(item)).collect::<Result<_, _>>()?
            }
            Value::Object(members) => Value::Object(self.fill_all(members)?),
            other => other.clone(),
        })
    }

    pub(crate) fn fill_all(
        &self,
        members: &Map<String, Value>,
    ) -> Result<Map<String, Value>, String> {
        members.iter().map(|(key, value)| Ok((key.clone(), self.fill(value)?))).collect()
    }

    pub(crate) fn fill_text(&self, text: &str) -> Result<Value, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (path, after) =
                after.split_once('}').ok_or_else(|| format!("`${{` without `}}` in {text:?}"))?;
            let value = self.get(path.trim())?;
            if before.is_empty() && after.is_empty() && filled.is_empty() {
                return Ok(value);
            }
            filled.push_str(before);
            filled.push_str(&plain(&value));
            rest = after;
        }
        filled.push_str(rest);
        Ok(Value::String(filled))
    }
}

/// As it stands in a text.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
