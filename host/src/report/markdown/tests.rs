use super::*;
use crate::report::samples::{course, views};
use crate::stats::Model;

fn written(run: &RunView) -> String {
    let mut out = Vec::new();
    write(&mut out, run).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_run_is_shown_from_its_end_to_its_notes() {
    let markdown = written(&course(Model::Closed, 1));
    let expected = "\
### ❌ `browse.wasm`

**done: 2 315 ok, 60 fail, 25 fault; 200 warm-up calls left out; 2 rules broken; 2 rules without data**

2 400 calls in 1.26 s, 1 993 calls/s over 1.20 s; 8 workers, seed 24301

| Latency | min | p50 | p90 | p99 | p99.9 | max | mean |
|---|--:|--:|--:|--:|--:|--:|--:|
";
    assert!(markdown.starts_with(expected), "{markdown}");
    for part in [
        "| `200` | ok | 2 239 | 93.29 % | ",
        "| <code>&#61;1&#43;1&#124;&#96;&#64;<!-- -->a&#96;",
        "| Rule | Fails where | Found |\n|---|---|---|\n",
        "| ❌ broken | `fail > 1 %` | measured 2.50 % |",
        "| ❌ no data | `p99.99 > 1 s` | no data: ",
        "| 60 | `503` | <code>a &#124;bad&#124; &#96;gateway&#96;</code> | call 7 at ",
    ] {
        assert!(markdown.contains(part), "{part} in {markdown}");
    }
}

#[test]
fn every_table_has_as_many_cells_in_each_line() {
    for (name, run) in views() {
        let markdown = written(&run);
        for table in markdown.split("\n\n").filter(|part| part.starts_with('|')) {
            let mut cells = table.lines().map(|line| line.matches('|').count());
            let columns = cells.next().unwrap();
            assert!(cells.all(|count| count == columns), "{name}: {table}");
        }
        assert!(
            !markdown.replace('\n', "").contains(char::is_control),
            "{name}: {markdown}"
        );
    }
}

#[test]
fn its_length_does_not_follow_what_the_operation_returns() {
    let lengths = views().into_iter().map(|(_, run)| written(&run).len());
    // A job's summary may be 1 MiB long.
    assert!(lengths.max().unwrap() < 64 << 10);
}
