//! What a run needs of the machine, checked before it starts, with the command that helps where it falls short.

use crate::error::{Error, Exit, Result};

/// File descriptors that the process needs besides its connections: event loops, files, standard streams.
const DESCRIPTORS_OF_OWN: u64 = 24;
/// Those of one thread: its event loop with its wakers, and its timer.
const DESCRIPTORS_PER_THREAD: u64 = 5;

/// Memory maps of an instance of the pool, and those of the process itself.
const MAPS_PER_INSTANCE: u64 = 5;
const MAPS_OF_OWN: u64 = 2_000;

/// Addresses that an instance of the pool reserves, its guard included, and those of the process itself with room for its
/// caches.
const ADDRESSES_PER_INSTANCE: u64 = (4 << 30) + (64 << 20);
const ADDRESSES_OF_OWN: u64 = 4 << 30;

/// What a run asks for.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// Instances that live at the same time.
    pub instances: u64,
    /// Connections that may be open at the same time.
    pub connections: u64,
    /// Threads.
    pub threads: u64,
}

/// What the machine allows; nothing where that is not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowed {
    /// Open files of this process, after raising the limit as far as it goes.
    pub descriptors: Option<u64>,
    /// Memory maps of one process.
    pub maps: Option<u64>,
    /// Addresses of this process, in bytes.
    pub addresses: Option<u64>,
}

impl Allowed {
    /// Reads the limits of this machine, and raises the soft limit of open files to the hard one.
    pub fn here() -> Allowed {
        let maps = std::fs::read_to_string("/proc/sys/vm/max_map_count").ok();
        Allowed {
            descriptors: raise_descriptors(),
            maps: maps.and_then(|text| text.trim().parse().ok()),
            addresses: address_limit(),
        }
    }
}

/// The most instances that can live at the same time here; each may have a connection, if `with_connections`.
pub fn most_instances(allowed: Allowed, threads: u64, with_connections: bool) -> u64 {
    let by_maps = allowed
        .maps
        .map(|maps| maps.saturating_sub(MAPS_OF_OWN) / MAPS_PER_INSTANCE);
    let by_descriptors = allowed
        .descriptors
        .filter(|_| with_connections)
        .map(|descriptors| descriptors.saturating_sub(descriptors_of_own(threads)));
    // One more has `setup` and `teardown`.
    let by_addresses = allowed.addresses.map(|addresses| {
        (addresses.saturating_sub(ADDRESSES_OF_OWN) / ADDRESSES_PER_INSTANCE).saturating_sub(1)
    });
    by_maps
        .into_iter()
        .chain(by_descriptors)
        .chain(by_addresses)
        .min()
        .unwrap_or(u64::MAX)
}

fn descriptors_of_own(threads: u64) -> u64 {
    DESCRIPTORS_OF_OWN + DESCRIPTORS_PER_THREAD * threads
}

/// Compares the two.
///
/// # Errors
/// Something falls short; the error has both numbers and the command that changes it.
pub fn check(needs: Needs, allowed: Allowed) -> Result<()> {
    let maps = MAPS_OF_OWN + MAPS_PER_INSTANCE * needs.instances;
    if allowed.maps.is_some_and(|allowed| maps > allowed) {
        let allowed = allowed.maps.unwrap_or_default();
        return Err(Error::new(
            Exit::Environment,
            format!(
                "{} instances do not fit into a process here",
                needs.instances
            ),
        )
        .because(format!(
            "they need about {maps} memory maps, and `vm.max_map_count` is {allowed}"
        ))
        .hint(format!(
            "as root: `sysctl -w vm.max_map_count={}`",
            maps.next_multiple_of(100_000)
        ))
        .hint(format!(
            "or use at most {} workers",
            allowed.saturating_sub(MAPS_OF_OWN) / MAPS_PER_INSTANCE
        )));
    }
    let of_own = descriptors_of_own(needs.threads);
    let descriptors = of_own + needs.connections;
    if allowed
        .descriptors
        .is_some_and(|allowed| descriptors > allowed)
    {
        let allowed = allowed.descriptors.unwrap_or_default();
        let error = Error::new(Exit::Environment, "the run needs more open files than a process may have here")
            .because(format!(
                "it needs about {descriptors} ({of_own} of its own, {} connections), and the limit is {allowed}",
                needs.connections
            ))
            .hint(format!("in this shell: `ulimit -n {descriptors}` (as root, or after raising the hard limit)"));
        return Err(match allowed.saturating_sub(of_own) {
            0 => error,
            workers => error.hint(format!("or use at most {workers} workers")),
        });
    }
    Ok(())
}

