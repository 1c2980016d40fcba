//! Thrift's compact protocol, as far as Parquet uses it. Every value takes at least one byte, so what can be
//! visited is bounded by the bytes that there are.

use super::Problem;

/// Deeper structures are refused.
const DEEPEST: u32 = 32;

/// A place in a message.
pub(super) struct Message<'a> {
    bytes: &'a [u8],
}

/// A field or an element, with its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    True,
    False,
    /// One byte.
    Byte,
    /// A number of any length.
    Number,
    Double,
    Bytes,
    List,
    Map,
    Struct,
}

impl Kind {
    fn of(code: u8) -> Result<Self, Problem> {
        Ok(match code {
            1 => Self::True,
            2 => Self::False,
            3 => Self::Byte,
            4..=6 => Self::Number,
            7 => Self::Double,
            8 => Self::Bytes,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            _ => return Err(Problem::Malformed),
        })
    }
}

impl<'a> Message<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn byte(&mut self) -> Result<u8, Problem> {
        let (&byte, rest) = self.bytes.split_first().ok_or(Problem::Ends)?;
        self.bytes = rest;
        Ok(byte)
    }

    fn varint(&mut self) -> Result<u64, Problem> {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Problem::Malformed)
    }

    /// A number, of which the lowest bit is the sign.
    pub(super) fn number(&mut self) -> Result<i64, Problem> {
        let number = self.varint()?;
        Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Problem> {
        let length = usize::try_from(self.varint()?).map_err(|_| Problem::Ends)?;
        let (bytes, rest) = self.bytes.split_at_checked(length).ok_or(Problem::Ends)?;
        self.bytes = rest;
        Ok(bytes)
    }

    pub(super) fn text(&mut self) -> Result<String, Problem> {
        Ok(String::from_utf8_lossy(self.bytes()?).into_owned())
    }

    /// The length of a list, and what its elements are.
    pub(super) fn list(&mut self) -> Result<(u64, Kind), Problem> {
        let byte = self.byte()?;
        let count = if byte >> 4 == 15 { self.varint()? } else { u64::from(byte >> 4) };
        let kind = if count == 0 { Kind::Byte } else { Kind::of(byte & 15)? };
        Ok((count, kind))
    }

    /// Calls `visit` with every field of a struct; it returns whether it has read the field's value.
    pub(super) fn fields(
        &mut self,
        mut visit: impl FnMut(&mut Self, i64, Kind) -> Result<bool, Problem>,
    ) -> Result<(), Problem> {
        self.fields_at(0, &mut visit)
    }

    fn fields_at(
        &mut self,
        depth: u32,
        visit: &mut dyn FnMut(&mut Self, i64, Kind) -> Result<bool, Problem>,
    ) -> Result<(), Problem> {
        let mut number = 0_i64;
        loop {
            let byte = self.byte()?;
            if byte == 0 {
                return Ok(());
            }
            let kind = Kind::of(byte & 15)?;
            let step = i64::from(byte >> 4);
            number = if step == 0 { self.number()? } else { number.saturating_add(step) };
            if !visit(self, number, kind)? {
                self.skip(kind, depth + 1)?;
            }
        }
    }

    fn skip(&mut self, kind: Kind, depth: u32) -> Result<(), Problem> {
        if depth > DEEPEST {
            return Err(Problem::TooMuch);
        }
        match kind {
            Kind::True | Kind::False => Ok(()),
            Kind::Byte => self.byte().map(drop),
            Kind::Number => self.varint().map(drop),
            Kind::Bytes => self.bytes().map(drop),
            Kind::Double => {
                self.bytes = self.bytes.get(8..).ok_or(Problem::Ends)?;
                Ok(())
            }
            Kind::Struct => self.fields_at(depth, &mut |_, _, _| Ok(false)),
            Kind::List => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.skip_element(kind, depth))
            }
            Kind::Map => {
                let count = self.varint()?;
                if count == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                let (key, value) = (Kind::of(kinds >> 4)?, Kind::of(kinds & 15)?);
                (0..count).try_for_each(|_| {
                    self.skip_element(key, depth)?;
                    self.skip_element(value, depth)
                })
            }
        }
    }

    /// In lists, a boolean takes a byte.
    pub(super) fn skip_element(&mut self, kind: Kind, depth: u32) -> Result<(), Problem> {
        match kind {
            Kind::True | Kind::False => self.byte().map(drop),
            other => self.skip(other, depth + 1),
        }
    }
}
