use std::{fmt, ops, time::Duration};

use serde::{Deserialize, Serialize};
use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

/// A point in time, to the microsecond. In databases: microseconds since 1970 as `BIGINT`, the same on both
/// engines
/// (SQLite has no time type and PostgreSQL's does not round-trip exactly); in JSON: RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// Truncates to microseconds, so that the value in memory equals the stored one.
    pub fn new(time: jiff::Timestamp) -> Self {
        Self::from_microsecond(time.as_microsecond())
    }

    /// Clamps times outside the years -9999 to 9999.
    pub fn from_microsecond(microsecond: i64) -> Self {
        let nearest = if microsecond < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        Self(jiff::Timestamp::from_microsecond(microsecond).unwrap_or(nearest))
    }

    pub fn from_second(second: i64) -> Self {
        Self::from_microsecond(second.saturating_mul(1_000_000))
    }

    pub fn as_microsecond(self) -> i64 {
        self.0.as_microsecond()
    }

    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }

    pub fn as_jiff(self) -> jiff::Timestamp {
        self.0
    }

    /// The last second, in UTC, of a day that is written as `2026-12-31`; none for anything else.
    pub fn at_end_of_day(date: &str) -> Option<Self> {
        let date: jiff::civil::Date = date.parse().ok()?;
        let end = date.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Self::new(end.timestamp()))
    }

    /// The day in UTC, as `2026-12-31`.
    pub fn as_date(self) -> String {
        self.0.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
    }

    /// Time elapsed since `earlier`; zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.as_microsecond() - earlier.as_microsecond()).unwrap_or(0))
    }
}

impl ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_microsecond(self.as_microsecond().saturating_add(micros))
    }
}

impl ops::Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_microsecond(self.as_microsecond().saturating_sub(micros))
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        Self::new(time)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<D: Database> Type<D> for Timestamp
where
    i64: Type<D>,
{
    fn type_info() -> D::TypeInfo {
        <i64 as Type<D>>::type_info()
    }

    fn compatible(given: &D::TypeInfo) -> bool {
        <i64 as Type<D>>::compatible(given)
    }
}

impl<'q, D: Database> Encode<'q, D> for Timestamp
where
    i64: Encode<'q, D>,
{
    fn encode_by_ref(&self, buffer: &mut <D as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.as_microsecond().encode_by_ref(buffer)
    }
}

impl<'r, D: Database> Decode<'r, D> for Timestamp
where
    i64: Decode<'r, D>,
{
    fn decode(value: <D as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        i64::decode(value).map(Self::from_microsecond)
    }
}
