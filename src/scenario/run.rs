//! Plays a script: a realm, its people, its steps, what each came to.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    expect,
    report::{Performed, RunFailure, ScenarioReport, ScenarioRun},
    run_session::RunSession,
    script::{Act, Action, MOST_STEPS, Script, ScriptName, ScriptStep},
    target::{HttpAnswer, Target},
    variables::{Variables, plain},
};
use crate::{
    dice::{Dice, DrawPurpose},
    identity::IdNumber,
};

/// Seconds of real time until a realm that a broken run left behind goes by itself.
const TTL: u32 = 600;

/// Whose people play.
const PEOPLE_OF: &str = "scenario";

/// Characters of a text that a failure shows.
const LONGEST_SHOWN: usize = 80;

/// Where a script is played.
#[derive(Debug, Clone)]
pub enum PlayPlace {
    /// In a realm of its own for each case, with this beginning of a name, thrown away after.
    Fresh(String),
    /// In a realm that is there, and stays as the script leaves it. `default` is the one at the root.
    Existing(String),
}

impl PlayPlace {
    /// In a realm of the same name every time, on a simulator of one's own.
    pub fn alone() -> Self {
        Self::Fresh(PEOPLE_OF.to_owned())
    }

    /// In realms whose names nobody else has, however many play on one simulator.
    pub fn unique() -> Self {
        let drawn = Dice::new(None, "", 0).token(DrawPurpose::Secret).to_ascii_lowercase();
        Self::Fresh(format!("{PEOPLE_OF}-{}", drawn.chars().take(16).collect::<String>()))
    }
}

/// Plays every case of a script.
pub async fn run(script: &Script, ground: &Target, place: &PlayPlace) -> ScenarioReport {
    let mut runs = Vec::new();
    let cases: Vec<Option<&Map<String, Value>>> = match &*script.cases {
        [] => vec![None],
        cases => cases.iter().map(Some).collect(),
    };
    for (index, case) in cases.into_iter().enumerate() {
        let name = case.map(|case| label(index, case));
        let mut player =
            Player { script, run: ScenarioRun::named(script, name), steps: 0, cursor: 0 };
        let failure = player.whole(ground, place, index, case).await.err();
        player.run.steps = player.steps;
        player.run.end(failure);
        runs.push(player.run);
    }
    ScenarioReport { file: script.file.clone(), name: script.name.clone(), runs }
}

/// `2: level = 1, fee = 3`.
fn label(index: usize, case: &Map<String, Value>) -> String {
    let pairs: Vec<String> = case.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!("{}: {}", index + 1, pairs.join(", "))
}

type PlayedRun = Result<(), RunFailure>;

struct Player<'a> {
    script: &'a Script,
    run: ScenarioRun,
    steps: usize,
    /// The newest message that the transcript has shown.
    cursor: u64,
}

const fn failed(line: usize, message: String) -> RunFailure {
    RunFailure { line, message, answer: None }
}

