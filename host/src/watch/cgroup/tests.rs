use super::*;
use std::collections::HashMap;

/// The limits found where only these files exist.
fn find(files: &[(&str, &str)]) -> Cgroup {
    let files: HashMap<_, _> = files
        .iter()
        .map(|(path, text)| (PathBuf::from(path), *text))
        .collect();
    Cgroup::find(&|path| files.get(path).map(|text| (*text).to_owned()))
}

#[test]
fn the_least_quota_of_all_levels_holds() {
    let found = find(&[
        ("/proc/self/cgroup", "0::/a.slice/b.scope\n"),
        ("/sys/fs/cgroup/a.slice/b.scope/cpu.max", "max 100000\n"),
        ("/sys/fs/cgroup/a.slice/cpu.max", "150000 100000\n"),
        ("/sys/fs/cgroup/a.slice/memory.max", "max\n"),
        ("/sys/fs/cgroup/memory.max", "1073741824\n"),
    ]);
    assert_eq!(found.cpus, Some(1.5));
    assert_eq!(
        found.stats,
        [PathBuf::from("/sys/fs/cgroup/a.slice/cpu.stat")]
    );
    assert_eq!(found.memory, Some(1 << 30));
}

#[test]
fn a_container_of_version_1_sees_its_own_group_as_the_root() {
    let found = find(&[
        (
            "/proc/self/cgroup",
            "4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/\n",
        ),
        ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "50000\n"),
        ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n"),
    ]);
    assert_eq!((found.cpus, found.memory), (Some(0.5), Some(512 << 20)));
    assert_eq!(
        found.stats,
        [PathBuf::from("/sys/fs/cgroup/cpu,cpuacct/cpu.stat")]
    );
}

#[test]
fn without_limits_there_are_none() {
    let version_1 = find(&[
        ("/proc/self/cgroup", "4:memory:/\n1:cpu:/\n0::/\n"),
        ("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"),
        ("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"),
        (
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            "9223372036854771712\n",
        ),
    ]);
    assert_eq!(version_1, Cgroup::default());
    assert_eq!(find(&[]), Cgroup::default());
    assert_eq!(
        find(&[("/proc/self/cgroup", "garbage\n0:\n::\n")]),
        Cgroup::default()
    );
}

#[test]
fn groups_out_of_sight_are_passed_over() {
    let found = find(&[
        ("/proc/self/cgroup", "0::/../../other\n"),
        ("/sys/fs/cgroup/../../other/cpu.max", "100000 100000\n"),
        ("/sys/fs/cgroup/cpu.max", "400000 100000\n"),
    ]);
    assert_eq!(found.cpus, Some(4.0));
}

#[test]
fn quotas_and_stops_of_both_versions_are_read() {
    for (text, expected) in [
        ("max 100000\n", None),
        ("200000 100000\n", Some(2.0)),
        ("0 100000", None),
        ("100000 0", None),
        ("100000", None),
        ("", None),
    ] {
        assert_eq!(quota(text), expected, "{text:?}");
    }
    let v2 = "usage_usec 17\nnr_periods 3\nnr_throttled 2\nthrottled_usec 4500\n";
    let v1 = "nr_periods 3\nnr_throttled 2\nthrottled_time 7000000\n";
    for (text, expected) in [
        (v2, Some(4_500_000)),
        (v1, Some(7_000_000)),
        ("usage_usec 17\n", None),
        ("throttled_usec x\n", None),
        ("throttled_usec 18446744073709551615\n", None),
    ] {
        assert_eq!(throttled_ns(text), expected, "{text:?}");
    }
}
