//! Parquet: the metadata at the end of the file, with its schema.

use super::{
    Fact, Header, Input, Problem, Section, SectionKind, kept,
    thrift::{Kind, Message},
};

const MAGIC: &[u8; 4] = b"PAR1";
const ENCRYPTED: &[u8; 4] = b"PARE";
const MOST_FOOTER_BYTES: u64 = 16 << 20;
/// Columns that are nested deeper are shown as if they were not.
const DEEPEST: usize = 32;

const TYPES: &[&str] =
    &["BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"];
/// The types that columns had before logical types, by their numbers.
const CONVERTED: &[&str] = &[
    "UTF8",
    "MAP",
    "MAP_KEY_VALUE",
    "LIST",
    "ENUM",
    "DECIMAL",
    "DATE",
    "TIME_MILLIS",
    "TIME_MICROS",
    "TIMESTAMP_MILLIS",
    "TIMESTAMP_MICROS",
    "UINT_8",
    "UINT_16",
    "UINT_32",
    "UINT_64",
    "INT_8",
    "INT_16",
    "INT_32",
    "INT_64",
    "JSON",
    "BSON",
    "INTERVAL",
];
/// Logical types by the number of their field.
const LOGICAL: &[&str] = &[
    "",
    "STRING",
    "MAP",
    "LIST",
    "ENUM",
    "DECIMAL",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "",
    "INTEGER",
    "UNKNOWN",
    "JSON",
    "BSON",
    "UUID",
    "FLOAT16",
    "VARIANT",
    "GEOMETRY",
    "GEOGRAPHY",
];

/// One element of the schema: a column, or a group of columns.
#[derive(Default)]
struct Element {
    name: String,
    physical: Option<i64>,
    converted: Option<i64>,
    logical: Option<i64>,
    repetition: i64,
    children: i64,
}

pub(super) fn read(input: &mut Input) -> Result<Header, Problem> {
    const END_BYTES: u64 = 8;
    if input.size() < MAGIC.len() as u64 + END_BYTES {
        return Err(Problem::Ends);
    }
    input.go_to(input.size() - END_BYTES)?;
    let length = u64::from(input.u32()?);
    match &input.array::<4>()? {
        MAGIC => {}
        ENCRYPTED => return Err(Problem::Unknown),
        _ => return Err(Problem::Malformed),
    }
    if length > MOST_FOOTER_BYTES {
        return Err(Problem::TooMuch);
    }
    let start = (input.size() - END_BYTES).checked_sub(length).ok_or(Problem::Malformed)?;
    input.go_to(start)?;
    let footer = input.take(length)?;
    metadata(&mut Message::new(&footer))
}

