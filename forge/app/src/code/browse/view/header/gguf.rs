//! GGUF, the format of llama.cpp: keys with values, then the tensors' names, types and shapes.

use super::{Fact, Header, Input, Problem, Section, SectionKind, elements, shape};

const MAGIC: &[u8; 4] = b"GGUF";
const MOST_NAME_BYTES: u64 = 64 << 10;
const MOST_SHOWN_BYTES: u64 = 400;
const MOST_DIMENSIONS: u32 = 8;
const DEEPEST: u32 = 4;

/// The types of tensors by their numbers; those without a name are no longer written.
const TENSOR_TYPES: &[&str] = &[
    "F32", "F16", "Q4_0", "Q4_1", "", "", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
    "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8",
    "I16", "I32", "I64", "F64", "IQ1_M", "BF16", "", "", "", "TQ1_0", "TQ2_0", "", "", "", "MXFP4",
];

pub(super) fn read(input: &mut Input) -> Result<Header, Problem> {
    if &input.array::<4>()? != MAGIC {
        return Err(Problem::Malformed);
    }
    let version = input.u32()?;
    if !(2..=3).contains(&version) {
        return Err(Problem::Unknown);
    }
    let (tensors, keys) = (input.u64()?, input.u64()?);
    let mut metadata = Section::new(SectionKind::Metadata);
    for _ in 0..keys {
        let name = name(input)?;
        let kind = input.u32()?;
        let value = value(input, kind, 0)?;
        metadata.push(&name, &value, "");
    }
    let (mut section, mut parameters) = (Section::new(SectionKind::Tensors), 0_u64);
    for _ in 0..tensors {
        let name = name(input)?;
        let count = input.u32()?;
        if count > MOST_DIMENSIONS {
            return Err(Problem::Malformed);
        }
        let dimensions = (0..count).map(|_| input.u64()).collect::<Result<Vec<_>, _>>()?;
        let kind = input.u32()?;
        input.skip(8)?;
        parameters = parameters.saturating_add(elements(&dimensions));
        section.push(&name, &tensor_type(kind), &shape(&dimensions));
    }
    let header = Header {
        format: format!("GGUF {version}"),
        facts: vec![Fact::Tensors(tensors), Fact::Parameters(parameters)],
        sections: Vec::new(),
        is_whole: true,
    };
    Ok(header.with(metadata).with(section))
}

fn tensor_type(kind: u32) -> String {
    let known = usize::try_from(kind).ok().and_then(|kind| TENSOR_TYPES.get(kind));
    known.filter(|name| !name.is_empty()).map_or_else(|| kind.to_string(), |name| (*name).to_owned())
}

fn name(input: &mut Input) -> Result<String, Problem> {
    let length = input.u64()?;
    if length > MOST_NAME_BYTES {
        return Err(Problem::Malformed);
    }
    input.text(length, length)
}

/// A value as text; of a list, what it consists of.
fn value(input: &mut Input, kind: u32, depth: u32) -> Result<String, Problem> {
    Ok(match kind {
        0 => input.byte()?.to_string(),
        1 => i8::from_le_bytes(input.array()?).to_string(),
        2 => u16::from_le_bytes(input.array()?).to_string(),
        3 => i16::from_le_bytes(input.array()?).to_string(),
        4 => input.u32()?.to_string(),
        5 => i32::from_le_bytes(input.array()?).to_string(),
        6 => f32::from_le_bytes(input.array()?).to_string(),
        7 => (input.byte()? != 0).to_string(),
        8 => {
            let length = input.u64()?;
            input.text(length, MOST_SHOWN_BYTES)?
        }
        9 => list(input, depth)?,
        10 => input.u64()?.to_string(),
        11 => i64::from_le_bytes(input.array()?).to_string(),
        12 => f64::from_le_bytes(input.array()?).to_string(),
        _ => return Err(Problem::Malformed),
    })
}

fn list(input: &mut Input, depth: u32) -> Result<String, Problem> {
    if depth == DEEPEST {
        return Err(Problem::TooMuch);
    }
    let (kind, count) = (input.u32()?, input.u64()?);
    let width = match kind {
        0 | 1 | 7 => 1,
        2 | 3 => 2,
        4..=6 => 4,
        10..=12 => 8,
        _ => 0,
    };
    let mut shown = Vec::new();
    let listed = if width == 0 { count } else { count.min(8) };
    for place in 0..listed {
        let value = value(input, kind, depth + 1)?;
        if place < 8 {
            shown.push(value);
        }
    }
    input.skip(u64::checked_mul(width, count - listed).ok_or(Problem::Ends)?)?;
    let more = if count > 8 { format!(", … ({count})") } else { String::new() };
    Ok(format!("[{}{more}]", shown.join(", ")))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn text(text: &str) -> Vec<u8> {
        [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
    }

    pub(in super::super) fn sample() -> Vec<u8> {
        let list =
            [&9_u32.to_le_bytes()[..], &8_u32.to_le_bytes(), &2_u64.to_le_bytes(), &text("a"), &text("b")];
        let numbers = [&9_u32.to_le_bytes()[..], &4_u32.to_le_bytes(), &20_u64.to_le_bytes(), &[0; 80]];
        let tensor =
            [&2_u32.to_le_bytes()[..], &32_u64.to_le_bytes(), &8_u64.to_le_bytes(), &12_u32.to_le_bytes()];
        [
            &b"GGUF"[..],
            &3_u32.to_le_bytes(),
            &1_u64.to_le_bytes(),
            &3_u64.to_le_bytes(),
            &text("general.name"),
            &8_u32.to_le_bytes(),
            &text("Tiny"),
            &text("tokens"),
            &list.concat(),
            &text("numbers"),
            &numbers.concat(),
            &text("output.weight"),
            &tensor.concat(),
            &0_u64.to_le_bytes(),
        ]
        .concat()
    }

    #[test]
    fn keys_and_tensors_are_read() {
        let header = read(&mut Input::of(sample())).expect("a header");
        assert_eq!((header.format.as_str(), &header.facts[1]), ("GGUF 3", &Fact::Parameters(256)));
        let values: Vec<_> = header.sections[0].rows.iter().map(|row| row.value.as_str()).collect();
        assert_eq!(values, ["Tiny", "[a, b]", "[0, 0, 0, 0, 0, 0, 0, 0, … (20)]"]);
        let tensor = &header.sections[1].rows[0];
        assert_eq!((tensor.value.as_str(), tensor.shape.as_str()), ("Q4_K", "32 × 8"));
    }

    #[test]
    fn a_header_that_is_cut_anywhere_or_lies_is_refused() {
        let sample = sample();
        for end in 0..sample.len() {
            assert_eq!(read(&mut Input::of(sample[..end].to_vec())), Err(Problem::Ends), "{end}");
        }
        for place in [8, 16, 24] {
            let mut bytes = sample.clone();
            bytes[place..place + 8].copy_from_slice(&u64::MAX.to_le_bytes());
            assert!(read(&mut Input::of(bytes)).is_err(), "{place}");
        }
    }

    #[test]
    fn nested_lists_end() {
        let level = [&9_u32.to_le_bytes()[..], &1_u64.to_le_bytes()].concat();
        let start = [&b"GGUF"[..], &3_u32.to_le_bytes(), &0_u64.to_le_bytes(), &1_u64.to_le_bytes()].concat();
        let bytes = [start, text("a"), 9_u32.to_le_bytes().to_vec(), level.repeat(1_000)].concat();
        assert_eq!(read(&mut Input::of(bytes)), Err(Problem::TooMuch));
    }
}
