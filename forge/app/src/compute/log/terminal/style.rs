//! How text looks. A theme has eight hues, light and dark: whatever colour a program asks for becomes the
//! nearest of them, so that it can be read on every page.

/// One of the colours of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hue {
    Grey,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
}

/// How a piece of text looks. The default is plain text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// `None`: the colour of plain text.
    pub hue: Option<Hue>,
    /// The colour behind the text.
    pub ground: Option<Hue>,
    pub emphasis: Emphasis,
}

/// A set of the ways in which text can be emphasised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Emphasis(u8);

impl Emphasis {
    pub const NONE: Self = Self(0);
    pub const BOLD: Self = Self(1);
    pub const FAINT: Self = Self(1 << 1);
    pub const ITALIC: Self = Self(1 << 2);
    pub const UNDERLINED: Self = Self(1 << 3);
    /// Text and background exchange their colours.
    pub const INVERSE: Self = Self(1 << 4);
    pub const STRUCK: Self = Self(1 << 5);

    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl Style {
    /// The style after the parameters of "select graphic rendition" (`ESC [ … m`). `None` is a parameter
    /// that was left out. Unknown ones change nothing.
    pub(super) fn select(mut self, parameters: &[Option<u16>]) -> Self {
        let mut rest = parameters.iter().map(|parameter| parameter.unwrap_or(0));
        while let Some(parameter) = rest.next() {
            let emphasis = self.emphasis;
            match parameter {
                0 => self = Self::default(),
                1 => self.emphasis = emphasis.with(Emphasis::BOLD),
                2 => self.emphasis = emphasis.with(Emphasis::FAINT),
                3 => self.emphasis = emphasis.with(Emphasis::ITALIC),
                4 | 21 => self.emphasis = emphasis.with(Emphasis::UNDERLINED),
                7 => self.emphasis = emphasis.with(Emphasis::INVERSE),
                9 => self.emphasis = emphasis.with(Emphasis::STRUCK),
                22 => self.emphasis = emphasis.without(Emphasis::BOLD.with(Emphasis::FAINT)),
                23 => self.emphasis = emphasis.without(Emphasis::ITALIC),
                24 => self.emphasis = emphasis.without(Emphasis::UNDERLINED),
                27 => self.emphasis = emphasis.without(Emphasis::INVERSE),
                29 => self.emphasis = emphasis.without(Emphasis::STRUCK),
                30..=37 => self.hue = of_sixteen(parameter - 30),
                38 => self.hue = extended(&mut rest),
                39 => self.hue = None,
                40..=47 => self.ground = of_sixteen(parameter - 40),
                48 => self.ground = extended(&mut rest),
                49 => self.ground = None,
                90..=97 => self.hue = of_sixteen(parameter - 90 + 8),
                100..=107 => self.ground = of_sixteen(parameter - 100 + 8),
                _ => {}
            }
        }
        self
    }
}

/// One of the sixteen colours of old terminals. White is the colour of plain text, and black has to be seen
/// on a dark page too.
const fn of_sixteen(number: u16) -> Option<Hue> {
    match number % 8 {
        0 => Some(Hue::Grey),
        1 => Some(Hue::Red),
        2 => Some(Hue::Green),
        3 => Some(Hue::Yellow),
        4 => Some(Hue::Blue),
        5 => Some(Hue::Magenta),
        6 => Some(Hue::Cyan),
        _ => None,
    }
}

/// `5;N` of 256 colours, or `2;R;G;B`.
fn extended(rest: &mut impl Iterator<Item = u16>) -> Option<Hue> {
    match rest.next()? {
        5 => match rest.next()? {
            number @ 0..16 => of_sixteen(number),
            number @ 16..232 => {
                let cube = number - 16;
                let level = |part: u16| if part == 0 { 0 } else { 55 + 40 * part };
                nearest(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
            }
            number => {
                let level = 8 + 10 * (number.min(255) - 232);
                nearest(level, level, level)
            }
        },
        2 => Some((rest.next()?, rest.next()?, rest.next()?))
            .and_then(|(red, green, blue)| nearest(red.min(255), green.min(255), blue.min(255))),
        _ => None,
    }
}

/// The hue that is nearest to a colour; light greys are the colour of plain text.
fn nearest(red: u16, green: u16, blue: u16) -> Option<Hue> {
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let spread = most - least;
    if spread * 5 < most || most < 32 {
        return (most < 160).then_some(Hue::Grey);
    }
    // The angle on the colour wheel in degrees, as in HSV.
    let part = |from: u16, to: u16| (i32::from(from) - i32::from(to)) * 60 / i32::from(spread);
    let angle = if most == red {
        part(green, blue)
    } else if most == green {
        120 + part(blue, red)
    } else {
        240 + part(red, green)
    };
    Some(match angle.rem_euclid(360) {
        20..75 => Hue::Yellow,
        75..160 => Hue::Green,
        160..200 => Hue::Cyan,
        200..260 => Hue::Blue,
        260..335 => Hue::Magenta,
        _ => Hue::Red,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(parameters: &[u16]) -> Style {
        let parameters: Vec<_> = parameters.iter().map(|parameter| Some(*parameter)).collect();
        Style::default().select(&parameters)
    }

    #[test]
    fn sixteen_colours_become_the_hues_of_a_theme() {
        assert_eq!(after(&[31]).hue, Some(Hue::Red));
        assert_eq!(after(&[92]).hue, Some(Hue::Green));
        assert_eq!((after(&[30]).hue, after(&[97]).hue), (Some(Hue::Grey), None));
        assert_eq!(after(&[44]).ground, Some(Hue::Blue));
        assert_eq!(after(&[31, 39]), Style::default());
    }

    #[test]
    fn more_colours_become_the_nearest_hue() {
        let of_256 = |number| after(&[38, 5, number]).hue;
        assert_eq!(
            [196, 208, 46, 51, 21, 201, 244, 255].map(of_256),
            [
                Some(Hue::Red),
                Some(Hue::Yellow),
                Some(Hue::Green),
                Some(Hue::Cyan),
                Some(Hue::Blue),
                Some(Hue::Magenta),
                Some(Hue::Grey),
                None
            ]
        );
        assert_eq!(after(&[48, 2, 250, 30, 20]).ground, Some(Hue::Red));
        assert_eq!(after(&[38, 2, 1]), Style::default());
        assert_eq!(after(&[38, 5, 999, 1]).emphasis, Emphasis::BOLD);
    }

    #[test]
    fn emphasis_is_added_and_taken_away() {
        let style = after(&[1, 4, 7]);
        assert!(style.emphasis.has(Emphasis::BOLD) && style.emphasis.has(Emphasis::INVERSE));
        let style = style.select(&[Some(22), Some(27)]);
        assert_eq!(style.emphasis, Emphasis::UNDERLINED);
        assert_eq!(style.select(&[None]), Style::default());
    }
}
