package gorgon

import (
	"fmt"
	"time"

	"gorgon/internal/host"
)

// Now is the time since the run started.
func Now() time.Duration { return time.Duration(host.Current.Now()) }

// Sleep waits. The whole sandbox waits, its other goroutines too; other workers go on.
func Sleep(d time.Duration) { host.Current.Sleep(nanos(d)) }

func nanos(d time.Duration) uint64 { return uint64(max(d, 0)) }

// Span is a named part of a call.
type Span uint32

// Begin starts a span: `defer gorgon.Begin("search").End()`. Spans may nest, overlap and repeat; each becomes a sample
// of the measurement of that name when it ends.
func Begin(name string) Span { return Span(host.Current.Begin(name)) }

// End ends a span.
func (s Span) End() { host.Current.End(uint32(s)) }

// Record adds a sample that was timed otherwise.
func Record(name string, d time.Duration) { host.Current.Record(name, nanos(d)) }

// Count adds to a counter of the run.
func Count(name string, delta uint64) { host.Current.Count(name, delta) }

// Check counts a check as passed or failed, and returns passed. It changes neither the call nor its tag.
func Check(name string, passed bool) bool {
	host.Current.Check(name, passed)
	return passed
}

// Debug writes a line to the log of the run. Its arguments are those of fmt.Sprint.
func Debug(args ...any) { host.Current.Log(0, fmt.Sprint(args...)) }

// Info writes a line to the log of the run.
func Info(args ...any) { host.Current.Log(1, fmt.Sprint(args...)) }

// Warn writes a line to the log of the run.
func Warn(args ...any) { host.Current.Log(2, fmt.Sprint(args...)) }

// Error writes a line to the log of the run.
func Error(args ...any) { host.Current.Log(3, fmt.Sprint(args...)) }
