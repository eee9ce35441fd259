// What one virtual user does: asks for a page. The status of the answer is the tag of the call.
package main

import (
	"fmt"

	"gorgon"
)

func init() { gorgon.Operation(run) }

// main is not called: the module is a library, whose function run is called again and again.
func main() {}

func run(number uint64) (string, error) {
	url, err := gorgon.Required("url")
	if err != nil {
		return "", err
	}
	page, err := gorgon.Get(fmt.Sprintf("%s?number=%d", url, number))
	if err != nil {
		return "", err
	}
	return gorgon.Status(page.Status)
}
