use std::borrow::Cow;

use fluent::FluentValue;
use hearth_core::Argument;

/// A value for a message. Numbers select the plural form and are formatted with separators.
pub trait WordArgument {
    fn word(&self) -> FluentValue<'_>;
}

impl<T: WordArgument + ?Sized> WordArgument for &T {
    fn word(&self) -> FluentValue<'_> {
        (**self).word()
    }
}

impl WordArgument for str {
    fn word(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl WordArgument for String {
    fn word(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl WordArgument for Cow<'_, str> {
    fn word(&self) -> FluentValue<'_> {
        FluentValue::from(&**self)
    }
}

impl WordArgument for Argument {
    fn word(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_str()),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

macro_rules! as_text {
    ($($name:ty),+) => {$(
        impl WordArgument for $name {
            fn word(&self) -> FluentValue<'_> {
                FluentValue::from(self.to_string())
            }
        }
    )+};
}

macro_rules! as_number {
    ($($name:ty),+) => {$(
        impl WordArgument for $name {
            fn word(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        }
    )+};
}

as_number!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, u128);
as_text!(hearth_core::ThreadNumber, hearth_core::RepositoryName, hearth_core::UserName);
