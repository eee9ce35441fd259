//! What a failed call is called: wasmtime's errors as the faults of a report.

use wasmtime::Trap;
use wasmtime_wasi::I32Exit;

use super::responses::StaleResponse;
use crate::stats::Fault;

/// Names the fault behind `error`. `memory_refused` tells whether the guest was refused memory during the call.
pub(super) fn of(error: &wasmtime::Error, memory_refused: bool) -> (Fault, String) {
    if let Some(I32Exit(code)) = error.downcast_ref::<I32Exit>() {
        // WASI 0.2 tells a component's host success or failure, not the number.
        let how = if *code == 0 {
            "as a success"
        } else {
            "as a failure"
        };
        return (Fault::Exit, format!("the guest ended its process {how}"));
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => (
            Fault::Timeout,
            "still computing when its timeout came".to_owned(),
        ),
        Some(trap) if memory_refused => (
            Fault::Memory,
            format!(
                "the guest was refused memory and gave up: {}",
                trap_text(*trap)
            ),
        ),
        Some(trap) => (Fault::Trap, trap_text(*trap).to_owned()),
        None if is_host_refusal(error) => (Fault::Trap, innermost(error)),
        None => (Fault::Abi, innermost(error)),
    }
}

/// The trap in a few words.
fn trap_text(trap: Trap) -> &'static str {
    match trap {
        Trap::StackOverflow => "call stack exhausted",
        Trap::MemoryOutOfBounds => {
            "memory accessed out of bounds (also what deep recursion looks like in many languages)"
        }
        Trap::UnreachableCodeReached => "`unreachable` executed: a panic or an abort",
        Trap::IntegerDivisionByZero => "integer division by zero",
        Trap::IntegerOverflow => "integer overflow",
        Trap::BadConversionToInteger => "a number was not fit to be made an integer",
        Trap::IndirectCallToNull => "call of a null function pointer",
        Trap::BadSignature => "indirect call of a function of another type",
        Trap::TableOutOfBounds => "table accessed out of bounds",
        _ => "trap",
    }
}

/// Limits that wasmtime enforces with errors that are not traps: too many handles, too much data copied.
fn is_host_refusal(error: &wasmtime::Error) -> bool {
    let text = innermost(error);
    let limits = ["handle limit", "too much data is being copied"];
    error.is::<StaleResponse>() || limits.iter().any(|limit| text.contains(limit))
}

fn innermost(error: &wasmtime::Error) -> String {
    error.root_cause().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_fail_has_its_fault() {
        #[track_caller]
        fn check(error: wasmtime::Error, refused: bool, fault: Fault, words: &str) {
            let (found, message) = of(&error, refused);
            assert_eq!(found, fault);
            assert!(message.contains(words), "{message}");
        }
        check(I32Exit(1).into(), false, Fault::Exit, "failure");
        check(I32Exit(0).into(), false, Fault::Exit, "success");
        check(Trap::Interrupt.into(), false, Fault::Timeout, "computing");
        check(
            Trap::UnreachableCodeReached.into(),
            true,
            Fault::Memory,
            "refused memory",
        );
        check(
            Trap::UnreachableCodeReached.into(),
            false,
            Fault::Trap,
            "panic",
        );
        check(Trap::StackOverflow.into(), false, Fault::Trap, "stack");
        check(
            wasmtime::format_err!("string pointer/length out of bounds"),
            false,
            Fault::Abi,
            "out of bounds",
        );
        check(StaleResponse(7).into(), false, Fault::Trap, "response 7");
    }
}
