//! Nationalities of foreigners with invented names: plain Latin letters, surname first where the people write it so.

/// A nationality.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Nation {
    /// ISO 3166-1 alpha-2.
    pub(crate) code: &'static str,
    /// Where its passports are issued.
    pub(crate) capital: &'static str,
    /// People in a thousand.
    pub(crate) weight: u64,
    /// Family names.
    pub(crate) families: &'static [&'static str],
    /// Given names of men.
    pub(crate) men: &'static [&'static str],
    /// Given names of women.
    pub(crate) women: &'static [&'static str],
}

impl Nation {
    /// All, in the order of their codes in numbers: 900, 901, …
    pub(crate) const fn all() -> &'static [Self; 14] {
        &NATIONS
    }
}

static NATIONS: [Nation; 14] = [
    Nation {
        code: "KR",
        capital: "Seoul",
        weight: 270,
        families: &["Kim", "Lee", "Park", "Choi", "Jung", "Kang", "Yoon", "Han", "Shin", "Baek"],
        men: &["Minjun", "Seojun", "Jihoon", "Hyunwoo", "Donghyun", "Sungmin", "Jaewon", "Taeyang"],
        women: &["Seoyeon", "Jiwoo", "Minji", "Sujin", "Hyejin", "Eunji", "Yuna", "Haeun"],
    },
    Nation {
        code: "CN",
        capital: "Beijing",
        weight: 210,
        families: &["Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Zhou", "Wu", "Xu"],
        men: &["Wei", "Jun", "Minghao", "Haoran", "Zhiqiang", "Jianguo", "Bowen", "Yichen"],
        women: &["Fang", "Xiulan", "Meiling", "Yuxin", "Xiaoyan", "Jing", "Lihua", "Siyu"],
    },
    Nation {
        code: "JP",
        capital: "Tokyo",
        weight: 140,
        families: &[
            "Sato",
            "Suzuki",
            "Takahashi",
            "Tanaka",
            "Ito",
            "Watanabe",
            "Yamamoto",
            "Nakamura",
        ],
        men: &["Haruto", "Ren", "Kenta", "Daiki", "Takashi", "Hiroshi", "Yuto", "Shota"],
        women: &["Yui", "Aoi", "Sakura", "Haruka", "Akiko", "Naoko", "Mio", "Keiko"],
    },
    Nation {
        code: "TW",
        capital: "Taipei",
        weight: 90,
        families: &["Lin", "Huang", "Tsai", "Chang", "Hsu", "Cheng", "Hsieh", "Kuo"],
        men: &["Chihao", "Chunming", "Weiting", "Yuhan", "Kuanyu", "Chenghan"],
        women: &["Yating", "Shufen", "Hsinyi", "Peishan", "Yijun", "Chiahui"],
    },
    Nation {
        code: "US",
        capital: "Washington",
        weight: 60,
        families: &["Miller", "Carter", "Bennett", "Hughes", "Foster", "Reyes", "Coleman", "Price"],
        men: &["James", "Michael", "Daniel", "Ethan", "Logan", "Samuel", "Owen", "Henry"],
        women: &["Emily", "Olivia", "Hannah", "Grace", "Sarah", "Chloe", "Ella", "Megan"],
    },
    Nation {
        code: "FR",
        capital: "Paris",
        weight: 35,
        families: &[
            "Martin", "Bernard", "Dubois", "Moreau", "Laurent", "Lefevre", "Girard", "Roussel",
        ],
        men: &["Louis", "Hugo", "Antoine", "Julien", "Mathieu", "Nicolas", "Paul", "Lucas"],
        women: &["Camille", "Manon", "Claire", "Juliette", "Sophie", "Elise", "Anne", "Louise"],
    },
    Nation {
        code: "LA",
        capital: "Vientiane",
        weight: 45,
        families: &["Phommachanh", "Sisavath", "Keomany", "Vongsa", "Inthavong", "Chanthavong"],
        men: &["Somchai", "Bounmy", "Khamphone", "Sengdao", "Phouthone", "Vilay"],
        women: &["Noy", "Dalavanh", "Souksavanh", "Manivanh", "Bouakham", "Chansouk"],
    },
    Nation {
        code: "KH",
        capital: "Phnom Penh",
        weight: 40,
        families: &["Sok", "Chea", "Heng", "Keo", "Ouk", "Prak", "Meas", "Nhem"],
        men: &["Dara", "Sovann", "Vichet", "Rithy", "Bunthoeun", "Piseth"],
        women: &["Sreymom", "Bopha", "Chanthy", "Sophea", "Kunthea", "Maly"],
    },
    Nation {
        code: "IN",
        capital: "New Delhi",
        weight: 35,
        families: &["Sharma", "Patel", "Gupta", "Reddy", "Iyer", "Mehta", "Nair", "Verma"],
        men: &["Arjun", "Rahul", "Vikram", "Rohan", "Sanjay", "Aditya", "Karthik", "Nikhil"],
        women: &["Priya", "Ananya", "Kavya", "Meera", "Pooja", "Divya", "Lakshmi", "Neha"],
    },
    Nation {
        code: "DE",
        capital: "Berlin",
        weight: 20,
        families: &[
            "Schneider",
            "Fischer",
            "Weber",
            "Becker",
            "Hoffmann",
            "Richter",
            "Braun",
            "Vogel",
        ],
        men: &["Lukas", "Jonas", "Felix", "Maximilian", "Stefan", "Tobias", "Jan", "Matthias"],
        women: &["Anna", "Lena", "Katharina", "Julia", "Sabine", "Johanna", "Greta", "Clara"],
    },
    Nation {
        code: "RU",
        capital: "Moskva",
        weight: 25,
        families: &[
            "Ivanenko",
            "Sokolenko",
            "Morozenko",
            "Lebed",
            "Zaytsev",
            "Orlov",
            "Belov",
            "Gusev",
        ],
        men: &["Dmitri", "Alexei", "Sergei", "Nikolai", "Maxim", "Pavel", "Andrei", "Igor"],
        women: &["Anastasia", "Ekaterina", "Olga", "Natalia", "Irina", "Daria", "Tatiana", "Vera"],
    },
    Nation {
        code: "GB",
        capital: "London",
        weight: 15,
        families: &["Walker", "Turner", "Harrison", "Fletcher", "Barker", "Whitfield"],
        men: &["Oliver", "George", "Thomas", "Edward", "Alfie", "Jack"],
        women: &["Amelia", "Charlotte", "Florence", "Lucy", "Imogen", "Rosie"],
    },
    Nation {
        code: "TH",
        capital: "Bangkok",
        weight: 10,
        families: &["Saetang", "Srisuk", "Chaiyasit", "Boonmee", "Thongchai", "Rattana"],
        men: &["Anan", "Kittisak", "Narong", "Prasert", "Somsak", "Thanawat"],
        women: &["Kanya", "Malee", "Nattaya", "Ploy", "Siriporn", "Wanida"],
    },
    Nation {
        code: "PH",
        capital: "Manila",
        weight: 5,
        families: &["Santos", "Cruz", "Bautista", "Mendoza", "Villanueva", "Dela Rosa"],
        men: &["Jose", "Miguel", "Carlo", "Angelo", "Ramon", "Paolo"],
        women: &["Maria", "Angelica", "Jasmine", "Rosario", "Liza", "Corazon"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::FullName;

    #[test]
    fn every_name_parses_and_every_share_counts() {
        for nation in Nation::all() {
            for name in nation.families.iter().chain(nation.men).chain(nation.women) {
                assert!(FullName::parse(name).is_ok(), "{name}");
            }
            assert!(nation.code.len() == 2 && nation.code != "VN");
        }
        assert_eq!(Nation::all().iter().map(|nation| nation.weight).sum::<u64>(), 1_000);
    }
}
