//! ONNX: a protobuf message, of which only the small fields are read. The weights are passed over.

use super::{Fact, Header, Input, Problem, Section, SectionKind, elements, shape};

const MOST_TEXT_BYTES: u64 = 400;
/// Fields that are visited in one file.
const MOST_FIELDS: u32 = 2_000_000;

/// The types of elements by their numbers in `TensorProto.DataType`.
const TYPES: &[&str] = &[
    "UNDEFINED",
    "FLOAT",
    "UINT8",
    "INT8",
    "UINT16",
    "INT16",
    "INT32",
    "INT64",
    "STRING",
    "BOOL",
    "FLOAT16",
    "DOUBLE",
    "UINT32",
    "UINT64",
    "COMPLEX64",
    "COMPLEX128",
    "BFLOAT16",
    "FLOAT8E4M3FN",
    "FLOAT8E4M3FNUZ",
    "FLOAT8E5M2",
    "FLOAT8E5M2FNUZ",
    "UINT4",
    "INT4",
    "FLOAT4E2M1",
];

/// A field: its number, and its value or where it lies.
struct Field {
    number: u64,
    value: Value,
}

enum Value {
    Number(u64),
    /// From one place up to another.
    Bytes(u64, u64),
    /// Eight or four bytes, which no field here has.
    Fixed,
}

struct Model {
    producer: String,
    producer_version: String,
    operator_sets: Vec<String>,
    nodes: u64,
    parameters: u64,
    metadata: Section,
    tensors: Section,
    inputs: Section,
    outputs: Section,
    left_fields: u32,
}

pub(super) fn read(input: &mut Input) -> Result<Header, Problem> {
    let mut model = Model {
        producer: String::new(),
        producer_version: String::new(),
        operator_sets: Vec::new(),
        nodes: 0,
        parameters: 0,
        metadata: Section::new(SectionKind::Metadata),
        tensors: Section::new(SectionKind::Tensors),
        inputs: Section::new(SectionKind::Inputs),
        outputs: Section::new(SectionKind::Outputs),
        left_fields: MOST_FIELDS,
    };
    let mut version = None;
    let mut has_graph = false;
    let end = input.size();
    let whole = loop {
        match model.field(input, end) {
            Ok(None) => break Ok(()),
            Ok(Some(field)) => match (field.number, field.value) {
                (1, Value::Number(number)) => version = Some(number),
                (7, Value::Bytes(start, end)) => {
                    has_graph = true;
                    if let Err(problem) = model.graph(input, start, end) {
                        break Err(problem);
                    }
                }
                (number, Value::Bytes(start, end)) => model.property(input, number, start, end)?,
                _ => {}
            },
            Err(problem) => break Err(problem),
        }
    };
    let is_whole = match whole {
        Ok(()) => true,
        // What was found so far is shown.
        Err(Problem::TooMuch) => false,
        Err(problem) => return Err(problem),
    };
    if !has_graph || version.is_none() {
        return Err(Problem::Malformed);
    }
    Ok(model.header(version.unwrap_or(0), is_whole))
}

impl Model {
    fn header(self, version: u64, is_whole: bool) -> Header {
        let mut facts = vec![
            Fact::Nodes(self.nodes),
            Fact::Tensors(self.tensors.total),
            Fact::Parameters(self.parameters),
        ];
        if !self.operator_sets.is_empty() {
            facts.push(Fact::OperatorSets(self.operator_sets.join(", ")));
        }
        let producer = format!("{} {}", self.producer, self.producer_version);
        if !producer.trim().is_empty() {
            facts.push(Fact::Producer(producer.trim().to_owned()));
        }
        let header = Header { format: format!("ONNX {version}"), facts, sections: Vec::new(), is_whole };
        header.with(self.inputs).with(self.outputs).with(self.metadata).with(self.tensors)
    }

    /// The next field before `end`, which is passed over.
    fn field(&mut self, input: &mut Input, end: u64) -> Result<Option<Field>, Problem> {
        if input.at() >= end {
            return if input.at() == end { Ok(None) } else { Err(Problem::Malformed) };
        }
        self.left_fields = self.left_fields.checked_sub(1).ok_or(Problem::TooMuch)?;
        let tag = varint(input)?;
        let value = match tag & 7 {
            0 => Value::Number(varint(input)?),
            1 => input.skip(8).map(|()| Value::Fixed)?,
            5 => input.skip(4).map(|()| Value::Fixed)?,
            2 => {
                let length = varint(input)?;
                let start = input.at();
                let stop = start.checked_add(length).ok_or(Problem::Ends)?;
                if stop > end {
                    return Err(if stop > input.size() { Problem::Ends } else { Problem::Malformed });
                }
                input.go_to(stop)?;
                Value::Bytes(start, stop)
            }
            _ => return Err(Problem::Malformed),
        };
        Ok(Some(Field { number: tag >> 3, value }))
    }

