use super::*;
use proptest::prelude::*;

const STAT: &str = "\
cpu  92845 10 7882 40114 368 5 98 94 7 0
cpu0 45821 4 3891 20718 187 2 10 44 7 0
cpu1 47024 6 3991 19396 181 3 88 50 0 0
intr 561505 0 0 1
ctxt 1212
";

/// From a Linux 2.6.9, before there was steal.
const STAT_OLD: &str = "cpu  100 0 20 300 4 1 2\ncpu0 100 0 20 300 4 1 2\n";

#[test]
fn cpu_lists_are_counted() {
    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(CpuList::parse(text).map(|list| list.count()), expected);
    }
    check("0\n", Some(1));
    check("0-3,8", Some(5));
    check("0-4294967295", Some(1 << 32));
    check("", None);
    check("3-0", None);
    check("0-", None);
    check("a", None);
    check("0,,1", None);
}

#[test]
fn the_cpus_a_process_may_use_are_in_its_status() {
    let status =
        "Name:\tgorgon\nCpus_allowed:\tff\nCpus_allowed_list:\t2-3\nMems_allowed_list:\t0\n";
    assert_eq!(CpuList::allowed(status), CpuList::parse("2-3"));
    assert_eq!(CpuList::allowed("Name:\tgorgon\n"), None);
}

#[test]
fn ticks_are_those_of_the_cpus_that_count() {
    #[track_caller]
    fn check(stat: &str, cpus: Option<&str>, expected: Option<(u64, u64, u64)>) {
        let cpus = cpus.map(|text| CpuList::parse(text).unwrap());
        let ticks = ticks(stat, cpus.as_ref());
        assert_eq!(
            ticks.map(|ticks| (ticks.busy, ticks.idle, ticks.steal)),
            expected
        );
    }
    check(STAT, None, Some((100_840, 40_482, 94)));
    check(STAT, Some("1"), Some((51_112, 19_577, 50)));
    check(STAT, Some("0-1"), Some((100_840, 40_482, 94)));
    check(STAT, Some("7"), None);
    check(STAT_OLD, None, None);
    check("cpu  1 2 3 x 5 6 7 8\n", None, None);
    check("cpu\n", None, None);
    check("", None, None);
    check("cpu  18446744073709551615 1 0 0 0 0 0 0\n", None, None);
}

#[test]
fn the_wait_of_a_thread_is_the_second_number() {
    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(waited_ns(text), expected);
    }
    check("61502 45057 2\n", Some(45_057));
    check("1 0 1\n", Some(0));
    check("0 0 0\n", None);
    check("61502 45057\n", None);
    check("-1 2 3\n", None);
    check("", None);
}

#[test]
fn sockets_of_both_families_are_counted() {
    let v4 =
        "sockets: used 14\nTCP: inuse 31 orphan 0 tw 512 alloc 40 mem 319\nUDP: inuse 0 mem 0\n";
    let v6 = "TCP6: inuse 4\nUDP6: inuse 0\n";
    let of = |in_use, time_wait| Some(Sockets { in_use, time_wait });
    assert_eq!(sockets(v4, Some(v6)), of(35, 512));
    assert_eq!(sockets(v4, None), of(31, 512));
    assert_eq!(sockets(v4, Some("garbage")), of(31, 512));
    assert_eq!(sockets("TCP: inuse 31 orphan 0\n", None), None);
    assert_eq!(sockets("TCP: inuse\n", None), None);
    assert_eq!(sockets("", None), None);
}

#[test]
fn a_range_of_ports_has_both_its_ends() {
    for (text, expected) in [
        ("32768\t60999\n", Some(28_232)),
        ("1024 65535", Some(64_512)),
        ("7 7", Some(1)),
        ("60999 32768", None),
        ("0 65536", None),
        ("32768", None),
        ("", None),
    ] {
        assert_eq!(ports(text), expected, "{text:?}");
    }
}

#[test]
fn memory_is_told_in_bytes() {
    let meminfo =
        "MemTotal:       16384000 kB\nMemAvailable:    8192 kB\nHugePages_Total:       0\n";
    assert_eq!(memory(meminfo, "MemAvailable:"), Some(8 * 1024 * 1024));
    assert_eq!(memory(meminfo, "HugePages_Total:"), None);
    assert_eq!(memory(meminfo, "SwapTotal:"), None);
    assert_eq!(
        memory("MemTotal: 99999999999999999 kB\n", "MemTotal:"),
        None
    );
    assert_eq!((number(" 65530\n"), number("max\n")), (Some(65_530), None));
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_fail(text in "(cpu[0-9]* |TCP: inuse |tw |[0-9]{1,21} ?|[a-z-]|,|\n){0,30}") {
        let list = CpuList::parse(&text);
        let _ = list.as_ref().map(CpuList::count);
        let _ = ticks(&text, list.as_ref());
        let _ = (ticks(&text, None), waited_ns(&text), sockets(&text, Some(&text)));
        let _ = (ports(&text), memory(&text, "cpu"), number(&text), CpuList::allowed(&text));
    }
}
