package gorgon_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"gorgon"
	"gorgon/gorgontest"
	"gorgon/nethttp"
	"gorgon/slogger"
)

func TestTags(t *testing.T) {
	_, number := strconv.Atoi("x")
	syntax := json.Unmarshal([]byte("{"), new(int))
	sentinel := gorgon.Fail("sold-out")
	for _, test := range []struct {
		tag string
		err error
		ok  bool
	}{
		{"SUCCESS", nil, true},
		{"sold-out", fmt.Errorf("in the shop: %w", sentinel), false},
		{"402", gorgon.Fail("402").Because(errors.New("declined")), false},
		{"strconv.NumError", fmt.Errorf("the price: %w", number), false},
		{"json.SyntaxError", syntax, false},
		{"error", errors.New("some text"), false},
		{"error", fmt.Errorf("some: %w", errors.New("text")), false},
		{"timeout", fmt.Errorf("some: %w", context.DeadlineExceeded), false},
	} {
		call := gorgontest.Host{}.Run(1, func(uint64) (string, error) { return "", test.err })
		if call.Tag != test.tag || call.OK != test.ok {
			t.Errorf("%v: %+v", test.err, call)
		}
	}
	if !errors.Is(fmt.Errorf("x: %w", gorgon.Fail("sold-out").Because(number)), sentinel) {
		t.Error("a failure is not the one of the same tag")
	}
}

func TestStatus(t *testing.T) {
	for status, ok := range map[int]bool{199: false, 200: true, 399: true, 400: false, 503: false} {
		call := gorgontest.Host{}.Run(0, func(uint64) (string, error) { return gorgon.Status(status) })
		if call.Tag != strconv.Itoa(status) || call.OK != ok || len(call.Log) != 0 {
			t.Errorf("%d: %+v", status, call)
		}
	}
}

func TestParameters(t *testing.T) {
	host := gorgontest.Host{
		Parameters: map[string]string{"size": "4000", "pause": "1m30s", "bad": "-1"},
		Row:        []gorgon.Field{{Name: "id", Value: "17"}},
	}
	call := host.Run(3, func(number uint64) (string, error) {
		size, err := gorgon.UintParameter("size", 1)
		pause, err2 := gorgon.DurationParameter("pause", 0)
		cell, _ := gorgon.Cell("id")
		_, item := gorgon.Item()
		if err != nil || err2 != nil || size != 4000 || pause != 90*time.Second || string(cell) != "17" || item {
			t.Error(size, pause, string(cell), item, err, err2)
		}
		if number != 3 || gorgon.Number() != 3 || len(gorgon.Parameters()) != 3 {
			t.Error("the number or the parameters")
		}
		_, err = gorgon.UintParameter("bad", 1)
		return "", err
	})
	if call.Tag != "bad-parameter:bad" || len(call.Log) != 1 {
		t.Errorf("%+v", call)
	}
	call = host.Run(3, func(uint64) (string, error) { return gorgon.Required("url") })
	if call.Tag != "missing-parameter:url" {
		t.Errorf("%+v", call)
	}
}

func TestTheSeedAndTheNumberDecideWhatIsDrawn(t *testing.T) {
	draw := func(seed, number uint64) string {
		call := gorgontest.Host{Seed: seed}.Run(number, func(uint64) (string, error) {
			return fmt.Sprint(rand.Intn(1<<30), gorgon.Rand().Uint64()), nil
		})
		return call.Tag
	}
	if draw(1, 17) != draw(1, 17) || draw(1, 17) == draw(1, 18) || draw(1, 17) == draw(2, 17) {
		t.Error(draw(1, 17), draw(1, 17), draw(1, 18), draw(2, 17))
	}
}

