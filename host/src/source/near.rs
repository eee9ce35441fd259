//! Names that were perhaps meant.

/// The one of `names` that is most like `name`, if any is like it at all.
pub(crate) fn near<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, near) = names.map(|other| (distance(name, other), other)).min()?;
    (distance <= name.len().max(6) / 3).then_some(near)
}

/// The Levenshtein distance: insertions, deletions and replacements of characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(near("hsah", ["hash", "http"].into_iter()), Some("hash"));
        assert_eq!(near("hashh", ["hash", "http"].into_iter()), Some("hash"));
        assert_eq!(near("htp", ["hash", "http"].into_iter()), Some("http"));
        assert_eq!(near("browse", ["hash", "http"].into_iter()), None);
    }

    #[test]
    fn distances_are_levenshtein_s() {
        #[track_caller]
        fn check(a: &str, b: &str, expected: usize) {
            assert_eq!(distance(a, b), expected);
            assert_eq!(distance(b, a), expected);
        }
        check("", "", 0);
        check("", "abc", 3);
        check("kitten", "sitting", 3);
        check("flaw", "lawn", 2);
        check("é", "e", 1);
    }
}
