//! Numbers as charts and their tables write them; `chart.js` does the same.

/// Four significant digits, and an exponent only where it helps.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return match value {
            f64::INFINITY => "∞",
            f64::NEG_INFINITY => "−∞",
            _ => "NaN",
        }
        .to_owned();
    }
    if !(1e-4..1e7).contains(&size) {
        return short_power(value);
    }
    let decimals = match size {
        1000.0.. => 0,
        100.0.. => 1,
        10.0.. => 2,
        1.0.. => 3,
        0.1.. => 4,
        0.01.. => 5,
        _ => 6,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `1.5e-7`, and `1e-5` rather than `1.00e-5`.
fn short_power(value: f64) -> String {
    let text = format!("{value:.2e}");
    match text.split_once('e') {
        Some((digits, power)) => format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.')),
        None => text,
    }
}

/// In two halves, because only integers of up to 32 bits convert to a float without loss.
pub fn float(number: u64) -> f64 {
    let high = u32::try_from(number >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_at_most() {
        let values = [0.0, 12345.6, 2.17159, 0.012_345, 1e-9, 2.5e9, 100.0, f64::NAN, f64::NEG_INFINITY];
        assert_eq!(
            values.map(number),
            ["0", "12346", "2.172", "0.01235", "1e-9", "2.5e9", "100", "NaN", "−∞"]
        );
    }

    #[test]
    fn integers_become_floats() {
        assert_eq!(float(5 << 32).to_bits(), (5.0 * 4_294_967_296.0_f64).to_bits());
        assert_eq!(float(u64::from(u32::MAX)).to_bits(), f64::from(u32::MAX).to_bits());
    }
}
