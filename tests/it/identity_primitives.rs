//! The identity primitives: what they take, what they refuse, what they print.

use jiff::civil::{Date, date};
use mock_vneid::identity::{
    Address, BirthProvince, Card, CardStatus, Citizen, FullName, Gender, IdNumber, NameError,
    NumberError, Phone, PhoneError, Province, UNASSIGNED_CODES, birthday, unaccent,
};
use proptest::prelude::*;

fn lan() -> Citizen {
    Citizen {
        number: IdNumber::parse("001190123456").expect("a well-formed value"),
        full_name: FullName::parse("Nguyễn Thị Lan").expect("a well-formed value"),
        birth_date: date(1990, 2, 28),
        gender: Gender::Female,
        birth_province: 1,
        residence: Address {
            detail: "Số 5 đường Lê Lợi".to_owned(),
            commune: "Phường Tân Lập".to_owned(),
            province: 1,
        },
        phone: Some(Phone::parse("0912345678").expect("a well-formed value")),
        email: None,
        card: Some(Card { issued: date(2021, 5, 6), expires: None, revoked: false }),
        former_cards: Vec::new(),
        spouse: None,
        representative: None,
        under_guardianship: false,
        died: None,
        replaced_by: None,
        foreign: None,
        papers: None,
    }
}

#[test]
fn a_number_says_province_sex_and_year() {
    let number = IdNumber::parse("079302000042").unwrap();
    assert_eq!(number.province_code(), 79);
    assert_eq!(number.gender(), Some(Gender::Female));
    assert_eq!(number.birth_year(), 2002);
    assert_eq!((number.serial(), number.last_six()), (42, "000042"));
    assert_eq!(number.to_string(), "079302000042");
    assert_eq!(format!("{number:?}"), "07********42");
    assert_eq!(IdNumber::from_parts(79, Gender::Female, 2002, 42), Some(number));
    for (digit, year, gender) in [
        ('0', 1999, Gender::Male),
        ('1', 1999, Gender::Female),
        ('2', 2099, Gender::Male),
        ('5', 2199, Gender::Female),
        ('9', 2399, Gender::Female),
    ] {
        let number = IdNumber::parse(&format!("001{digit}99123456")).unwrap();
        assert_eq!((number.birth_year(), number.gender()), (year, Some(gender)));
    }
}

#[test]
fn what_is_not_twelve_digits_is_refused() {
    let long = "1".repeat(5_000);
    let table = [
        ("", NumberError::Length),
        ("00119012345", NumberError::Length),
        ("0011901234567", NumberError::Length),
        (" 001190123456", NumberError::Length),
        ("001190123456\n", NumberError::Length),
        (&long, NumberError::Length),
        ("00119012345a", NumberError::NotDigits),
        ("-01190123456", NumberError::NotDigits),
        ("001190 23456", NumberError::NotDigits),
        ("001190\u{0}23456", NumberError::NotDigits),
        ("０" /* full width, 3 bytes */, NumberError::Length),
        ("００１１９０１２３４５６", NumberError::NotDigits),
        ("٠٠١١٩٠١٢٣٤٥٦", NumberError::NotDigits),
        ("００１１", NumberError::NotDigits), // twelve bytes
        ("𝟎𝟎𝟏", NumberError::NotDigits),      // twelve bytes
    ];
    for (text, error) in table {
        assert_eq!(IdNumber::parse(text), Err(error), "{text:?}");
        assert!(serde_json::from_value::<IdNumber>(text.into()).is_err());
    }
    assert_eq!(IdNumber::from_parts(1_000, Gender::Male, 1990, 0), None);
    assert_eq!(IdNumber::from_parts(1, Gender::Male, 1899, 0), None);
    assert_eq!(IdNumber::from_parts(1, Gender::Male, 2400, 0), None);
    assert_eq!(IdNumber::from_parts(1, Gender::Male, 1990, 1_000_000), None);
}