fn metadata(message: &mut Message<'_>) -> Result<Header, Problem> {
    let mut columns = Section::new(SectionKind::Columns);
    let mut pairs = Section::new(SectionKind::Metadata);
    let (mut rows, mut groups, mut writer) = (0, 0, String::new());
    message.fields(|message, number, kind| {
        match (number, kind) {
            (2, Kind::List) => schema(message, &mut columns)?,
            (3, Kind::Number) => rows = message.number()?,
            (4, Kind::List) => {
                let (count, kind) = message.list()?;
                groups = count;
                (0..count).try_for_each(|_| message.skip_element(kind, 0))?;
            }
            (5, Kind::List) => key_values(message, &mut pairs)?,
            (6, Kind::Bytes) => writer = message.text()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    if columns.total == 0 {
        return Err(Problem::Malformed);
    }
    let mut facts = vec![Fact::Rows(u64::try_from(rows).unwrap_or(0)), Fact::RowGroups(groups)];
    if !writer.is_empty() {
        facts.push(Fact::Producer(super::super::cut(&writer, 200).0.to_owned()));
    }
    let header = Header { format: "Parquet".to_owned(), facts, sections: Vec::new(), is_whole: true };
    Ok(header.with(columns).with(pairs))
}

/// The schema is a tree in depth-first order; columns are its leaves, named by their paths.
fn schema(message: &mut Message<'_>, columns: &mut Section) -> Result<(), Problem> {
    let (count, kind) = message.list()?;
    if kind != Kind::Struct && count > 0 {
        return Err(Problem::Malformed);
    }
    // The groups around the current element, and how many of their children are still to come.
    let mut groups: Vec<(String, i64)> = Vec::new();
    for place in 0..count {
        let element = element(message)?;
        while groups.last().is_some_and(|(_, left)| *left <= 0) {
            groups.pop();
        }
        if let Some((_, left)) = groups.last_mut() {
            *left -= 1;
        }
        if element.children > 0 {
            // The first one is the root, whose name says nothing. The others are part of the name of every column in them.
            let name = if place == 0 { String::new() } else { kept(&element.name) };
            if groups.len() < DEEPEST {
                groups.push((name, element.children));
            }
            continue;
        }
        if !columns.has_room() {
            columns.total += 1;
        } else if place > 0 {
            let around = groups.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty());
            let path = around.chain([element.name.as_str()]).collect::<Vec<_>>().join(".");
            columns.push(&path, &type_name(&element), repetition(element.repetition));
        }
    }
    Ok(())
}

fn element(message: &mut Message<'_>) -> Result<Element, Problem> {
    let mut element = Element::default();
    message.fields(|message, number, kind| {
        match (number, kind) {
            (1, Kind::Number) => element.physical = Some(message.number()?),
            (3, Kind::Number) => element.repetition = message.number()?,
            (4, Kind::Bytes) => element.name = message.text()?,
            (5, Kind::Number) => element.children = message.number()?,
            (6, Kind::Number) => element.converted = Some(message.number()?),
            (10, Kind::Struct) => message.fields(|_, number, _| {
                element.logical = Some(number);
                Ok(false)
            })?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(element)
}

fn key_values(message: &mut Message<'_>, pairs: &mut Section) -> Result<(), Problem> {
    let (count, kind) = message.list()?;
    if kind != Kind::Struct && count > 0 {
        return Err(Problem::Malformed);
    }
    for _ in 0..count {
        let (mut key, mut value) = (String::new(), String::new());
        message.fields(|message, number, kind| {
            match (number, kind) {
                (1, Kind::Bytes) => key = message.text()?,
                (2, Kind::Bytes) => value = message.text()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        pairs.push(&key, &value, "");
    }
    Ok(())
}

fn type_name(element: &Element) -> String {
    let named = |names: &[&str], number: Option<i64>| {
        let name = names.get(usize::try_from(number?).ok()?)?;
        (!name.is_empty()).then(|| (*name).to_owned())
    };
    let physical = named(TYPES, element.physical).unwrap_or_default();
    match named(LOGICAL, element.logical).or_else(|| named(CONVERTED, element.converted)) {
        Some(logical) => format!("{logical} ({physical})"),
        None => physical,
    }
}

fn repetition(number: i64) -> &'static str {
    match number {
        1 => "optional",
        2 => "repeated",
        _ => "required",
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn text(text: &str) -> Vec<u8> {
        [&[u8::try_from(text.len()).expect("short")], text.as_bytes()].concat()
    }

    /// A file with a column `id`, and a group `user` with a column `name`.
    pub(in super::super) fn sample() -> Vec<u8> {
        let root = [&[0x48][..], &text("schema"), &[0x15, 4, 0]].concat();
        let id = [&[0x15, 4, 0x25, 0, 0x18][..], &text("id"), &[0]].concat();
        let user = [&[0x35, 2, 0x18][..], &text("user"), &[0x15, 2, 0]].concat();
        // Type BYTE_ARRAY, optional, and the logical type STRING: a struct with the field 1.
        let name = [&[0x15, 12, 0x25, 2, 0x18][..], &text("name"), &[0x6c, 0x1c, 0, 0, 0]].concat();
        let pair = [&[0x18][..], &text("author"), &[0x18], &text("mei"), &[0]].concat();
        let footer = [
            &[0x15, 4, 0x19, 0x4c][..],
            &root,
            &id,
            &user,
            &name,
            &[0x16, 0xc8, 1, 0x19, 0x1c, 0x16, 2, 0, 0x19, 0x1c],
            &pair,
            &[0x18],
            &text("arrow"),
            &[0],
        ]
        .concat();
        let length = u32::try_from(footer.len()).expect("short").to_le_bytes();
        [&MAGIC[..], &footer, &length, MAGIC].concat()
    }

    /// Thirty groups inside each other with names of 60 KB, and 200,000 columns without a name in the innermost.
    pub(in super::super) fn long_names_of_many_columns() -> Vec<u8> {
        let group = |name: &[u8]| {
            let bits = |from: u32| u8::try_from((name.len() >> from) & 0x7f).expect("seven bits");
            let length = [0x80 | bits(0), 0x80 | bits(7), bits(14)];
            // A name, and as many children as there can be.
            [&[0x48][..], &length, name, &[0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0]].concat()
        };
        // The root, the groups and the columns, as one number.
        let count = [0xfc, 0xdf, 0x9a, 0x0c];
        let groups = group("g".repeat(60_000).as_bytes()).repeat(30);
        let columns = [0].repeat(200_000);
        let footer = [&[0x15, 4, 0x19][..], &count, &group(b"schema"), &groups, &columns, &[0]].concat();
        let length = u32::try_from(footer.len()).expect("short").to_le_bytes();
        [&MAGIC[..], &footer, &length, MAGIC].concat()
    }

    #[test]
    fn schema_rows_and_metadata_are_read() {
        let header = read(&mut Input::of(sample())).expect("a header");
        assert_eq!(header.facts, [Fact::Rows(100), Fact::RowGroups(1), Fact::Producer("arrow".into())]);
        let rows: Vec<_> = header.sections[0]
            .rows
            .iter()
            .map(|row| (row.name.as_str(), row.value.as_str(), row.shape.as_str()))
            .collect();
        assert_eq!(rows, [("id", "INT64", "required"), ("user.name", "STRING (BYTE_ARRAY)", "optional")]);
        assert_eq!(header.sections[1].rows[0].name, "author");
    }

    #[test]
    fn a_footer_that_is_cut_anywhere_or_lies_is_refused() {
        let sample = sample();
        for end in 0..sample.len() {
            assert!(read(&mut Input::of(sample[..end].to_vec())).is_err(), "{end}");
        }
        let footer = &sample[4..sample.len() - 8];
        for end in 0..footer.len() {
            assert!(metadata(&mut Message::new(&footer[..end])).is_err(), "{end}");
        }
        for length in [0_u32, 1, 1 << 20, u32::MAX] {
            let mut bytes = sample.clone();
            let place = bytes.len() - 8;
            bytes[place..place + 4].copy_from_slice(&length.to_le_bytes());
            assert!(read(&mut Input::of(bytes)).is_err(), "{length}");
        }
    }

    #[test]
    fn deep_structures_and_endless_lists_end() {
        assert_eq!(metadata(&mut Message::new(&[0x1c; 10_000])), Err(Problem::TooMuch));
        let endless = [&[0x19, 0xfc][..], &[0xff; 9], &[1], &[0; 64]].concat();
        assert_eq!(metadata(&mut Message::new(&endless)), Err(Problem::Ends));
    }
}