impl Player<'_> {
    async fn whole(
        &mut self,
        ground: &Target,
        place: &PlayPlace,
        index: usize,
        case: Option<&Map<String, Value>>,
    ) -> PlayedRun {
        let (realm, fresh) = match place {
            PlayPlace::Fresh(name) if self.script.cases.is_empty() => (name.clone(), true),
            PlayPlace::Fresh(name) => (format!("{name}-{}", index + 1), true),
            PlayPlace::Existing(name) => (name.clone(), false),
        };
        let base = if realm == "default" { String::new() } else { format!("/realms/{realm}") };
        let root = RunSession::new(ground.clone(), String::new());
        if fresh {
            // Whatever the realm is called: the same people, known by the same `sub`.
            let body = json!({
                "name": realm, "people_of": PEOPLE_OF, "seed": self.script.seed, "ttl": TTL,
            });
            sound(1, root.tell("POST", "/admin/v1/realms", Some(body)).await)?;
        }
        let mut world = RunSession::new(ground.clone(), base);
        let played = self.prepare(&mut world, case).await;
        let played = match played {
            Ok(()) => self.steps(&mut world, &self.script.steps).await,
            Err(failure) => Err(failure),
        };
        if fresh {
            let gone = root.tell("DELETE", &format!("/admin/v1/realms/{realm}"), None).await;
            return played.and(sound(1, gone).map(drop));
        }
        played
    }

    async fn prepare(
        &mut self,
        world: &mut RunSession,
        case: Option<&Map<String, Value>>,
    ) -> PlayedRun {
        let script = self.script;
        world.vars.set("vars", Value::Object(script.vars.clone()));
        if let Some(case) = case {
            world.vars.set("case", Value::Object(case.clone()));
        }
        let frozen = world.tell("POST", "/admin/v1/clock/freeze", Some(json!({"at": script.at})));
        sound(1, frozen.await)?;
        // A run repeats to the byte: what its realm issues shows the realm's time, unless the script wants the computer's.
        let mut rules = script.policy.like.clone();
        rules.entry("wire_time").or_insert_with(|| "virtual".into());
        said(&script.policy, world.set_policy(&rules).await)?;
        for named in &script.people {
            let person = person(world, named).await?;
            world.vars.set(&named.name, person);
        }
        for named in &script.clients {
            let mut metadata = filled(&world.vars, named)?;
            let name = &named.name;
            metadata.entry("client_name").or_insert_with(|| name.as_str().into());
            let usual = || json!([format!("https://{name}.example/callback")]);
            metadata.entry("redirect_uris").or_insert_with(usual);
            let made = world.tell("POST", "/admin/v1/clients", Some(Value::Object(metadata)));
            let made = said(named, made.await)?;
            world.vars.set(name, Value::Object(made.0));
        }
        Ok(())
    }

    async fn steps(&mut self, world: &mut RunSession, steps: &[ScriptStep]) -> PlayedRun {
        for step in steps {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return Err(failed(step.line, format!("more than {MOST_STEPS} steps")));
            }
            if let Some(say) = &step.say {
                let say = world.vars.fill_text(say).map_err(|why| failed(step.line, why))?;
                self.run.says(&plain(&say));
            }
            match &step.deed {
                Action::Note => {}
                Action::Do(act) => self.act(world, step.line, act).await?,
                Action::Each { table, steps } => {
                    let rows = self.script.tables.get(table).cloned().unwrap_or_default();
                    let before = world.vars.take_away("row");
                    for (index, row) in rows.into_iter().enumerate() {
                        let row_is = label(index, &row);
                        world.vars.set("row", Value::Object(row));
                        let played = Box::pin(self.steps(world, steps)).await;
                        played.map_err(|failure| failure.within(table, &row_is))?;
                    }
                    world.vars.put_back("row", before);
                }
            }
        }
        Ok(())
    }

    async fn act(&mut self, world: &mut RunSession, line: usize, act: &Act) -> PlayedRun {
        let acted = world.fill(act).map_err(|why| failed(line, why))?;
        let done = world.act(act.verb.how, &acted).await;
        let clock = sound(line, world.tell("GET", "/admin/v1/clock", None).await)?;
        let wrong = match &done {
            Ok(answer) => Self::judge(world, line, act, answer)?,
            Err(why) => vec![failed(line, why.clone())],
        };
        let is_right = wrong.is_empty();
        let (verb, answer) = (act.verb.name, done.as_ref().ok());
        let performed = Performed { verb, acted: &acted, answer, is_right };
        self.run.does(clock.text("now"), line, performed);
        self.messages(world, line).await?;
        if let Some(first) = wrong.first() {
            let all: Vec<&str> = wrong.iter().map(|it| &*it.message).collect();
            let answer = done.as_ref().ok().map(short);
            return Err(RunFailure { answer, ..failed(first.line, all.join("; ")) });
        }
        if let Ok(answer) = done {
            for (name, line, path) in &act.save {
                let body = json!(answer.0);
                let value = expect::at(&body, path).clone();
                if value.is_null() {
                    let meant = expect::meant(&body, path);
                    let message = format!("the answer has no `{path}` to save{meant}");
                    let answer = Some(short(&answer));
                    return Err(RunFailure { answer, ..failed(*line, message) });
                }
                world.vars.set(name, value);
            }
        }
        Ok(())
    }

    /// What is not as expected. Without a word about it, nothing may be refused.
    fn judge(
        world: &RunSession,
        line: usize,
        act: &Act,
        answer: &HttpAnswer,
    ) -> Result<Vec<RunFailure>, RunFailure> {
        let mut wrong = Vec::new();
        for (path, line, wanted) in &act.expect {
            let expected = world.vars.fill(wanted).map_err(|why| failed(*line, why))?;
            let body = json!(answer.0);
            let found = expect::differences(path, &expected, expect::at(&body, path));
            let meant = || expect::meant(&body, path);
            wrong.extend(found.into_iter().map(|text| failed(*line, text + &meant())));
        }
        let spoken = act
            .expect
            .iter()
            .any(|(path, ..)| ["refused", "http", "says", "error"].contains(&path.as_str()));
        if let (Some(code), false) = (answer.refused(), spoken) {
            // What cannot be read is the script's own mistake, as a rule: said first, and where it stands.
            let detail = answer.text("detail");
            let (line, rest) = if code.starts_with("invalid") && !detail.is_empty() {
                (place(answer, &act.lines, line), format!(": {detail}"))
            } else {
                (line, format!("; if it must be: expect = {{ refused = \"{code}\" }}"))
            };
            wrong.insert(0, failed(line, format!("refused with `{code}`{rest}")));
        }
        Ok(wrong)
    }

    /// Shows what came in since the last step.
    async fn messages(&mut self, world: &RunSession, line: usize) -> PlayedRun {
        let path = format!("/admin/v1/messages?limit=1000&after={}", self.cursor);
        let list = sound(line, world.tell("GET", &path, None).await)?;
        for message in list.get("items").as_array().into_iter().flatten() {
            self.cursor = message["cursor"].as_u64().unwrap_or(self.cursor).max(self.cursor);
            self.run.receives(message);
        }
        Ok(())
    }
}

