// Package entry is what every export does before and after what the operation does.
package entry

import (
	v1 "math/rand"
	"math/rand/v2"

	"gorgon/internal/host"
)

var source = rand.NewPCG(0, 0)

// Generator is started anew by Reseed.
var Generator = rand.New(source)

// Reseed starts the generators for a call.
func Reseed() {
	seed := host.Current.Random()
	source.Seed(seed, seed)
	v1.Seed(int64(seed)) //nolint:staticcheck // What the functions of math/rand draw is to follow from the seed.
}
