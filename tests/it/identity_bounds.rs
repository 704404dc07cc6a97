//! The last that fits and the first that does not: numbers, phones, names, cards, answers; and what `Debug` never shows.

use jiff::civil::date;
use mock_vneid::identity::{
    Card, FullName, Gender, IdNumber, Password, Phone,
    secret::Secret,
    secrets::{QUESTIONS, SecretError, SecurityAnswer, check_answers},
};

#[test]
fn numbers_have_the_whole_range_and_no_more() {
    let number = |province, serial| IdNumber::from_parts(province, Gender::Male, 1990, serial);
    assert_eq!(number(999, 0).unwrap().as_str(), "999090000000");
    assert_eq!(number(1, 999_999).unwrap().as_str(), "001090999999");
    assert_eq!((number(1_000, 0), number(1, 1_000_000)), (None, None));
}

#[test]
fn phones_and_names_are_read_to_their_last_byte() {
    let padded = |length: usize| format!("0912345601{}", "-".repeat(length - 10));
    assert!(Phone::parse(&padded(32)).is_ok());
    assert!(Phone::parse(&padded(33)).is_err());
    let spaced = |length: usize| format!("Nguyễn An{}", " ".repeat(length - "Nguyễn An".len()));
    assert!(FullName::parse(&spaced(2_000)).is_ok());
    assert!(FullName::parse(&spaced(2_001)).is_err());
}

/// Law 26/2023 Art. 21: within two years before 25, 40 or 60 a card is good to the age after; before 14 it is not.
#[test]
fn a_card_skips_the_age_that_is_near_but_not_fourteen() {
    let issued = date(2025, 1, 1);
    let expires = |born| Card::issued_on(issued, born).expires;
    assert_eq!(expires(date(2001, 6, 15)), Some(date(2041, 6, 15)), "23: not to 25");
    assert_eq!(expires(date(2003, 6, 15)), Some(date(2028, 6, 15)), "21: to 25");
    assert_eq!(expires(date(2012, 6, 15)), Some(date(2026, 6, 15)), "12: to 14 all the same");
}

#[test]
fn two_questions_of_the_list_are_answered() {
    let answer = |question: u8, text: &str| SecurityAnswer { question, answer: text.to_owned() };
    let last = u8::try_from(QUESTIONS.len() - 1).unwrap();
    let with = |other: SecurityAnswer| check_answers(&[answer(0, "Hoa Sen"), other]);
    assert_eq!(with(answer(last, &"ạ".repeat(100))), Ok(()));
    for wrong in [
        answer(last + 1, "Bạch Mai"),
        answer(0, "Bạch Mai"),
        answer(1, " "),
        answer(1, &"ạ".repeat(101)),
    ] {
        assert_eq!(with(wrong), Err(SecretError::Questions));
    }
    assert_eq!(check_answers(&[answer(0, "Hoa Sen")]), Err(SecretError::Questions));
}

#[test]
fn no_secret_is_shown_by_debug() {
    assert_eq!(format!("{:?}", Password::Hash("$argon2id$x".to_owned())), "Hash([redacted])");
    assert_eq!(format!("{:?}", Password::None), "None");
    let secret: Secret = serde_json::from_str("\"0123456789abcdef\"").unwrap();
    assert_eq!(format!("{secret:?}"), "Secret([redacted])");
}
