text_enum! {
    /// The languages of the user interface. The text is the tag in `<html lang>`, in cookies, settings and
    /// the database.
    #[derive(Default)]
    pub enum Language {
        #[default]
        En = "en",
        ZhCn = "zh-CN",
    }
}

impl Language {
    /// The language's name in the language itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::ZhCn => "简体中文",
        }
    }

    /// Accepts any tag of the language: `zh`, `zh-Hans-CN`, `en-GB`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("zh") => Some(Self::ZhCn),
            Some(primary) if primary.eq_ignore_ascii_case("en") => Some(Self::En),
            _ => None,
        }
    }

    /// The best match for an `Accept-Language` header, as browsers and Git send it.
    pub fn accepted(header: &str) -> Option<Self> {
        let ranked = header.split(',').filter_map(|part| {
            let mut pieces = part.split(';');
            let language = Self::of_tag(pieces.next()?.trim())?;
            let weight =
                pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.trim().parse().ok()).unwrap_or(1.0);
            Some((weight, language)).filter(|(weight, _): &(f32, Self)| *weight > 0.0)
        });
        // The first one wins a tie.
        ranked
            .fold(
                None,
                |best: Option<(f32, Self)>, next| {
                    if best.is_some_and(|best| best.0 >= next.0) { best } else { Some(next) }
                },
            )
            .map(|best| best.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_we_speak_is_taken() {
        assert_eq!(Language::accepted("fr, zh-Hans-CN;q=0.8, en;q=0.7"), Some(Language::ZhCn));
        assert_eq!(Language::accepted("en;q=0.7,zh;q=0.8"), Some(Language::ZhCn));
        assert_eq!(Language::accepted("en-GB, zh"), Some(Language::En));
        assert_eq!(Language::accepted("zh-CN, *;q=0.9"), Some(Language::ZhCn));
        assert_eq!(Language::accepted("fr, zh;q=0"), None);
        assert_eq!(Language::accepted(";;,q=,"), None);
    }
}
