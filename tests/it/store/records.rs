//! Typed records above any backend: expiry, claims, paging, racing changes, sweeping.

use std::sync::Arc;

use mock_vneid::store::{Batch, Error, Key};

use super::{Account, Fixture, LASTING, NOW, Otp, PASSING, after, on_every_backend, sign_in};

on_every_backend!(
    a_record_expires_on_the_millisecond,
    an_expired_leftover_blocks_nobody,
    one_claims_an_expired_leftover,
    a_change_is_one_batch,
    scans_pass_over_the_expired,
    racing_updates_are_all_kept,
    sweeping_removes_only_the_expired,
    what_is_not_a_record_is_corrupt,
);

fn otp(code: &str) -> Otp {
    Otp { code: code.to_owned() }
}

async fn a_record_expires_on_the_millisecond(on: Fixture) {
    let store = on.store();
    store.put(1, "lan", &otp("123456"), Some(after(0))).await.unwrap();
    let loaded = store.records(1, after(-1)).get::<Otp>("lan").await.unwrap().unwrap();
    assert_eq!(loaded.record, otp("123456"));
    assert_eq!(store.records(1, after(0)).get::<Otp>("lan").await.unwrap(), None);
    assert_eq!(store.records(1, after(-1)).scan::<Otp>(b"", None, 9).await.unwrap().len(), 1);
    assert_eq!(store.records(1, after(0)).scan::<Otp>(b"", None, 9).await.unwrap().len(), 0);
}

async fn an_expired_leftover_blocks_nobody(on: Fixture) {
    let store = on.store();
    let insert = async |code: &str, now| {
        let mut change = store.records(1, now).change();
        change.insert("lan", &otp(code), Some(after(100)));
        store.commit(change).await
    };
    store.put(1, "lan", &otp("old"), Some(after(0))).await.unwrap();
    assert!(matches!(insert("early", after(-1)).await, Err(Error::Conflict)));
    insert("new", after(0)).await.unwrap();
    assert_eq!(store.records(1, NOW).get::<Otp>("lan").await.unwrap().unwrap().record, otp("new"));
    assert!(matches!(insert("again", after(99)).await, Err(Error::Conflict)));

    let mut change = store.records(1, after(100)).change();
    change.expect_absent::<Otp>("lan").put("lan's other", &otp("x"), None);
    store.commit(change).await.unwrap();

    let mut change = store.records(1, after(100)).change();
    change.write_over("lan", None, &otp("third"), None);
    store.commit(change).await.unwrap();
    assert_eq!(
        store.records(1, after(999)).get::<Otp>("lan").await.unwrap().unwrap().record,
        otp("third")
    );
}

