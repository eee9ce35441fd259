package lifecycle

import (
	"gorgon/internal/entry"
	"gorgon/internal/host"
)

//go:wasmexport gorgon:load/lifecycle@0.1.0#setup
func exportSetup() uint32 {
	defer entry.Crash()
	entry.Reseed()
	if setup == nil {
		return host.Return("", true)
	}
	shared, err := setup()
	return result(string(shared), err)
}

//go:wasmexport gorgon:load/lifecycle@0.1.0#start
func exportStart(place, size uint32) uint32 {
	shared := host.Argument(place, size)
	defer entry.Crash()
	entry.Reseed()
	if start == nil {
		return host.Return("", true)
	}
	return result("", start(shared))
}

//go:wasmexport gorgon:load/lifecycle@0.1.0#stop
func exportStop() {
	defer entry.Crash()
	entry.Reseed()
	if stop != nil {
		stop()
	}
}

//go:wasmexport gorgon:load/lifecycle@0.1.0#teardown
func exportTeardown(place, size uint32) {
	shared := host.Argument(place, size)
	defer entry.Crash()
	entry.Reseed()
	if teardown != nil {
		teardown(shared)
	}
}

func result(text string, err error) uint32 {
	if err != nil {
		return host.Return(err.Error(), false)
	}
	return host.Return(text, true)
}
