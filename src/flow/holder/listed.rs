//! Lists of people and organisations: those that fixtures name, and those that are stored.

use crate::{
    flow::{Error, Realm},
    identity::IdNumber,
    store::Record,
};

impl Realm {
    /// The numbers after `after` that fixtures name or records hold, merged, at most `limit`.
    pub(crate) async fn named_and_stored<R: Record + Send>(
        &self,
        named: impl Iterator<Item = &IdNumber> + Send,
        number: impl Fn(&R) -> IdNumber + Send,
        after: Option<&IdNumber>,
        limit: usize,
    ) -> Result<Vec<IdNumber>, Error> {
        let from = after.map(|number| number.as_str().as_bytes());
        let named: Vec<IdNumber> =
            named.filter(|it| after.is_none_or(|after| *it > after)).take(limit).copied().collect();
        let stored = self.scan::<R>(b"", from, limit).await?;
        let mut numbers: Vec<IdNumber> =
            stored.iter().map(|(_, record)| number(record)).chain(named).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.truncate(limit);
        Ok(numbers)
    }
}
