//! What is computed from several figures of one kind.

/// The nearest-rank quantile of sorted figures; nothing of none.
pub(crate) fn quantile(sorted: &[u64], q: f64) -> Option<u64> {
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

/// The one in the middle, the lower of two; nothing of none.
pub(crate) fn median(mut figures: Vec<u64>) -> Option<u64> {
    figures.sort_unstable();
    quantile(&figures, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_figure_that_was_measured() {
        let figures: Vec<u64> = (1..=100).collect();
        assert_eq!(quantile(&figures, 0.5), Some(50));
        assert_eq!(quantile(&figures, 0.99), Some(99));
        assert_eq!(quantile(&figures, 1.0), Some(100));
        assert_eq!(quantile(&figures, 0.0), Some(1));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn a_median_needs_no_order() {
        assert_eq!(median(vec![5, 1, 3]), Some(3));
        assert_eq!(median(vec![4, 1, 3, 2]), Some(2));
    }
}
