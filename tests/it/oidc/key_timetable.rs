//! The pure part of key rotation: what a rotation does to the phases, and what each moment makes of them.

use mock_vneid::{
    clock::Timestamp,
    oidc::keys::{
        Algorithm, KeyError, KeyPhase, KeyRing, Timetable,
        provider::kid,
        schedule::{
            KeyStatus::{self, Published, Retired, Retiring, Used},
            Pace, RingFull, days_after, rotate, run_due_rotations,
        },
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

const DAY: i64 = 24 * 3600;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn pace(publish_seconds: u32, overlap_seconds: u32) -> Pace {
    Pace { publish_seconds, overlap_seconds }
}

fn phase(set: u8, published: i64, used: i64, retired: Option<i64>) -> KeyPhase {
    KeyPhase { set, published_at: at(published), used_from: at(used), retired_at: retired.map(at) }
}

/// Number and standing of each set at a moment.
fn states(phases: &[KeyPhase], seconds: i64) -> Vec<(u8, KeyStatus)> {
    let states = Timetable::new(phases).at(at(seconds)).states();
    states.map(|(phase, status)| (phase.set, status)).collect()
}

/// The sets that the JWK set of a moment holds, in its order; each is there whole.
fn published(phases: &[KeyPhase], seconds: i64) -> Vec<u8> {
    let text = Timetable::new(phases).at(at(seconds)).jwks().unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let kids: Vec<_> = whole["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    let number = |kids: &[&Value]| {
        let same = |set: &u8| {
            let phase = phase(*set, 0, 0, None);
            let own = Algorithm::ALL.iter().map(|&algorithm| kid(&phase, algorithm).unwrap());
            kids.iter().map(|kid| kid.as_str().unwrap()).eq(own)
        };
        (0..8).find(same).unwrap()
    };
    kids.chunks(3).map(number).collect()
}

#[test]
fn the_eight_sets_have_twenty_four_keys_that_sign() {
    let mut kids = std::collections::BTreeSet::new();
    for set in 0..8 {
        let phases = [phase(set, 0, 0, None)];
        for algorithm in Algorithm::ALL.iter().copied() {
            kids.insert(kid(&phases[0], algorithm).unwrap());
            let keys = Timetable::new(&phases).at(at(1));
            let token = keys.sign(algorithm, None, &json!({"iss": "x"})).unwrap();
            assert_eq!(keys.verify::<Value>(&token), Ok(json!({"iss": "x"})), "{set} {algorithm}");
        }
    }
    assert_eq!(kids.len(), 24);
}

#[test]
fn without_a_rotation_set_0_signs_for_ever() {
    let keys = Timetable::new(&[]).at(at(0));
    assert_eq!(keys.jwks().unwrap(), KeyRing::development().jwks().unwrap());
    assert_eq!(states(&[], 0), [(0, KeyStatus::Used)]);
    assert_eq!(states(&[], i64::MAX / 1000), [(0, KeyStatus::Used)]);
}

#[test]
fn a_set_is_published_then_used_then_retired_to_the_millisecond() {
    let mut phases = Vec::new();
    rotate(&mut phases, at(1000), pace(60, 3600)).unwrap();
    assert_eq!(phases, [phase(0, 0, 0, Some(4660)), phase(1, 1000, 1060, None)]);
    for (millis, expected, jwks) in [
        (999_999, vec![(0, Used)], vec![0]),
        (1_000_000, vec![(0, Used), (1, Published)], vec![0, 1]),
        (1_059_999, vec![(0, Used), (1, Published)], vec![0, 1]),
        (1_060_000, vec![(0, Retiring), (1, Used)], vec![1, 0]),
        (4_659_999, vec![(0, Retiring), (1, Used)], vec![1, 0]),
        (4_660_000, vec![(0, Retired), (1, Used)], vec![1]),
    ] {
        let now = Timestamp::from_millis(millis);
        let keys = Timetable::new(&phases).at(now);
        let found: Vec<_> = keys.states().map(|(phase, status)| (phase.set, status)).collect();
        assert_eq!(found, expected, "{millis}");
        let text = keys.jwks().unwrap();
        let count = serde_json::from_str::<Value>(&text).unwrap()["keys"].as_array().unwrap().len();
        assert_eq!(count, jwks.len() * 3, "{millis}");
        if millis % 1000 == 0 {
            assert_eq!(published(&phases, millis / 1000), jwks, "{millis}");
        }
    }
}

#[test]
fn a_retired_key_verifies_hints_alone_and_a_stranger_nothing() {
    let mut phases = Vec::new();
    let old = Timetable::new(&phases).at(at(0)).sign(Algorithm::Es256, None, &json!(1)).unwrap();
    rotate(&mut phases, at(1000), pace(0, 10)).unwrap();
    let table = Timetable::new(&phases);
    assert_eq!(table.at(at(1009)).verify::<Value>(&old), Ok(json!(1)));
    assert_eq!(table.at(at(1010)).verify::<Value>(&old), Err(KeyError::UnknownKey));
    assert_eq!(table.verify_hint::<Value>(&old), Ok(json!(1)));
    let other = [phase(5, 0, 0, None)];
    let strange = Timetable::new(&other).at(at(0)).sign(Algorithm::Es256, None, &json!(1)).unwrap();
    assert_eq!(table.at(at(1009)).verify::<Value>(&strange), Err(KeyError::UnknownKey));
    assert_eq!(table.verify_hint::<Value>(&strange), Err(KeyError::UnknownKey));
    assert_eq!(table.verify_hint::<Value>("a.b.c"), Err(KeyError::Malformed));
    // One of the old keys, over other bytes.
    let (head, _) = old.rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", "A".repeat(86));
    assert_eq!(table.verify_hint::<Value>(&forged), Err(KeyError::Signature));
}

#[test]
fn rotations_follow_each_other_before_the_first_has_ended() {
    let mut phases = Vec::new();
    rotate(&mut phases, at(1000), pace(60, 3600)).unwrap();
    rotate(&mut phases, at(1010), pace(60, 3600)).unwrap();
    let both =
        [phase(0, 0, 0, Some(4660)), phase(1, 1000, 1060, Some(4670)), phase(2, 1010, 1070, None)];
    assert_eq!(phases, both);
    assert_eq!(published(&phases, 1059), [0, 1, 2]);
    assert_eq!(published(&phases, 1060), [1, 0, 2]);
    assert_eq!(published(&phases, 1070), [2, 0, 1]);
}

#[test]
fn a_set_that_waits_is_brought_forward() {
    let mut phases = Vec::new();
    rotate(&mut phases, at(1000), pace(600, 3600)).unwrap();
    rotate(&mut phases, at(1010), pace(0, 100)).unwrap();
    assert_eq!(phases, [phase(0, 0, 0, Some(1110)), phase(1, 1000, 1010, None)]);
    // Of several that wait, none stays to take over later.
    rotate(&mut phases, at(1020), pace(100, 9000)).unwrap();
    rotate(&mut phases, at(1021), pace(100, 9000)).unwrap();
    rotate(&mut phases, at(1022), pace(0, 9000)).unwrap();
    let sets: Vec<_> = phases.iter().map(|phase| phase.set).collect();
    assert_eq!(sets, [0, 1, 2]);
    assert_eq!(phases[2], phase(2, 1020, 1022, None));
    assert_eq!(phases[1].retired_at, Some(at(10_022)));
}

#[test]
fn the_ring_is_full_until_the_next_set_is_retired() {
    let mut phases = Vec::new();
    for second in 1000..1007 {
        rotate(&mut phases, at(second), pace(0, 100)).unwrap();
    }
    assert_eq!(published(&phases, 1006), [7, 0, 1, 2, 3, 4, 5, 6]);
    let before = phases.clone();
    assert_eq!(rotate(&mut phases, at(1099), pace(0, 100)), Err(RingFull));
    assert_eq!(phases, before, "nothing changed");
    rotate(&mut phases, at(1100), pace(0, 100)).unwrap();
    assert_eq!(phases.len(), 8);
    assert_eq!(phases[7], phase(0, 1100, 1100, None));
    // What set 7 signed until now holds as long as said.
    assert_eq!(phases[6], phase(7, 1006, 1006, Some(1200)));
}

#[test]
fn a_clock_that_was_set_back_finds_keys_and_rotates_again() {
    let mut phases = Vec::new();
    for day in 1..=9 {
        rotate(&mut phases, at(day * DAY), pace(60, 3600)).unwrap();
    }
    let sets: Vec<_> = phases.iter().map(|phase| phase.set).collect();
    assert_eq!(sets, [2, 3, 4, 5, 6, 7, 0, 1]);
    // Before all that is remembered the oldest signs, and is published.
    assert_eq!(states(&phases, 10), [(2, KeyStatus::Used)]);
    assert_eq!(published(&phases, 10), [2]);
    rotate(&mut phases, at(10), pace(60, 3600)).unwrap();
    assert_eq!(phases, [phase(2, 70, 70, Some(3670)), phase(3, 10, 70, None)]);
    assert_eq!(states(&phases, 10), [(2, KeyStatus::Used), (3, KeyStatus::Published)]);
    assert_eq!(published(&phases, 70), [3, 2]);
}

#[test]
fn many_rotations_at_once_end_as_one_by_one() {
    let (days, steps) = (30, pace(60, 3600));
    let first = days_after(at(0), days);
    let now = days_after(at(0), 3000);
    let mut at_once = Vec::new();
    let (next, turns) = run_due_rotations(&mut at_once, first, now, days, steps);
    assert_eq!((next, turns.len()), (days_after(at(0), 3030), 100));
    assert!(turns.iter().all(|(_, turn)| turn.is_ok()));
    let mut one_by_one = Vec::new();
    for turn in 1..=100 {
        rotate(&mut one_by_one, days_after(at(0), turn * 30), steps).unwrap();
    }
    assert_eq!(at_once, one_by_one);
}

#[test]
fn a_rotation_that_the_overlap_forbids_is_left_out_and_tried_again() {
    // Every day, with a month of overlap: seven fit, and then one whenever another is retired.
    let mut phases = Vec::new();
    let (_, turns) = run_due_rotations(&mut phases, at(DAY), at(40 * DAY), 1, pace(0, 2_592_000));
    let done: Vec<_> = turns.iter().filter(|(_, turn)| turn.is_ok()).map(|(at, _)| *at).collect();
    let days: Vec<_> = done.iter().map(|at| at.as_millis() / (DAY * 1000)).collect();
    assert_eq!(days, [1, 2, 3, 4, 5, 6, 7, 31, 32, 33, 34, 35, 36, 37]);
    assert_eq!(turns.len(), 40);
}

#[test]
fn the_end_of_time_ends_the_schedule() {
    let mut phases = Vec::new();
    let (next, turns) =
        run_due_rotations(&mut phases, Timestamp::MAX, Timestamp::MAX, 1, pace(0, 0));
    assert_eq!((next, turns.len()), (Timestamp::MAX, 1));
}

proptest! {
    #[test]
    fn whatever_is_done_one_set_signs_and_is_published_first(
        steps in prop::collection::vec((-200_i64..400, 0_u32..300, 0_u32..900), 1..40),
        look in 0_i64..9000,
    ) {
        let (mut phases, mut now) = (Vec::new(), 1000_i64);
        for (step, lead, overlap) in steps {
            now = (now + step).max(0);
            let before = phases.clone();
            if rotate(&mut phases, at(now), pace(lead, overlap)).is_ok() {
                let newest = phases.last().unwrap();
                prop_assert_eq!(newest.used_from, at(now + i64::from(lead)));
                prop_assert!(newest.published_at <= at(now));
            } else {
                prop_assert_eq!(&before, &phases);
            }
            prop_assert!((2..=8).contains(&phases.len()) || phases.is_empty());
            let mut sets: Vec<_> = phases.iter().map(|phase| phase.set).collect();
            sets.sort_unstable();
            sets.dedup();
            prop_assert_eq!(sets.len(), phases.len(), "each set once");
            prop_assert!(phases.is_sorted_by_key(|phase| phase.used_from));
            if let [.., before, newest] = phases.as_slice() {
                // A set is in the JWK set as long as it signs: it goes when the next one is used, or later.
                prop_assert!(before.retired_at.is_some_and(|at| at >= newest.used_from));
            }
            prop_assert!(phases.last().is_none_or(|newest| newest.retired_at.is_none()));
            for when in [now, look] {
                let used: Vec<_> = states(&phases, when)
                    .into_iter()
                    .filter(|(_, status)| *status == KeyStatus::Used)
                    .collect();
                prop_assert_eq!(used.len(), 1);
                prop_assert_eq!(published(&phases, when)[0], used[0].0);
            }
        }
    }
}
