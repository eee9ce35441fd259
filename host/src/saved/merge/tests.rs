use proptest::prelude::*;

use super::*;
use crate::saved::testing::{lines, merged, read_bytes, recorded};

fn run(id: &str, recorded: &[(Tables, Tables)]) -> SavedRun {
    read_bytes(&lines(id, recorded).concat()).unwrap()
}

#[test]
fn a_run_given_twice_is_refused() {
    let error = merge(vec![run("a", &[]), run("b", &[]), run("a", &[])]).unwrap_err();
    assert_eq!(error.exit(), Exit::Usage);
    assert!(error.what().contains("`a` is given twice"), "{error:?}");
}

#[test]
fn no_runs_are_an_empty_result() {
    assert_eq!(merge(Vec::new()), Ok(Merged::default()));
}

#[test]
fn runs_that_together_count_too_much_are_refused() {
    let with = |id: &str, counted| SavedRun {
        counted,
        ..run(id, &[])
    };
    let runs = vec![with("a", 1 << 53), with("b", 1)];
    assert_eq!(merge(runs).unwrap_err().exit(), Exit::Unusable);
    assert!(merge(vec![with("a", 1 << 53), with("b", 0)]).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_files_does_not_matter(a in recorded(), b in recorded(), c in recorded()) {
        let runs = || [run("a", &a), run("b", &b), run("c", &c)];
        let [first, second, third] = runs();
        let joined = merge(vec![first, second, third]).unwrap();
        let [first, second, third] = runs();
        prop_assert_eq!(&merge(vec![third, first, second]).unwrap(), &joined);
        let all = [a, b, c].concat();
        prop_assert_eq!((joined.tables, joined.warmup), merged(&all));
        let ids: Vec<_> = joined.runs.iter().map(|run| run.header.run_id.as_str()).collect();
        prop_assert_eq!(ids, ["a", "b", "c"]);
    }
}
