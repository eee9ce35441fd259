//! The shape of durations: whether they come in several clear groups, and whether they changed while the run went on.
//! Either makes one median for all of them say little.

mod drift;

use super::histogram::Histogram;

pub use drift::{Drift, drift};

/// Fewer durations than this have no shape.
const SAMPLES: u64 = 100;

/// Bins for each doubling of a duration: 2.2 % each, on a scale of ratios, as durations spread by factors.
const BINS_PER_OCTAVE: f64 = 32.0;

/// Durations below are in the first bin: there the ticks of clocks look like modes. In nanoseconds.
const SHORTEST_NS: f64 = 1_000.0;

/// The narrowest smoothing, in bins.
const BANDWIDTH_MIN: f64 = 1.5;

/// What a mode has of all durations at least.
const MODE_SHARE: f64 = 0.1;

/// How far apart two modes are at least, as a factor.
const MODE_FACTOR: f64 = 1.5;

/// How deep the valley between two modes is: at most this part of the lower one.
const VALLEY: f64 = 0.5;

/// By how many standard deviations of chance a valley must be below the lower mode.
const VALLEY_SIGMAS: f64 = 3.0;

/// A group of durations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mode {
    /// The duration around which most of them are, in nanoseconds: to about 2 % where there are many.
    pub at_ns: u64,
    /// The share (0 to 1) of all durations that is in the group. All shares add up to 1.
    pub share: f64,
}

/// The clear groups that durations come in, the shortest first: one for most runs, and none for fewer than a hundred
/// durations.
///
/// They are the peaks of a density estimated on a logarithmic scale with a Gaussian kernel, whose width is B. W.
/// Silverman's rule of thumb ("Density Estimation for Statistics and Data Analysis", 1986, equation 3.31). Two peaks
/// are two groups where each has a tenth of all, they are a factor of 1.5 apart, and the valley between them is at
/// most half as high as the lower one, by more than chance would have it.
pub fn modes(durations: &Histogram) -> Vec<Mode> {
    let count = durations.len();
    if count < SAMPLES {
        return Vec::new();
    }
    let bins = bins(durations);
    let bandwidth = bandwidth(&bins, count as f64);
    let density = smooth(&bins, bandwidth);
    let mut hills = hills(&bins, &density);
    let chance = Chance {
        count: count as f64,
        // A Gaussian kernel counts as many samples as a box that is this wide.
        samples_at_height: 2.0 * std::f64::consts::PI.sqrt() * bandwidth,
    };
    while let Some(index) = least_apart(&hills, &chance) {
        merge(&mut hills, index);
    }
    let mode = |hill: &Hill| Mode {
        at_ns: (SHORTEST_NS * ((hill.peak as f64 + 0.5) / BINS_PER_OCTAVE).exp2()).round() as u64,
        share: hill.mass / count as f64,
    };
    hills.iter().map(mode).collect()
}

/// Counts on a logarithmic scale, which begins at [`SHORTEST_NS`].
fn bins(durations: &Histogram) -> Vec<f64> {
    let mut bins = Vec::new();
    for bucket in durations.buckets() {
        let middle = (bucket.low as f64 + bucket.high as f64) / 2.0;
        let octaves = (middle.max(SHORTEST_NS) / SHORTEST_NS).log2();
        let bin = (octaves * BINS_PER_OCTAVE) as usize;
        if bins.len() <= bin {
            bins.resize(bin + 1, 0.0);
        }
        bins[bin] += bucket.count as f64;
    }
    bins
}

/// 0.9 min(standard deviation, interquartile range / 1.34) n^(-1/5), in bins.
fn bandwidth(bins: &[f64], count: f64) -> f64 {
    let moment = |of: &dyn Fn(f64) -> f64| {
        let parts = bins
            .iter()
            .enumerate()
            .map(|(bin, &weight)| weight * of(bin as f64));
        parts.sum::<f64>() / count
    };
    let mean = moment(&|bin| bin);
    let deviation = moment(&|bin| (bin - mean).powi(2)).sqrt();
    let quartile = |q: f64| {
        let mut seen = 0.0;
        let is_reached = |weight: &f64| {
            seen += weight;
            seen >= q * count
        };
        bins.iter().position(is_reached).unwrap_or(0) as f64
    };
    let quartiles = (quartile(0.75) - quartile(0.25)) / 1.34;
    (0.9 * deviation.min(quartiles) * count.powf(-0.2)).max(BANDWIDTH_MIN)
}

