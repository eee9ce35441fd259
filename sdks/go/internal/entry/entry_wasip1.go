package entry

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"gorgon/internal/host"
)

// Crash, deferred, makes a panic a trap, and prints where it came from. Go itself would trap too, but print so much that
// no two panics are the same in the report.
func Crash() {
	if reason := recover(); reason != nil {
		fmt.Fprintf(os.Stderr, "panic: %v%s\n", reason, places())
		host.Trap()
	}
}

// places are where the panic came from: without addresses and arguments, which are different each time, so that equal
// panics are equal lines in the report.
func places() string {
	var text strings.Builder
	counters := make([]uintptr, 64)
	frames := runtime.CallersFrames(counters[:runtime.Callers(3, counters)])
	for {
		frame, more := frames.Next()
		if frame.Function == "gorgon.Perform" || strings.HasPrefix(frame.Function, "gorgon/lifecycle.export") {
			break
		}
		if !strings.HasPrefix(frame.Function, "runtime.") {
			fmt.Fprintf(&text, "\n\t%s %s:%d", frame.Function, filepath.Base(frame.File), frame.Line)
		}
		if !more {
			break
		}
	}
	return text.String()
}
