//! A TOML text as a tree in which every key and value knows its line.

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

/// Deepest nesting that is read.
const DEEPEST: usize = 32;
/// Largest script, in bytes.
pub const LARGEST: usize = 256 * 1024;

/// A mistake in a script: where, and what to type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct Mistake {
    /// As it was named.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What is wrong, and what to type.
    pub message: String,
}

/// A line, and what is wrong there.
pub(crate) type Wrong = (usize, String);

/// A value and its line.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) tree: SourceTree,
}

/// What stands there.
#[derive(Debug, Clone)]
pub(crate) enum SourceTree {
    Leaf(Value),
    List(Vec<Node>),
    /// As written.
    Table(Vec<SourceEntry>),
}

/// A key, its line, and its value.
#[derive(Debug, Clone)]
pub(crate) struct SourceEntry {
    pub(crate) key: String,
    pub(crate) line: usize,
    pub(crate) node: Node,
}

/// Reads a text.
pub(crate) fn read(text: &str) -> Result<Vec<SourceEntry>, Wrong> {
    if text.len() > LARGEST {
        return Err((1, format!("a script has at most {LARGEST} bytes")));
    }
    let lines = Lines::of(text);
    let parsed = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        (lines.at(at), error.message().replace('\n', " "))
    })?;
    table(&lines, parsed.get_ref(), 0)
}

/// Where each line begins.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at + 1).collect())
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|begins| *begins <= offset) + 1
    }
}

fn table(lines: &Lines, given: &DeTable<'_>, depth: usize) -> Result<Vec<SourceEntry>, Wrong> {
    let mut entries = Vec::new();
    for (key, value) in given {
        let (line, at) = (lines.at(key.span().start), key.span().start);
        let node = Node { line, tree: tree(lines, value.get_ref(), line, depth)? };
        entries.push((at, SourceEntry { key: key.get_ref().to_string(), line, node }));
    }
    entries.sort_by_key(|(at, _)| *at);
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

fn tree(
    lines: &Lines,
    value: &DeValue<'_>,
    line: usize,
    depth: usize,
) -> Result<SourceTree, Wrong> {
    if depth > DEEPEST {
        return Err((line, format!("is nested deeper than {DEEPEST}")));
    }
    let unreadable = || (line, "does not fit into 64 bits".to_owned());
    Ok(match value {
        DeValue::String(text) => SourceTree::Leaf(Value::String(text.to_string())),
        DeValue::Boolean(is) => SourceTree::Leaf(Value::Bool(*is)),
        DeValue::Datetime(moment) => SourceTree::Leaf(Value::String(moment.to_string())),
        DeValue::Integer(number) => {
            let read = i64::from_str_radix(number.as_str(), number.radix());
            SourceTree::Leaf(read.map_err(|_| unreadable())?.into())
        }
        DeValue::Float(number) => {
            let read = number.as_str().parse::<f64>().map_err(|_| unreadable())?;
            SourceTree::Leaf(read.into())
        }
        DeValue::Array(items) => {
            let item = |item: &toml::Spanned<DeValue<'_>>| {
                let line = lines.at(item.span().start);
                Ok(Node { line, tree: tree(lines, item.get_ref(), line, depth + 1)? })
            };
            SourceTree::List(items.iter().map(item).collect::<Result<_, Wrong>>()?)
        }
        DeValue::Table(members) => SourceTree::Table(table(lines, members, depth + 1)?),
    })
}

impl Node {
    /// Without lines.
    pub(crate) fn value(&self) -> Value {
        match &self.tree {
            SourceTree::Leaf(value) => value.clone(),
            SourceTree::List(items) => items.iter().map(Self::value).collect(),
            SourceTree::Table(entries) => Value::Object(object(entries)),
        }
    }

    pub(crate) fn text(&self, key: &str) -> Result<String, Wrong> {
        match &self.tree {
            SourceTree::Leaf(Value::String(text)) => Ok(text.clone()),
            _ => Err((self.line, format!("{key} is a text: {key} = \"…\""))),
        }
    }

    pub(crate) fn table(&self, key: &str) -> Result<&[SourceEntry], Wrong> {
        match &self.tree {
            SourceTree::Table(entries) => Ok(entries),
            _ => Err((self.line, format!("{key} is a table: {key} = {{ … }}"))),
        }
    }

    /// An array of tables, each with its line.
    pub(crate) fn tables(&self, key: &str) -> Result<Vec<(usize, &[SourceEntry])>, Wrong> {
        let wrong = || (self.line, format!("{key} is an array of tables: [[{key}]]"));
        let SourceTree::List(items) = &self.tree else { return Err(wrong()) };
        let each = items.iter().map(|item| match &item.tree {
            SourceTree::Table(entries) => Ok((item.line, &**entries)),
            _ => Err(wrong()),
        });
        each.collect()
    }
}

/// The values of a table.
pub(crate) fn object(entries: &[SourceEntry]) -> Map<String, Value> {
    entries.iter().map(|entry| (entry.key.clone(), entry.node.value())).collect()
}

/// "… is not known; did you mean …?"
pub(crate) fn unknown<'a>(
    what: &str,
    typed: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> String {
    if let Some(near) = crate::faults::nearest(typed, names.clone()) {
        return format!("there is no {what} `{typed}`; did you mean `{near}`?");
    }
    let all: Vec<&str> = names.collect();
    let list = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    format!("there is no {what} `{typed}`; there is: {list}")
}
