package gorgon

import "gorgon/internal/entry"

var operation func(number uint64) (string, error)

// Operation makes run the operation of this module. Call it from init, once.
//
// The tag that run returns is that of a call that went as it was meant to; an empty one is SUCCESS. With an error the
// call fails, and its tag is [TagOf] the error. A panic is a fault: the instance is thrown away.
func Operation(run func(number uint64) (tag string, err error)) {
	if operation != nil {
		panic("gorgon.Operation was called twice: a module has one operation")
	}
	operation = run
}

// Perform makes one call of an operation, as gorgon does, and says with what tag it ended. It is for tests: package
// gorgon/gorgontest has the host that it needs.
func Perform(run func(number uint64) (tag string, err error), number uint64) (tag string, ok bool) {
	entry.Reseed()
	tag, err := run(number)
	if err != nil {
		return logged(err), false
	}
	if tag == "" {
		tag = "SUCCESS"
	}
	return tag, true
}

// logged writes to the log what the tag of an error does not say, and returns the tag.
func logged(err error) string {
	tag := TagOf(err)
	if text := err.Error(); text != tag {
		Error(text)
	}
	return tag
}
