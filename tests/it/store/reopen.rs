//! What a directory must keep, forget and refuse.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use mock_vneid::store::{Backend, Batch, Error, Key, Space, sled::Sled};
use tempfile::TempDir;

use super::{LASTING, PASSING, after};

async fn put(store: &Sled, space: Space, name: &str) {
    store.commit(Batch::default().put(Key::new(space, name), name, Some(after(5)))).await.unwrap();
}

fn refusal(dir: &Path) -> Error {
    match Sled::open(dir) {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

fn says_what_to_do(error: &Error, dir: &Path) {
    assert!(matches!(error, Error::Corrupt(_)), "{error:?}");
    let sentence = error.to_string();
    assert!(sentence.contains(dir.to_str().unwrap()), "{sentence}");
    assert!(sentence.contains("move the directory away"), "{sentence}");
}

#[tokio::test]
async fn reopening_keeps_the_lasting_and_forgets_the_passing() {
    let dir = TempDir::new().unwrap();
    let mut newest = 0;
    for round in 0..5 {
        let store = Sled::open(dir.path()).unwrap();
        for earlier in 0..round {
            let key = Key::new(LASTING, earlier.to_string());
            let kept = store.get(&key).await.unwrap().unwrap();
            assert_eq!(*kept.bytes, *earlier.to_string().as_bytes());
            assert_eq!(kept.expires_at, Some(after(5)));
        }
        assert!(!store.spaces().await.unwrap().contains(&PASSING));
        put(&store, LASTING, &round.to_string()).await;
        put(&store, PASSING, &round.to_string()).await;
        for space in [LASTING, PASSING] {
            let key = Key::new(space, round.to_string());
            let version = store.get(&key).await.unwrap().unwrap().version;
            assert!(version > newest, "a version of an earlier run came back");
            newest = version;
        }
    }
}

#[tokio::test]
async fn one_process_at_a_time() {
    let dir = TempDir::new().unwrap();
    let first = Sled::open(dir.path()).unwrap();
    let second = refusal(dir.path());
    assert!(matches!(second, Error::Unavailable(_)), "{second:?}");
    let reason = std::error::Error::source(&second).unwrap().to_string();
    assert!(reason.contains("another process has it open"), "{reason}");
    put(&first, LASTING, "still works").await;
    drop(first);
    Sled::open(dir.path()).unwrap();
}

#[tokio::test]
async fn a_damaged_directory_is_refused_with_advice() {
    // Overwritten with nonsense, with zeros, and cut to nothing.
    for damage in [|log: &mut Vec<u8>| log.fill(0xa5), |log: &mut Vec<u8>| log.fill(0), Vec::clear]
    {
        let dir = TempDir::new().unwrap();
        let store = Sled::open(dir.path()).unwrap();
        for at in 0..500 {
            put(&store, LASTING, &at.to_string()).await;
        }
        drop(store);
        let path = dir.path().join("db");
        let mut log = fs::read(&path).unwrap();
        damage(&mut log);
        fs::write(&path, log).unwrap();
        says_what_to_do(&refusal(dir.path()), dir.path());
    }
}

#[tokio::test]
async fn an_unknown_format_is_refused_untouched() {
    let dir = TempDir::new().unwrap();
    drop(Sled::open(dir.path()).unwrap());
    let before = fs::read(dir.path().join("db")).unwrap();
    fs::write(dir.path().join("format"), "2\n").unwrap();
    let error = refusal(dir.path());
    says_what_to_do(&error, dir.path());
    assert!(error.to_string().contains("format \"2\""), "{error}");
    assert_eq!(fs::read(dir.path().join("db")).unwrap(), before);
}

#[tokio::test]
async fn a_directory_of_another_program_is_refused() {
    let dir = TempDir::new().unwrap();
    let theirs = ::sled::Config::new().path(dir.path()).segment_size(2 << 20).open().unwrap();
    theirs.insert("key", "value").unwrap();
    drop(theirs);
    says_what_to_do(&refusal(dir.path()), dir.path());
}

#[tokio::test]
async fn a_creation_cut_short_is_finished() {
    let dir = TempDir::new().unwrap();
    drop(Sled::open(dir.path()).unwrap());
    fs::remove_file(dir.path().join("format")).unwrap();
    drop(Sled::open(dir.path()).unwrap());
    assert_eq!(fs::read(dir.path().join("format")).unwrap(), b"1\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_answered_before_the_thread_ends() {
    let dir = TempDir::new().unwrap();
    let store = Arc::new(Sled::open(dir.path()).unwrap());
    let tasks: Vec<_> = (0..200)
        .map(|at| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { put(&store, LASTING, &at.to_string()).await })
        })
        .collect();
    drop(store);
    for task in tasks {
        task.await.unwrap();
    }
    let store = Sled::open(dir.path()).unwrap();
    assert_eq!(store.scan(LASTING, b"", None, 999).await.unwrap().len(), 200);
}

/// outside.md T23: sled's own flush leaves the device's cache alone. Nothing lasting is answered before the device was told,
/// and nothing at all once it said that it could not.
#[tokio::test]
async fn t23_the_device_is_told_before_anything_lasting_is_answered() {
    let dir = TempDir::new().unwrap();
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let sync = move || match counted.fetch_add(1, Ordering::SeqCst) {
        3 => Err(std::io::Error::other("the device is gone")),
        _ => Ok(()),
    };
    let store = Sled::synced(dir.path(), sync).unwrap();
    for answered in 1..=2 {
        put(&store, LASTING, "lan").await;
        assert_eq!(told.load(Ordering::SeqCst), answered);
    }
    put(&store, PASSING, "otp").await;
    assert_eq!(told.load(Ordering::SeqCst), 2, "a passing batch waits for no device");
    store.flush().await.unwrap();
    assert_eq!(told.load(Ordering::SeqCst), 3);
    let write = || store.commit(Batch::default().put(Key::new(LASTING, "lan"), "x", None));
    for _ in 0..2 {
        assert!(matches!(write().await, Err(Error::Unavailable(_))));
    }
    assert_eq!(told.load(Ordering::SeqCst), 4, "what is on disk nobody knows any more");
}
