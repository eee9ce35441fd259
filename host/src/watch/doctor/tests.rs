use super::Health::{Bad, Fine, Note};
use super::*;
use std::path::Path;

/// What one machine with one thing known is found to have.
#[track_caller]
fn check(set: impl FnOnce(&mut Machine), state: Health, found: &str, cure: &[&str]) {
    let mut machine = Machine::default();
    set(&mut machine);
    let findings = findings(&machine);
    let [finding] = &findings[..] else {
        panic!("not one finding: {findings:?}");
    };
    assert_eq!((finding.state, finding.found.as_str()), (state, found));
    assert_eq!(finding.cure.is_some(), state > Fine, "{finding:?}");
    let text = finding.cure.as_deref().unwrap_or_default();
    for word in cure {
        assert!(text.contains(word), "no {word:?} in {text:?}");
    }
    assert!(!text.ends_with('.') && !text.contains("  "), "{text:?}");
}

#[test]
fn what_cannot_be_read_has_no_finding() {
    assert_eq!(findings(&Machine::default()), []);
}

#[test]
fn cpus_are_told_with_what_a_quota_leaves_of_them() {
    check(|of| of.cpus = Some(8), Fine, "8 usable", &[]);
    let quota = |quota: f64| {
        move |of: &mut Machine| {
            of.cpus = Some(8);
            of.quota = Some(quota);
        }
    };
    check(quota(8.0), Fine, "8 usable", &[]);
    check(quota(1.5), Note, "1.5 of 8, by a quota", &["--threads 1"]);
    check(quota(0.2), Note, "0.2 of 8, by a quota", &["--threads 1"]);
    check(quota(4.0), Note, "4 of 8, by a quota", &["--threads 4"]);
}

#[test]
fn memory_is_what_is_there_or_what_is_allowed() {
    let memory = |available: Option<u64>, limit: Option<u64>| {
        move |of: &mut Machine| (of.memory, of.memory_limit) = (available, limit)
    };
    check(memory(Some(8 << 30), None), Fine, "8.00 GiB available", &[]);
    check(
        memory(Some(8 << 30), Some(16 << 30)),
        Fine,
        "8.00 GiB available",
        &[],
    );
    check(
        memory(Some(8 << 30), Some(512 << 20)),
        Note,
        "512 MiB by the limit of the cgroup",
        &["--memory"],
    );
    check(
        memory(None, Some(128 << 20)),
        Bad,
        "128 MiB by the limit of the cgroup",
        &[],
    );
}

#[test]
fn limits_of_the_process_are_told_with_how_to_raise_them() {
    let files = |hard: u64| move |of: &mut Machine| of.open_files = Some((64.min(hard), hard));
    check(files(1_048_576), Fine, "1 048 576 allowed", &[]);
    check(files(u64::MAX), Fine, "without limit", &[]);
    check(
        files(4_096),
        Note,
        "4 096 allowed",
        &["nofile", "LimitNOFILE="],
    );
    check(files(256), Bad, "256 allowed", &[]);
    check(
        |of| of.maps = Some(65_530),
        Fine,
        "65 530, room for 12 706 workers",
        &[],
    );
    check(
        |of| of.maps = Some(30_000),
        Note,
        "30 000, room for 5 600 workers",
        &["vm.max_map_count"],
    );
    check(
        |of| of.maps = Some(100),
        Bad,
        "100, room for 0 workers",
        &[],
    );
    check(
        |of| of.address_space = Some(u64::MAX),
        Fine,
        "without limit",
        &[],
    );
    check(
        |of| of.address_space = Some(1 << 40),
        Note,
        "1.00 TiB allowed",
        &["ulimit -v unlimited"],
    );
    check(
        |of| of.address_space = Some(1 << 32),
        Bad,
        "4.00 GiB allowed",
        &[],
    );
    check(
        |of| of.processes = Some(u64::MAX),
        Fine,
        "without limit",
        &[],
    );
    check(
        |of| of.processes = Some(100),
        Note,
        "100 allowed",
        &["nproc"],
    );
    check(|of| of.processes = Some(10), Bad, "10 allowed", &[]);
    check(|of| of.overcommit = Some(0), Fine, "heuristic", &[]);
    check(
        |of| of.overcommit = Some(2),
        Note,
        "never",
        &["vm.overcommit_memory=0"],
    );
    let unheard_of = Machine {
        overcommit: Some(9),
        ..Machine::default()
    };
    assert_eq!(findings(&unheard_of), []);
}

