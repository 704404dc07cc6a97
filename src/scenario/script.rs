//! The file format: who is there, then steps, each with what to expect.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    expect, list,
    source::{self, Mistake, Node, SourceEntry, Wrong, object, unknown},
    verbs::{Need, Verb},
};

/// Most steps of one run, loops counted out.
pub(crate) const MOST_STEPS: usize = 2_000;
/// Most cases of one script.
pub(crate) const MOST_CASES: usize = 200;
/// When a script begins unless it says otherwise: a Monday morning.
const BEGINS: &str = "2026-03-02T09:00:00+07:00";

/// A script that was read and makes sense as far as that can be seen without running it.
#[derive(Debug, Clone)]
pub struct Script {
    /// As it was named.
    pub file: String,
    /// What it is called.
    pub name: String,
    /// What it tells.
    pub story: String,
    /// Where the story is from.
    pub source: String,
    /// Time stands still here at the beginning.
    pub at: String,
    /// What chance follows from.
    pub seed: String,
    pub(crate) policy: ScriptName,
    pub(crate) vars: Map<String, Value>,
    pub(crate) people: Vec<ScriptName>,
    pub(crate) clients: Vec<ScriptName>,
    pub(crate) tables: BTreeMap<String, Vec<Map<String, Value>>>,
    /// The whole script is run once for each.
    pub(crate) cases: Vec<Map<String, Value>>,
    pub(crate) steps: Vec<ScriptStep>,
}

/// Somebody or something with a name of the script's own.
#[derive(Debug, Clone, Default)]
pub(crate) struct ScriptName {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) like: Map<String, Value>,
    /// Where its fields stand.
    pub(crate) lines: BTreeMap<String, usize>,
}

impl ScriptName {
    fn of(name: &str, line: usize, fields: &[SourceEntry]) -> Self {
        let lines = fields.iter().map(|field| (field.key.clone(), field.line)).collect();
        Self { name: name.to_owned(), line, like: object(fields), lines }
    }
}

/// A step.
#[derive(Debug, Clone)]
pub(crate) struct ScriptStep {
    pub(crate) line: usize,
    pub(crate) say: Option<String>,
    pub(crate) deed: Action,
}

/// What a step is.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// A sentence for the transcript.
    Note,
    /// A verb.
    Do(Box<Act>),
    /// Steps for each row of a table.
    Each { table: String, steps: Vec<ScriptStep> },
}

/// A verb with all it needs.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub(crate) verb: &'static Verb,
    pub(crate) who: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) fields: Map<String, Value>,
    /// Where each field stands.
    pub(crate) lines: BTreeMap<String, usize>,
    pub(crate) expect: Vec<(String, usize, Value)>,
    pub(crate) save: Vec<(String, usize, String)>,
}

const TOP: [&str; 12] = [
    "name", "story", "source", "at", "seed", "policy", "vars", "people", "clients", "tables",
    "case", "step",
];
const STEP: [&str; 8] = ["do", "say", "who", "client", "expect", "save", "for_each", "step"];

/// A step with steps of its own, as it is written.
struct Loop<'a> {
    each: &'a SourceEntry,
    inner: Option<&'a SourceEntry>,
    entries: &'a [SourceEntry],
    depth: usize,
}

impl Script {
    /// Reads a text; `file` names it in mistakes.
    ///
    /// # Errors
    /// [`Mistake`] with file and line, and what to type.
    pub fn read(text: &str, file: &str) -> Result<Self, Mistake> {
        let read = source::read(text).and_then(|entries| Self::of(&entries, file));
        read.map_err(|(line, message)| Mistake { file: file.to_owned(), line, message })
    }

