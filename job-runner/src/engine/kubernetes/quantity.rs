//! Kubernetes quantities: `1500m`, `8Gi`, `2e3`.

/// A quantity in thousandths, rounded up; `None` if it is not a quantity.
pub(super) fn milli(text: &str) -> Option<i128> {
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_negative = whole.starts_with('-');
    let digits: String = [whole.trim_start_matches(['+', '-']), fraction].concat();
    if digits.is_empty() || digits.len() > 30 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: i128 = digits.parse().ok()?;
    let tens = |power: u32| 10_i128.checked_pow(power);
    let (times, divided) = match suffix {
        "" => (1000, 1),
        "n" => (1, 1_000_000),
        "u" => (1, 1000),
        "m" => (1, 1),
        "k" => (tens(6)?, 1),
        "M" => (tens(9)?, 1),
        "G" => (tens(12)?, 1),
        "T" => (tens(15)?, 1),
        "P" => (tens(18)?, 1),
        "E" => (tens(21)?, 1),
        "Ki" => (1000 << 10, 1),
        "Mi" => (1000 << 20, 1),
        "Gi" => (1000 << 30, 1),
        "Ti" => (1000 << 40, 1),
        "Pi" => (1000 << 50, 1),
        "Ei" => (1000 << 60, 1),
        other => {
            let power: i32 = other.strip_prefix(['e', 'E'])?.parse().ok()?;
            let size = tens(power.unsigned_abs())?;
            if power < 0 { (1000, size) } else { (size.checked_mul(1000)?, 1) }
        }
    };
    let divided = tens(u32::try_from(fraction.len()).ok()?)?.checked_mul(divided)?;
    let product = value.checked_mul(times)?;
    let rounded = product / divided + i128::from(product % divided != 0);
    Some(if is_negative { -rounded } else { rounded })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_the_cluster_means_them() {
        for (text, value) in [
            ("8", 8000),
            ("1500m", 1500),
            ("0.5", 500),
            ("1.5Gi", 1_610_612_736_000),
            ("8Ki", 8_192_000),
            ("2k", 2_000_000),
            ("2e3", 2_000_000),
            ("1n", 1),
            ("-1", -1000),
            ("129e6", 129_000_000_000),
        ] {
            assert_eq!(milli(text), Some(value), "{text}");
        }
        for odd in ["", "m", "1x", "1.2.3", "Gi", &"9".repeat(60)] {
            assert_eq!(milli(odd), None, "{odd}");
        }
    }
}
