// Package entry is what every export does before and after what the operation does.
package entry

import (
	v1 "math/rand"
	"math/rand/v2"
	"os"

	"gorgon/internal/host"
)

var source = rand.NewPCG(0, 0)

// Generator is started anew by Reseed.
var Generator = rand.New(source)

func init() {
	// Without it, math/rand's Seed does nothing.
	setting := "randseednop=0"
	if others := os.Getenv("GODEBUG"); others != "" {
		setting = others + "," + setting
	}
	os.Setenv("GODEBUG", setting)
}

// Reseed starts the generators for a call.
func Reseed() {
	seed := host.Current.Random()
	source.Seed(seed, seed)
	v1.Seed(int64(seed)) //nolint:staticcheck // What the functions of math/rand draw is to follow from the seed.
}
