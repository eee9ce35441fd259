// Package host is what gorgon offers to an operation: gorgon:load@0.1.0, as wit/load.wit has it. In the sandbox it is
// reached through the canonical ABI, in a test package gorgontest plays it.
package host

// Host has one method for each function of the contract. Times are in nanoseconds.
type Host interface {
	Now() uint64
	Sleep(nanos uint64)

	Number() uint64
	Worker() uint32
	Workers() uint32
	Due() uint64
	RunID() string
	Random() uint64
	Parameter(name string) (string, bool)
	Parameters() []Field
	Item() ([]byte, bool)
	Cell(column string) ([]byte, bool)
	Row() []Field
	Stopping() bool
	Log(level uint32, text string)

	Begin(name string) uint32
	End(span uint32)
	Record(name string, nanos uint64)
	Count(name string, delta uint64)
	Check(name string, passed bool)

	Send(request *Request) (Response, *Error)
	SendAll(requests []Request) []Exchange
	Header(response uint32, name string) (string, bool)
	HeaderAll(response uint32, name string) []string
	Headers(response uint32) []Field
	Timings(response uint32) Timings
	Reused(response uint32) bool
	Version(response uint32) string
}

// Field is a name and its value: a header, a parameter, a cell.
type Field struct{ Name, Value string }

// The modes of a body.
const (
	Full = iota
	Discard
	First
)

// Request is a request.
type Request struct {
	Method, URL string
	Header      []Field
	Body        []byte // nil: none
	Mode        uint8
	First       uint32
	Decode      bool
	Redirects   uint32
	Timeout     uint64 // 0: none
	Name        string // "": none
	Extra       []Field
}

// Response is what every response has.
type Response struct {
	ID       uint32
	Status   int
	Body     []byte
	BodySize uint64
}

// The kinds of an error, in the order of the contract.
const (
	InvalidRequest = iota
	Denied
	DNS
	Connect
	TLS
	Timeout
	Closed
	TooLarge
	Protocol
	Decode
	Stopped
	Other
)

// Error is why there is no response.
type Error struct {
	Kind  uint8
	Text  string
	Phase uint8
	Limit uint64
}

// Exchange is one of several requests: its response, or its error.
type Exchange struct {
	Response Response
	Error    *Error
}

// Timings are where the time of a request went.
type Timings struct {
	Blocked, DNS, Connect, TLS, Send, Wait, Receive, Total uint64
}
