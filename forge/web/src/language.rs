//! The reader's language: chosen in the settings, else by cookie, else by the browser.

use std::str::FromStr;

/// The languages that Hearth speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    En = 0,
    ZhCn = 1,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::En, Self::ZhCn];

    /// The tag in `<html lang>`, in the cookie and in the settings.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// Its own name for itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::ZhCn => "简体中文",
        }
    }

    /// The best answer to an `Accept-Language` header.
    pub fn accepted(header: &str) -> Option<Self> {
        let ranked = header.split(',').filter_map(|part| {
            let mut pieces = part.split(';');
            let language = pieces.next()?.trim().parse().ok()?;
            let weight =
                pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.trim().parse().ok()).unwrap_or(1.0);
            Some((weight, language)).filter(|(weight, _): &(f32, Self)| *weight > 0.0)
        });
        // The earlier one wins among equals.
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

impl FromStr for Language {
    type Err = ();

    /// Any tag of the language will do: `zh`, `zh-Hans-CN`, `en-GB`.
    fn from_str(tag: &str) -> Result<Self, ()> {
        match tag.split(['-', '_']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("zh") => Ok(Self::ZhCn),
            Some(primary) if primary.eq_ignore_ascii_case("en") => Ok(Self::En),
            _ => Err(()),
        }
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
        assert_eq!(Language::accepted("fr, zh;q=0"), None);
        assert_eq!(Language::accepted(";;,q=,"), None);
    }
}
