/// `2026-12-01 02:10 UTC` of an instant as the API writes it.
pub(crate) fn moment(instant: &str) -> String {
    let (day, rest) = instant.split_once('T').unwrap_or((instant, ""));
    match (rest.get(..5), instant.ends_with('Z')) {
        (Some(time), true) => format!("{day} {time} UTC"),
        (_, _) => super::one_line(instant),
    }
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn an_instant_says_its_zone() {
        assert_eq!(moment("2026-12-01T02:10:57Z"), "2026-12-01 02:10 UTC");
        assert_eq!(moment("soon"), "soon");
    }
}
