//! What the store costs: points and commits in memory, durable commits on disk.

#![expect(clippy::unwrap_used, reason = "a bench that fails should stop")]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mock_vneid::store::{Backend, Batch, Expect, Key, Space, memory::Memory, sled::Sled};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

const SPACE: Space = Space { realm: 1, kind: 1 };
const PASSING: Space = Space { realm: 1, kind: 0x81 };
/// The size most records have.
const BYTES: [u8; 300] = [b'.'; 300];

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Names spread over the whole space, so that look-ups do not hit one warm path.
fn name(at: u64) -> [u8; 12] {
    let mut name = *b"0790000000xx";
    let spread = at.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    name[4..].copy_from_slice(&spread);
    name
}

async fn fill(store: &Memory, entries: u64) {
    for at in 0..entries {
        let batch = Batch::default().put(Key::new(SPACE, name(at)), BYTES, None);
        store.commit(batch).await.unwrap();
    }
}

fn memory(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().build().unwrap();
    let mut group = criterion.benchmark_group("memory");
    for entries in [1_000_u64, 1_000_000] {
        let store = Memory::new();
        runtime.block_on(fill(&store, entries));
        let mut at = 0;
        group.bench_function(format!("get of {entries}"), |bencher| {
            bencher.iter(|| {
                at = (at + 7) % entries;
                let key = Key::new(SPACE, name(at));
                runtime.block_on(store.get(&key)).unwrap()
            });
        });
        let hot = Key::new(SPACE, name(1));
        group.bench_function(format!("get of {entries}, the same one"), |bencher| {
            bencher.iter(|| runtime.block_on(store.get(&hot)).unwrap());
        });
        group.bench_function(format!("commit to {entries}"), |bencher| {
            bencher.iter(|| {
                at = (at + 7) % entries;
                let batch = Batch::default().put(Key::new(SPACE, name(at)), BYTES, None);
                runtime.block_on(store.commit(batch)).unwrap();
            });
        });
        let code = Key::new(PASSING, b"code");
        group.bench_function(format!("claim and delete a code beside {entries}"), |bencher| {
            bencher.iter(|| {
                let claim = Batch::default().expecting(code.clone(), Expect::Absent).put(
                    code.clone(),
                    BYTES,
                    None,
                );
                runtime.block_on(store.commit(claim)).unwrap();
                runtime.block_on(store.commit(Batch::default().delete(code.clone()))).unwrap();
            });
        });
    }
    group.finish();
}

/// How long `writers` at once take for `commits` commits.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn commits(on: &Runtime, store: &Arc<Sled>, space: Space, writers: u64, commits: u64) -> Duration {
    on.block_on(async {
        let started = Instant::now();
        let tasks: Vec<_> = (0..writers)
            .map(|writer| {
                let store = Arc::clone(store);
                tokio::spawn(async move {
                    for at in (writer..commits).step_by(usize::try_from(writers).unwrap()) {
                        let batch = Batch::default().put(Key::new(space, name(at)), BYTES, None);
                        store.commit(batch).await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        started.elapsed()
    })
}

fn directory(criterion: &mut Criterion) {
    let runtime = runtime();
    // Beside the build, because a temporary directory is often not on a disk.
    let dir = TempDir::new_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let store = Arc::new(Sled::open(dir.path()).unwrap());
    let mut group = criterion.benchmark_group("sled");
    group.throughput(Throughput::Elements(1)).sample_size(20);
    for (space, what) in [(SPACE, "durable"), (PASSING, "passing")] {
        for writers in [1, 64] {
            group.bench_function(format!("{what} commit, {writers} writers"), |bencher| {
                bencher.iter_custom(|count| commits(&runtime, &store, space, writers, count));
            });
        }
    }
    let key = Key::new(SPACE, name(1));
    group.bench_function("get", |bencher| {
        bencher.iter(|| runtime.block_on(store.get(&key)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, memory, directory);
criterion_main!(benches);
