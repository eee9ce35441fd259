package gorgon

import (
	"math/rand/v2"

	"gorgon/internal/entry"
)

// Rand is a generator that starts anew with each call: it depends on the seed of the run and the number of the call
// alone, and not on the worker. It is not safe for concurrent use, and no use for secrets.
func Rand() *rand.Rand { return entry.Generator }
