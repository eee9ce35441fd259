package gorgon

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Failure is an error that says which tag a call ends with.
type Failure struct {
	tag   string
	cause error
}

// Fail returns an error with this tag, for one that a call ends with: `return "", gorgon.Fail("sold-out")`.
func Fail(tag string) *Failure { return &Failure{tag: tag} }

// Because adds the reason, which is logged when the call ends with this failure.
func (f *Failure) Because(cause error) *Failure { return &Failure{f.tag, cause} }

// Tag is the tag.
func (f *Failure) Tag() string { return f.tag }

// Error is the tag, and the reason if there is one.
func (f *Failure) Error() string {
	if f.cause != nil {
		return f.tag + ": " + f.cause.Error()
	}
	return f.tag
}

// Unwrap returns the reason.
func (f *Failure) Unwrap() error { return f.cause }

// Is reports whether the other one is a failure with the same tag.
func (f *Failure) Is(other error) bool {
	failure, ok := other.(*Failure)
	return ok && failure.tag == f.tag
}

// TagOf returns the tag that a call ends with if it fails with this error:
//
//   - of an error that has a method Tag() string, or wraps one that has, what it says. Those of this package do:
//     missing parameters and failed requests have the tags that they have in every language;
//   - timeout, if it is or wraps context.DeadlineExceeded;
//   - else the type of the innermost error in it that has one of its own, such as json.SyntaxError;
//   - and error, if all of it is only text, as errors.New and fmt.Errorf make it.
//
// The text is never the tag, because texts differ from call to call, and a report has one row per tag. It is logged.
func TagOf(err error) string {
	var tagged interface{ Tag() string }
	if errors.As(err, &tagged) {
		return tagged.Tag()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout"
	}
	tag := "error"
	for ; err != nil; err = errors.Unwrap(err) {
		switch name := strings.TrimPrefix(fmt.Sprintf("%T", err), "*"); name {
		case "errors.errorString", "errors.joinError", "fmt.wrapError", "fmt.wrapErrors":
		default:
			tag = name
		}
	}
	return tag
}

// Status makes the status of a response the tag of a call: its number, failing unless it is 200 to 399.
func Status(status int) (tag string, err error) {
	tag = fmt.Sprint(status)
	if status < 200 || status >= 400 {
		return "", Fail(tag)
	}
	return tag, nil
}