async fn one_claims_an_expired_leftover(on: Fixture) {
    let store = on.store();
    store.put(1, "phone", &Account { signed_in: 0 }, Some(NOW)).await.unwrap();
    let claims: Vec<_> = (1..=32)
        .map(|signed_in| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut change = store.records(1, NOW).change();
                change.insert("phone", &Account { signed_in }, None);
                store.commit(change).await.is_ok().then_some(signed_in)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for claim in claims {
        winners.extend(claim.await.unwrap());
    }
    let left =
        store.records(1, NOW).get::<Account>("phone").await.unwrap().unwrap().record.signed_in;
    assert_eq!(winners, [left]);
}

async fn a_change_is_one_batch(on: Fixture) {
    let store = on.store();
    let mut change = store.records(1, NOW).change();
    assert!(change.is_empty());
    change.insert("lan", &Account { signed_in: 1 }, None).put("lan", &otp("1"), None);
    change.in_realm(2).insert("lan", &Account { signed_in: 2 }, None);
    store.commit(change).await.unwrap();
    let of_two = store.records(2, NOW).get::<Account>("lan").await.unwrap().unwrap();
    assert_eq!(of_two.record.signed_in, 2);

    let mut stale = store.records(1, NOW).change();
    stale.delete::<Otp>("lan").in_realm(2);
    stale.replace("lan", of_two.version + 1, &Account { signed_in: 3 }, None);
    assert!(matches!(store.commit(stale).await, Err(Error::Conflict)));
    assert!(store.records(1, NOW).get::<Otp>("lan").await.unwrap().is_some());

    let mut right = store.records(1, NOW).change();
    right.delete::<Otp>("lan").in_realm(2);
    right.expect_version::<Account>("lan", of_two.version);
    right.replace("lan", of_two.version, &Account { signed_in: 3 }, None);
    store.commit(right).await.unwrap();
    assert!(store.records(1, NOW).get::<Otp>("lan").await.unwrap().is_none());
    assert_eq!(
        store.records(1, NOW).get::<Account>("lan").await.unwrap().unwrap().record.signed_in,
        1
    );
    store.delete::<Account>(1, "lan").await.unwrap();
    store.clear(2).await.unwrap();
    store.flush().await.unwrap();
    assert_eq!(store.spaces().await.unwrap(), []);
}

async fn scans_pass_over_the_expired(on: Fixture) {
    let mut batch = Batch::default();
    for at in 0..3_000 {
        let until = (at % 1_000 != 7).then_some(NOW);
        batch = batch.put(Key::new(PASSING, format!("{at:05}")), r#"{"code":"1"}"#, until);
    }
    on.backend.commit(batch).await.unwrap();
    let store = on.store();
    let names = async |after: Option<&[u8]>, limit, now| -> Vec<String> {
        let page = store.records(1, now).scan::<Otp>(b"0", after, limit).await.unwrap();
        page.into_iter().map(|(name, _)| String::from_utf8(name.into()).unwrap()).collect()
    };
    assert_eq!(names(None, 2, NOW).await, ["00007", "01007"]);
    assert_eq!(names(Some(b"00007"), 2, NOW).await, ["01007", "02007"]);
    assert_eq!(names(None, usize::MAX, NOW).await, ["00007", "01007", "02007"]);
    assert_eq!(names(None, 2_500, after(-1)).await.len(), 2_500);
    assert_eq!(names(None, 0, NOW).await, [""; 0]);
}

async fn racing_updates_are_all_kept(on: Fixture) {
    let store = on.store();
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..10 {
                    // Whoever was slower reads again, as every use case does.
                    while let Err(error) = sign_in(&store).await {
                        assert!(matches!(error, Error::Conflict), "{error}");
                        tokio::task::yield_now().await;
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let lan = store.records(1, NOW).get::<Account>("lan").await.unwrap().unwrap().record;
    assert_eq!(lan.signed_in, 640);
}

async fn sweeping_removes_only_the_expired(on: Fixture) {
    let store = Arc::new(on.store());
    for at in 0..10_u8 {
        let until = (at % 2 == 0).then_some(after(i64::from(at) - 4));
        store.put(1, [at], &otp("1"), until).await.unwrap();
    }
    let first = store.sweep(PASSING, None, 6, NOW).await.unwrap();
    assert_eq!((first.removed, first.next.as_deref()), (3, Some(&[5][..])));
    let second = store.sweep(PASSING, first.next.as_deref(), 6, NOW).await.unwrap();
    assert_eq!((second.removed, second.next), (0, None));
    assert_eq!(on.backend.scan(PASSING, b"", None, 99).await.unwrap().len(), 7);
}

async fn what_is_not_a_record_is_corrupt(on: Fixture) {
    let store = on.store();
    let nonsense = Batch::default().put(Key::new(LASTING, "lan"), "{}", None);
    on.backend.commit(nonsense).await.unwrap();
    assert!(matches!(store.records(1, NOW).get::<Account>("lan").await, Err(Error::Corrupt(_))));
    let long = otp(&"x".repeat(70_000));
    assert!(matches!(store.put(1, "lan", &long, None).await, Err(Error::Corrupt(_))));
}
