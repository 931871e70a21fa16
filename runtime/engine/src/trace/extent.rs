//! How far a piece of MessagePack reaches, without looking at what it says.
//!
//! Source: the MessagePack specification, table "Formats". A value announces how many bytes or
//! values belong to it; a count of the values still to come replaces a stack, so that depth costs
//! nothing.

/// What begins a piece of MessagePack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// Its first bytes are not all there.
    Incomplete,
    /// A map.
    Map,
    /// An array.
    Array {
        /// Length of what announces it, in bytes.
        bytes: usize,
        /// How many values it has.
        len: u64,
    },
    /// Anything else.
    Other,
}

/// How far one value reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// It is there.
    Whole {
        /// Its length.
        bytes: usize,
    },
    /// Its end is not there.
    Incomplete,
    /// There is a byte that begins no value.
    Reserved {
        /// How many bytes stand before it.
        at: usize,
    },
}

/// What stands at the beginning of `bytes`.
pub(super) fn header(bytes: &[u8]) -> Header {
    let array = |len_bytes: usize| match number(bytes, 1, len_bytes) {
        Some(len) => Header::Array {
            bytes: 1 + len_bytes,
            len,
        },
        None => Header::Incomplete,
    };
    match bytes.first() {
        None => Header::Incomplete,
        Some(0x80..=0x8f | 0xde | 0xdf) => Header::Map,
        Some(marker @ 0x90..=0x9f) => Header::Array {
            bytes: 1,
            len: u64::from(marker & 0x0f),
        },
        Some(0xdc) => array(2),
        Some(0xdd) => array(4),
        Some(_) => Header::Other,
    }
}

/// How far the value at the beginning of `bytes` reaches.
pub(super) fn extent(bytes: &[u8]) -> Extent {
    let mut at = 0usize;
    let mut values_left = 1u64;
    while values_left > 0 {
        let Some(&marker) = bytes.get(at) else {
            return Extent::Incomplete;
        };
        // Bytes that say how many there are of bytes, or of values.
        let (len_bytes, fixed_bytes, is_of_values) = match marker {
            0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => (0, 0, false),
            0x80..=0x9f => (0, 0, true),
            0xa0..=0xbf => (0, usize::from(marker & 0x1f), false),
            0xc1 => return Extent::Reserved { at },
            0xc4 | 0xd9 => (1, 0, false),
            0xc5 | 0xda => (2, 0, false),
            0xc6 | 0xdb => (4, 0, false),
            // Extensions have a type before their bytes.
            0xc7 => (1, 1, false),
            0xc8 => (2, 1, false),
            0xc9 => (4, 1, false),
            0xcc | 0xd0 => (0, 1, false),
            0xcd | 0xd1 => (0, 2, false),
            0xca | 0xce | 0xd2 => (0, 4, false),
            0xcb | 0xcf | 0xd3 => (0, 8, false),
            0xd4 => (0, 2, false),
            0xd5 => (0, 3, false),
            0xd6 => (0, 5, false),
            0xd7 => (0, 9, false),
            0xd8 => (0, 17, false),
            0xdc | 0xde => (2, 0, true),
            0xdd | 0xdf => (4, 0, true),
        };
        let Some(len) = number(bytes, at + 1, len_bytes) else {
            return Extent::Incomplete;
        };
        at += 1 + len_bytes + fixed_bytes;
        values_left -= 1;
        match (is_of_values, marker) {
            (false, _) => at = at.saturating_add(len as usize),
            (true, 0x80..=0x8f) => values_left += 2 * u64::from(marker & 0x0f),
            (true, 0x90..=0x9f) => values_left += u64::from(marker & 0x0f),
            (true, 0xde | 0xdf) => values_left = values_left.saturating_add(2 * len),
            (true, _) => values_left = values_left.saturating_add(len),
        }
    }
    match at <= bytes.len() {
        true => Extent::Whole { bytes: at },
        false => Extent::Incomplete,
    }
}

/// A number of so many bytes, the greatest first; 0 for none.
fn number(bytes: &[u8], at: usize, len_bytes: usize) -> Option<u64> {
    let digits = bytes.get(at..at + len_bytes)?;
    Some(digits.iter().fold(0, |n, digit| n << 8 | u64::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_reaches_as_far_as_the_writer_wrote() {
        let values = [
            serde_json::json!(null),
            serde_json::json!({"a": [1, -1, 300, -300, 70_000, -70_000, 1.5, u64::MAX, i64::MIN]}),
            serde_json::json!(["x".repeat(40), "x".repeat(300), "x".repeat(70_000)]),
            serde_json::json!([vec![0; 20], vec![(); 70_000], {"b": {"c": {}}}]),
        ];
        for value in values {
            let mut bytes = rmp_serde::to_vec_named(&value).unwrap_or_default();
            let whole = Extent::Whole { bytes: bytes.len() };
            assert_eq!(extent(&bytes[..bytes.len() - 1]), Extent::Incomplete);
            assert_eq!(extent(&bytes), whole);
            bytes.push(0xc1);
            assert_eq!(extent(&bytes), whole);
        }
    }

    #[test]
    fn immense_claims_are_no_overflow() {
        let claims: [&[u8]; 4] = [
            b"\xdb\xff\xff\xff\xff",
            b"\xdd\xff\xff\xff\xff",
            b"\xdf\xff\xff\xff\xff",
            b"\xc9\xff\xff\xff\xff\x01",
        ];
        for claim in claims {
            assert_eq!(extent(claim), Extent::Incomplete);
        }
        let nested = b"\xdf\xff\xff\xff\xff".repeat(10_000);
        assert_eq!(extent(&nested), Extent::Incomplete);
        assert_eq!(extent(b"\x81\xc1"), Extent::Reserved { at: 1 });
    }
}