/// The bins with each count spread over its neighbours.
fn smooth(bins: &[f64], bandwidth: f64) -> Vec<f64> {
    // Beyond four standard deviations a kernel has nothing to add.
    let reach = (4.0 * bandwidth).ceil() as usize;
    let height = |distance: usize| (-0.5 * (distance as f64 / bandwidth).powi(2)).exp();
    let kernel: Vec<f64> = (0..=reach).map(height).collect();
    let whole = kernel[0] + 2.0 * kernel[1..].iter().sum::<f64>();
    let mut density = vec![0.0; bins.len()];
    for (bin, &count) in bins.iter().enumerate().filter(|(_, count)| **count > 0.0) {
        let last = (bin + reach).min(bins.len() - 1);
        for (near, sum) in density
            .iter_mut()
            .enumerate()
            .take(last + 1)
            .skip(bin.saturating_sub(reach))
        {
            *sum += count * kernel[near.abs_diff(bin)] / whole;
        }
    }
    density
}

/// A peak and what is around it.
#[derive(Debug, Clone, Copy)]
struct Hill {
    /// The bin of the peak.
    peak: usize,
    height: f64,
    mass: f64,
    /// How deep it goes down between this peak and the next.
    valley: f64,
}

/// Every peak, however small, with what lies between the valleys on both sides.
fn hills(bins: &[f64], density: &[f64]) -> Vec<Hill> {
    let mut hills: Vec<Hill> = Vec::new();
    let mut hill = Hill {
        peak: 0,
        height: 0.0,
        mass: 0.0,
        valley: f64::INFINITY,
    };
    let mut is_falling = false;
    for (bin, (&count, &height)) in bins.iter().zip(density).enumerate() {
        if is_falling && height > hill.valley {
            // It goes up again: what was lowest was the valley.
            hills.push(hill);
            hill = Hill {
                peak: bin,
                height,
                mass: 0.0,
                valley: f64::INFINITY,
            };
            is_falling = false;
        } else if height > hill.height {
            (hill.peak, hill.height) = (bin, height);
        } else if height < hill.height {
            is_falling = true;
            hill.valley = hill.valley.min(height);
        }
        hill.mass += count;
    }
    hill.valley = 0.0;
    hills.push(hill);
    hills
}

/// What chance can do to the height of a density.
#[derive(Debug, Clone, Copy)]
struct Chance {
    count: f64,
    samples_at_height: f64,
}

impl Chance {
    /// Whether the two are different modes.
    fn are_apart(&self, left: &Hill, right: &Hill) -> bool {
        let lower = left.height.min(right.height);
        let octaves = (right.peak - left.peak) as f64 / BINS_PER_OCTAVE;
        let depth = (lower - left.valley) * self.samples_at_height;
        // The variance of a count is the count.
        let noise = ((lower + left.valley) * self.samples_at_height).sqrt();
        left.mass.min(right.mass) >= MODE_SHARE * self.count
            && octaves.exp2() >= MODE_FACTOR
            && left.valley <= VALLEY * lower
            && depth > VALLEY_SIGMAS * noise
    }
}

/// Of the neighbours that are one mode, the two with the flattest valley; the index is that of the left one.
fn least_apart(hills: &[Hill], chance: &Chance) -> Option<usize> {
    let flatness = |pair: &[Hill]| pair[0].valley / pair[0].height.min(pair[1].height);
    let pairs = hills.windows(2).enumerate();
    pairs
        .filter(|(_, pair)| !chance.are_apart(&pair[0], &pair[1]))
        .max_by(|(_, a), (_, b)| flatness(a).total_cmp(&flatness(b)))
        .map(|(index, _)| index)
}

/// Makes one of a hill and the next. The higher peak stays, and looks at its neighbours over the other.
fn merge(hills: &mut Vec<Hill>, index: usize) {
    let right = hills.remove(index + 1);
    let left = hills[index];
    let between = left.valley;
    let higher = if left.height >= right.height {
        left
    } else {
        right
    };
    hills[index] = Hill {
        mass: left.mass + right.mass,
        valley: if left.height >= right.height {
            between.min(right.valley)
        } else {
            right.valley
        },
        ..higher
    };
    if left.height < right.height && index > 0 {
        let before = &mut hills[index - 1];
        before.valley = before.valley.min(between);
    }
}

#[cfg(test)]
mod tests;