    /// Calls `visit` with every field of a message, and goes to its end.
    fn message(
        &mut self,
        input: &mut Input,
        (start, end): (u64, u64),
        mut visit: impl FnMut(&mut Self, &mut Input, u64, Value) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        input.go_to(start)?;
        while let Some(field) = self.field(input, end)? {
            let after = input.at();
            visit(self, input, field.number, field.value)?;
            input.go_to(after)?;
        }
        Ok(())
    }

    /// A field of the model that is not its graph.
    fn property(&mut self, input: &mut Input, number: u64, start: u64, end: u64) -> Result<(), Problem> {
        match number {
            // A field that is there again replaces the one before.
            2 => self.producer = text(input, start, end)?,
            3 => self.producer_version = text(input, start, end)?,
            8 => {
                let (mut domain, mut version) = (String::new(), 0);
                self.message(input, (start, end), |_, input, number, value| {
                    match (number, value) {
                        (1, Value::Bytes(start, end)) => domain = text(input, start, end)?,
                        (2, Value::Number(number)) => version = number,
                        _ => {}
                    }
                    Ok(())
                })?;
                let name = if domain.is_empty() { "ai.onnx" } else { &domain };
                if self.operator_sets.len() < 50 {
                    self.operator_sets.push(format!("{name} {version}"));
                }
            }
            14 => {
                let (mut key, mut told) = (String::new(), String::new());
                self.message(input, (start, end), |_, input, number, value| {
                    match (number, value) {
                        (1, Value::Bytes(start, end)) => key = text(input, start, end)?,
                        (2, Value::Bytes(start, end)) => told = text(input, start, end)?,
                        _ => {}
                    }
                    Ok(())
                })?;
                self.metadata.push(&key, &told, "");
            }
            _ => {}
        }
        input.go_to(end)
    }

    fn graph(&mut self, input: &mut Input, start: u64, end: u64) -> Result<(), Problem> {
        self.message(input, (start, end), |model, input, number, value| {
            match (number, value) {
                (1, Value::Bytes(..)) => model.nodes += 1,
                (5, Value::Bytes(start, end)) => model.tensor(input, start, end)?,
                (11, Value::Bytes(start, end)) => {
                    let (name, kind, shape) = model.value_info(input, start, end)?;
                    model.inputs.push(&name, &kind, &shape);
                }
                (12, Value::Bytes(start, end)) => {
                    let (name, kind, shape) = model.value_info(input, start, end)?;
                    model.outputs.push(&name, &kind, &shape);
                }
                _ => {}
            }
            Ok(())
        })
    }

    fn tensor(&mut self, input: &mut Input, start: u64, end: u64) -> Result<(), Problem> {
        let (mut dimensions, mut kind, mut name) = (Vec::new(), 0, String::new());
        self.message(input, (start, end), |_, input, number, value| {
            match (number, value) {
                (1, Value::Number(dimension)) if dimensions.len() < 64 => dimensions.push(dimension),
                (1, Value::Bytes(start, end)) => {
                    input.go_to(start)?;
                    while input.at() < end && dimensions.len() < 64 {
                        dimensions.push(varint(input)?);
                    }
                }
                (2, Value::Number(number)) => kind = number,
                (8, Value::Bytes(start, end)) => name = text(input, start, end)?,
                _ => {}
            }
            Ok(())
        })?;
        self.parameters = self.parameters.saturating_add(elements(&dimensions));
        self.tensors.push(&name, &type_name(kind), &shape(&dimensions));
        Ok(())
    }

    /// Name, type and shape of an input or an output: `ValueInfoProto`.
    fn value_info(
        &mut self,
        input: &mut Input,
        start: u64,
        end: u64,
    ) -> Result<(String, String, String), Problem> {
        let (mut name, mut kind, mut dimensions) = (String::new(), 0, Vec::new());
        self.message(input, (start, end), |model, input, number, value| match (number, value) {
            (1, Value::Bytes(start, end)) => text(input, start, end).map(|text| name = text),
            // TypeProto, and in it the tensor's type.
            (2, Value::Bytes(start, end)) => {
                model.message(input, (start, end), |model, input, number, value| {
                    let (1, Value::Bytes(start, end)) = (number, value) else { return Ok(()) };
                    model.message(input, (start, end), |model, input, number, value| match (number, value) {
                        (1, Value::Number(number)) => {
                            kind = number;
                            Ok(())
                        }
                        (2, Value::Bytes(start, end)) => {
                            model.dimensions(input, (start, end), &mut dimensions)
                        }
                        _ => Ok(()),
                    })
                })
            }
            _ => Ok(()),
        })?;
        Ok((name, type_name(kind), dimensions.join(" × ")))
    }