#[expect(unsafe_code, reason = "two system calls on a structure of our own")]
fn raise_descriptors() -> Option<u64> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` is a valid structure to write to and to read from.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) != 0 {
            return None;
        }
        if limit.rlim_cur < limit.rlim_max {
            let raised = libc::rlimit {
                rlim_cur: limit.rlim_max,
                rlim_max: limit.rlim_max,
            };
            if libc::setrlimit(libc::RLIMIT_NOFILE, &raw const raised) == 0 {
                limit = raised;
            }
        }
    }
    Some(limit.rlim_cur)
}

/// The limit of addresses, `ulimit -v`, where there is one.
#[expect(unsafe_code, reason = "one system call on a structure of our own")]
fn address_limit() -> Option<u64> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` is a valid structure to write to.
    let is_known = unsafe { libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) } == 0;
    (is_known && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_needs(instances: u64, connections: u64, words: Option<&[&str]>) {
        let allowed = Allowed {
            descriptors: Some(1_024),
            maps: Some(65_530),
            addresses: None,
        };
        match (
            check(
                Needs {
                    instances,
                    connections,
                    threads: 2,
                },
                allowed,
            ),
            words,
        ) {
            (Ok(()), None) => {}
            (Err(error), Some(words)) => {
                let text = format!("{} {:?} {:?}", error.what(), error.causes(), error.hints());
                assert_eq!(error.exit(), Exit::Environment);
                for word in words {
                    assert!(text.contains(word), "{text}");
                }
            }
            (result, words) => panic!("{result:?} is not {words:?}"),
        }
    }

    #[test]
    fn a_run_that_fits_is_let_through_and_one_that_does_not_is_told_why() {
        check_needs(10_000, 0, None);
        check_needs(
            100_000,
            0,
            Some(&[
                "502000",
                "65530",
                "vm.max_map_count=600000",
                "12706 workers",
            ]),
        );
        check_needs(900, 900, None);
        check_needs(
            1_000,
            1_000,
            Some(&["1034", "1024", "ulimit -n 1034", "990 workers"]),
        );
    }

    #[test]
    fn as_many_instances_fit_as_the_tighter_limit_lets() {
        let allowed = Allowed {
            descriptors: Some(1_024),
            maps: Some(65_530),
            addresses: None,
        };
        assert_eq!(most_instances(allowed, 2, false), 12_706);
        assert_eq!(most_instances(allowed, 2, true), 990);
        assert_eq!(most_instances(Allowed::default(), 2, true), u64::MAX);
        let addresses = |bytes: u64| Allowed {
            addresses: Some(bytes),
            ..allowed
        };
        assert_eq!(most_instances(addresses(30 << 30), 2, true), 5);
        assert_eq!(most_instances(addresses(1 << 40), 2, true), 250);
        assert_eq!(most_instances(addresses(1 << 20), 2, true), 0);
    }

    #[test]
    fn unknown_limits_forbid_nothing() {
        let needs = Needs {
            instances: u64::from(u32::MAX),
            connections: 1 << 40,
            threads: 1,
        };
        assert_eq!(check(needs, Allowed::default()), Ok(()));
    }

    #[test]
    fn the_limits_of_this_machine_can_be_read() {
        let here = Allowed::here();
        assert!(here.descriptors.is_some_and(|limit| limit > 2));
        assert!(here.maps.is_none_or(|limit| limit > 0));
    }
}
