//! Light, dark, or as the system has it.

use std::str::FromStr;

use hearth_core::Colours;

use crate::words::Words;

/// The reader's choice of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word in `data-theme`, in the cookie and in the settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// As stored in the account.
    pub const fn colours(self) -> Option<Colours> {
        match self {
            Self::Auto => None,
            Self::Light => Some(Colours::Light),
            Self::Dark => Some(Colours::Dark),
        }
    }

    /// Its name for the reader.
    pub fn name(self, words: Words) -> &'static str {
        match self {
            Self::Auto => t!(words, "common-theme-auto"),
            Self::Light => t!(words, "common-theme-light"),
            Self::Dark => t!(words, "common-theme-dark"),
        }
    }
}

impl FromStr for Theme {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).ok_or(())
    }
}
