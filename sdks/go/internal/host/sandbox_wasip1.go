package host

import (
	"sync"
	"unsafe"
)

// sandbox is the host of a run. The instance stands still while one of its methods runs, so no two ever do.
type sandbox struct{}

// area is where a function of the host puts its result: aligned for each of them, and nowhere that moves.
var area [8]uint64

// exclusive is held from calling a function of the host until its result is read: reading allocates, which may let
// another goroutine go on.
var exclusive sync.Mutex

// call runs a function of the host that returns through memory, and reads its result.
func call[T any](function func(result unsafe.Pointer), read func(result record) T) T {
	exclusive.Lock()
	defer exclusive.Unlock()
	Forget()
	function(unsafe.Pointer(&area))
	release()
	return read(record(unsafe.Slice((*byte)(unsafe.Pointer(&area)), unsafe.Sizeof(area))))
}

func (sandbox) Now() uint64                     { return clockNow() }
func (sandbox) Sleep(nanos uint64)              { clockSleep(nanos) }
func (sandbox) Number() uint64                  { return contextNumber() }
func (sandbox) Worker() uint32                  { return contextWorker() }
func (sandbox) Workers() uint32                 { return contextWorkers() }
func (sandbox) Due() uint64                     { return contextDue() }
func (sandbox) RunID() string                   { return call(contextRunID, text) }
func (sandbox) Random() uint64                  { return contextRandom() }
func (sandbox) Parameters() []Field             { return call(contextParameters, fields) }
func (sandbox) Row() []Field                    { return call(contextRow, fields) }
func (sandbox) Stopping() bool                  { return contextStopping() != 0 }
func (sandbox) Log(level uint32, text string)   { contextLog(level, text) }
func (sandbox) Begin(name string) uint32        { return measureBegin(name) }
func (sandbox) End(span uint32)                 { measureEnd(span) }
func (sandbox) Record(name string, n uint64)    { measureRecord(name, n) }
func (sandbox) Count(name string, delta uint64) { measureCount(name, delta) }
func (sandbox) Check(name string, passed bool)  { measureCheck(name, uint32(boolean(passed))) }

func text(r record) string    { return r.text(0) }
func fields(r record) []Field { return r.fields(0) }

// optional is option<string> or option<list<u8>>.
type optional struct {
	bytes []byte
	some  bool
}

func option(r record) optional {
	if r.u8(0) == 0 {
		return optional{}
	}
	return optional{r.bytes(4), true}
}

func (sandbox) Parameter(name string) (string, bool) {
	value := call(func(result unsafe.Pointer) { contextParameter(name, result) }, option)
	return string(value.bytes), value.some
}

func (sandbox) Item() ([]byte, bool) {
	item := call(contextItem, option)
	return item.bytes, item.some
}

func (sandbox) Cell(column string) ([]byte, bool) {
	cell := call(func(result unsafe.Pointer) { contextCell(column, result) }, option)
	return cell.bytes, cell.some
}

func (sandbox) Send(request *Request) (Response, *Error) {
	exchange := call(func(result unsafe.Pointer) {
		lowered := make(record, requestSize)
		lowered.setRequest(request)
		httpSend(unsafe.Pointer(&lowered[0]), result)
	}, record.exchange)
	return exchange.Response, exchange.Error
}

func (sandbox) SendAll(requests []Request) []Exchange {
	if len(requests) == 0 {
		return nil
	}
	return call(func(result unsafe.Pointer) {
		lowered := make(record, requestSize*len(requests))
		for i := range requests {
			lowered[requestSize*i : requestSize*(i+1)].setRequest(&requests[i])
		}
		httpSendAll(unsafe.Pointer(&lowered[0]), uint32(len(requests)), result)
	}, func(r record) []Exchange {
		exchanges := make([]Exchange, 0, len(requests))
		r.list(0, exchangeSize, func(element record) { exchanges = append(exchanges, element.exchange()) })
		return exchanges
	})
}

func (sandbox) Header(response uint32, name string) (string, bool) {
	value := call(func(result unsafe.Pointer) { httpHeader(response, name, result) }, option)
	return string(value.bytes), value.some
}

func (sandbox) HeaderAll(response uint32, name string) []string {
	return call(func(result unsafe.Pointer) { httpHeaderAll(response, name, result) }, func(r record) []string {
		values := make([]string, 0, r.u32(4))
		r.list(0, 8, func(element record) { values = append(values, element.text(0)) })
		return values
	})
}

func (sandbox) Headers(response uint32) []Field {
	return call(func(result unsafe.Pointer) { httpHeadersOf(response, result) }, fields)
}

func (sandbox) Timings(response uint32) Timings {
	return call(func(result unsafe.Pointer) { httpTimingsOf(response, result) }, func(r record) Timings {
		return Timings{r.u64(0), r.u64(8), r.u64(16), r.u64(24), r.u64(32), r.u64(40), r.u64(48), r.u64(56)}
	})
}

func (sandbox) Reused(response uint32) bool { return httpReused(response) != 0 }

func (sandbox) Version(response uint32) string {
	return call(func(result unsafe.Pointer) { httpVersion(response, result) }, text)
}
