//! A program as anybody would write it: it knows nothing of gorgon. The first argument is a number.
//!
//! Prints what the environment variable `GORGON_SET_DO` says:
//!
//! | `do` | what it prints last | exit status |
//! |---|---|---|
//! | not set | `even` or `odd` | 0 |
//! | `fail` | `FAIL` where the number is a multiple of 5, after a line on stderr | 3, else 0 |
//! | `given` | its arguments and variables, one a line, and then `SUCCESS` | 0 |
//! | `silent` | nothing | 0, and 1 where the number is odd |
//! | `item` | its second argument | 0 |
//! | `count` | how often this memory has been here | 0 |
//! | `panic` | | |
//! | `spin` | computes for ever | |

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "that is how a program says anything"
)]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

static RUNS: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let number: u64 = arguments
        .get(1)
        .and_then(|number| number.parse().ok())
        .unwrap_or(0);
    match std::env::var("GORGON_SET_DO").as_deref() {
        Ok("fail") if number.is_multiple_of(5) => {
            eprintln!("{number} is no good");
            println!("FAIL");
            return ExitCode::from(3);
        }
        Ok("given") => {
            println!("{arguments:?}");
            let mut variables: Vec<String> = std::env::vars()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            variables.sort();
            variables.iter().for_each(|line| println!("{line}"));
            print!("SUCCESS\n\n");
        }
        Ok("silent") => return ExitCode::from(u8::from(!number.is_multiple_of(2))),
        Ok("item") => println!("{}", arguments.get(2).map_or("none", String::as_str)),
        Ok("count") => println!("{}", RUNS.fetch_add(1, Ordering::Relaxed)),
        Ok("panic") => panic!("as told"),
        Ok("spin") => loop {
            std::hint::black_box(number);
        },
        _ if number.is_multiple_of(2) => println!("even"),
        // Nothing ends it, as many a program does.
        _ => print!("odd"),
    }
    ExitCode::SUCCESS
}
