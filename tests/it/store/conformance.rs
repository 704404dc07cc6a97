//! The contract of a backend, in the backend's own terms: bytes, versions, batches.

use std::sync::Arc;

use mock_vneid::store::{Batch, Error, Expect, Key, MAX_ENTRY, Space};

use super::{Fixture, LASTING, PASSING, after, on_every_backend};

on_every_backend!(
    a_stale_expectation_changes_nothing,
    racing_increments_are_all_kept,
    exactly_one_claims_an_absent_key,
    scans_page_in_order,
    a_batch_is_all_or_nothing,
    a_batch_may_mix_lasting_and_passing,
    a_version_never_returns,
    the_later_write_of_a_batch_wins,
    realms_and_kinds_do_not_see_each_other,
    clear_removes_one_realm,
    odd_names_are_names,
    an_entry_keeps_its_expiry,
    what_is_too_large_is_refused,
);

fn key(space: Space, name: &str) -> Key {
    Key::new(space, name)
}

async fn a_stale_expectation_changes_nothing(on: Fixture) {
    for space in [LASTING, PASSING] {
        let (a, b) = (key(space, "a"), key(space, "b"));
        on.backend.commit(Batch::default().put(a.clone(), "1", None)).await.unwrap();
        let stale = on.version(&a).await;
        on.backend.commit(Batch::default().put(a.clone(), "2", None)).await.unwrap();
        let before = on.get(&a).await;
        for expect in [Expect::Version(stale), Expect::Absent] {
            let batch = Batch::default()
                .put(b.clone(), "b", None)
                .expecting(a.clone(), expect)
                .delete(a.clone());
            assert!(matches!(on.backend.commit(batch).await, Err(Error::Conflict)));
            assert_eq!(on.get(&a).await, before);
            assert_eq!(on.get(&b).await, None);
        }
        let missing = Batch::default().expecting(b.clone(), Expect::Version(stale));
        assert!(matches!(on.backend.commit(missing).await, Err(Error::Conflict)));
    }
}

