//go:build !wasip1

package host

// Current is the host; nil where no test plays one.
var Current Host