func TestMeasurements(t *testing.T) {
	call := gorgontest.Host{}.Run(0, func(uint64) (string, error) {
		outer := gorgon.Begin("outer")
		gorgon.Sleep(time.Second)
		gorgon.Begin("inner").End()
		outer.End()
		outer.End()
		gorgon.Count("calls", 2)
		gorgon.Check("even", false)
		slog.New(slogger.New(slog.LevelInfo)).With("a", 1).Warn("low", "b", "two words")
		return "", nil
	})
	if len(call.Samples["outer"]) != 1 || call.Samples["outer"][0] != time.Second || len(call.Samples["inner"]) != 1 {
		t.Error(call.Samples)
	}
	if call.Counters["calls"] != 2 || call.Checks["even"].Failed != 1 || call.Elapsed != time.Second {
		t.Errorf("%+v", call)
	}
	if want := (gorgontest.Line{Level: 2, Text: `msg=low a=1 b="two words"`}); len(call.Log) != 1 || call.Log[0] != want {
		t.Errorf("%+v", call.Log)
	}
}

// site answers with what it was asked.
func site() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Type", r.Header.Get("Content-Type"))
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		w.WriteHeader(201)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.RequestURI(), body)
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/echo?x=1", 302) })
	mux.HandleFunc("/slow", func(http.ResponseWriter, *http.Request) { gorgontest.Fail("timeout") })
	return mux
}

func TestRequests(t *testing.T) {
	call := gorgontest.Host{Handler: site()}.Run(0, func(uint64) (string, error) {
		response, err := gorgon.Post("http://host/echo?q=1", "text/plain", []byte("hello"))
		if err != nil {
			return "", err
		}
		if string(response.Body) != "POST /echo?q=1 hello" || response.Status != 201 || response.Header("x-type") != "text/plain" {
			t.Errorf("%+v %s", response, response.Body)
		}
		if len(response.HeaderValues("set-cookie")) != 2 {
			t.Error(response.Headers())
		}
		results := gorgon.SendAll(
			gorgon.Request{URL: "http://host/echo", FirstBytes: 3, Name: "first"},
			gorgon.Request{URL: "http://host/slow"},
		)
		if string(results[0].Response.Body) != "GET" || results[0].Response.BodySize != 10 || results[1].Err == nil {
			t.Errorf("%+v", results)
		}
		return "", results[1].Err
	})
	if call.Tag != "timeout" || len(call.Requests) != 3 || len(call.Samples["first"]) != 1 {
		t.Errorf("%+v", call)
	}
	call = gorgontest.Host{}.Run(0, func(uint64) (string, error) {
		_, err := http.Get("http://host/")
		return "", err
	})
	if call.Tag != "connect" {
		t.Errorf("%+v", call)
	}
}

func TestNetHTTP(t *testing.T) {
	call := gorgontest.Host{Handler: site()}.Run(0, func(uint64) (string, error) {
		response, err := nethttp.Client("page").Get("http://host/away")
		if err != nil {
			return "", err
		}
		body, err := io.ReadAll(response.Body)
		if string(body) != "GET /echo?x=1 " || response.Status != "201 Created" || err != nil {
			t.Errorf("%s %+v", body, response)
		}
		if len(response.Cookies()) != 2 || response.Request.URL.Path != "/echo" {
			t.Errorf("%+v", response)
		}
		if response, err = http.PostForm("http://host/echo", url.Values{"a": {"b"}}); err != nil {
			return "", err
		}
		if body, _ = io.ReadAll(response.Body); string(body) != "POST /echo a=b" {
			t.Errorf("%s", body)
		}
		ctx := nethttp.WithName(context.Background(), "slow")
		request, _ := http.NewRequestWithContext(ctx, "GET", "http://host/slow", nil)
		_, err = http.DefaultClient.Do(request)
		var network interface{ Timeout() bool }
		if !errors.As(err, &network) || !network.Timeout() {
			t.Error(err)
		}
		request.Host = "other"
		if _, err := http.DefaultClient.Do(request); gorgon.TagOf(err) != "invalid-request" {
			t.Error(err)
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := http.DefaultClient.Do(request.WithContext(cancelled)); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		return "", err
	})
	if call.Tag != "timeout" || len(call.Samples["page"]) != 2 || len(call.Requests) != 4 {
		t.Errorf("%+v", call)
	}
}
