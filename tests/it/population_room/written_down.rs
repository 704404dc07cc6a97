//! The generator is a file format: these people are written down.

use jiff::civil::date;
use mock_vneid::population::GENERATOR_VERSION;

use super::{FULL, country};

/// If this fails, raise `GENERATOR_VERSION` and write the new people down.
#[test]
fn this_version_gives_these_people() {
    assert_eq!(GENERATOR_VERSION, 2);
    let mut seen = Vec::new();
    for (size, realistic) in [(FULL, false), (FULL, true), (10_007, false)] {
        let country = country(size, realistic);
        let persons = country.persons();
        for index in [0, 9_999, size + 7, persons * 9 / 10, persons - 7] {
            let citizen = country.citizen(index).unwrap();
            let papers = country.papers(&citizen, date(2026, 3, 2));
            let insured = papers.health_insurance.map(|card| card.number);
            let spouse = citizen.spouse.map(|number| number.to_string());
            let state = country.initial(index).unwrap().state;
            seen.push(format!(
                "{} {} {} {state:?} {insured:?} {spouse:?} {}",
                citizen.number, citizen.full_name, citizen.birth_date, citizen.residence
            ));
        }
        let organisation = country.organisation(5).unwrap();
        seen.push(format!(
            "{} {} {}",
            organisation.number, organisation.name, organisation.head_office
        ));
    }
    assert_eq!(seen.join("\n"), WRITTEN);
}

const WRITTEN: &str = r#"073309580361 Ngô Kim Hồng Ngân 2009-11-23 Active None None Số 382 đường Lý Thường Kiệt, Phường Long Hải, Thành phố Hồ Chí Minh
069076844055 Nguyễn Văn Đức 1976-12-20 Active Some("DN3689440625322") None Thôn 12, Xã Phú Lợi, Tỉnh Lâm Đồng
029070059319 Nguyễn Văn Thành 1970-05-23 Unregistered None Some("029173318427") Thôn 10, Xã Long Khánh, Tỉnh Phú Thọ
071319925518 Hà Bảo Phương Hân 2019-03-13 Unregistered Some("TE5750605914397") None Ấp 9, Xã Phú Trung, Tỉnh Đồng Nai
900323495511 Baek Sujin 2023-01-03 Active None None Số 170 đường Trần Phú, Phường Thạnh Hải, Thành phố Hà Nội
801092890665 Trường Trung học cơ sở Tân Phát Thôn 5, Xã Thạnh Thành, Thành phố Hà Nội
074309055456 Ngô Kim Hồng Ngân 2009-11-23 Active None None Số 382 đường Lý Thường Kiệt, Phường Long Hải, Thành phố Hồ Chí Minh
067076896811 Nguyễn Văn Đức 1976-12-20 Active Some("DN4684599706994") None Thôn 12, Xã Phú Lợi, Tỉnh Lâm Đồng
025070621285 Nguyễn Văn Thành 1970-05-23 Unregistered Some("CH5252531812497") Some("026173228540") Thôn 10, Xã Long Khánh, Tỉnh Phú Thọ
075319556349 Hà Bảo Phương Hân 2019-03-13 Unregistered Some("TE3758617814829") None Ấp 9, Xã Phú Trung, Tỉnh Đồng Nai
900323495511 Baek Sujin 2023-01-03 Active None None Số 170 đường Trần Phú, Phường Thạnh Hải, Thành phố Hà Nội
801092890665 Trường Trung học cơ sở Tân Phát Thôn 5, Xã Thạnh Thành, Thành phố Hà Nội
069198414361 Ngô Kim Nhi 1998-11-23 Active Some("DN5685551853102") None Số 382 đường Lý Thường Kiệt, Phường Long Hải, Tỉnh Lâm Đồng
000075336284 Nguyễn Văn Đức 1975-12-20 Active Some("DN1010469189260") None Số 380 đường Bà Triệu, Phường Phú Lợi, Thành phố Hà Nội
043208203615 Nguyễn Hoàng Khoa 2008-06-28 Unregistered None None Thôn 4, Xã Thạnh Thành, Tỉnh Thanh Hóa
032217990876 Lê Đức Lâm 2017-11-25 Unregistered Some("TE1310129416273") None Số 168 đường Quang Trung, Phường Hòa Phong, Thành phố Hải Phòng
900074695384 Jung Minjun 1974-07-12 Active None None Số 31 đường Lê Lợi, Phường Vĩnh Mỹ, Thành phố Hà Nội
801092890665 Trường Trung học cơ sở Tân Phát Thôn 5, Xã Thạnh Thành, Thành phố Hà Nội"#;
