package gorgon

import (
	"fmt"
	"strconv"
	"time"

	"gorgon/internal/host"
)

// Field is a name and its value.
type Field = host.Field

// Number is the number of this call; 0 in the hooks.
func Number() uint64 { return host.Current.Number() }

// Worker is the worker that makes this call, counted from 0.
func Worker() int { return int(host.Current.Worker()) }

// Workers is how many workers the run was started with. In open load: 0.
func Workers() int { return int(host.Current.Workers()) }

// Due is when this call was due, since the run started.
func Due() time.Duration { return time.Duration(host.Current.Due()) }

// RunID names this run.
func RunID() string { return host.Current.RunID() }

// Stopping is true once the run is ending: a long call may then return early.
func Stopping() bool { return host.Current.Stopping() }

// Parameter is the value given with --set NAME=VALUE, if there is one.
func Parameter(name string) (value string, ok bool) { return host.Current.Parameter(name) }

// Required is the same; without a value, the error has the tag missing-parameter:NAME.
func Required(name string) (string, error) {
	value, ok := Parameter(name)
	if !ok {
		return "", Fail("missing-parameter:" + name).Because(fmt.Errorf("give it with --set %s=…", name))
	}
	return value, nil
}

// ParameterOr is the same; without a value, otherwise.
func ParameterOr(name, otherwise string) string {
	if value, ok := Parameter(name); ok {
		return value
	}
	return otherwise
}

// UintParameter is a parameter that is a whole number. Of another one, the error has the tag bad-parameter:NAME.
func UintParameter(name string, otherwise uint64) (uint64, error) {
	return parsed(name, otherwise, func(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) })
}

// DurationParameter is a parameter that is a duration as time.ParseDuration reads it, such as 500ms or 1m30s. Of
// another one, the error has the tag bad-parameter:NAME.
func DurationParameter(name string, otherwise time.Duration) (time.Duration, error) {
	return parsed(name, otherwise, time.ParseDuration)
}

func parsed[T any](name string, otherwise T, parse func(string) (T, error)) (T, error) {
	text, ok := Parameter(name)
	if !ok {
		return otherwise, nil
	}
	value, err := parse(text)
	if err != nil {
		return otherwise, Fail("bad-parameter:" + name).Because(err)
	}
	return value, nil
}

// Parameters are all parameters.
func Parameters() []Field { return host.Current.Parameters() }

// Item is the item of this call, one line of --items; not ok in a run without items.
func Item() (item []byte, ok bool) { return host.Current.Item() }

// Cell is the cell in that column of this call's row of --data, if there is one.
func Cell(column string) (cell []byte, ok bool) { return host.Current.Cell(column) }

// Row is this call's row of --data, in the order of the file.
func Row() []Field { return host.Current.Row() }
