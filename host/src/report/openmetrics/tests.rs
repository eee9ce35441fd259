use std::collections::BTreeSet;

use super::*;
use crate::report::samples::{course, views};
use crate::stats::Model;

fn written(run: &RunView) -> String {
    let mut out = Vec::new();
    write(&mut out, run).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_form_is_the_one_of_the_specification() {
    let text = written(&course(Model::Open, 2));
    for part in [
        "# HELP gorgon_calls Calls that ended, by operation, outcome and tag\n# TYPE gorgon_calls counter\n\
         gorgon_calls_total{operation=\"browse.wasm\",outcome=\"ok\",tag=\"200\"} ",
        "tag=\"=1+1|`@a`\\\\u{1b}\"} ",
        "# TYPE gorgon_response_seconds summary\n# UNIT gorgon_response_seconds seconds\n\
         gorgon_response_seconds{quantile=\"0.5\"} 0.00",
        "gorgon_accounting{state=\"not_started\"} 3\n",
        "gorgon_rule{rule=\"fail > 1%\",result=\"fail\"} 1\n",
        "gorgon_measurement_seconds_count{operation=\"browse.wasm\",outcome=\"ok\",tag=\"200\",measurement=\"log in\"} ",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(text.ends_with("\n# EOF\n"));
}

#[test]
fn no_series_is_there_twice_and_every_line_is_one() {
    for (name, mut run) in views() {
        // Rules given twice, and a mix of two operations of the same name.
        run.rules.extend(run.rules.clone());
        for component in &mut run.summary.facts.components {
            component.name = "same".to_owned();
        }
        let text = written(&run);
        let mut seen = BTreeSet::new();
        for line in text.lines() {
            assert!(!line.contains(char::is_control), "{name}: {line:?}");
            if let (false, Some((series, value))) = (line.starts_with('#'), line.rsplit_once(' ')) {
                assert!(seen.insert(series), "{name}: {line}");
                assert!(
                    value.parse::<f64>().is_ok_and(f64::is_finite),
                    "{name}: {line}"
                );
            }
        }
    }
}
