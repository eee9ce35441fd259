package main

import (
	"net/http"
	"testing"

	"gorgon/gorgontest"
)

// Plays the service: needs neither gorgon nor a network.
func TestTheStatusOfThePageIsTheTag(t *testing.T) {
	service := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200) })
	host := gorgontest.Host{Parameters: map[string]string{"url": "http://service/page"}, Handler: service}
	call := host.Run(17, run)
	if !call.OK || call.Tag != "200" {
		t.Errorf("%+v", call)
	}
	if url := call.Requests[0].URL; url != "http://service/page?number=17" {
		t.Error(url)
	}
}
