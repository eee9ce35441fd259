package main

import (
	"fmt"
	"net/http"
	"testing"

	"gorgon/gorgontest"
)

// call makes a call against a shop that answers to the checkout of the cart c7 with that status.
func call(number uint64, checkout int) *gorgontest.Call {
	shop := http.NewServeMux()
	shop.HandleFunc("POST /shop/carts", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(201)
		fmt.Fprint(w, `{"id": "c7", "total": 24}`)
	})
	shop.HandleFunc("POST /shop/carts/c7/checkout", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(checkout)
	})
	host := gorgontest.Host{Parameters: map[string]string{"url": "http://shop"}, Handler: shop}
	return host.Run(number, run)
}

func TestTheIDOfTheCartGoesIntoTheCheckout(t *testing.T) {
	call := call(1, 200)
	if len(call.Requests) != 2 || call.Requests[1].URL != "http://shop/shop/carts/c7/checkout" {
		t.Fatalf("%+v", call.Requests)
	}
	if body := string(call.Requests[0].Body); body != `{"item":"book","quantity":2}` {
		t.Error(body)
	}
	if call.Checks["the cart costs something"].Passed != 1 || len(call.Samples["checkout"]) != 1 {
		t.Errorf("%+v", call)
	}
}

func TestTheStatusOfTheCheckoutDecides(t *testing.T) {
	for status, ok := range map[int]bool{200: true, 402: false, 409: false} {
		if call := call(0, status); call.Tag != fmt.Sprint(status) || call.OK != ok {
			t.Errorf("%d: %+v", status, call)
		}
	}
}

func TestAShopThatSellsNothingFailsAtTheFirstRequest(t *testing.T) {
	closed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503) })
	host := gorgontest.Host{Parameters: map[string]string{"url": "http://shop"}, Handler: closed}
	if call := host.Run(0, run); call.Tag != "503" || len(call.Requests) != 1 {
		t.Errorf("%+v", call)
	}
	host.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { gorgontest.Fail("closed") })
	if call := host.Run(0, run); call.Tag != "closed" {
		t.Errorf("%+v", call)
	}
}

func TestWithoutAURLTheTagSaysSo(t *testing.T) {
	if call := (gorgontest.Host{}).Run(0, run); call.Tag != "missing-parameter:url" || call.OK {
		t.Errorf("%+v", call)
	}
}
