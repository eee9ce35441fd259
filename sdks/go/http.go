package gorgon

import (
	"fmt"
	"strings"
	"time"

	"gorgon/internal/host"
)

// Request is a request. Only URL has to be set.
type Request struct {
	URL    string
	Method string // "": GET, or POST where there is a body
	Header []Field
	Body   []byte // nil: none

	// Name also reports this request as a measurement of this name.
	Name string

	// Limits, 0 for none: of the whole request; of looking up, connecting and TLS; from the request sent to the first
	// byte of the answer.
	Timeout, ConnectTimeout, FirstByteTimeout time.Duration

	// Redirects is how many redirects are followed; with 0, a 3xx is the response.
	Redirects int

	// AcceptCompressed asks for a compressed answer and decodes it.
	AcceptCompressed bool

	// DiscardBody leaves the body of the response, FirstBytes all but its beginning, outside of the sandbox. It is
	// received and counted all the same.
	DiscardBody bool
	FirstBytes  uint32
}

// Response is a response, of whatever status. It belongs to its call: its methods crash in a later one.
type Response struct {
	Status   int
	Body     []byte // as much of it as was asked for
	BodySize uint64 // the length of the whole body, after decoding
	id       uint32
}

// Get sends a GET request.
func Get(url string) (*Response, error) { return Send(Request{Method: "GET", URL: url}) }

// Post sends a POST request with a body, or without one if it is nil.
func Post(url, contentType string, body []byte) (*Response, error) {
	request := Request{Method: "POST", URL: url, Body: body}
	if body != nil {
		request.Header = []Field{{Name: "content-type", Value: contentType}}
	}
	return Send(request)
}

// Send sends a request and waits for its response. Its error is an [*HTTPError].
func Send(request Request) (*Response, error) {
	lowered := request.lower()
	response, failed := host.Current.Send(&lowered)
	return lift(response, failed)
}

// Result is what came of one of several requests.
type Result struct {
	Response *Response
	Err      error
}

// SendAll sends them all at once. The results are in the order of the requests.
func SendAll(requests ...Request) []Result {
	lowered := make([]host.Request, len(requests))
	for i, request := range requests {
		lowered[i] = request.lower()
	}
	results := make([]Result, len(requests))
	for i, exchange := range host.Current.SendAll(lowered) {
		results[i].Response, results[i].Err = lift(exchange.Response, exchange.Error)
	}
	return results
}

// Header is the first header of that name, in any case; "" without one.
func (r *Response) Header(name string) string {
	value, _ := host.Current.Header(r.id, name)
	return value
}

// Headers are all headers, in the order they came.
func (r *Response) Headers() []Field { return host.Current.Headers(r.id) }

// HeaderValues are all values of that name, for headers that repeat, such as set-cookie.
func (r *Response) HeaderValues(name string) []string { return host.Current.HeaderAll(r.id, name) }

// Reused is whether the response came over a connection that had served before.
func (r *Response) Reused() bool { return host.Current.Reused(r.id) }

// Proto is the version the response came in: HTTP/1.1 or HTTP/2.
func (r *Response) Proto() string { return host.Current.Version(r.id) }

// Timings are where the time of a request went.
type Timings struct {
	Blocked, DNS, Connect, TLS, Send, Wait, Receive, Total time.Duration
}

// Timings are where the time of this request went.
func (r *Response) Timings() Timings {
	t := host.Current.Timings(r.id)
	return Timings{
		time.Duration(t.Blocked), time.Duration(t.DNS), time.Duration(t.Connect), time.Duration(t.TLS),
		time.Duration(t.Send), time.Duration(t.Wait), time.Duration(t.Receive), time.Duration(t.Total),
	}
}

func (r Request) lower() host.Request {
	lowered := host.Request{
		Method:    r.Method,
		URL:       r.URL,
		Header:    r.Header,
		Body:      r.Body,
		Decode:    r.AcceptCompressed,
		Redirects: uint32(max(r.Redirects, 0)),
		Timeout:   nanos(r.Timeout),
		Name:      r.Name,
	}
	if lowered.Method == "" {
		lowered.Method = "GET"
		if r.Body != nil {
			lowered.Method = "POST"
		}
	}
	if r.DiscardBody {
		lowered.Mode = host.Discard
	} else if r.FirstBytes > 0 {
		lowered.Mode, lowered.First = host.First, r.FirstBytes
	}
	if r.ConnectTimeout > 0 {
		lowered.Extra = append(lowered.Extra, Field{Name: "connect-timeout", Value: fmt.Sprint(nanos(r.ConnectTimeout))})
	}
	if r.FirstByteTimeout > 0 {
		lowered.Extra = append(lowered.Extra, Field{Name: "first-byte-timeout", Value: fmt.Sprint(nanos(r.FirstByteTimeout))})
	}
	return lowered
}

func lift(response host.Response, failed *host.Error) (*Response, error) {
	if failed != nil {
		return nil, &HTTPError{*failed}
	}
	return &Response{response.Status, response.Body, response.BodySize, response.ID}, nil
}

// HTTPError is why there is no response.
type HTTPError struct{ wire host.Error }

var kinds = strings.Fields("invalid-request denied dns connect tls timeout closed too-large protocol decode stopped other")

var phases = []string{
	"waiting for a connection", "looking up the name", "connecting", "in the TLS handshake",
	"sending", "waiting for the answer", "receiving", "at an unknown point",
}

// Tag is the kind of the error: invalid-request, denied, dns, connect, tls, timeout, closed, too-large, protocol,
// decode, stopped or other.
func (e *HTTPError) Tag() string { return kinds[min(int(e.wire.Kind), len(kinds)-1)] }

// Error is what happened.
func (e *HTTPError) Error() string {
	phase := phases[min(int(e.wire.Phase), len(phases)-1)]
	switch e.wire.Kind {
	case host.Timeout:
		return "a limit of the request ran out " + phase
	case host.Closed:
		return "the connection was closed " + phase
	case host.TooLarge:
		return fmt.Sprintf("the response has more than %d bytes", e.wire.Limit)
	case host.Stopped:
		return "the run has ended"
	default:
		return e.Tag() + ": " + e.wire.Text
	}
}

// Timeout is whether a limit ran out; with Temporary it makes the error a net.Error.
func (e *HTTPError) Timeout() bool { return e.wire.Kind == host.Timeout }

// Temporary is whether another try may go better.
func (e *HTTPError) Temporary() bool {
	return e.wire.Kind == host.Timeout || e.wire.Kind == host.Closed
}
