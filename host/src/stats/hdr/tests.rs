use super::*;
use proptest::prelude::*;

fn decoded(text: &str) -> Result<Vec<(usize, u64)>, HdrError> {
    let mut counts = Vec::new();
    decode(text, |index, count| counts.push((index, count))).map(|()| counts)
}

/// An encoded histogram of these bytes, before they are compressed.
fn compressed(plain: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(plain.len() + 1024);
    Compress::new(Compression::best(), true)
        .compress_vec(plain, &mut bytes, FlushCompress::Finish)
        .unwrap();
    framed(COMPRESSED_COOKIE, bytes.len(), &bytes)
}

fn framed(cookie: u32, length: usize, bytes: &[u8]) -> String {
    let mut framed = cookie.to_be_bytes().to_vec();
    framed.extend_from_slice(&(length as u32).to_be_bytes());
    framed.extend_from_slice(bytes);
    base64::encode(&framed)
}

/// A header with these numbers, as the counts follow it.
fn with_counts(counts: &[i64]) -> Vec<u8> {
    let mut bytes = plain(std::iter::empty()).unwrap();
    bytes.truncate(HEADER);
    counts.iter().for_each(|&count| push(&mut bytes, count));
    let length = (bytes.len() - HEADER) as u32;
    bytes[4..8].copy_from_slice(&length.to_be_bytes());
    bytes
}

/// Counts at ascending indexes.
fn counts() -> impl Strategy<Value = Vec<(usize, u64)>> {
    let one = (0..BUCKETS, 0u32..63, any::<u64>());
    prop::collection::btree_map(0..BUCKETS, one, 0..80).prop_map(|counts| {
        counts
            .into_iter()
            .map(|(index, (_, bits, count))| (index, (count & ((1 << bits) - 1)).max(1)))
            .collect()
    })
}

#[test]
fn an_encoded_histogram_has_the_known_beginning() {
    // The compressed V2 cookie, 0x1c849314, is what every reader looks for first.
    let empty = encode(std::iter::empty()).unwrap();
    assert!(empty.starts_with("HISTFA"));
    assert_eq!(decoded(&empty), Ok(Vec::new()));
}

#[test]
fn numbers_are_those_of_the_format() {
    #[track_caller]
    fn check(number: i64, expected: &[u8]) {
        let mut bytes = Vec::new();
        push(&mut bytes, number);
        assert_eq!(bytes, expected);
        let mut rest = bytes.as_slice();
        assert_eq!((pop(&mut rest), rest), (Some(number), &[][..]));
    }
    check(0, &[0]);
    check(-1, &[1]);
    check(1, &[2]);
    check(-64, &[0x7f]);
    check(64, &[0x80, 0x01]);
    check(
        i64::MAX,
        &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    );
    check(i64::MIN, &[0xff; 9]);
}

#[test]
fn a_count_that_the_format_does_not_have_is_not_encoded() {
    assert!(encode(std::iter::once((5, i64::MAX as u64))).is_some());
    assert_eq!(encode(std::iter::once((5, 1 << 63))), None);
}

#[test]
fn what_is_no_histogram_of_ours_is_refused_with_the_reason() {
    #[track_caller]
    fn check(text: &str, expected: HdrError) {
        assert_eq!(decoded(text), Err(expected));
    }
    check("", HdrError::Length);
    check("HISTFA", HdrError::Base64);
    check("HISTFAAA", HdrError::Length);
    check(&framed(COMPRESSED_COOKIE + 1, 0, &[]), HdrError::Cookie);
    check(&framed(COMPRESSED_COOKIE, 1, &[]), HdrError::Length);
    check(&framed(COMPRESSED_COOKIE, 0, &[]), HdrError::Deflate);
    check(&framed(COMPRESSED_COOKIE, 3, b"abc"), HdrError::Deflate);
    check(&compressed(&[]), HdrError::Length);
    check(&compressed(&with_counts(&[])[..39]), HdrError::Length);
    let with = |at: usize, byte: u8| {
        let mut plain = with_counts(&[7]);
        plain[at] = byte;
        compressed(&plain)
    };
    check(&with(3, 0x12), HdrError::Cookie);
    check(&with(7, 2), HdrError::Length);
    check(&with(11, 1), HdrError::Shape); // the normalising offset
    check(&with(15, 2), HdrError::Shape); // the digits
    check(&with(23, 2), HdrError::Shape); // the lowest
    check(&with(31, 1), HdrError::Shape); // the highest
    check(&with(32, 0x40), HdrError::Shape); // the ratio
    check(&with(40, 0x80), HdrError::Length); // a number without end
}

#[test]
fn buckets_end_where_they_end() {
    let last = BUCKETS as i64 - 1;
    assert_eq!(
        decoded(&compressed(&with_counts(&[-last, 3]))),
        Ok(vec![(BUCKETS - 1, 3)])
    );
    for beyond in [
        &[-last, 3, 1][..],
        &[-last, 0, 0],
        &[-last - 1, 1],
        &[-last - 2],
        &[i64::MIN],
        &[i64::MIN; 3],
    ] {
        assert_eq!(
            decoded(&compressed(&with_counts(beyond))),
            Err(HdrError::Buckets)
        );
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    let bomb = compressed(&vec![0; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(decoded(&bomb), Err(HdrError::TooLarge));
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut bytes = base64::decode(&compressed(&with_counts(&[7]))).unwrap();
    bytes.push(0);
    assert_eq!(decoded(&base64::encode(&bytes)), Err(HdrError::Length));
    let length = (bytes.len() - COMPRESSED_HEADER) as u32;
    bytes[4..8].copy_from_slice(&length.to_be_bytes());
    assert_eq!(decoded(&base64::encode(&bytes)), Err(HdrError::Length));
}

#[test]
fn the_largest_histogram_is_read_again() {
    let all: Vec<(usize, u64)> = (0..BUCKETS).map(|index| (index, u64::MAX >> 1)).collect();
    assert_eq!(
        decoded(&encode(all.iter().copied()).unwrap()).as_ref(),
        Ok(&all)
    );
}

proptest! {
    #[test]
    fn counts_come_back(counts in counts()) {
        prop_assert_eq!(decoded(&encode(counts.iter().copied()).unwrap()), Ok(counts));
    }

    #[test]
    fn no_text_makes_it_panic(bytes: Vec<u8>, plain: Vec<u8>, counts: Vec<i64>) {
        let _ = decoded(&framed(COMPRESSED_COOKIE, bytes.len(), &bytes));
        let _ = decoded(&compressed(&plain));
        let _ = decoded(&compressed(&with_counts(&counts)));
    }
}