#[test]
fn phones_are_read_in_every_usual_form() {
    let phone = Phone::parse("0912345678").unwrap();
    for text in ["+84912345678", "84912345678", "+84 91-234.5678", " 091 234 5678 ", "0912.345.678"]
    {
        assert_eq!(Phone::parse(text), Ok(phone), "{text}");
    }
    assert_eq!(phone.to_string(), "0912345678");
    assert_eq!(phone.e164(), "+84912345678");
    assert_eq!(phone.masked(), "0912***678");
    assert_eq!(format!("{phone:?}"), "0912***678");
    assert_eq!(serde_json::to_string(&phone).unwrap(), "\"0912345678\"");
}

#[test]
fn what_is_no_mobile_number_is_refused() {
    let (long, spaces) = ("0".repeat(5_000), " ".repeat(5_000));
    for (text, error) in [
        ("", PhoneError::Length),
        ("+", PhoneError::Length),
        ("091234567", PhoneError::Length),
        ("09123456789", PhoneError::Length),
        ("912345678", PhoneError::Length),
        ("+840912345678", PhoneError::Length),
        ("+0912345678", PhoneError::Length),
        (&long, PhoneError::Length),
        (&spaces, PhoneError::Length),
        ("0912+345678", PhoneError::NotDigits),
        ("++84912345678", PhoneError::NotDigits),
        ("09123O5678", PhoneError::NotDigits),
        ("0912\u{0}45678", PhoneError::NotDigits),
        ("０９１２３４５６７８", PhoneError::NotDigits),
        ("٠٩١٢٣٤٥٦٧٨", PhoneError::NotDigits),
        ("0951234567", PhoneError::Prefix),
        ("0571234567", PhoneError::Prefix),
        ("0312345678", PhoneError::Prefix),
        ("0242345678", PhoneError::Prefix),
        ("0012345678", PhoneError::Prefix),
    ] {
        assert_eq!(Phone::parse(text), Err(error), "{text:?}");
        assert!(serde_json::from_value::<Phone>(text.into()).is_err());
    }
}

#[test]
fn the_prefixes_are_those_in_use() {
    // 0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])
    let seconds = |first| match first {
        '3' => "23456789",
        '5' => "25689",
        '7' => "06789",
        '8' => "123456789",
        '9' => "012346789",
        _ => "",
    };
    for first in '0'..='9' {
        for second in '0'..='9' {
            let phone = Phone::parse(&format!("0{first}{second}1234567"));
            assert_eq!(phone.is_ok(), seconds(first).contains(second), "0{first}{second}");
        }
    }
    assert_eq!(Phone::from_ordinal(0).unwrap().to_string(), "0320000000");
    assert_eq!(Phone::from_ordinal(Phone::COUNT - 1).unwrap().to_string(), "0999999999");
    assert_eq!(Phone::from_ordinal(Phone::COUNT), None);
    assert_eq!(Phone::from_ordinal(u64::MAX), None);
}

#[test]
fn names_are_normalised_and_taken_apart() {
    let name = FullName::parse("  Đặng\u{A0} Thị   Ngọc Ánh ").unwrap();
    assert_eq!(name.as_str(), "Đặng Thị Ngọc Ánh");
    assert_eq!((name.family(), name.middle(), name.given()), ("Đặng", "Thị Ngọc", "Ánh"));
    assert_eq!(name.unaccented(), "Dang Thi Ngoc Anh");
    let decomposed = "Đa\u{323}\u{306}ng Thi\u{323} Ngo\u{323}c A\u{301}nh";
    assert_eq!(FullName::parse(decomposed), Ok(name));
    let two = FullName::parse("Lê Vy").unwrap();
    assert_eq!((two.family(), two.middle(), two.given()), ("Lê", "", "Vy"));
    let one = FullName::parse("An").unwrap();
    assert_eq!((one.family(), one.middle(), one.given()), ("An", "", "An"));
    for name in ["H'Hen Niê", "Nguyễn-Trần Mai", "Maria T. Lê", "Đỗ Ý"] {
        assert_eq!(FullName::parse(name).unwrap().as_str(), name);
    }
}

