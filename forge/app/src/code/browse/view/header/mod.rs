//! What the headers of model and data files say: tensors, columns, metadata. Only headers are read, by ranges,
//! so the size of a file does not matter.

mod gguf;
mod input;
mod onnx;
mod parquet;
mod read;
mod safetensors;
mod thrift;

pub use input::{Input, Problem, ReadAt};
pub use read::header;

/// The formats, by the endings of files' names.
const FORMATS: &[Format] = &[
    Format { ending: "safetensors", read: safetensors::read },
    Format { ending: "gguf", read: gguf::read },
    Format { ending: "onnx", read: onnx::read },
    Format { ending: "parquet", read: parquet::read },
];

/// The endings of these formats.
pub const ENDINGS: &[&str] = &["gguf", "onnx", "parquet", "safetensors"];

struct Format {
    ending: &'static str,
    read: fn(&mut Input) -> Result<Header, Problem>,
}

/// Rows of one section that are kept.
const MOST_ROWS: usize = 2_000;
/// Bytes of one name or value that are kept.
const MOST_TEXT_BYTES: usize = 300;

/// The header of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The format, with its version if it has one.
    pub format: String,
    pub facts: Vec<Fact>,
    pub sections: Vec<Section>,
    /// False: there was more than is examined.
    pub is_whole: bool,
}

/// One thing that a header says about the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    Tensors(u64),
    /// The elements of all tensors.
    Parameters(u64),
    Rows(u64),
    RowGroups(u64),
    /// Operations of a graph.
    Nodes(u64),
    /// Operator sets, with their versions.
    OperatorSets(String),
    /// The program that wrote the file.
    Producer(String),
}

/// A list of things of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub kind: SectionKind,
    /// The first of them.
    pub rows: Vec<Row>,
    /// All of them.
    pub total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    Tensors,
    Inputs,
    Outputs,
    Columns,
    Metadata,
}

/// A tensor or a column with its type and shape, or a key with its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    /// A type, or a value.
    pub value: String,
    /// A shape; empty for what has none.
    pub shape: String,
}

impl Section {
    fn new(kind: SectionKind) -> Self {
        Self { kind, rows: Vec::new(), total: 0 }
    }

    fn push(&mut self, name: &str, value: &str, shape: &str) {
        if self.has_room() {
            self.rows.push(Row { name: kept(name), value: kept(value), shape: kept(shape) });
        }
        self.total += 1;
    }

    /// Whether another row would be kept. What costs something to make need not be made for one that is only counted.
    fn has_room(&self) -> bool {
        self.rows.len() < MOST_ROWS
    }
}

/// The beginning of a text, as much as is kept of it.
fn kept(text: &str) -> String {
    let (kept, is_whole) = super::cut(text, MOST_TEXT_BYTES);
    if is_whole { kept.to_owned() } else { format!("{kept}…") }
}

impl Header {
    /// Adds a section that has something in it.
    fn with(mut self, section: Section) -> Self {
        if section.total > 0 {
            self.sections.push(section);
        }
        self
    }
}

/// `4 × 1024`.
fn shape(dimensions: &[u64]) -> String {
    dimensions.iter().map(u64::to_string).collect::<Vec<_>>().join(" × ")
}

/// The number of elements of a tensor; what a hostile header says may not fit.
fn elements(dimensions: &[u64]) -> u64 {
    dimensions.iter().fold(1, |product: u64, &dimension| product.saturating_mul(dimension))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small files that say much more than they hold: each took minutes, or gigabytes.
    #[test]
    fn what_a_reader_does_and_keeps_follows_the_size_of_the_file() {
        let samples = [
            ("parquet", parquet::tests::long_names_of_many_columns()),
            ("onnx", onnx::tests::many_producers()),
            ("safetensors", safetensors::tests::many_pairs()),
            ("safetensors", safetensors::tests::many_dimensions()),
        ];
        for (ending, bytes) in samples {
            let format = FORMATS.iter().find(|format| format.ending == ending).expect("a known format");
            let header = (format.read)(&mut Input::of(bytes)).expect("a header");
            let rows = header.sections.iter().flat_map(|section| &section.rows);
            let kept: usize = rows.map(|row| row.name.len() + row.value.len() + row.shape.len()).sum();
            assert!(kept <= 3 * MOST_ROWS * (MOST_TEXT_BYTES + 3), "{ending} keeps {kept} bytes");
        }
    }

    #[test]
    fn every_format_is_listed() {
        let mut endings: Vec<_> = FORMATS.iter().map(|format| format.ending).collect();
        endings.sort_unstable();
        assert_eq!(endings, ENDINGS);
    }

    /// Changes bytes of good files in an order that a seed determines, and reads them with every format.
    #[test]
    fn no_bytes_make_a_reader_fail_otherwise_than_with_a_problem() {
        let samples = [
            safetensors::tests::sample(),
            gguf::tests::sample(),
            onnx::tests::sample(),
            parquet::tests::sample(),
        ];
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |most: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 1).unwrap_or(0) % most
        };
        for _ in 0..4_000 {
            let mut bytes = samples[next(samples.len())].clone();
            for _ in 0..=next(6) {
                let place = next(bytes.len());
                bytes[place] = [0, 0xff, 0x7f, 0x80][next(4)];
            }
            bytes.truncate(next(bytes.len()) + 1);
            for format in FORMATS {
                let _ = (format.read)(&mut Input::of(bytes.clone()));
            }
        }
    }
}
