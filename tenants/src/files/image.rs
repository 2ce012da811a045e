//! Whether an image is there to its end: each kind says in its own way where that is.

/// Whether an image ends before its end. `None` for what is no image of a kind that is known.
pub fn is_cut_short(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', chunks @ ..] => Some(!png_ends(chunks)),
        [0xff, 0xd8, segments @ ..] => Some(!jpeg_ends(segments)),
        [b'R', b'I', b'F', b'F', a, b, c, d, rest @ ..] if rest.starts_with(b"WEBP") => {
            Some(u32::from_le_bytes([*a, *b, *c, *d]) as usize > rest.len())
        }
        _ => None,
    }
}

/// Chunks one after the other (length, name, content, sum) up to the one that says it is the last.
fn png_ends(mut chunks: &[u8]) -> bool {
    while let [a, b, c, d, name @ ..] = chunks {
        if name.starts_with(b"IEND") {
            return true;
        }
        let whole = 8usize.saturating_add(u32::from_be_bytes([*a, *b, *c, *d]) as usize).saturating_add(4);
        chunks = chunks.get(whole..).unwrap_or_default();
    }
    false
}

/// Segments that say how long they are, then what is drawn, in which only a marker ends it. A small copy of the image lies
/// within a segment, so its end is not taken for the end of the whole.
fn jpeg_ends(mut rest: &[u8]) -> bool {
    const END: u8 = 0xd9;
    loop {
        let Some(at) =
            rest.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff | 0xd0..=0xd7 | 0x01))
        else {
            return false;
        };
        let Some([marker, after @ ..]) = rest.get(at + 1..) else { return false };
        if *marker == END {
            return true;
        }
        let [high, low, ..] = after else { return false };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        // Past the segment; what is drawn follows some of them, and is looked through for the next marker.
        rest = after.get(length..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(whole: &[u8]) {
        assert_eq!(is_cut_short(whole), Some(false), "{} bytes", whole.len());
        let trailing = [whole, b"what a camera adds"].concat();
        assert_eq!(is_cut_short(&trailing), Some(false), "what follows the end does no harm");
        for kept in [whole.len() / 4, whole.len() / 2, whole.len() - 12] {
            assert_eq!(is_cut_short(&whole[..kept]), Some(true), "{kept} of {} bytes", whole.len());
        }
    }

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap_or(0).to_be_bytes();
        [&length[..], name, content, &[0; 4]].concat()
    }

    #[test]
    fn an_image_without_its_end_is_known() {
        let chunks =
            [chunk(b"IHDR", &[0; 13]), chunk(b"IDAT", b"IEND is no end in here"), chunk(b"IEND", b"")].concat();
        check(&[b"\x89PNG\r\n\x1a\n", &chunks[..]].concat());
        let small: &[u8] = &[0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 0xff, 0xd9];
        let segment = |marker: u8, content: &[u8]| {
            [&[0xff, marker][..], &u16::try_from(content.len() + 2).unwrap_or(0).to_be_bytes(), content].concat()
        };
        let scan: &[u8] = &[1, 2, 3, 0xff, 0, 4, 0xff, 0xd3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        let parts = [
            &[0xff, 0xd8][..],
            &segment(0xe1, small),
            &segment(0xda, &[1, 1, 0]),
            scan,
            scan,
            &segment(0xda, &[2]),
            scan,
            &[0xff, 0xd9],
        ];
        check(&parts.concat());
        let image = [&b"RIFF"[..], &40u32.to_le_bytes(), b"WEBP", &[7; 36]].concat();
        assert_eq!((is_cut_short(&image), is_cut_short(&image[..30])), (Some(false), Some(true)));
        assert_eq!(is_cut_short(b"%PDF-1.4"), None);
    }
}