#[test]
fn unaccenting_leaves_only_ascii_of_all_vietnamese_letters() {
    let lower =
        "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ";
    let plain = unaccent(&format!("{lower}{}", lower.to_uppercase()));
    assert!(plain.bytes().all(|byte| byte.is_ascii_alphabetic()), "{plain}");
    assert_eq!(plain.len(), lower.chars().count() * 2);
}

#[test]
fn what_is_no_name_is_refused() {
    let (long, longer) = ("a".repeat(101), "ê".repeat(5_000));
    for (text, error) in [
        ("", NameError::TooShort),
        ("   ", NameError::TooShort),
        ("A", NameError::TooShort),
        ("e\u{302}", NameError::TooShort), // one letter after normalisation
        (&long, NameError::TooLong),
        (&longer, NameError::TooLong),
        ("Nguyễn 2", NameError::NotLetters),
        ("Nguyễn\u{0}An", NameError::NotLetters),
        ("<b>An</b>", NameError::NotLetters),
        ("An; DROP", NameError::NotLetters),
        ("Αn Bình", NameError::NotLetters), // a Greek capital alpha
        ("Ивaн", NameError::NotLetters),
        ("阮文安", NameError::NotLetters),
        ("An\u{202E}Binh", NameError::NotLetters),
        ("An 😀", NameError::NotLetters),
        ("--", NameError::NotLetters),
        ("'An", NameError::NotLetters),
    ] {
        assert_eq!(FullName::parse(text), Err(error), "{text:?}");
        assert!(serde_json::from_value::<FullName>(text.into()).is_err());
    }
}

#[test]
fn the_two_province_lists_agree_with_each_other() {
    let (old, new) = (BirthProvince::all(), Province::all());
    assert!(old.is_sorted_by_key(|one| one.code) && new.is_sorted_by_key(|one| one.code));
    for one in old {
        assert_eq!(BirthProvince::by_code(one.code), Some(one));
        assert!(one.current_province().is_some(), "{}", one.name);
    }
    for one in new {
        assert_eq!(Province::by_code(one.code), Some(one));
        assert!(old.iter().any(|birth| birth.current == one.code), "{}", one.name);
    }
    // 11 provinces stayed alone; 17 are of two, 6 of three.
    let of = |count| {
        new.iter()
            .filter(|one| old.iter().filter(|birth| birth.current == one.code).count() == count)
            .count()
    };
    assert_eq!((of(1), of(2), of(3)), (11, 17, 6));
    let free: Vec<u16> = (0..100).filter(|code| BirthProvince::by_code(*code).is_none()).collect();
    assert_eq!(free, UNASSIGNED_CODES);
    assert_eq!(Province::by_code(79).unwrap().to_string(), "Thành phố Hồ Chí Minh");
    assert_eq!(Province::by_code(52).unwrap().to_string(), "Tỉnh Gia Lai");
    assert_eq!(BirthProvince::by_code(52).unwrap().name, "Bình Định");
    assert_eq!((BirthProvince::by_code(97), Province::by_code(2)), (None, None));
}

#[test]
fn a_citizen_survives_json() {
    let citizen = lan();
    let json = serde_json::to_value(&citizen).unwrap();
    assert_eq!(json["number"], "001190123456");
    assert_eq!(json["gender"], "female");
    assert_eq!(json["birth_date"], "1990-02-28");
    assert!(json.get("email").is_none());
    assert_eq!(serde_json::from_value::<Citizen>(json).unwrap(), citizen);
    assert_eq!(citizen.initial_password(), "Vn@123456a");
    assert_eq!(
        citizen.residence.to_string(),
        "Số 5 đường Lê Lợi, Phường Tân Lập, Thành phố Hà Nội"
    );
    assert_eq!([Gender::Male, Gender::Female].map(Gender::vietnamese), ["Nam", "Nữ"]);
    let nowhere = Address { province: 99, ..citizen.residence };
    assert_eq!(nowhere.to_string(), "Số 5 đường Lê Lợi, Phường Tân Lập");
}

