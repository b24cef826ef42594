// serve.go PORT: GET /N is answered with N bytes; goroutines that move between threads.
package main

import (
	"log"
	"net/http"
	"os"
	"strconv"
)

func main() {
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			size, _ := strconv.Atoi(r.URL.Path[1:])
			w.Header().Set("Content-Length", r.URL.Path[1:])
			w.Write(make([]byte, size))
		})))
}
