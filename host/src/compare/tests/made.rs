//! Batches with known truth: durations that resemble their neighbours as much as they are told to.

use crate::compare::Batch;
use crate::splitmix;

/// The next random numbers of a trial.
pub(super) struct Random {
    state: u64,
    drawn: u64,
    spare: Option<f64>,
}

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random {
            state: splitmix::mixed(seed),
            drawn: 0,
            spare: None,
        }
    }

    /// From 0 on and below 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.drawn += 1;
        splitmix::unit(splitmix::after(self.state, self.drawn))
    }

    /// Of the standard normal distribution, after Marsaglia's polar method.
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                let scale = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(y * scale);
                return x * scale;
            }
        }
    }
}

/// How the durations of a run hang together.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// The logarithm of each call's duration is that of the call before it, times this, and something of its own: AR(1).
    Calls(f64),
    /// All calls of a batch are slower or faster together, and the batches are AR(1).
    Batches(f64),
    /// One batch of ten on average is slow, and so are mostly those beside it.
    Bursts,
}

/// A run: so many batches of so many calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    pub(super) kind: Kind,
    pub(super) batches: usize,
    pub(super) calls: usize,
    /// The standard deviation of the logarithm of a duration.
    pub(super) spread: f64,
    /// What every duration is multiplied by.
    pub(super) factor: f64,
}

const MEDIAN_NS: f64 = 10e6;
const LENGTH_NS: u64 = 1_000_000_000;

/// What the calls of a run have in common at a time.
struct Course {
    kind: Kind,
    level: f64,
    is_slow: bool,
}

impl Course {
    fn new(kind: Kind, random: &mut Random) -> Course {
        Course {
            kind,
            level: random.normal(),
            is_slow: random.unit() < 0.1,
        }
    }

    fn next_batch(&mut self, random: &mut Random) {
        match self.kind {
            Kind::Calls(_) => {}
            Kind::Batches(like) => self.step(like, random),
            Kind::Bursts => {
                // Bursts of two batches on average, a tenth of the time.
                let change = if self.is_slow { 1.0 / 2.0 } else { 1.0 / 18.0 };
                self.is_slow ^= random.unit() < change;
            }
        }
    }

    fn step(&mut self, like: f64, random: &mut Random) {
        self.level = like * self.level + (1.0 - like * like).sqrt() * random.normal();
    }

    /// The logarithm of the next duration, in units of the spread.
    fn next(&mut self, random: &mut Random) -> f64 {
        match self.kind {
            Kind::Calls(like) => {
                self.step(like, random);
                self.level
            }
            Kind::Batches(_) => 0.6 * self.level + 0.8 * random.normal(),
            Kind::Bursts => random.normal() + if self.is_slow { 2.0 } else { 0.0 },
        }
    }
}

impl Made {
    fn batch(&self, course: &mut Course, own: &mut Random) -> Batch {
        let durations = (0..self.calls).map(|_| {
            let duration = MEDIAN_NS * self.factor * (self.spread * course.next(own)).exp();
            duration as u64
        });
        let durations: Vec<u64> = durations.collect();
        Batch::of_durations(LENGTH_NS, durations.len() as u64, &durations)
    }

    /// A run of its own.
    pub(super) fn run(&self, random: &mut Random) -> Vec<Batch> {
        let mut course = Course::new(self.kind, random);
        let batches = (0..self.batches).map(|_| {
            course.next_batch(random);
            self.batch(&mut course, random)
        });
        batches.collect()
    }

    /// The same with another operation beside it, whose calls are slow when these are and take `factor` times as long.
    pub(super) fn beside(&self, factor: f64, random: &mut Random) -> Vec<(Batch, Batch)> {
        let slower = Made {
            factor: self.factor * factor,
            ..*self
        };
        let mut course = Course::new(self.kind, random);
        let batches = (0..self.batches).map(|_| {
            course.next_batch(random);
            // Calls alternate, so that each continues where the other operation's left off.
            (
                self.batch(&mut course, random),
                slower.batch(&mut course, random),
            )
        });
        batches.collect()
    }
}
