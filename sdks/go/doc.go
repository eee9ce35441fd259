// Package gorgon is for writing gorgon operations in Go.
//
// An operation is one function: it gets a unique number, does something, and says with a short word, its tag, how that
// went.
//
//	package main
//
//	import (
//		"fmt"
//
//		"gorgon"
//	)
//
//	func init() { gorgon.Operation(run) }
//
//	func main() {}
//
//	func run(number uint64) (string, error) {
//		url, err := gorgon.Required("url")
//		if err != nil {
//			return "", err
//		}
//		page, err := gorgon.Get(fmt.Sprintf("%s?page=%d", url, number))
//		if err != nil {
//			return "", err
//		}
//		return gorgon.Status(page.Status)
//	}
//
// It is built with
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o op.wasm
//
// which makes a library, so main is never called: what has to happen first belongs into init.
//
// # HTTP
//
// [Get], [Post] and [Send] are a small client. Package gorgon/nethttp makes net/http use gorgon's connections, for
// operations that want the ordinary http.Client, with its redirects and cookies; it adds some 4 MB to the file.
//
// # Goroutines
//
// Goroutines work, but a sandbox is one thread, and while it waits for the host, in a request or in [Sleep], all of its
// goroutines do. Several requests at once are sent with [SendAll]; other workers go on in any case.
//
// # Randomness
//
// [Rand] is a math/rand/v2 generator that starts anew with each call from the seed of the run and the number of the
// call. The functions of math/rand (without v2) are seeded in the same way. Those of math/rand/v2 cannot be seeded:
// they differ from worker to worker and from run to run.
package gorgon
