// A program that knows nothing of gorgon; what it does is in ../README.md.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if len(os.Args) > 2 {
		fmt.Println(os.Args[2])
		return
	}
	number, err := strconv.ParseUint(os.Args[1], 10, 64)
	if err != nil {
		panic(err)
	}
	switch {
	case number%5 == 0:
		fmt.Println("FAIL")
		os.Exit(3)
	case number%2 == 0:
		fmt.Println("even")
	default:
		fmt.Println("odd")
	}
}