async fn racing_increments_are_all_kept(on: Fixture) {
    for space in [LASTING, PASSING] {
        let counter = key(space, "counter");
        on.backend.commit(Batch::default().put(counter.clone(), "0", None)).await.unwrap();
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let (backend, counter) = (Arc::clone(&on.backend), counter.clone());
                tokio::spawn(async move {
                    loop {
                        let old = backend.get(&counter).await.unwrap().unwrap();
                        let value: u64 = str::from_utf8(&old.bytes).unwrap().parse().unwrap();
                        let batch = Batch::default()
                            .expecting(counter.clone(), Expect::Version(old.version))
                            .put(counter.clone(), (value + 1).to_string(), None);
                        match backend.commit(batch).await {
                            Err(Error::Conflict) => tokio::task::yield_now().await,
                            done => return done.unwrap(),
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(on.bytes(&counter).await.unwrap(), b"64");
    }
}

async fn exactly_one_claims_an_absent_key(on: Fixture) {
    for space in [LASTING, PASSING] {
        let tasks: Vec<_> = (0..32_u8)
            .map(|who| {
                let (backend, prize) = (Arc::clone(&on.backend), key(space, "prize"));
                tokio::spawn(async move {
                    let claim = Batch::default().expecting(prize.clone(), Expect::Absent).put(
                        prize,
                        [who],
                        None,
                    );
                    backend.commit(claim).await.is_ok().then_some(who)
                })
            })
            .collect();
        let mut winners = Vec::new();
        for task in tasks {
            winners.extend(task.await.unwrap());
        }
        assert_eq!(winners.len(), 1);
        assert_eq!(on.bytes(&key(space, "prize")).await.unwrap(), winners);
    }
}

async fn scans_page_in_order(on: Fixture) {
    for space in [LASTING, PASSING] {
        let names = ["a", "b", "b/", "b/1", "b/10", "b/2", "b/3", "b0", "c"];
        for name in names.iter().rev() {
            on.backend.commit(Batch::default().put(key(space, name), *name, None)).await.unwrap();
        }
        let scan = async |prefix: &str, after: Option<&str>, limit: usize| -> Vec<String> {
            let after = after.map(str::as_bytes);
            let page = on.backend.scan(space, prefix.as_bytes(), after, limit).await.unwrap();
            page.into_iter()
                .inspect(|(name, entry)| assert_eq!(**name, *entry.bytes))
                .map(|(name, _)| String::from_utf8(name.into()).unwrap())
                .collect()
        };
        assert_eq!(scan("", None, 100).await, names);
        assert_eq!(scan("b/", None, 3).await, ["b/", "b/1", "b/10"]);
        assert_eq!(scan("b/", Some("b/10"), 3).await, ["b/2", "b/3"]);
        assert_eq!(scan("b/", Some("b/1x"), 3).await, ["b/2", "b/3"], "a name that is not there");
        assert_eq!(scan("b/", Some("a"), 1).await, ["b/"], "after comes before the prefix");
        assert_eq!(scan("b/", Some("c"), 9).await, [""; 0], "after comes behind the prefix");
        assert_eq!(scan("b", Some("b"), 2).await, ["b/", "b/1"]);
        assert_eq!(scan("", None, 0).await, [""; 0]);
        assert_eq!(scan("x", None, 9).await, [""; 0]);
    }
}

async fn a_batch_is_all_or_nothing(on: Fixture) {
    let (a, b, c) = (key(LASTING, "a"), key(LASTING, "b"), key(PASSING, "c"));
    let all = |batch: Batch| {
        batch.put(a.clone(), "1", None).put(b.clone(), "1", None).put(c.clone(), "1", None)
    };
    let refused = all(Batch::default().expecting(key(PASSING, "d"), Expect::Version(1)));
    assert!(matches!(on.backend.commit(refused).await, Err(Error::Conflict)));
    assert_eq!(on.backend.spaces().await.unwrap(), []);
    on.backend.commit(all(Batch::default())).await.unwrap();
    assert_eq!(on.backend.spaces().await.unwrap(), [LASTING, PASSING]);
    let removal = Batch::default().delete(a.clone()).delete(b.clone()).delete(c.clone());
    on.backend.commit(removal.clone()).await.unwrap();
    on.backend.commit(removal).await.unwrap();
    assert_eq!(on.backend.spaces().await.unwrap(), []);
    on.backend.commit(Batch::default()).await.unwrap();
    on.backend.flush().await.unwrap();
}

async fn a_batch_may_mix_lasting_and_passing(on: Fixture) {
    let (account, code) = (key(LASTING, "account"), key(PASSING, "code"));
    on.backend.commit(Batch::default().put(account.clone(), "1", None)).await.unwrap();
    let seen = on.version(&account).await;
    let issue = Batch::default().expecting(account.clone(), Expect::Version(seen)).put(
        code.clone(),
        "issued",
        None,
    );
    on.backend.commit(issue.clone()).await.unwrap();
    let spend = Batch::default()
        .expecting(code.clone(), Expect::Version(on.version(&code).await))
        .delete(code.clone())
        .put(account.clone(), "2", None);
    on.backend.commit(spend.clone()).await.unwrap();
    assert!(matches!(on.backend.commit(spend).await, Err(Error::Conflict)), "a code works once");
    assert!(matches!(on.backend.commit(issue).await, Err(Error::Conflict)));
    assert_eq!(on.bytes(&account).await.unwrap(), b"2");
    assert_eq!(on.bytes(&code).await, None);
}

async fn a_version_never_returns(on: Fixture) {
    for space in [LASTING, PASSING] {
        let a = key(space, "a");
        let mut versions = Vec::new();
        for _ in 0..5 {
            on.backend.commit(Batch::default().put(a.clone(), "same", None)).await.unwrap();
            versions.push(on.version(&a).await);
            on.backend.commit(Batch::default().put(a.clone(), "same", None)).await.unwrap();
            versions.push(on.version(&a).await);
            on.backend.commit(Batch::default().delete(a.clone())).await.unwrap();
        }
        assert!(versions.is_sorted_by(|earlier, later| earlier < later), "{versions:?}");
    }
}

async fn the_later_write_of_a_batch_wins(on: Fixture) {
    for space in [LASTING, PASSING] {
        let (a, b) = (key(space, "a"), key(space, "b"));
        let batch = Batch::default().put(a.clone(), "1", None).put(a.clone(), "2", None);
        on.backend.commit(batch.put(b.clone(), "1", None).delete(b.clone())).await.unwrap();
        assert_eq!(on.bytes(&a).await.unwrap(), b"2");
        assert_eq!(on.bytes(&b).await, None);
    }
}

async fn realms_and_kinds_do_not_see_each_other(on: Fixture) {
    let spaces: Vec<Space> = [0, 1, 255, 256, u64::MAX]
        .into_iter()
        .flat_map(|realm| [0, 1, 0x7f, 0x80, 0xff].map(|kind| Space { realm, kind }))
        .collect();
    for space in &spaces {
        let mine = format!("{space:?}");
        on.backend.commit(Batch::default().put(key(*space, "name"), mine, None)).await.unwrap();
    }
    assert_eq!(on.backend.spaces().await.unwrap(), spaces);
    for space in &spaces {
        let page = on.backend.scan(*space, b"", None, 100).await.unwrap();
        assert_eq!(page.len(), 1);
        assert_eq!(*page[0].1.bytes, *format!("{space:?}").as_bytes());
    }
}

async fn clear_removes_one_realm(on: Fixture) {
    let last = u64::MAX;
    for realm in [1, 2, last] {
        for kind in [0x01, 0xff] {
            // More than one step of clearing on every backend.
            let batch = (0..5_000).fold(Batch::default(), |batch, at: u32| {
                batch.put(key(Space { realm, kind }, &at.to_string()), "x", None)
            });
            on.backend.commit(batch).await.unwrap();
        }
    }
    let space = |realm, kind| Space { realm, kind };
    on.backend.clear(2).await.unwrap();
    let left = [space(1, 1), space(1, 0xff), space(last, 1), space(last, 0xff)];
    assert_eq!(on.backend.spaces().await.unwrap(), left);
    on.backend.clear(last).await.unwrap();
    on.backend.clear(77).await.unwrap();
    assert_eq!(on.backend.spaces().await.unwrap(), left[..2]);
    for space in &left[..2] {
        assert_eq!(on.backend.scan(*space, b"", None, 9_999).await.unwrap().len(), 5_000);
    }
}

async fn odd_names_are_names(on: Fixture) {
    // Two of these realms spell a note of the sled backend, as far as eight bytes can.
    for realm in [1, u64::from_be_bytes(*b"versions"), u64::from_be_bytes(*b"format\0\0")] {
        for kind in [0x01, 0x81] {
            let space = Space { realm, kind };
            let names: [&[u8]; 6] = [b"", b"\0", b"\xfe", b"\xff", b"\xff\0", b"\xff\xff"];
            for name in names {
                let batch = Batch::default().put(Key::new(space, name), name, None);
                on.backend.commit(batch).await.unwrap();
            }
            let found = async |prefix: &'static [u8], after: Option<&'static [u8]>| {
                let page = on.backend.scan(space, prefix, after, 10).await.unwrap();
                page.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
            };
            assert_eq!(found(b"", None).await, names.map(Box::from));
            assert_eq!(found(b"", Some(b"")).await.len(), 5);
            assert_eq!(found(b"\xff", None).await.len(), 3);
            assert_eq!(found(b"\xff", Some(b"\xff\0")).await.len(), 1);
            assert_eq!(on.bytes(&Key::new(space, b"")).await.unwrap(), b"");
        }
        on.backend.clear(realm).await.unwrap();
        assert_eq!(on.backend.spaces().await.unwrap(), []);
        let a = Key::new(Space { realm, kind: 1 }, b"a");
        on.backend.commit(Batch::default().put(a.clone(), "1", None)).await.unwrap();
        on.backend.commit(Batch::default().delete(a)).await.unwrap();
    }
}

async fn an_entry_keeps_its_expiry(on: Fixture) {
    for space in [LASTING, PASSING] {
        for expires_at in [None, Some(after(0)), Some(after(-1_700_000_000_001))] {
            let a = key(space, "a");
            on.backend.commit(Batch::default().put(a.clone(), "1", expires_at)).await.unwrap();
            assert_eq!(on.get(&a).await.unwrap().expires_at, expires_at);
            assert_eq!(on.bytes(&a).await.unwrap(), b"1");
        }
    }
}

async fn what_is_too_large_is_refused(on: Fixture) {
    for space in [LASTING, PASSING] {
        let (a, b) = (key(space, "a"), key(space, "b"));
        let fits = vec![7; MAX_ENTRY - 1];
        on.backend.commit(Batch::default().put(a.clone(), fits.clone(), None)).await.unwrap();
        assert_eq!(on.bytes(&a).await.unwrap(), fits);
        let large = Batch::default().put(b.clone(), "b", None).put(a, vec![7; MAX_ENTRY], None);
        assert!(matches!(on.backend.commit(large).await, Err(Error::Corrupt(_))));
        assert_eq!(on.get(&b).await, None);
    }
}
