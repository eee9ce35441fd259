use super::cells::text;
use crate::report::RunView;
use crate::report::samples::{course, views};
use crate::stats::facts::Model;

fn read(
    write: impl Fn(&mut dyn std::io::Write, &RunView) -> std::io::Result<()>,
    run: &RunView,
) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    write(&mut out, run).unwrap();
    // As strict as can be: every line has as many cells as the first.
    let lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(&*out)
        .into_records();
    lines
        .map(|line| line.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn no_cell_is_a_formula() {
    for (of, expected) in [
        ("200", "200"),
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("'x", "''x"),
        ("\t=1", "\\t=1"),
        ("\r=1", "\\r=1"),
        ("a=1", "a=1"),
    ] {
        assert_eq!(text(of), expected);
    }
    for (name, run) in views() {
        for cell in [read(super::write, &run), read(super::write_tags, &run)]
            .concat()
            .concat()
        {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{name}: {cell}"
            );
            assert!(!cell.contains(char::is_control), "{name}: {cell:?}");
        }
    }
}

#[test]
fn the_columns_are_the_documented_ones() {
    let head = |run: &RunView| read(super::write, run).remove(0).join(",");
    assert_eq!(
        head(&course(Model::Closed, 1)),
        "from_s,to_s,calls,ok,fail,fault,warmup,calls_per_s,min_ns,mean_ns,p50_ns,p75_ns,p90_ns,p95_ns,p99_ns,\
         p99.9_ns,p99.99_ns,max_ns,ok/200,ok/=1+1|`@a`\\u{1b},fail/503,fault/!timeout"
    );
    assert!(head(&course(Model::Open, 2)).contains(",ok/200/browse.wasm,"));
    let head = |run: &RunView| read(super::write_tags, run).remove(0).join(",");
    let durations = "min_ns,mean_ns,p50_ns,p75_ns,p90_ns,p95_ns,p99_ns,p99.9_ns,p99.99_ns,max_ns";
    assert_eq!(
        head(&course(Model::Closed, 1)),
        format!("operation,outcome,tag,calls,share,calls_per_s,{durations}")
    );
    let open = head(&course(Model::Open, 1));
    assert!(open.contains(",max_ns,service_min_ns,"), "{open}");
    assert!(open.contains(",service_max_ns,lag_min_ns,"), "{open}");
    assert!(open.ends_with(",lag_max_ns"), "{open}");
}

#[test]
fn the_first_line_of_a_run_is_its_first_stretch() {
    let lines = read(super::write, &course(Model::Closed, 1));
    assert_eq!(lines.len(), 13);
    assert_eq!(
        lines[1][..8],
        [
            "0.000000000",
            "0.100000000",
            "200",
            "193",
            "5",
            "2",
            "200",
            "2000"
        ]
    );
}
