//! Formatting of numbers and sizes, the same in both languages.
//!
//! Templates pass numbers by reference, Rust code by value: both are accepted.

use std::borrow::Borrow;

use fluent::FluentValue;

/// Digits in groups of three: 12,345.
pub fn grouped(number: impl Borrow<u64>) -> String {
    let digits = number.borrow().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How numbers are formatted in messages.
pub(super) fn number_in_message<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let plain = number.as_string();
    let (sign, rest) = plain.strip_prefix('-').map_or(("", &*plain), |rest| ("-", rest));
    let (whole, fraction) =
        rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = grouped(whole.parse::<u64>().ok()?);
    Some(fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}")))
}

/// A size in binary units: `0 B`, `512 B`, `1.5 KiB`, `23 MiB`, `4.2 GiB`.
pub fn bytes(size: impl Borrow<u64>) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let size = *size.borrow();
    if size < 1024 {
        return format!("{size} B");
    }
    let power = size.ilog2() / 10;
    let unit = UNITS[power as usize - 1];
    // Tenths of the unit as an integer, so that nothing is lost to rounding.
    let tenths = (u128::from(size) * 10) >> (power * 10);
    if tenths < 100 {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", tenths / 10)
    }
}

/// A number with two decimals, from hundredths.
pub fn points(hundredths: impl Borrow<u64>) -> String {
    let hundredths = *hundredths.borrow();
    format!("{}.{:02}", grouped(hundredths / 100), hundredths % 100)
}

/// The first ten characters of a hash.
pub fn short_hash(hash: &str) -> &str {
    hash.get(..10).unwrap_or(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_binary_units() {
        let sizes = [0_u64, 1023, 1024, 1536, 10 * 1024, 24_117_248, 4_509_715_661, u64::MAX];
        let texts = ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "10 KiB", "23 MiB", "4.2 GiB", "15 EiB"];
        assert_eq!(sizes.map(bytes), texts);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0_u64, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(points(123_456_u64), "1,234.56");
    }
}
