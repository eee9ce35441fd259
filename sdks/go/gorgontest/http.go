package gorgontest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"

	"gorgon/internal/host"
)

// kinds are the tags of errors, in the order of the contract.
var kinds = []string{
	"invalid-request", "denied", "dns", "connect", "tls", "timeout", "closed", "too-large", "protocol", "decode",
	"stopped", "other",
}

func (p *playing) Send(request *host.Request) (host.Response, *host.Error) {
	header := http.Header{}
	for _, field := range request.Header {
		header.Add(field.Name, field.Value)
	}
	p.call.Requests = append(p.call.Requests, Request{request.Method, request.URL, request.Name, header, request.Body})
	answered, failed := p.answer(request, header)
	if failed != nil {
		return host.Response{}, failed
	}
	body, err := io.ReadAll(answered.Body)
	if err != nil {
		return host.Response{}, &host.Error{Kind: host.Other, Text: err.Error()}
	}
	if request.Name != "" {
		p.sample(request.Name, 0)
	}
	p.responses = append(p.responses, answered)
	response := host.Response{
		ID:       uint32(len(p.responses) - 1),
		Status:   answered.StatusCode,
		Body:     body,
		BodySize: uint64(len(body)),
	}
	switch request.Mode {
	case host.Discard:
		response.Body = nil
	case host.First:
		response.Body = body[:min(len(body), int(request.First))]
	}
	return response, nil
}

// answer asks the handler.
func (p *playing) answer(request *host.Request, header http.Header) (answered *http.Response, failed *host.Error) {
	if p.given.Handler == nil {
		return nil, &host.Error{Kind: host.Connect, Text: "this gorgontest.Host has no Handler"}
	}
	asked, err := http.NewRequest(request.Method, request.URL, bytes.NewReader(request.Body))
	if err != nil {
		return nil, &host.Error{Kind: host.InvalidRequest, Text: err.Error()}
	}
	asked.Header = header.Clone()
	asked.RequestURI = asked.URL.RequestURI()
	recorder := httptest.NewRecorder()
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case failure:
			kind := slices.Index(kinds, string(reason))
			if kind < 0 {
				panic(fmt.Sprintf("gorgontest.Fail: %q is not the tag of an error of HTTP", string(reason)))
			}
			answered, failed = nil, &host.Error{Kind: uint8(kind), Phase: 7, Text: "as the test wants it"}
		default:
			panic(reason)
		}
	}()
	p.given.Handler.ServeHTTP(recorder, asked)
	return recorder.Result(), nil
}

func (p *playing) SendAll(requests []host.Request) []host.Exchange {
	exchanges := make([]host.Exchange, len(requests))
	for i := range requests {
		exchanges[i].Response, exchanges[i].Error = p.Send(&requests[i])
	}
	return exchanges
}

// of is a response of this call. Asking for another one is a crash in the sandbox, too.
func (p *playing) of(response uint32) *http.Response {
	if int(response) >= len(p.responses) {
		panic("this response is not one of this call")
	}
	return p.responses[response]
}

func (p *playing) Header(response uint32, name string) (string, bool) {
	values := p.of(response).Header.Values(name)
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

func (p *playing) HeaderAll(response uint32, name string) []string {
	return p.of(response).Header.Values(name)
}

func (p *playing) Headers(response uint32) []host.Field {
	var fields []host.Field
	for name, values := range p.of(response).Header {
		for _, value := range values {
			fields = append(fields, host.Field{Name: name, Value: value})
		}
	}
	return fields
}

func (p *playing) Timings(response uint32) host.Timings {
	p.of(response)
	return host.Timings{}
}

func (p *playing) Reused(response uint32) bool {
	p.of(response)
	return false
}

func (p *playing) Version(response uint32) string {
	p.of(response)
	return "HTTP/1.1"
}
