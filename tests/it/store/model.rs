//! Random lives of a directory against the memory store as the model of what is right.

use std::{path::Path, sync::Arc};

use mock_vneid::{
    clock::Timestamp,
    store::{Backend, Batch, Error, Expect, Key, Space, memory::Memory, sled::Sled},
};
use proptest::prelude::*;
use tempfile::TempDir;

#[derive(Debug, Clone)]
enum Operation {
    Commit { expect: Vec<(Key, Wanted)>, write: Vec<(Key, Option<Content>)> },
    Scan { space: Space, prefix: Vec<u8>, after: Option<Vec<u8>>, limit: usize },
    Clear { realm: u64 },
    Reopen,
}

type Content = (Vec<u8>, Option<Timestamp>);

/// Versions differ between backends, so an expectation is told apart by what it means.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Absent,
    Current,
    Stale,
}

fn space() -> impl Strategy<Value = Space> {
    (0..2_u64, prop_oneof![Just(0x01), Just(0x02), Just(0x81)])
        .prop_map(|(realm, kind)| Space { realm, kind })
}

/// Few and short, so that operations meet; 0xff so that prefixes end where counting up does.
fn name() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![Just(0), Just(b'a'), Just(0xff)], 0..3)
}

fn key() -> impl Strategy<Value = Key> {
    (space(), name()).prop_map(|(space, name)| Key::new(space, name))
}

fn operation() -> impl Strategy<Value = Operation> {
    let wanted = prop_oneof![
        2 => Just(Wanted::Absent), 4 => Just(Wanted::Current), 1 => Just(Wanted::Stale)
    ];
    let expires_at = prop::option::of((-9..9_i64).prop_map(Timestamp::from_millis));
    let content = (prop::collection::vec(any::<u8>(), 0..40), expires_at);
    let expect = prop::collection::vec((key(), wanted), 0..3);
    let write = prop::collection::vec((key(), prop::option::weighted(0.7, content)), 0..5);
    let scan = (space(), name(), prop::option::of(name()), 0..6_usize);
    prop_oneof![
        20 => (expect, write).prop_map(|(expect, write)| Operation::Commit { expect, write }),
        6 => scan.prop_map(|(space, prefix, after, limit)|
            Operation::Scan { space, prefix, after, limit }),
        1 => (0..2_u64).prop_map(|realm| Operation::Clear { realm }),
        1 => Just(Operation::Reopen),
    ]
}

async fn batch(
    on: &dyn Backend,
    expect: &[(Key, Wanted)],
    write: &[(Key, Option<Content>)],
) -> Batch {
    let mut batch = Batch::default();
    for (key, wanted) in expect {
        let current = on.get(key).await.unwrap().map(|entry| entry.version);
        let expect = match (wanted, current) {
            (Wanted::Absent, _) | (Wanted::Current, None) => Expect::Absent,
            (Wanted::Current, Some(version)) => Expect::Version(version),
            (Wanted::Stale, version) => Expect::Version(version.unwrap_or(1) - 1),
        };
        batch = batch.expecting(key.clone(), expect);
    }
    write.iter().fold(batch, |batch, (key, content)| match content {
        Some((bytes, expires_at)) => batch.put(key.clone(), bytes.clone(), *expires_at),
        None => batch.delete(key.clone()),
    })
}

type Seen = Vec<(Box<[u8]>, Vec<u8>, Option<Timestamp>)>;

async fn scan(
    on: &dyn Backend,
    space: Space,
    prefix: &[u8],
    after: Option<&[u8]>,
    n: usize,
) -> Seen {
    let page = on.scan(space, prefix, after, n).await.unwrap();
    page.into_iter().map(|(name, entry)| (name, entry.bytes.to_vec(), entry.expires_at)).collect()
}

async fn everything(on: &dyn Backend) -> Vec<(Space, Seen)> {
    let mut all = Vec::new();
    for space in on.spaces().await.unwrap() {
        all.push((space, scan(on, space, b"", None, usize::MAX).await));
    }
    all
}

async fn forget_the_passing(model: &Memory) {
    for space in model.spaces().await.unwrap().into_iter().filter(|space| space.is_passing()) {
        let names = model.scan(space, b"", None, usize::MAX).await.unwrap();
        let batch = names
            .into_iter()
            .fold(Batch::default(), |batch, (name, _)| batch.delete(Key { space, name }));
        model.commit(batch).await.unwrap();
    }
}

async fn live(operations: Vec<Operation>, dir: &Path) {
    let model = Memory::new();
    let mut tested = Arc::new(Sled::open(dir).unwrap());
    for operation in operations {
        match &operation {
            Operation::Commit { expect, write } => {
                let right = model.commit(batch(&model, expect, write).await).await;
                let found = tested.commit(batch(&*tested, expect, write).await).await;
                let (right, found) =
                    (matches!(right, Err(Error::Conflict)), matches!(found, Err(Error::Conflict)));
                assert_eq!(right, found, "{operation:?}");
            }
            Operation::Scan { space, prefix, after, limit } => {
                let right = scan(&model, *space, prefix, after.as_deref(), *limit).await;
                let found = scan(&*tested, *space, prefix, after.as_deref(), *limit).await;
                assert_eq!(right, found, "{operation:?}");
            }
            Operation::Clear { realm } => {
                model.clear(*realm).await.unwrap();
                tested.clear(*realm).await.unwrap();
            }
            Operation::Reopen => {
                forget_the_passing(&model).await;
                drop(tested);
                tested = Arc::new(Sled::open(dir).unwrap());
            }
        }
        assert_eq!(everything(&model).await, everything(&*tested).await, "{operation:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn sled_does_what_memory_does(operations in prop::collection::vec(operation(), 1..60)) {
        let dir = TempDir::new().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(live(operations, dir.path()));
    }
}
