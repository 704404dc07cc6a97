//! Generations, whose children were given other names.

/// When a person was named; fashions follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Generation {
    /// Born before 1960.
    Old,
    /// 1960–1984.
    Middle,
    /// 1985–1999.
    Young,
    /// Since 2000.
    New,
}

impl Generation {
    /// The generation of a year of birth.
    pub(crate) const fn of(year: u16) -> Self {
        match year {
            ..1960 => Self::Old,
            1960..1985 => Self::Middle,
            1985..2000 => Self::Young,
            _ => Self::New,
        }
    }
}
