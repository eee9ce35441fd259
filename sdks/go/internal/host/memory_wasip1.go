package host

import "unsafe"

// Memory that the host writes into.
//
// The host asks for it while one of its functions runs, through the exports below. They are in a place in which Go's
// own allocator must not be used: it might start a garbage collection, which reads the clock, which is a function of
// the host, and the host may not be called while it waits for memory. Nor may the linear memory be grown, since Go
// takes all that is added to it for its own heap. So what the host writes goes to an array that is always there, and
// is copied out of it when the function has returned. The array is as large as the largest body that the host hands
// over. It is zero, so it is part of no file, and what was never used of it takes no memory of the machine.

const (
	room        = 16<<20 + 512<<10
	roomAdapter = 192 << 10
)

var (
	scratch     [room]byte
	scratchUsed uint32

	adapter     [roomAdapter]byte
	adapterUsed uint32
)

func address(p *byte) uint32 { return uint32(uintptr(unsafe.Pointer(p))) }

// take finds a place for size bytes behind what is used of an area.
//
//go:nosplit
func take(base, used, size, align, end uint32) uint32 {
	place := (base + used + align - 1) &^ (align - 1)
	if place-base > end || size > end-(place-base) {
		Trap()
	}
	return place
}

// For what a function of the host returns, and for the arguments of a hook. All texts are UTF-8 on both sides, so the
// host never asks for a larger place instead of an earlier one.
//
//go:wasmexport cabi_import_realloc
//go:nosplit
func reallocImport(_, _, align, size uint32) uint32 {
	base := address(&scratch[0])
	place := take(base, scratchUsed, size, align, room)
	scratchUsed = place + size - base
	return place
}

//go:wasmexport cabi_export_realloc
//go:nosplit
func reallocExport(_, _, align, size uint32) uint32 {
	base := address(&scratch[0])
	place := take(base, scratchUsed, size, align, room)
	scratchUsed = place + size - base
	return place
}

// For the state of the module that stands between Go and WASI 0.2, which is made once, before Go is initialised.
//
//go:wasmexport cabi_realloc_adapter
//go:nosplit
func reallocAdapter(_, _, align, size uint32) uint32 {
	base := address(&adapter[0])
	place := take(base, adapterUsed, size, align, roomAdapter)
	adapterUsed = place + size - base
	return place
}

// written is what the host wrote there, until Forget.
func written(place, size uint32) []byte {
	if size == 0 {
		return nil
	}
	from := place - address(&scratch[0])
	return scratch[from : from+size : from+size]
}

// Forget makes the room free again.
func Forget() { scratchUsed = 0 }

// Written copies out what the host wrote there.
func Written(place, size uint32) []byte {
	return append(make([]byte, 0, size), written(place, size)...)
}

// kept holds what the host is shown the address of, so that the garbage collector keeps it where it is.
var kept []unsafe.Pointer

func keep(p unsafe.Pointer) uint32 {
	kept = append(kept, p)
	return uint32(uintptr(p))
}

// release lets go of it.
func release() {
	clear(kept)
	kept = kept[:0]
}

// Trap ends the instance, as a fault of the operation.
func Trap()
