//! A notebook as it is written. What would be left out is not kept while it is read: a few bytes of text would
//! otherwise become a hundred times as many.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{super::cut, MOST_CELLS, MOST_OUTPUTS};

/// Types of one output that are named.
const MOST_TYPES: usize = 20;
const LONGEST_TYPE: usize = 100;

#[derive(Deserialize)]
pub(super) struct RawNotebook {
    #[serde(default)]
    pub(super) metadata: RawMetadata,
    pub(super) nbformat: u64,
    #[serde(default)]
    pub(super) cells: First<RawCell, MOST_CELLS>,
}

#[derive(Default, Deserialize)]
pub(super) struct RawMetadata {
    #[serde(default)]
    pub(super) kernelspec: RawLanguage,
    #[serde(default)]
    pub(super) language_info: RawLanguage,
}

#[derive(Default, Deserialize)]
pub(super) struct RawLanguage {
    #[serde(default)]
    pub(super) language: Option<String>,
    #[serde(default)]
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawCell {
    pub(super) cell_type: String,
    #[serde(default)]
    pub(super) source: RawText,
    #[serde(default)]
    pub(super) execution_count: Option<u64>,
    #[serde(default)]
    pub(super) outputs: First<RawOutput, MOST_OUTPUTS>,
}

#[derive(Deserialize)]
pub(super) struct RawOutput {
    #[serde(default)]
    pub(super) output_type: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) text: RawText,
    #[serde(default)]
    pub(super) data: RawData,
    #[serde(default)]
    pub(super) ename: String,
    #[serde(default)]
    pub(super) evalue: String,
    #[serde(default)]
    pub(super) traceback: RawText,
}

/// The representations of one output, of which the richest that can be shown safely is.
#[derive(Default)]
pub(super) struct RawData {
    pub(super) html: Option<RawText>,
    pub(super) markdown: Option<RawText>,
    pub(super) plain: Option<RawText>,
    pub(super) png: Option<RawText>,
    pub(super) jpeg: Option<RawText>,
    pub(super) svg: Option<RawText>,
    pub(super) others: Vec<String>,
}

/// A text, or its lines.
#[derive(Default)]
pub(super) struct RawText(pub(super) String);

/// The first elements of a list, at most this many, and how many it has.
pub(super) struct First<T, const MOST: usize> {
    pub(super) first: Vec<T>,
    pub(super) total: usize,
}

impl RawData {
    pub(super) fn has_picture(&self) -> bool {
        self.png.is_some() || self.jpeg.is_some() || self.svg.is_some()
    }
}

impl<T, const MOST: usize> Default for First<T, MOST> {
    fn default() -> Self {
        Self { first: Vec::new(), total: 0 }
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for First<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T, const MOST: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Elements<T, MOST> {
            type Value = First<T, MOST>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<First<T, MOST>, A::Error> {
                let mut first = Vec::new();
                while first.len() < MOST {
                    match list.next_element()? {
                        Some(element) => first.push(element),
                        None => return Ok(First { total: first.len(), first }),
                    }
                }
                let mut total = first.len();
                while list.next_element::<IgnoredAny>()?.is_some() {
                    total += 1;
                }
                Ok(First { first, total })
            }
        }

        deserializer.deserialize_seq(Elements::<T, MOST>(PhantomData))
    }
}

impl<'de> Deserialize<'de> for RawText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = String::new();
        Appended(&mut text).deserialize(deserializer)?;
        Ok(Self(text))
    }
}

/// Appends a text or all texts of a list; what else there may be is passed over.
struct Appended<'t>(&'t mut String);

impl<'de> DeserializeSeed<'de> for Appended<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Appended<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or its lines")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<(), A::Error> {
        while lines.next_element_seed(Appended(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

impl<'de> Deserialize<'de> for RawData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Types;

        impl<'de> Visitor<'de> for Types {
            type Value = RawData;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the representations of an output by their type")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawData, A::Error> {
                let mut data = RawData::default();
                while let Some(kind) = map.next_key::<String>()? {
                    let place = match kind.as_str() {
                        "text/html" => &mut data.html,
                        "text/markdown" => &mut data.markdown,
                        "text/plain" => &mut data.plain,
                        "image/png" => &mut data.png,
                        "image/jpeg" => &mut data.jpeg,
                        "image/svg+xml" => &mut data.svg,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            if data.others.len() < MOST_TYPES {
                                data.others.push(cut(&kind, LONGEST_TYPE).0.to_owned());
                            }
                            continue;
                        }
                    };
                    *place = Some(map.next_value()?);
                }
                Ok(data)
            }
        }

        deserializer.deserialize_map(Types)
    }
}