#[test]
fn ports_are_told_as_connections_a_second_unless_they_are_used_again() {
    let ports = |ports: u64, reuse: u64| {
        move |of: &mut Machine| (of.ports, of.time_wait_reuse) = (Some(ports), Some(reuse))
    };
    check(
        ports(28_232, 2),
        Fine,
        "28 232 to connect from, or 470 new connections a second to one address",
        &[],
    );
    check(ports(64_512, 1), Fine, "64 512 to connect from", &[]);
    check(
        ports(5_000, 1),
        Note,
        "5 000 to connect from",
        &["ip_local_port_range", "tcp_tw_reuse=1"],
    );
    check(ports(100, 1), Bad, "100 to connect from", &[]);
    check(
        |of| of.backlog = Some(4_096),
        Fine,
        "4 096 connections",
        &[],
    );
    check(
        |of| of.backlog = Some(128),
        Note,
        "128 connections",
        &["net.core.somaxconn"],
    );
}

#[test]
fn a_clock_that_is_slow_to_read_is_bad() {
    let source = |name: &str, available: &[&str]| {
        let name = name.to_owned();
        let available: Vec<String> = available.iter().map(|name| (*name).to_owned()).collect();
        move |of: &mut Machine| (of.clock_source, of.clock_sources) = (Some(name), available)
    };
    check(source("tsc", &["tsc", "hpet"]), Fine, "tsc", &[]);
    check(source("kvm-clock", &["kvm-clock"]), Fine, "kvm-clock", &[]);
    check(
        source("arch_sys_counter", &[]),
        Fine,
        "arch_sys_counter",
        &[],
    );
    check(
        source("hpet", &["tsc", "hpet"]),
        Bad,
        "hpet",
        &["echo tsc >"],
    );
    check(
        source("acpi_pm", &["acpi_pm"]),
        Bad,
        "acpi_pm",
        &["invariant TSC"],
    );
    check(|of| of.clock_read_ns = Some(22), Fine, "22 ns", &[]);
    check(
        |of| of.clock_read_ns = Some(300),
        Note,
        "300 ns",
        &["clock source"],
    );
    check(|of| of.clock_read_ns = Some(1_400), Bad, "1.40 µs", &[]);
}

#[test]
fn timers_and_frequencies_are_told() {
    let late = |ns: u64| move |of: &mut Machine| of.timer_late_ns = Some(ns);
    check(late(60_000), Fine, "60.0 µs late at most in 99 of 100", &[]);
    check(
        late(900_000),
        Note,
        "900 µs late at most in 99 of 100",
        &["by rate"],
    );
    check(
        late(3_000_000),
        Bad,
        "3.00 ms late at most in 99 of 100",
        &[],
    );
    let governors = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        move |of: &mut Machine| of.governors = names
    };
    check(
        governors(&["performance", "performance"]),
        Fine,
        "performance",
        &[],
    );
    check(
        governors(&["powersave", "performance", "powersave"]),
        Note,
        "performance, powersave",
        &["cpupower"],
    );
}

fn directory(path: &Path) -> Directory {
    Directory {
        id: "cache_directory",
        what: "cache",
        path: path.to_owned(),
        cure: "set GORGON_CACHE_DIR to one that can".to_owned(),
    }
}

#[test]
fn a_directory_that_cannot_be_written_to_is_told_with_its_cure() {
    let there = |result: Result<(), String>| {
        move |of: &mut Machine| of.directories = vec![(directory(Path::new("/x/gorgon")), result)]
    };
    check(there(Ok(())), Fine, "/x/gorgon", &[]);
    check(
        there(Err("permission denied".to_owned())),
        Bad,
        "/x/gorgon cannot be written to: permission denied",
        &["GORGON_CACHE_DIR"],
    );
}

#[test]
fn trying_a_directory_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("a/b");
    assert_eq!(read::try_directory(folder.path()), Ok(()));
    assert_eq!(read::try_directory(&missing), Ok(()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(read::try_directory(&file).is_err());
}

#[test]
fn lateness_is_that_of_the_99th_of_a_hundred() {
    let mut waits = (1..=200u64).rev();
    assert_eq!(read::late_p99_ns(200, || waits.next()), Some(198));
    let mut one = std::iter::once(7);
    assert_eq!(read::late_p99_ns(1, || one.next()), Some(7));
    assert_eq!(read::late_p99_ns(1, || None), None);
    assert_eq!(read::late_p99_ns(0, || Some(1)), None);
}

#[test]
fn the_cost_of_a_reading_is_what_passes_in_it() {
    let mut now = 0;
    let mut clock = || {
        now += 25;
        Some(now)
    };
    assert_eq!(read::read_cost_ns(1_000, &mut clock), Some(25));
    assert_eq!(read::read_cost_ns(0, &mut clock), None);
    assert_eq!(read::read_cost_ns(10, || None), None);
}

#[test]
fn this_machine_can_be_examined() {
    let folder = tempfile::tempdir().unwrap();
    let findings = examine(vec![directory(folder.path())]);
    let of = |id: &str| findings.iter().find(|finding| finding.id == id);
    assert!(of("open_files").is_some());
    assert_eq!(
        of("cache_directory").map(|finding| finding.state),
        Some(Fine)
    );
    let ids: std::collections::BTreeSet<_> = findings.iter().map(|finding| finding.id).collect();
    assert_eq!(ids.len(), findings.len());
}
