//! Who runs the process.

/// The user whose rights the process has, as the system numbers users.
#[expect(unsafe_code, reason = "`geteuid` has no precondition and cannot fail")]
pub(crate) fn effective_id() -> u32 {
    // SAFETY: it reads a number of the process.
    unsafe { libc::geteuid() }
}
