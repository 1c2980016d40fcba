//! Safetensors: the length of a JSON object in eight bytes, the object, then the tensors.

use std::fmt;

use serde::{
    Deserialize,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{Fact, Header, Input, Problem, Section, SectionKind, elements, shape};

/// Longer headers are not read.
const MOST_HEADER_BYTES: u64 = 32 << 20;
/// No tensor has more; further ones are passed over.
const MOST_DIMENSIONS: usize = 64;

#[derive(Deserialize)]
struct Tensor {
    dtype: String,
    shape: Dimensions,
    #[serde(default)]
    data_offsets: IgnoredAny,
}

/// The first dimensions of a tensor.
struct Dimensions(Vec<u64>);

/// Keys with their values, which are read one after the other: a header may have millions.
struct Metadata(Section);

struct Found {
    tensors: Section,
    metadata: Section,
    parameters: u64,
}

pub(super) fn read(input: &mut Input) -> Result<Header, Problem> {
    let length = input.u64()?;
    if length > input.size() - input.at() {
        return Err(Problem::Ends);
    }
    if length > MOST_HEADER_BYTES {
        return Err(Problem::TooMuch);
    }
    let bytes = input.take(length)?;
    let found: Found = serde_json::from_slice(&bytes).map_err(|_| Problem::Malformed)?;
    let header = Header {
        format: "Safetensors".to_owned(),
        facts: vec![Fact::Tensors(found.tensors.total), Fact::Parameters(found.parameters)],
        sections: Vec::new(),
        is_whole: true,
    };
    Ok(header.with(found.metadata).with(found.tensors))
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Found;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("tensors by their names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
                let mut found = Found {
                    tensors: Section::new(SectionKind::Tensors),
                    metadata: Section::new(SectionKind::Metadata),
                    parameters: 0,
                };
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        Metadata(found.metadata) = map.next_value()?;
                        continue;
                    }
                    let Tensor { dtype, shape: Dimensions(dimensions), data_offsets: IgnoredAny } =
                        map.next_value()?;
                    found.parameters = found.parameters.saturating_add(elements(&dimensions));
                    found.tensors.push(&name, &dtype, &shape(&dimensions));
                }
                Ok(found)
            }
        }

        deserializer.deserialize_map(Names)
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Metadata;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("texts by their keys")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metadata, A::Error> {
                let mut pairs = Section::new(SectionKind::Metadata);
                while let Some((key, value)) = map.next_entry::<String, String>()? {
                    pairs.push(&key, &value, "");
                }
                Ok(Metadata(pairs))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

impl<'de> Deserialize<'de> for Dimensions {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;

        impl<'de> Visitor<'de> for Numbers {
            type Value = Dimensions;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the dimensions of a tensor")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Dimensions, A::Error> {
                let mut dimensions = Vec::new();
                while let Some(dimension) = numbers.next_element::<u64>()? {
                    if dimensions.len() < MOST_DIMENSIONS {
                        dimensions.push(dimension);
                    }
                }
                Ok(Dimensions(dimensions))
            }
        }

        deserializer.deserialize_seq(Numbers)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{super::Row, *};

    const HEADER: &str = r#"{"__metadata__":{"format":"pt"},
        "embed.weight":{"dtype":"BF16","shape":[4,8],"data_offsets":[0,64]},
        "scale":{"dtype":"F32","shape":[],"data_offsets":[64,68]}}"#;

    pub(in super::super) fn sample() -> Vec<u8> {
        [&(HEADER.len() as u64).to_le_bytes()[..], HEADER.as_bytes(), &[0; 68]].concat()
    }

    fn with_header(header: &str) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat()
    }

    pub(in super::super) fn many_pairs() -> Vec<u8> {
        with_header(&format!(r#"{{"__metadata__":{{{}"last":""}}}}"#, r#""a":"","#.repeat(300_000)))
    }

    pub(in super::super) fn many_dimensions() -> Vec<u8> {
        with_header(&format!(r#"{{"a":{{"dtype":"F32","shape":[{}1]}}}}"#, "1,".repeat(1_000_000)))
    }

    #[test]
    fn tensors_and_metadata_are_read() {
        let header = read(&mut Input::of(sample())).expect("a header");
        assert_eq!(header.facts, [Fact::Tensors(2), Fact::Parameters(33)]);
        let tensor = Row { name: "embed.weight".into(), value: "BF16".into(), shape: "4 × 8".into() };
        assert_eq!((header.sections[0].kind, &header.sections[1].rows[0]), (SectionKind::Metadata, &tensor));
    }

    #[test]
    fn a_header_that_is_cut_anywhere_or_lies_is_refused() {
        for end in 0..8 + HEADER.len() {
            assert_eq!(read(&mut Input::of(sample()[..end].to_vec())), Err(Problem::Ends), "{end}");
        }
        for (length, problem) in [(u64::MAX, Problem::Ends), (7, Problem::Malformed), (0, Problem::Malformed)]
        {
            let mut bytes = sample();
            bytes[..8].copy_from_slice(&length.to_le_bytes());
            assert_eq!(read(&mut Input::of(bytes)), Err(problem), "{length}");
        }
        let huge = r#"{"a":{"dtype":"F32","shape":[18446744073709551615,9],"data_offsets":[0,1]}}"#;
        let bytes = [&(huge.len() as u64).to_le_bytes()[..], huge.as_bytes()].concat();
        let header = read(&mut Input::of(bytes)).expect("a header");
        assert_eq!(header.facts[1], Fact::Parameters(u64::MAX));
    }
}
