//! `kill -9` at any moment: every answered batch is there, and every batch is whole.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use mock_vneid::store::{Backend, Batch, Key, Space, sled::Sled};
use tempfile::TempDir;

use crate::harness::rounds;

/// Tells the child which directory to write to; without it the child is an empty test.
const CHILD: &str = "MOCK_VNEID_KILL_CHILD";
const WRITERS: u64 = 8;
/// One batch writes to each of these; two are halves that must match, one only ever holds the last.
const HALVES: [Space; 2] = [Space { realm: 1, kind: 1 }, Space { realm: 2, kind: 9 }];
const LAST: Space = Space { realm: 1, kind: 2 };
const PASSING: Space = Space { realm: 1, kind: 0x81 };

/// As often as `MOCK_VNEID_KILLS` says.
#[test]
fn killed_again_and_again() {
    kill_and_reopen(rounds("MOCK_VNEID_KILLS", 5));
}

/// The child: writes batches for ever and prints `writer number` after each answer.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Arc::new(Sled::open(Path::new(&dir)).unwrap());
        let writers: Vec<_> =
            (0..WRITERS).map(|writer| tokio::spawn(write(Arc::clone(&store), writer))).collect();
        for writer in writers {
            writer.await.unwrap();
        }
    });
}

async fn write(store: Arc<Sled>, writer: u64) {
    let last = Key::new(LAST, writer.to_be_bytes());
    let before = store.get(&last).await.unwrap();
    let mut number = before.map_or(0, |entry| number_of(&entry.bytes));
    loop {
        number += 1;
        let name = name(writer, number);
        // Sizes vary, so that kills meet small and large pages.
        let filling = vec![b'.'; usize::try_from(number * 37 % 900).unwrap()];
        let bytes = [&number.to_be_bytes()[..], &filling].concat();
        let batch = Batch::default()
            .put(Key::new(HALVES[0], name), bytes.clone(), None)
            .put(Key::new(PASSING, name), "used", None)
            .put(last.clone(), number.to_be_bytes(), None)
            .put(Key::new(HALVES[1], name), bytes, None);
        store.commit(batch).await.unwrap();
        // Straight to the pipe: the test harness captures what macros print.
        let mut out = std::io::stdout().lock();
        writeln!(out, "answered {writer} {number}").unwrap();
        out.flush().unwrap();
    }
}

fn name(writer: u64, number: u64) -> [u8; 16] {
    (u128::from(writer) << 64 | u128::from(number)).to_be_bytes()
}

fn number_of(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(*bytes.first_chunk().unwrap())
}

fn kill_and_reopen(rounds: u64) {
    let dir = TempDir::new().unwrap();
    let mut answered = BTreeMap::new();
    for round in 0..rounds {
        let lines = 1 + round * 977 % 2_500;
        kill_after(lines, dir.path(), &mut answered);
        check(dir.path(), &answered);
    }
}

/// Runs a child until it has answered `lines` times, kills it, and notes everything it answered.
fn kill_after(lines: u64, dir: &Path, answered: &mut BTreeMap<u64, u64>) {
    let mut child = spawn(dir);
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut seen = 0;
    for line in output.lines().map_while(Result::ok) {
        // A kill may cut the last line short: what was not fully said was not answered.
        let words: Vec<&str> = line.split(' ').collect();
        let ["answered", writer, number] = words[..] else { continue };
        let (Ok(writer), Ok(number)) = (writer.parse(), number.parse::<u64>()) else { continue };
        let best = answered.entry(writer).or_insert(0);
        *best = number.max(*best);
        seen += 1;
        if seen == lines {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(seen >= lines, "the child ended by itself after {seen} answers");
}

fn spawn(dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::kill::child", "--nocapture", "--test-threads=1"])
        .env(CHILD, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::main(flavor = "current_thread")]
async fn check(dir: &Path, answered: &BTreeMap<u64, u64>) {
    let store = Sled::open(dir).unwrap();
    assert_eq!(store.scan(PASSING, b"", None, 1).await.unwrap(), [], "a used code came back");
    let halves = [
        store.scan(HALVES[0], b"", None, usize::MAX).await.unwrap(),
        store.scan(HALVES[1], b"", None, usize::MAX).await.unwrap(),
    ];
    assert!(halves[0] == halves[1], "a batch is not whole");
    let mut found = 0;
    for writer in 0..WRITERS {
        let last = store.get(&Key::new(LAST, writer.to_be_bytes())).await.unwrap();
        let last = last.map_or(0, |entry| number_of(&entry.bytes));
        let promised = answered.get(&writer).copied().unwrap_or(0);
        assert!(last >= promised, "writer {writer}: {promised} was answered, {last} is there");
        for number in 1..=last {
            let key = Key::new(HALVES[0], name(writer, number));
            let entry = store.get(&key).await.unwrap();
            assert_eq!(entry.map(|entry| number_of(&entry.bytes)), Some(number), "{writer}");
            found += 1;
        }
    }
    assert_eq!(found, halves[0].len(), "something is there that no batch wrote as its last");
}
