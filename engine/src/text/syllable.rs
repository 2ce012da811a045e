//! Whether a word is a syllable as Vietnamese spells them: what begins it, a rhyme, and at most one tone.

use unicode_normalization::UnicodeNormalization;

const ONSETS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "x", "",
];

const RHYMES: &str = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ up ut uy uya uych uyên \
    uyêt uynh uyt uyu uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu \
    y yêm yên yêng yêt yêu ych ynh yt";

const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// `word` in any case, composed or not.
pub(super) fn is_syllable(word: &str) -> bool {
    let (mut tones, mut letter, mut on_consonant) = (Vec::new(), ' ', false);
    let pieces = word.nfd().filter(|piece| {
        let is_tone = TONES.contains(piece);
        if is_tone {
            tones.push(*piece);
            on_consonant |= !"aeiouy".contains(letter);
        } else if piece.is_alphabetic() {
            letter = piece.to_ascii_lowercase();
        }
        !is_tone
    });
    let plain: String = pieces.nfc().flat_map(char::to_lowercase).collect();
    let has_rhyme = |rhyme: &str| RHYMES.split_whitespace().any(|known| known == rhyme);
    let is_spelled = ONSETS.iter().any(|onset| plain.strip_prefix(onset).is_some_and(has_rhyme));
    let is_stopped = ["c", "ch", "p", "t"].iter().any(|end| plain.ends_with(end));
    let tone_fits = match tones.as_slice() {
        [] => true,
        [tone] => !is_stopped || matches!(tone, '\u{301}' | '\u{323}'),
        _ => false,
    };
    is_spelled && tone_fits && !on_consonant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_other_words() {
        let syllables = "Hoà hòa quý QUYẾT giếng gìn nghiêng khuya đường yêu thuở xuất hoặc uỷ Ủy ngoằn";
        for word in syllables.split_whitespace() {
            assert!(is_syllable(word), "{word}");
        }
        for word in ["Müller", "Zürich", "café", "nhât\u{300}", "hộc\u{309}", "xyz", "", "für", "Tyû", "ña"] {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