/// An answer on one line, long texts cut.
fn short(answer: &HttpAnswer) -> Value {
    fn cut(value: &Value) -> Value {
        match value {
            Value::String(text) if text.chars().count() > LONGEST_SHOWN => {
                let beginning: String = text.chars().take(LONGEST_SHOWN).collect();
                Value::String(beginning + "…")
            }
            Value::Array(items) => items.iter().map(cut).collect(),
            Value::Object(members) => Value::Object(
                members.iter().map(|(name, value)| (name.clone(), cut(value))).collect(),
            ),
            other => other.clone(),
        }
    }
    cut(&json!(answer.0))
}

/// Where the field that a refusal names stands in the script.
fn place(refusal: &HttpAnswer, lines: &BTreeMap<String, usize>, otherwise: usize) -> usize {
    let told = [refusal.text("field"), refusal.text("detail")];
    let first = told.into_iter().find(|it| !it.is_empty());
    let field = first.and_then(|it| it.split(['.', '[', ':', ' ']).next());
    field.and_then(|it| lines.get(it)).copied().unwrap_or(otherwise)
}

/// An answer to what a table of the script says, that is not a refusal.
fn said(named: &ScriptName, done: Result<HttpAnswer, String>) -> Result<HttpAnswer, RunFailure> {
    let line = done.as_ref().map_or(named.line, |it| place(it, &named.lines, named.line));
    sound(line, done)
}

/// An answer that is not a refusal.
fn sound(line: usize, done: Result<HttpAnswer, String>) -> Result<HttpAnswer, RunFailure> {
    let answer = done.map_err(|why| failed(line, why))?;
    match answer.refused() {
        None => Ok(answer),
        Some(code) => {
            let detail = answer.text("detail");
            Err(failed(line, format!("the simulator refused this with `{code}`: {detail}")))
        }
    }
}

fn filled(vars: &Variables, named: &ScriptName) -> Result<Map<String, Value>, RunFailure> {
    vars.fill_all(&named.like).map_err(|why| failed(named.line, why))
}

/// Somebody with a number, or somebody like this.
async fn person(world: &RunSession, named: &ScriptName) -> Result<Value, RunFailure> {
    let mut like = filled(&world.vars, named)?;
    let at = named.line;
    let Some(number) = like.remove("number") else {
        let made = world.tell("POST", "/admin/v1/accounts", Some(Value::Object(like))).await;
        let mut made = said(named, made)?;
        let passcode = made.text("number").get(6..).unwrap_or_default().to_owned();
        made.0.insert("passcode".to_owned(), passcode.into());
        return Ok(Value::Object(made.0));
    };
    let number = plain(&number);
    let parsed = IdNumber::parse(&number);
    let parsed = parsed.map_err(|error| failed(at, format!("number {number}: {error}")))?;
    let path = format!("/admin/v1/accounts/{number}");
    let mut account = sound(at, world.tell("GET", &path, None).await)?;
    account.0.insert("password".to_owned(), parsed.initial_password().into());
    account.0.insert("passcode".to_owned(), number.get(6..).unwrap_or_default().into());
    // What the script says stands above what the account says.
    account.0.extend(like);
    Ok(Value::Object(account.0))
}
