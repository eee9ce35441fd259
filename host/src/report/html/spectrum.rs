//! All percentiles of a run, to be drawn over how rare they are.

use super::data::Spectrum;
use crate::stats::{Distribution, Quantile, Summary};

/// Points for each tenfold rarity.
const PER_DECADE: u32 = 24;

/// The rarest: one call in 10^9.
const DECADES: u32 = 9;

/// The percentiles of what callers felt and, in open load, of service.
pub(super) fn spectrum(summary: &Summary) -> Vec<Spectrum> {
    let latency = &summary.latency;
    let spectra = match &latency.response {
        Some(response) => vec![of("response", response), of("service", &latency.service)],
        None => vec![of("service", &latency.service)],
    };
    let is_known = |one: &Spectrum| one.points.len() > 1;
    spectra.into_iter().filter(is_known).collect()
}

fn of(label: &str, durations: &Distribution) -> Spectrum {
    let mut points: Vec<(f64, u64)> = Vec::new();
    points.extend(durations.ended.min().map(|ns| (0.0, ns)));
    let mut ends_in_bound = false;
    for step in 1..=PER_DECADE * DECADES {
        let rarity = 10f64.powf(f64::from(step) / f64::from(PER_DECADE));
        // The reports' own percentiles are among the points: rounded, a whole decade is one.
        let p = (100.0 * (1.0 - 1.0 / rarity) * 1e7).round() / 1e7;
        match durations.percentile(p).value {
            Some(Quantile::Exact(ns)) => points.push((p, ns)),
            Some(Quantile::AtLeast(_)) => {
                ends_in_bound = true;
                break;
            }
            None => break,
        }
    }
    Spectrum {
        label: label.to_owned(),
        points,
        ends_in_bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn it_goes_as_far_as_the_percentiles_of_the_reports() {
        for (name, summary) in samples::all() {
            for spectrum in spectrum(&summary) {
                assert!(
                    spectrum.points.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1),
                    "{name}"
                );
            }
        }
        let summary = samples::usual();
        let spectrum = &spectrum(&summary)[0];
        for p in [90.0, 99.0] {
            let Some(Quantile::Exact(ns)) = summary.latency.felt().percentile(p).value else {
                panic!("p{p} is known");
            };
            assert!(spectrum.points.contains(&(p, ns)), "p{p}");
        }
        assert!(spectrum.points.iter().all(|point| point.0 < 99.8));
    }

    #[test]
    fn it_ends_where_calls_that_never_ended_leave_no_more_to_be_known() {
        let spectra = spectrum(&samples::open_load());
        assert_eq!(spectra.len(), 2);
        assert!(spectra[0].ends_in_bound && spectra[0].points.last().unwrap().0 < 99.0);
    }
}
