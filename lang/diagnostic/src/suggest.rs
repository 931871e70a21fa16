//! "Did you mean": the name that was probably meant, or none where guessing would mislead.

use strsim::damerau_levenshtein;

/// The candidate that `word` was probably meant to be.
///
/// A candidate counts if it differs only in case, or if its Damerau-Levenshtein distance (letters
/// added, left out, replaced or swapped with a neighbour) is at most a third of the length of
/// `word`. The nearest one wins; two equally near ones are a guess, and give none. The caller passes
/// only names that would be right in this place.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let distance_max = word.chars().count() / 3;
    let mut best: Option<(usize, &str)> = None;
    let mut is_tie = false;
    for candidate in candidates {
        if candidate == word {
            continue;
        }
        let Some(distance) = distance(word, candidate, distance_max) else {
            continue;
        };
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, nearest)) if distance == least => is_tie |= nearest != candidate,
            _ => {
                best = Some((distance, candidate));
                is_tie = false;
            }
        }
    }
    best.filter(|_| !is_tie).map(|(_, candidate)| candidate)
}

/// How far apart two words are; `None` if further than `distance_max`.
fn distance(word: &str, candidate: &str, distance_max: usize) -> Option<usize> {
    if candidate.to_lowercase() == word.to_lowercase() {
        return Some(0);
    }
    // Lengths alone rule most candidates out, and long words are costly to compare.
    if candidate.len().abs_diff(word.len()) > distance_max * 4 {
        return None;
    }
    let distance = damerau_levenshtein(word, candidate);
    (distance <= distance_max).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest_name() {
        let functions = ["open", "list", "reopen"];
        assert_eq!(did_you_mean("opne", functions), Some("open"));
        assert_eq!(did_you_mean("lst", functions), Some("list"));
        assert_eq!(did_you_mean("Reopn", functions), None, "case and a letter");
    }

    #[test]
    fn case_alone_always_counts() {
        assert_eq!(did_you_mean("folder", ["Folder", "File"]), Some("Folder"));
        assert_eq!(did_you_mean("F", ["f", "g"]), Some("f"));
    }

    #[test]
    fn is_silent_where_it_would_mislead() {
        assert_eq!(did_you_mean("s1", ["s2", "s3"]), None, "short names");
        assert_eq!(did_you_mean("bold", ["cold", "gold"]), None, "a tie");
        assert_eq!(
            did_you_mean("write", ["open", "list"]),
            None,
            "nothing near"
        );
        assert_eq!(did_you_mean("open", []), None, "nothing to choose from");
    }
}
