// Fills a cart and pays for it.
//
// The shop answers the first request with the id of the cart, which the second one needs; what it answers to that is the
// tag of the call: 200 for a paid order, 402 for a declined payment.
package main

import (
	"bytes"
	"encoding/json"

	"gorgon"
	"gorgon/nethttp"
)

type order struct {
	Item     string `json:"item"`
	Quantity uint64 `json:"quantity"`
}

type cart struct {
	ID    string `json:"id"`
	Total int    `json:"total"`
}

func init() { gorgon.Operation(run) }

// main is not called: the module is a library, whose function run is called again and again.
func main() {}

func run(number uint64) (string, error) {
	url, err := gorgon.Required("url")
	if err != nil {
		return "", err
	}

	body, err := json.Marshal(order{Item: "book", Quantity: number%3 + 1})
	if err != nil {
		return "", err
	}
	made, err := nethttp.Client("cart").Post(url+"/shop/carts", "application/json", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	defer made.Body.Close()
	if made.StatusCode >= 400 {
		return gorgon.Status(made.StatusCode)
	}
	var cart cart
	if err := json.NewDecoder(made.Body).Decode(&cart); err != nil {
		return "", err
	}
	gorgon.Check("the cart costs something", cart.Total > 0)

	paid, err := nethttp.Client("checkout").Post(url+"/shop/carts/"+cart.ID+"/checkout", "", nil)
	if err != nil {
		return "", err
	}
	defer paid.Body.Close()
	return gorgon.Status(paid.StatusCode)
}
