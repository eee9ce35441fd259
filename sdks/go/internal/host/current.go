//go:build !wasip1

package host

// Current is the host that package gorgontest plays. Without one, what an operation does cannot be done, and the test
// crashes here.
var Current Host
