// Package gorgontest runs operations in tests: natively, without gorgon, without a sandbox and without a network.
//
//	func TestTheStatusDecides(t *testing.T) {
//		shop := http.NewServeMux()
//		shop.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(402) })
//
//		host := gorgontest.Host{Parameters: map[string]string{"url": "http://shop"}, Handler: shop}
//		if call := host.Run(17, run); call.Tag != "402" || call.OK {
//			t.Errorf("%+v", call)
//		}
//	}
package gorgontest

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"gorgon"
	"gorgon/internal/host"
)

// Host is what an operation finds around it. The zero value is ready for use.
type Host struct {
	Parameters map[string]string
	Item       []byte         // nil: a run without items
	Row        []gorgon.Field // nil: a run without data
	Seed       uint64

	// Handler answers the requests, whatever their host. Without one, connections are refused. In it, Fail makes a
	// request end with an error.
	Handler http.Handler
}

// Call is what became of a call.
type Call struct {
	Tag string
	OK  bool

	Requests []Request
	Log      []Line
	Samples  map[string][]time.Duration // by measurement: of spans, of Record, of named requests
	Counters map[string]uint64
	Checks   map[string]Check
	Elapsed  time.Duration // on the clock of the run, which moves only while the operation sleeps
}

// Request is a request that was sent.
type Request struct {
	Method, URL, Name string
	Header            http.Header
	Body              []byte
}

// Line is a line of the log. Level is 0 for debug, 1 for info, 2 for warn and 3 for error.
type Line struct {
	Level int
	Text  string
}

// Check is how often a check passed and failed.
type Check struct{ Passed, Failed int }

// Fail ends the request that is being answered with an error: the tag of a gorgon.HTTPError, such as "timeout".
func Fail(tag string) { panic(failure(tag)) }

type failure string

// one is held while a host is in its place, since there is one for all that runs.
var one sync.Mutex

// Run makes a call of an operation. A panic of the operation goes through.
func (h Host) Run(number uint64, operation func(uint64) (string, error)) *Call {
	call := &Call{}
	h.With(call, number, func() { call.Tag, call.OK = gorgon.Perform(operation, number) })
	return call
}

// With runs anything that is not an operation, such as a hook, and adds to the call what it does.
func (h Host) With(call *Call, number uint64, do func()) {
	one.Lock()
	defer one.Unlock()
	if call.Samples == nil {
		call.Samples, call.Counters, call.Checks = map[string][]time.Duration{}, map[string]uint64{}, map[string]Check{}
	}
	before := host.Current
	host.Current = &playing{given: h, call: call, number: number, stream: h.Seed*0x9e3779b97f4a7c15 + number}
	defer func() { host.Current = before }()
	do()
}

// playing is a host while something runs.
type playing struct {
	given     Host
	call      *Call
	number    uint64
	stream    uint64
	spans     []span
	responses []*http.Response
}

type span struct {
	name  string
	since time.Duration
	open  bool
}

func (p *playing) Now() uint64        { return uint64(p.call.Elapsed) }
func (p *playing) Sleep(nanos uint64) { p.call.Elapsed += time.Duration(nanos) }
func (p *playing) Number() uint64     { return p.number }
func (p *playing) Worker() uint32     { return 0 }
func (p *playing) Workers() uint32    { return 1 }
func (p *playing) Due() uint64        { return 0 }
func (p *playing) RunID() string      { return "test" }
func (p *playing) Stopping() bool     { return false }

// Random is SplitMix64.
func (p *playing) Random() uint64 {
	p.stream += 0x9e3779b97f4a7c15
	z := p.stream
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (p *playing) Parameter(name string) (string, bool) {
	value, ok := p.given.Parameters[name]
	return value, ok
}

func (p *playing) Parameters() []host.Field {
	var fields []host.Field
	for name, value := range p.given.Parameters {
		fields = append(fields, host.Field{Name: name, Value: value})
	}
	slices.SortFunc(fields, func(a, b host.Field) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return fields
}

func (p *playing) Item() ([]byte, bool) { return p.given.Item, p.given.Item != nil }

func (p *playing) Cell(column string) ([]byte, bool) {
	for _, cell := range p.given.Row {
		if cell.Name == column {
			return []byte(cell.Value), true
		}
	}
	return nil, false
}

func (p *playing) Row() []host.Field { return p.given.Row }

func (p *playing) Log(level uint32, text string) {
	p.call.Log = append(p.call.Log, Line{int(level), text})
}

func (p *playing) Begin(name string) uint32 {
	p.spans = append(p.spans, span{name, p.call.Elapsed, true})
	return uint32(len(p.spans) - 1)
}

func (p *playing) End(handle uint32) {
	if int(handle) < len(p.spans) && p.spans[handle].open {
		p.spans[handle].open = false
		p.sample(p.spans[handle].name, p.call.Elapsed-p.spans[handle].since)
	}
}

func (p *playing) sample(name string, d time.Duration) {
	p.call.Samples[name] = append(p.call.Samples[name], d)
}

func (p *playing) Record(name string, nanos uint64) { p.sample(name, time.Duration(nanos)) }
func (p *playing) Count(name string, delta uint64)  { p.call.Counters[name] += delta }
func (p *playing) Check(name string, passed bool) {
	check := p.call.Checks[name]
	if passed {
		check.Passed++
	} else {
		check.Failed++
	}
	p.call.Checks[name] = check
}
