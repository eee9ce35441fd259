//! Whether the runner came near the end of something it was given.

use super::cpu::typical_service;
use super::{Bounds, Reason, share};
use crate::report::format;
use crate::watch::readings::Readings;

/// The mean wait for a free connection, as a share of the median service time, of which it is a part. A bound on
/// connections may be what somebody wants to measure, so it never makes a run worthless.
const BLOCKED: Bounds = Bounds::degraded(0.05);

/// Open files in use, as a share of those allowed. What did run short shows as errors of calls.
const OPEN_FILES: Bounds = Bounds::degraded(0.9);

/// Ports in use, as a share of those there are. Beyond it connecting searches for long, well before it fails.
const PORTS: Bounds = Bounds::degraded(0.8);

/// Requests waited for a free connection.
pub(super) fn connections(readings: &Readings) -> Option<Reason> {
    let blocked = readings.connections.blocked_ns?;
    let mean = share(blocked, readings.connections.responses? as f64)?;
    let service = typical_service(readings)?;
    let part = (service > 0).then(|| mean / service as f64)?;
    BLOCKED.reason("connections", part, || {
        let (mean, service) = (
            format::duration(mean.round() as u64),
            format::duration(service),
        );
        format!(
            "a request waited {mean} (mean) for a free connection where a call takes {service}; raise --connections"
        )
    })
}

/// Nearly all open files that are allowed were in use.
pub(super) fn open_files(readings: &Readings) -> Option<Reason> {
    let open = readings.system.descriptors_peak?;
    let limit = readings.system.descriptors_limit?;
    OPEN_FILES.reason("open_files", share(open, limit as f64)?, || {
        let (open, allowed) = (format::count(open), format::count(limit));
        let raised = limit.saturating_mul(2);
        format!(
            "{open} of {allowed} open files were in use; raise the limit in the shell, `ulimit -n {raised}`, or use \
             fewer workers"
        )
    })
}

/// Nearly all local ports were in use. Without new connections that harms nobody.
pub(super) fn ports(readings: &Readings) -> Option<Reason> {
    readings
        .connections
        .opened_per_s_peak
        .filter(|&opened| opened > 0)?;
    let sockets = readings.system.sockets_peak?;
    let ports = readings.system.ports?;
    PORTS.reason("ports", share(sockets, ports as f64)?, || {
        let waiting = readings.system.time_wait_peak.map_or_else(String::new, |waiting| {
            format!(" ({} in TIME_WAIT)", format::count(waiting))
        });
        let (sockets, ports) = (format::count(sockets), format::count(ports));
        format!(
            "{sockets} sockets{waiting} share {ports} local ports; keep connections alive, spread them over more \
             addresses, or as root: `sysctl -w net.ipv4.ip_local_port_range='1024 65535'`"
        )
    })
}