    fn of(entries: &[SourceEntry], file: &str) -> Result<Self, Wrong> {
        let stem = file.rsplit(['/', '\\']).next().unwrap_or(file).trim_end_matches(".toml");
        let mut script = Self {
            file: file.to_owned(),
            name: stem.to_owned(),
            story: String::new(),
            source: String::new(),
            at: BEGINS.to_owned(),
            seed: stem.to_owned(),
            policy: ScriptName::default(),
            vars: Map::new(),
            people: Vec::new(),
            clients: Vec::new(),
            tables: BTreeMap::new(),
            cases: Vec::new(),
            steps: Vec::new(),
        };
        let mut steps = None;
        for SourceEntry { key, line, node } in entries {
            match key.as_str() {
                "name" => script.name = node.text(key)?,
                "story" => script.story = node.text(key)?,
                "source" => script.source = node.text(key)?,
                "at" => script.at = moment(node)?,
                "seed" => script.seed = node.text(key)?,
                "policy" => script.policy = ScriptName::of(key, *line, node.table(key)?),
                "vars" => script.vars = object(node.table(key)?),
                "people" => script.people = named(node, key)?,
                "clients" => script.clients = named(node, key)?,
                "tables" => script.tables = tables(node)?,
                "case" => {
                    let rows = node.tables(key)?;
                    script.cases = rows.into_iter().map(|(_, row)| object(row)).collect();
                }
                "step" => steps = Some(node),
                other => return Err((*line, unknown("field", other, TOP.into_iter()))),
            }
        }
        if script.cases.len() > MOST_CASES {
            return Err((1, format!("a script has at most {MOST_CASES} cases")));
        }
        let steps = steps.ok_or_else(|| (1, "a script has steps: [[step]]".to_owned()))?;
        script.steps = script.steps_of(steps, 0)?;
        Ok(script)
    }

    fn steps_of(&self, node: &Node, depth: usize) -> Result<Vec<ScriptStep>, Wrong> {
        let steps = node.tables("step")?;
        steps.into_iter().map(|(line, entries)| self.step(line, entries, depth)).collect()
    }

    fn step(
        &self,
        line: usize,
        entries: &[SourceEntry],
        depth: usize,
    ) -> Result<ScriptStep, Wrong> {
        let find = |key: &str| entries.iter().find(|entry| entry.key == key);
        // The first line of the table, not of its header.
        let line = entries.first().map_or(line, |entry| entry.line);
        let say = find("say").map(|entry| entry.node.text("say")).transpose()?;
        if let Some(each) = find("for_each") {
            let repeats = Loop { each, inner: find("step"), entries, depth };
            return self.each(line, say, &repeats);
        }
        let Some(deed) = find("do") else {
            let known = STEP.into_iter();
            let strange = entries.iter().find(|entry| entry.key != "say");
            return match strange {
                None if say.is_some() => Ok(ScriptStep { line, say, deed: Action::Note }),
                Some(entry) if !STEP.contains(&entry.key.as_str()) => {
                    Err((entry.line, unknown("field", &entry.key, known)))
                }
                _ => Err((line, "a step says what to do: do = \"sign_in\"".to_owned())),
            };
        };
        let name = deed.node.text("do")?;
        let names = list::VERBS.iter().map(|verb| verb.name);
        let verb = Verb::named(&name).ok_or_else(|| (deed.line, unknown("verb", &name, names)))?;
        let act = self.act(verb, line, entries)?;
        Ok(ScriptStep { line, say, deed: Action::Do(Box::new(act)) })
    }

    fn each(
        &self,
        line: usize,
        say: Option<String>,
        &Loop { each, inner, entries, depth }: &Loop<'_>,
    ) -> Result<ScriptStep, Wrong> {
        let strange = entries.iter().find(|it| !["for_each", "say", "step"].contains(&&*it.key));
        if let Some(entry) = strange {
            let sentence = "a step with for_each has steps of its own: [[step.step]]";
            return Err((entry.line, format!("`{}` does not belong here: {sentence}", entry.key)));
        }
        if depth > 2 {
            return Err((line, "loops are at most three deep".to_owned()));
        }
        let table = each.node.text("for_each")?;
        if !self.tables.contains_key(&table) {
            let names = self.tables.keys().map(String::as_str);
            return Err((each.line, unknown("table", &table, names)));
        }
        let inner = inner.ok_or_else(|| (line, "what is repeated? [[step.step]]".to_owned()))?;
        let steps = self.steps_of(&inner.node, depth + 1)?;
        Ok(ScriptStep { line, say, deed: Action::Each { table, steps } })
    }

