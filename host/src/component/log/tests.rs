use super::*;

fn texts(log: &RunLog) -> Vec<String> {
    log.lines()
        .into_iter()
        .map(|line| format!("{} {}", line.origin, line.text))
        .collect()
}

#[test]
fn bytes_become_lines_of_their_call() {
    let log = Arc::new(RunLog::default());
    let output = GuestOutput::new(Arc::clone(&log), 3);
    output.begin(7);
    let (mut stdout, mut stderr) = (output.stream(Origin::Stdout), output.stream(Origin::Stderr));
    stdout.write(Bytes::from_static(b"one\ntw")).unwrap();
    stderr.write(Bytes::from_static(b"oh\n")).unwrap();
    stdout.write(Bytes::from_static(b"o\nthree")).unwrap();
    assert_eq!(output.end().as_deref(), Some("oh"));
    assert_eq!(
        texts(&log),
        ["stdout one", "stderr oh", "stdout two", "stdout three"]
    );
    assert!(
        log.lines()
            .iter()
            .all(|line| (line.worker, line.number) == (3, 7))
    );
    assert_eq!(output.end(), None);
}

#[test]
fn a_panic_is_told_without_the_advice_that_follows_it() {
    let output = GuestOutput::new(Arc::default(), 0);
    output.begin(1);
    let panic = "\nthread '<unnamed>' panicked at src/lib.rs:3:5:\nno\nnote: run with `RUST_BACKTRACE=1` environment variable";
    output
        .stream(Origin::Stderr)
        .write(Bytes::from(panic))
        .unwrap();
    assert_eq!(
        output.end().as_deref(),
        Some("no (panic at src/lib.rs:3:5)")
    );
}

#[test]
fn a_traceback_is_told_without_the_panic_of_the_interpreter() {
    let output = GuestOutput::new(Arc::default(), 0);
    output.begin(1);
    let said = "Traceback (most recent call last):\n  File \"op.py\", line 3, in run\nKeyError: 'id'\n\n\
                thread '<unnamed>' (1) panicked at runtime/src/lib.rs:1293:29:\n\
                Python function threw an unexpected exception\n";
    output
        .stream(Origin::Stderr)
        .write(Bytes::from(said))
        .unwrap();
    let told = "Traceback (most recent call last):   File \"op.py\", line 3, in run KeyError: 'id'";
    assert_eq!(output.end().as_deref(), Some(told));
}

#[test]
fn a_guest_that_writes_for_ever_costs_no_more_memory() {
    let log = Arc::new(RunLog::default());
    let output = GuestOutput::new(Arc::clone(&log), 0);
    let mut stream = output.stream(Origin::Stderr);
    for _ in 0..5_000 {
        stream.write(Bytes::from_static(b"line\n")).unwrap();
    }
    for _ in 0..100 {
        stream.write(Bytes::from(vec![b'x'; 64 << 10])).unwrap();
    }
    let complaint = output.end().unwrap();
    assert!(complaint.len() <= COMPLAINT_BYTES_MAX);
    assert_eq!(log.counts(), (5_001, 4_001));
    output.line(Origin::Info, &"é".repeat(LINE_BYTES_MAX));
    assert_eq!(log.counts().0, 5_002);
}
