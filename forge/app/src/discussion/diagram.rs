//! Drawings of the diagrams in users' texts. Their addresses contain what is to be drawn, and only those that this
//! site has signed, when it rendered a text with such a diagram, are drawn.

use std::{
    io::{Read as _, Write as _},
    sync::Arc,
    time::Duration,
};

use data_encoding::BASE64URL_NOPAD;
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use hearth_diagram::{MOST_SOURCE_BYTES, NotDrawn, Notation};
use hearth_git::{Shares, current_holders};
use moka::future::Cache;
use sha2::{Digest as _, Sha256};

use crate::App;

/// Longer addresses do not pass every proxy.
const MOST_ADDRESS_BYTES: usize = 7_000;
const CACHE_BYTES: u64 = 32 << 20;
/// How long it is remembered that a text cannot be drawn: a busy machine may be the reason.
const REMEMBERED: Duration = Duration::from_mins(10);
/// Diagrams drawn at once, and those for one reader.
const AT_ONCE: usize = 2;
const AT_ONCE_FOR_ONE: usize = 1;
const PATIENCE: Duration = Duration::from_secs(20);

/// The diagrams that this server has drawn lately.
pub(crate) struct Diagrams {
    drawn: Cache<[u8; 32], Arc<str>>,
    refused: Cache<[u8; 32], ()>,
    places: Shares,
}

impl Default for Diagrams {
    fn default() -> Self {
        let weigh = |_: &[u8; 32], svg: &Arc<str>| u32::try_from(svg.len() + 64).unwrap_or(u32::MAX);
        Self {
            drawn: Cache::builder().max_capacity(CACHE_BYTES).weigher(weigh).build(),
            refused: Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build(),
            places: Shares::new(AT_ONCE, AT_ONCE_FOR_ONE),
        }
    }
}

/// Why there is no drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDiagram {
    /// This site has not made the address, or draws nothing.
    Unsigned,
    /// The text is no diagram, or drawing it costs too much.
    Refused,
    /// Too many are being drawn at present.
    Busy,
}

/// The drawing, as SVG, at an address that this site has signed.
pub async fn get(app: &App, notation: &str, signature: &str, encoded: &str) -> Result<Arc<str>, NoDiagram> {
    let notation = Notation::of_word(notation).ok_or(NoDiagram::Unsigned)?;
    let drawing = app.drawing().ok_or(NoDiagram::Unsigned)?;
    if !app.signer().has_signed(purpose(notation), encoded, signature) {
        return Err(NoDiagram::Unsigned);
    }
    let diagrams = app.diagrams();
    let key: [u8; 32] = Sha256::new().chain_update(notation.as_str()).chain_update(encoded).finalize().into();
    if diagrams.refused.contains_key(&key) {
        return Err(NoDiagram::Refused);
    }
    let draw = async {
        let source = decode(encoded).ok_or(NoDiagram::Refused)?;
        let place = diagrams.places.acquire_within(PATIENCE, &current_holders()).await;
        let _place = place.ok_or(NoDiagram::Busy)?;
        match drawing.draw(notation, &source).await {
            Ok(svg) => Ok(Arc::from(svg)),
            Err(NotDrawn::Refused) => Err(NoDiagram::Refused),
            Err(error @ NotDrawn::Start(_)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "no diagram can be drawn");
                Err(NoDiagram::Busy)
            }
        }
    };
    // Several readers wait for one drawing.
    let drawn = diagrams.drawn.try_get_with(key, draw).await.map_err(|error| *error);
    if drawn == Err(NoDiagram::Refused) {
        diagrams.refused.insert(key, ()).await;
    }
    drawn
}

/// What addresses of drawings are signed for.
pub(crate) const fn purpose(notation: Notation) -> &'static str {
    match notation {
        Notation::Mermaid => "diagram mermaid",
        Notation::Graphviz => "diagram graphviz",
    }
}

/// The source as a part of an address; none if that would be too long.
pub(crate) fn encode(source: &str) -> Option<String> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(source.as_bytes()).ok()?;
    let encoded = BASE64URL_NOPAD.encode(&encoder.finish().ok()?);
    (encoded.len() <= MOST_ADDRESS_BYTES).then_some(encoded)
}

fn decode(encoded: &str) -> Option<String> {
    let bytes = BASE64URL_NOPAD.decode(encoded.as_bytes()).ok()?;
    let mut source = String::new();
    DeflateDecoder::new(&*bytes).take(MOST_SOURCE_BYTES as u64 + 1).read_to_string(&mut source).ok()?;
    (source.len() <= MOST_SOURCE_BYTES).then_some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_comes_back_from_its_address() {
        let source = "flowchart LR\n  A[推送] --> B";
        assert_eq!(decode(&encode(source).unwrap()).as_deref(), Some(source));
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&vec![b'a'; MOST_SOURCE_BYTES + 1]).unwrap();
        assert_eq!(
            decode(&BASE64URL_NOPAD.encode(&encoder.finish().unwrap())),
            None,
            "bounded when unpacked"
        );
    }
}
