// The operation that every language has; what it does is in ../README.md.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"time"

	"gorgon"
	"gorgon/lifecycle"
	"gorgon/nethttp"
)

var calls = map[string]func(number uint64) (string, error){
	"hash":      hash,
	"shop":      shop,
	"parameter": func(uint64) (string, error) { return gorgon.Required("name") },
	"item":      item,
	"cell":      cell,
	"fail":      fail,
	"measure":   measure,
	"slow":      slow,
	"spin":      spin,
	"trap":      trap,
	"unicode":   func(uint64) (string, error) { return "größe→☃ 日本 🦀", nil },
	"random":    func(uint64) (string, error) { return fmt.Sprintf("%x", rand.Intn(16)), nil },
	"log":       writeLog,
	"lifecycle": started,
}

func init() {
	gorgon.Operation(run)
	lifecycle.Setup(setup)
	lifecycle.Start(start)
	lifecycle.Stop(func() { hook("stop") })
	lifecycle.Teardown(func([]byte) { hook("teardown") })
}

func main() {}

func run(number uint64) (string, error) {
	name, err := gorgon.Required("do")
	if err != nil {
		return "", err
	}
	call, ok := calls[name]
	if !ok {
		return "", gorgon.Fail("bad-parameter:do")
	}
	return call(number)
}

func hash(number uint64) (string, error) {
	rounds, err := gorgon.UintParameter("rounds", 20)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(fmt.Appendf(nil, "TEXT %d", number))
	for range max(rounds, 1) - 1 {
		digest = sha256.Sum256(digest[:])
	}
	tag := fmt.Sprintf("%x", digest[:4])
	if number%5 == 0 {
		return "", gorgon.Fail(tag)
	}
	return tag, nil
}

func shop(number uint64) (string, error) {
	url, err := gorgon.Required("url")
	if err != nil {
		return "", err
	}
	order, err := json.Marshal(map[string]any{"item": "book", "quantity": number%3 + 1})
	if err != nil {
		return "", err
	}
	response, err := nethttp.Client("cart").Post(url+"/shop/carts", "application/json", bytes.NewReader(order))
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 {
		return gorgon.Status(response.StatusCode)
	}
	var cart struct {
		ID    string
		Total int
	}
	if err := json.NewDecoder(response.Body).Decode(&cart); err != nil {
		return "", err
	}
	gorgon.Check("the cart costs something", cart.Total > 0)

	request, err := http.NewRequest("POST", url+"/shop/carts/"+cart.ID+"/checkout", nil)
	if err != nil {
		return "", err
	}
	paid, err := nethttp.Client("checkout").Do(request)
	if err != nil {
		return "", err
	}
	return gorgon.Status(paid.StatusCode)
}

func item(uint64) (string, error) {
	item, ok := gorgon.Item()
	if !ok {
		return "", gorgon.Fail("no item")
	}
	return string(item), nil
}

func cell(uint64) (string, error) {
	cell, ok := gorgon.Cell("id")
	if !ok {
		return "", gorgon.Fail("no cell")
	}
	return string(cell), nil
}

func fail(number uint64) (string, error) {
	if number%3 == 0 {
		return "", gorgon.Fail("FAIL")
	}
	return "SUCCESS", nil
}

func measure(number uint64) (string, error) {
	outer := gorgon.Begin("outer")
	gorgon.Begin("inner").End()
	gorgon.Begin("inner").End()
	outer.End()
	gorgon.Record("sample", time.Duration(number))
	gorgon.Count("calls", 1)
	if gorgon.Check("even", number%2 == 0) {
		return "even", nil
	}
	return "odd", nil
}

func slow(uint64) (string, error) {
	gorgon.Sleep(time.Minute)
	return "SUCCESS", nil
}

func spin(number uint64) (string, error) {
	for {
		number = number*3 + 1
	}
}

func trap(number uint64) (string, error) {
	if number%4 == 3 {
		panic("something is badly wrong")
	}
	return "SUCCESS", nil
}

func writeLog(uint64) (string, error) {
	gorgon.Warn("one line")
	fmt.Println("printed")
	return "SUCCESS", nil
}

// starts counts how often Start ran in this instance and was handed what it should.
var starts int

func started(uint64) (string, error) {
	if starts != 1 {
		return "", gorgon.Fail("not started")
	}
	return "started", nil
}

// hook counts a hook, and fails if it was told to.
func hook(name string) error {
	gorgon.Count(name, 1)
	if gorgon.ParameterOr("fail", "") == name {
		return errors.New(name + " was told to fail")
	}
	return nil
}

func setup() ([]byte, error) { return []byte("shared by setup"), hook("setup") }

func start(shared []byte) error {
	if string(shared) == "shared by setup" {
		starts++
	}
	return hook("start")
}
