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

const fn nation(
    (code, capital, weight): (&'static str, &'static str, u64),
    families: &'static [&'static str],
    men: &'static [&'static str],
    women: &'static [&'static str],
) -> Nation {
    Nation { code, capital, weight, families, men, women }
}

static NATIONS: [Nation; 14] = [
    nation(
        ("KR", "Seoul", 270),
        &["Kim", "Lee", "Park", "Choi", "Jung", "Kang", "Yoon", "Han", "Shin", "Baek"],
        &["Minjun", "Seojun", "Jihoon", "Hyunwoo", "Donghyun", "Sungmin", "Jaewon", "Taeyang"],
        &["Seoyeon", "Jiwoo", "Minji", "Sujin", "Hyejin", "Eunji", "Yuna", "Haeun"],
    ),
    nation(
        ("CN", "Beijing", 210),
        &["Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Zhou", "Wu", "Xu"],
        &["Wei", "Jun", "Minghao", "Haoran", "Zhiqiang", "Jianguo", "Bowen", "Yichen"],
        &["Fang", "Xiulan", "Meiling", "Yuxin", "Xiaoyan", "Jing", "Lihua", "Siyu"],
    ),
    nation(
        ("JP", "Tokyo", 140),
        &["Sato", "Suzuki", "Takahashi", "Tanaka", "Ito", "Watanabe", "Yamamoto", "Nakamura"],
        &["Haruto", "Ren", "Kenta", "Daiki", "Takashi", "Hiroshi", "Yuto", "Shota"],
        &["Yui", "Aoi", "Sakura", "Haruka", "Akiko", "Naoko", "Mio", "Keiko"],
    ),
    nation(
        ("TW", "Taipei", 90),
        &["Lin", "Huang", "Tsai", "Chang", "Hsu", "Cheng", "Hsieh", "Kuo"],
        &["Chihao", "Chunming", "Weiting", "Yuhan", "Kuanyu", "Chenghan"],
        &["Yating", "Shufen", "Hsinyi", "Peishan", "Yijun", "Chiahui"],
    ),
    nation(
        ("US", "Washington", 60),
        &["Miller", "Carter", "Bennett", "Hughes", "Foster", "Reyes", "Coleman", "Price"],
        &["James", "Michael", "Daniel", "Ethan", "Logan", "Samuel", "Owen", "Henry"],
        &["Emily", "Olivia", "Hannah", "Grace", "Sarah", "Chloe", "Ella", "Megan"],
    ),
    nation(
        ("FR", "Paris", 35),
        &["Martin", "Bernard", "Dubois", "Moreau", "Laurent", "Lefevre", "Girard", "Roussel"],
        &["Louis", "Hugo", "Antoine", "Julien", "Mathieu", "Nicolas", "Paul", "Lucas"],
        &["Camille", "Manon", "Claire", "Juliette", "Sophie", "Elise", "Anne", "Louise"],
    ),
    nation(
        ("LA", "Vientiane", 45),
        &["Phommachanh", "Sisavath", "Keomany", "Vongsa", "Inthavong", "Chanthavong"],
        &["Somchai", "Bounmy", "Khamphone", "Sengdao", "Phouthone", "Vilay"],
        &["Noy", "Dalavanh", "Souksavanh", "Manivanh", "Bouakham", "Chansouk"],
    ),
    nation(
        ("KH", "Phnom Penh", 40),
        &["Sok", "Chea", "Heng", "Keo", "Ouk", "Prak", "Meas", "Nhem"],
        &["Dara", "Sovann", "Vichet", "Rithy", "Bunthoeun", "Piseth"],
        &["Sreymom", "Bopha", "Chanthy", "Sophea", "Kunthea", "Maly"],
    ),
    nation(
        ("IN", "New Delhi", 35),
        &["Sharma", "Patel", "Gupta", "Reddy", "Iyer", "Mehta", "Nair", "Verma"],
        &["Arjun", "Rahul", "Vikram", "Rohan", "Sanjay", "Aditya", "Karthik", "Nikhil"],
        &["Priya", "Ananya", "Kavya", "Meera", "Pooja", "Divya", "Lakshmi", "Neha"],
    ),
    nation(
        ("DE", "Berlin", 20),
        &["Schneider", "Fischer", "Weber", "Becker", "Hoffmann", "Richter", "Braun", "Vogel"],
        &["Lukas", "Jonas", "Felix", "Maximilian", "Stefan", "Tobias", "Jan", "Matthias"],
        &["Anna", "Lena", "Katharina", "Julia", "Sabine", "Johanna", "Greta", "Clara"],
    ),
    nation(
        ("RU", "Moskva", 25),
        &["Ivanenko", "Sokolenko", "Morozenko", "Lebed", "Zaytsev", "Orlov", "Belov", "Gusev"],
        &["Dmitri", "Alexei", "Sergei", "Nikolai", "Maxim", "Pavel", "Andrei", "Igor"],
        &["Anastasia", "Ekaterina", "Olga", "Natalia", "Irina", "Daria", "Tatiana", "Vera"],
    ),
    nation(
        ("GB", "London", 15),
        &["Walker", "Turner", "Harrison", "Fletcher", "Barker", "Whitfield"],
        &["Oliver", "George", "Thomas", "Edward", "Alfie", "Jack"],
        &["Amelia", "Charlotte", "Florence", "Lucy", "Imogen", "Rosie"],
    ),
    nation(
        ("TH", "Bangkok", 10),
        &["Saetang", "Srisuk", "Chaiyasit", "Boonmee", "Thongchai", "Rattana"],
        &["Anan", "Kittisak", "Narong", "Prasert", "Somsak", "Thanawat"],
        &["Kanya", "Malee", "Nattaya", "Ploy", "Siriporn", "Wanida"],
    ),
    nation(
        ("PH", "Manila", 5),
        &["Santos", "Cruz", "Bautista", "Mendoza", "Villanueva", "Dela Rosa"],
        &["Jose", "Miguel", "Carlo", "Angelo", "Ramon", "Paolo"],
        &["Maria", "Angelica", "Jasmine", "Rosario", "Liza", "Corazon"],
    ),
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