    fn act(&self, verb: &'static Verb, line: usize, entries: &[SourceEntry]) -> Result<Act, Wrong> {
        let (mut who, mut client, mut expect) = (None, None, Vec::new());
        let (mut fields, mut lines, mut save) = (Map::new(), BTreeMap::new(), Vec::new());
        for SourceEntry { key, line, node } in entries {
            match key.as_str() {
                "do" | "say" => {}
                "who" if verb.who != Need::No => who = Some(known(node, "person", &self.people)?),
                "client" if verb.client != Need::No => {
                    client = Some(known(node, "client", &self.clients)?);
                }
                "expect" => {
                    for entry in node.table("expect")? {
                        let wanted = entry.node.value();
                        expect::check(&wanted).map_err(|message| (entry.line, message))?;
                        expect.push((entry.key.clone(), entry.line, wanted));
                    }
                }
                "save" => {
                    for entry in node.table("save")? {
                        save.push((entry.key.clone(), entry.line, entry.node.text(&entry.key)?));
                    }
                }
                other if verb.field(other).is_some() => {
                    fields.insert(other.to_owned(), node.value());
                    lines.insert(other.to_owned(), *line);
                }
                other => {
                    let mut names: Vec<&str> = verb.fields().map(|it| it.name).collect();
                    names.extend(["say", "expect", "save"]);
                    names.extend((verb.who != Need::No).then_some("who"));
                    names.extend((verb.client != Need::No).then_some("client"));
                    let what = format!("field of {}", verb.name);
                    return Err((*line, unknown(&what, other, names.into_iter())));
                }
            }
        }
        let lacks = |field: &str, example: &str| {
            Err((line, format!("{} needs `{field}`: {field} = {example}", verb.name)))
        };
        if verb.who == Need::Must && who.is_none() {
            return lacks("who", "\"a name of [people]\"");
        }
        if verb.client == Need::Must && client.is_none() {
            return lacks("client", "\"a name of [clients]\"");
        }
        let missing = verb.fields().find(|it| it.must && !fields.contains_key(it.name));
        if let Some(field) = missing {
            return lacks(field.name, if field.kind == "string" { "\"…\"" } else { "…" });
        }
        Ok(Act { verb, who, client, fields, lines, expect, save })
    }
}

fn known(node: &Node, what: &str, among: &[ScriptName]) -> Result<String, Wrong> {
    let name = node.text(if what == "person" { "who" } else { what })?;
    // A variable is looked up when the step is run.
    if name.contains("${") || among.iter().any(|it| it.name == name) {
        return Ok(name);
    }
    let names = among.iter().map(|it| it.name.as_str());
    Err((node.line, unknown(what, &name, names)))
}

fn moment(node: &Node) -> Result<String, Wrong> {
    let text = node.text("at")?;
    match crate::clock::Timestamp::parse(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err((node.line, format!("at is {error}, such as \"{BEGINS}\""))),
    }
}

fn named(node: &Node, key: &str) -> Result<Vec<ScriptName>, Wrong> {
    let each = node.table(key)?.iter().map(|entry| {
        let fields = entry.node.table(&format!("{key}.{}", entry.key))?;
        Ok(ScriptName::of(&entry.key, entry.line, fields))
    });
    each.collect()
}

fn tables(node: &Node) -> Result<BTreeMap<String, Vec<Map<String, Value>>>, Wrong> {
    let each = node.table("tables")?.iter().map(|entry| {
        let rows = entry.node.tables(&format!("tables.{}", entry.key))?;
        Ok((entry.key.clone(), rows.into_iter().map(|(_, row)| object(row)).collect()))
    });
    each.collect()
}
