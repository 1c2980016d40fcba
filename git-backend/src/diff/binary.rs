//! Binary contents in a patch: `GIT binary patch`.

use std::io::{self, Write};

use flate2::{Compression, write::ZlibEncoder};

/// Both contents in full, compressed, so that the patch can also be taken back.
pub(super) fn write(old: &[u8], new: &[u8], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"GIT binary patch\n")?;
    for content in [new, old] {
        writeln!(out, "literal {}", content.len())?;
        let mut compressed = ZlibEncoder::new(Vec::new(), Compression::default());
        compressed.write_all(content)?;
        for piece in compressed.finish()?.chunks(BYTES_A_LINE) {
            out.write_all(&base85_line(piece))?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Bytes in one line of a binary patch, whose length is written as one letter.
const BYTES_A_LINE: usize = 52;
const BASE85: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// One line of a binary patch: a letter for the number of bytes, then five characters for every four bytes.
fn base85_line(piece: &[u8]) -> Vec<u8> {
    let letters = (b'A'..=b'Z').chain(b'a'..=b'z');
    let mut line: Vec<u8> = letters.skip(piece.len() - 1).take(1).collect();
    for four in piece.chunks(4) {
        let mut bytes = [0; 4];
        bytes[..four.len()].copy_from_slice(four);
        let mut rest = u32::from_be_bytes(bytes);
        let mut digits = [0; 5];
        for digit in digits.iter_mut().rev() {
            *digit = BASE85[(rest % 85) as usize];
            rest /= 85;
        }
        line.extend_from_slice(&digits);
    }
    line.push(b'\n');
    line
}