    /// `TensorShapeProto`: numbers, or names of what is only known later.
    fn dimensions(
        &mut self,
        input: &mut Input,
        message: (u64, u64),
        dimensions: &mut Vec<String>,
    ) -> Result<(), Problem> {
        self.message(input, message, |model, input, number, value| {
            let (1, Value::Bytes(start, end)) = (number, value) else { return Ok(()) };
            let mut dimension = "?".to_owned();
            model.message(input, (start, end), |_, input, number, value| {
                match (number, value) {
                    (1, Value::Number(number)) => dimension = number.to_string(),
                    (2, Value::Bytes(start, end)) => dimension = text(input, start, end)?,
                    _ => {}
                }
                Ok(())
            })?;
            if dimensions.len() < 64 {
                dimensions.push(dimension);
            }
            Ok(())
        })
    }
}

fn text(input: &mut Input, start: u64, end: u64) -> Result<String, Problem> {
    input.go_to(start)?;
    input.text(end - start, MOST_TEXT_BYTES)
}

fn type_name(kind: u64) -> String {
    let known = usize::try_from(kind).ok().and_then(|kind| TYPES.get(kind));
    known.map_or_else(|| kind.to_string(), |name| (*name).to_owned())
}

/// Seven bits a byte, the lowest first.
fn varint(input: &mut Input) -> Result<u64, Problem> {
    let mut number = 0;
    for place in 0..10 {
        let byte = input.byte()?;
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(Problem::Malformed)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn number(field: u8, value: u8) -> Vec<u8> {
        vec![field << 3, value]
    }

    fn bytes(field: u8, value: &[u8]) -> Vec<u8> {
        [&[(field << 3) | 2, u8::try_from(value.len()).expect("short")], value].concat()
    }

    fn info(name: &str, dimensions: &[Vec<u8>]) -> Vec<u8> {
        let shape: Vec<u8> = dimensions.iter().flat_map(|dimension| bytes(1, dimension)).collect();
        let tensor = [number(1, 1), bytes(2, &shape)].concat();
        [bytes(1, name.as_bytes()), bytes(2, &bytes(1, &tensor))].concat()
    }

    pub(in super::super) fn sample() -> Vec<u8> {
        let weight = [number(1, 4), number(1, 3), number(2, 10), bytes(8, b"w"), bytes(9, &[0; 24])].concat();
        let graph = [
            bytes(1, b""),
            bytes(5, &weight),
            bytes(11, &info("x", &[bytes(2, b"batch"), number(1, 4)])),
            bytes(12, &info("y", &[])),
        ]
        .concat();
        [
            number(1, 9),
            bytes(2, b"pytorch"),
            bytes(3, b"2.4"),
            bytes(7, &graph),
            bytes(8, &[bytes(1, b""), number(2, 17)].concat()),
            bytes(14, &[bytes(1, b"author"), bytes(2, b"mei")].concat()),
        ]
        .concat()
    }

    /// A million times the name of the program that wrote it.
    pub(in super::super) fn many_producers() -> Vec<u8> {
        [number(1, 9), bytes(2, b"a").repeat(1_000_000), bytes(7, b"")].concat()
    }

    #[test]
    fn graph_and_properties_are_read() {
        let header = read(&mut Input::of(sample())).expect("a header");
        assert_eq!((header.format.as_str(), header.is_whole), ("ONNX 9", true));
        assert_eq!(
            header.facts,
            [
                Fact::Nodes(1),
                Fact::Tensors(1),
                Fact::Parameters(12),
                Fact::OperatorSets("ai.onnx 17".into()),
                Fact::Producer("pytorch 2.4".into()),
            ]
        );
        let rows: Vec<_> = header.sections.iter().map(|section| &section.rows[0]).collect();
        assert_eq!((rows[0].value.as_str(), rows[0].shape.as_str()), ("FLOAT", "batch × 4"));
        assert_eq!(
            (rows[3].name.as_str(), rows[3].value.as_str(), rows[3].shape.as_str()),
            ("w", "FLOAT16", "4 × 3")
        );
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_read_or_refused() {
        let sample = sample();
        for end in 0..sample.len() {
            let read = read(&mut Input::of(sample[..end].to_vec()));
            assert!(matches!(read, Ok(_) | Err(Problem::Ends | Problem::Malformed)), "{end}: {read:?}");
        }
    }

    #[test]
    fn lying_lengths_are_refused() {
        let graph = [&[(7 << 3) | 2][..], &[0xff; 9], &[1]].concat();
        assert_eq!(read(&mut Input::of([number(1, 9), graph].concat())), Err(Problem::Ends));
        let inner = bytes(7, &[(5 << 3) | 2, 100]);
        assert!(read(&mut Input::of([number(1, 9), inner, vec![0; 200]].concat())).is_err());
        assert_eq!(read(&mut Input::of(vec![0xff; 64])), Err(Problem::Malformed));
    }

    #[test]
    fn many_empty_fields_end() {
        let many = [number(1, 9), bytes(7, b""), [7 << 3, 0].repeat(MOST_FIELDS as usize + 9)].concat();
        assert!(!read(&mut Input::of(many)).expect("a part").is_whole);
    }
}