#[test]
fn age_turns_on_the_birthday() {
    let mut citizen = lan();
    assert_eq!(citizen.age_on(date(2004, 2, 27)), 13);
    assert_eq!(citizen.age_on(date(2004, 2, 28)), 14);
    assert_eq!(citizen.age_on(date(1980, 1, 1)), 0);
    assert_eq!(citizen.age_on(Date::MIN), 0);
    citizen.birth_date = date(2004, 2, 29);
    assert_eq!(citizen.age_on(date(2018, 2, 28)), 13);
    assert_eq!(citizen.age_on(date(2018, 3, 1)), 14);
    assert_eq!(citizen.age_on(date(2020, 2, 29)), 16);
    assert_eq!(birthday(citizen.birth_date, 14), Some(date(2018, 3, 1)));
    assert_eq!(birthday(citizen.birth_date, u16::MAX), None);
    assert_eq!(birthday(Date::MAX, 1), None);
}

#[test]
fn a_card_is_valid_expiring_expired_or_revoked() {
    let mut card =
        Card { issued: date(2021, 1, 1), expires: Some(date(2030, 6, 30)), revoked: false };
    for (today, status) in [
        (date(2030, 5, 31), CardStatus::Valid),    // 30 days left
        (date(2030, 6, 1), CardStatus::Expiring),  // 29
        (date(2030, 6, 30), CardStatus::Expiring), // the last day
        (date(2030, 7, 1), CardStatus::Expired),
    ] {
        assert_eq!(card.status(today), status, "{today}");
    }
    card.revoked = true;
    assert_eq!(card.status(date(2040, 1, 1)), CardStatus::Revoked);
    let (revoked, expires) = (false, None);
    assert_eq!(Card { revoked, expires, ..card }.status(Date::MAX), CardStatus::Valid);
    assert_eq!(serde_json::to_string(&CardStatus::Expiring).unwrap(), "\"expiring\"");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Ok(number) = IdNumber::parse(&text) {
            prop_assert_eq!(number.to_string(), text.clone());
        }
        if let Ok(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(&phone.e164()), Ok(phone));
        }
        if let Ok(name) = FullName::parse(&text) {
            prop_assert_eq!(FullName::parse(name.as_str()), Ok(name));
        }
        unaccent(&text);
    }

    #[test]
    fn any_twelve_digits_are_a_number(text in "[0-9]{12}") {
        let number = IdNumber::parse(&text).unwrap();
        let json = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(serde_json::from_str::<IdNumber>(&json).unwrap(), number);
        let gender = number.gender().unwrap();
        let (province, year) = (number.province_code(), number.birth_year());
        let again = IdNumber::from_parts(province, gender, year, number.serial());
        prop_assert_eq!(again, Some(number));
    }

    #[test]
    fn phones_count_up_and_back(ordinal in 0..Phone::COUNT) {
        let phone = Phone::from_ordinal(ordinal).unwrap();
        prop_assert_eq!(phone.ordinal(), ordinal);
        prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
    }

    #[test]
    fn accents_in_either_form_are_one_name(name in "[A-ZĐÊ][a-zđêộ]{1,6}( [A-ZÂỄ][a-zữằ]{1,6}){1,3}") {
        let name = FullName::parse(&name).unwrap();
        let plain = name.unaccented();
        prop_assert!(plain.bytes().all(|byte| byte == b' ' || byte.is_ascii_alphabetic()));
        prop_assert!(name.as_str().starts_with(name.family()) && name.as_str().ends_with(name.given()));
    }
}
