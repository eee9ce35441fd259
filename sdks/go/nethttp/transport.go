// Package nethttp makes net/http use gorgon's connections. Importing it replaces http.DefaultTransport, so that
// http.Get, http.DefaultClient and every http.Client without a Transport of its own work in an operation; no other
// transport does, since there are no sockets in the sandbox.
//
// What is different from net/http's own transport: the body of an answer has been received when the answer is handed
// over, up to 16 MiB of it; the deadline of a request's context, or the Timeout of its client, is kept by gorgon, and
// cancelling a context by hand comes too late; and compressed answers are not asked for unless AcceptCompressed is set.
package nethttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"gorgon"
)

// Transport is an http.RoundTripper. The zero value is ready for use.
type Transport struct {
	// Name also reports each request as a measurement of this name. WithName does so for a single one.
	Name string

	// AcceptCompressed asks for compressed answers and decodes them.
	AcceptCompressed bool

	// ConnectTimeout and FirstByteTimeout are limits for looking up, connecting and TLS, and from the request sent to
	// the first byte of the answer.
	ConnectTimeout, FirstByteTimeout time.Duration
}

func init() { http.DefaultTransport = &Transport{} }

// Client returns a client whose requests are also reported as a measurement of this name. It follows redirects, and
// each request on the way is a sample.
func Client(name string) *http.Client { return &http.Client{Transport: &Transport{Name: name}} }

type nameKey struct{}

// WithName returns a context whose requests are also reported as a measurement of this name.
func WithName(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, nameKey{}, name)
}

// RoundTrip implements http.RoundTripper. Its error is a [*gorgon.HTTPError], which a client wraps.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		closeBody(request)
		return nil, err
	}
	if request.Host != "" && request.Host != request.URL.Host {
		closeBody(request)
		return nil, gorgon.Fail("invalid-request").Because(errors.New("the host of a request is that of its URL"))
	}
	body, err := readBody(request)
	if err != nil {
		return nil, err
	}
	lowered := gorgon.Request{
		URL:              request.URL.String(),
		Method:           request.Method,
		Header:           fields(request.Header),
		Body:             body,
		Name:             t.Name,
		AcceptCompressed: t.AcceptCompressed,
		ConnectTimeout:   t.ConnectTimeout,
		FirstByteTimeout: t.FirstByteTimeout,
	}
	if lowered.Method == "" {
		lowered.Method = "GET"
	}
	if name, ok := request.Context().Value(nameKey{}).(string); ok {
		lowered.Name = name
	}
	if deadline, ok := request.Context().Deadline(); ok {
		lowered.Timeout = max(time.Until(deadline), 1)
	}
	response, err := gorgon.Send(lowered)
	if err != nil {
		return nil, err
	}
	return answer(request, response), nil
}

func closeBody(request *http.Request) {
	if request.Body != nil {
		request.Body.Close()
	}
}

func readBody(request *http.Request) ([]byte, error) {
	if request.Body == nil || request.Body == http.NoBody {
		return nil, nil
	}
	defer request.Body.Close()
	return io.ReadAll(request.Body)
}

// fields are the headers that are sent, in an order that does not change from call to call. Those that net/http makes
// itself, it does not take from the map; here gorgon makes them.
func fields(header http.Header) []gorgon.Field {
	fields := make([]gorgon.Field, 0, len(header))
	for _, name := range slices.Sorted(maps.Keys(header)) {
		switch name {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer":
			continue
		}
		for _, value := range header[name] {
			fields = append(fields, gorgon.Field{Name: name, Value: value})
		}
	}
	return fields
}

func answer(request *http.Request, response *gorgon.Response) *http.Response {
	answer := &http.Response{
		Status:        fmt.Sprintf("%d %s", response.Status, http.StatusText(response.Status)),
		StatusCode:    response.Status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{},
		Body:          io.NopCloser(bytes.NewReader(response.Body)),
		ContentLength: int64(len(response.Body)),
		Request:       request,
	}
	if response.Proto() == "HTTP/2" {
		answer.Proto, answer.ProtoMajor, answer.ProtoMinor = "HTTP/2.0", 2, 0
	}
	for _, header := range response.Headers() {
		answer.Header.Add(header.Name, header.Value)
	}
	return answer
}
