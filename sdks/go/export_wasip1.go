package gorgon

import (
	"gorgon/internal/entry"
	"gorgon/internal/host"
)

//go:wasmexport gorgon:load/operation@0.1.0#run
func exportRun(number uint64) uint32 {
	defer entry.Crash()
	if operation == nil {
		panic("there is no operation: call gorgon.Operation in init, since main is not called")
	}
	tag, ok := Perform(operation, number)
	return host.Return(tag, ok)
}
