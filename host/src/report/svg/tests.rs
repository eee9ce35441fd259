use super::*;
use crate::report::samples::{course, views};
use crate::stats::Model;

fn written(run: &RunView) -> String {
    let mut out = Vec::new();
    write(&mut out, run).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_run_has_three_charts_and_several_runs_together_one() {
    let mut run = course(Model::Open, 2);
    let heads = |run: &RunView| written(run).matches("class=\"head\"").count();
    assert_eq!(heads(&run), 3);
    run.series = crate::report::Series::default();
    assert_eq!(heads(&run), 1);
    assert_eq!(heads(&RunView::default()), 0);
}

#[test]
fn nothing_in_it_is_no_number_or_from_elsewhere_or_markup_of_a_guest() {
    for (name, run) in views() {
        let svg = written(&run);
        assert!(
            !svg.contains("NaN") && !svg.contains("inf"),
            "{name}: {svg}"
        );
        let links = svg.matches("http").count()
            - svg.matches("xmlns=\"http://www.w3.org/2000/svg\"").count();
        assert_eq!(links, 0, "{name}: {svg}");
        assert!(!svg.replace('\n', "").contains(char::is_control), "{name}");
        assert!(
            !svg.contains("<b>") && !svg.contains("<script"),
            "{name}: {svg}"
        );
    }
}

#[test]
fn axes_have_marks_at_one_two_and_five() {
    assert_eq!(
        axis::durations(1_500, 90_000),
        [1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5]
    );
    assert_eq!(axis::durations(7, 7), [5.0, 10.0]);
    assert_eq!(axis::durations(10, 10), [10.0, 20.0]);
    assert_eq!(axis::durations(0, u64::MAX).first(), Some(&1.0));
    assert_eq!(
        axis::marked(&axis::durations(1, 99_999)),
        [1.0, 1e1, 1e2, 1e3, 1e4, 1e5]
    );
    assert_eq!(axis::rates(390.0), [0.0, 100.0, 200.0, 300.0, 400.0]);
    assert_eq!(axis::rates(0.0).len(), 2);
    let seconds =
        |from, to| -> Vec<f64> { axis::times(from, to).iter().map(|ns| ns / 1e9).collect() };
    assert_eq!(seconds(0, 10_000_000_000), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    assert_eq!(
        seconds(0, 600_000_000_000),
        [0.0, 120.0, 240.0, 360.0, 480.0, 600.0]
    );
    assert!(seconds(0, u64::MAX).len() > 2 && seconds(5, 6).len() < 9);
    assert_eq!(axis::duration(2e5), "200 µs");
    assert_eq!(
        [
            axis::time(9e10, 90_000_000_000),
            axis::time(9e10, 900_000_000_000)
        ],
        ["90 s", "1:30"]
    );
}
