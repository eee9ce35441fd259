package host

import "unsafe"

//go:wasmimport gorgon:load/clock@0.1.0 now
func clockNow() uint64

//go:wasmimport gorgon:load/clock@0.1.0 sleep
func clockSleep(nanos uint64)

//go:wasmimport gorgon:load/context@0.1.0 number
func contextNumber() uint64

//go:wasmimport gorgon:load/context@0.1.0 worker
func contextWorker() uint32

//go:wasmimport gorgon:load/context@0.1.0 workers
func contextWorkers() uint32

//go:wasmimport gorgon:load/context@0.1.0 due
func contextDue() uint64

//go:wasmimport gorgon:load/context@0.1.0 run-id
func contextRunID(result unsafe.Pointer)

//go:wasmimport gorgon:load/context@0.1.0 random
func contextRandom() uint64

//go:wasmimport gorgon:load/context@0.1.0 parameter
func contextParameter(name string, result unsafe.Pointer)

//go:wasmimport gorgon:load/context@0.1.0 parameters
func contextParameters(result unsafe.Pointer)

//go:wasmimport gorgon:load/context@0.1.0 item
func contextItem(result unsafe.Pointer)

//go:wasmimport gorgon:load/context@0.1.0 cell
func contextCell(column string, result unsafe.Pointer)

//go:wasmimport gorgon:load/context@0.1.0 row
func contextRow(result unsafe.Pointer)

//go:wasmimport gorgon:load/context@0.1.0 stopping
func contextStopping() uint32

//go:wasmimport gorgon:load/context@0.1.0 log
func contextLog(level uint32, text string)

//go:wasmimport gorgon:load/measure@0.1.0 begin
func measureBegin(name string) uint32

//go:wasmimport gorgon:load/measure@0.1.0 end
func measureEnd(span uint32)

//go:wasmimport gorgon:load/measure@0.1.0 record
func measureRecord(name string, nanos uint64)

//go:wasmimport gorgon:load/measure@0.1.0 count
func measureCount(name string, delta uint64)

//go:wasmimport gorgon:load/measure@0.1.0 check
func measureCheck(name string, passed uint32)

//go:wasmimport gorgon:load/http@0.1.0 send
func httpSend(request, result unsafe.Pointer)

//go:wasmimport gorgon:load/http@0.1.0 send-all
func httpSendAll(requests unsafe.Pointer, count uint32, result unsafe.Pointer)

//go:wasmimport gorgon:load/http@0.1.0 header
func httpHeader(response uint32, name string, result unsafe.Pointer)

//go:wasmimport gorgon:load/http@0.1.0 header-all
func httpHeaderAll(response uint32, name string, result unsafe.Pointer)

//go:wasmimport gorgon:load/http@0.1.0 headers-of
func httpHeadersOf(response uint32, result unsafe.Pointer)

//go:wasmimport gorgon:load/http@0.1.0 timings-of
func httpTimingsOf(response uint32, result unsafe.Pointer)

//go:wasmimport gorgon:load/http@0.1.0 reused
func httpReused(response uint32) uint32

//go:wasmimport gorgon:load/http@0.1.0 version
func httpVersion(response uint32, result unsafe.Pointer)
