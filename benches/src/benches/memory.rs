//! Whether memory stays within bounds whatever the calls do and however many there are.

use super::Bench;
use crate::Result;
use crate::gorgon::Gorgon;
use crate::table;

pub(super) const BENCH: Bench = Bench {
    name: "memory",
    about: "The most memory the process had at once (`maxrss`): with as many distinct tags as calls, and with one tag and many calls. \
            `PROBE` is the guest in `tests/guests/probe`, whose tag is the number here.",
    takes: "60 s",
    run,
};

fn run(gorgon: &Gorgon) -> Result<()> {
    let tags = [gorgon_fixtures::PROBE, "--set", "do=number"];
    gorgon.prepare(&tags)?;
    gorgon.prepare(&["noop"])?;
    let runs: [(&str, &[&str], &str, bool); 7] = [
        ("PROBE --set do=number", &tags, "10000", false),
        ("PROBE --set do=number", &tags, "1000000", false),
        ("PROBE --set do=number", &tags, "1000000", true),
        ("noop", &["noop"], "100000", false),
        ("noop", &["noop"], "10000000", false),
        ("noop", &["noop"], "10000000", true),
        ("noop", &["noop"], "30000000", false),
    ];
    let mut rows = Vec::new();
    for (name, operation, calls, is_saved) in runs {
        let end = if is_saved { "-q" } else { "-q --no-save" };
        let mut args = [operation, &["-n", calls]].concat();
        args.extend(end.split(' '));
        let run = gorgon.run(&args)?;
        rows.push(vec![
            format!("`gorgon run {name} -n {calls} {end}`"),
            run.tags().to_string(),
            table::mebibytes(run.usage.peak_bytes),
        ]);
    }
    table::print(&["", "tags in the report", "peak memory"], &rows);
    Ok(())
}
