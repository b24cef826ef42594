// tls.go serve PORT CERTIFICATE KEY: GET /STATUS/... is answered with that status, over TLS.
// tls.go sip PORT CERTIFICATE KEY: the same for one request a connection, whose first byte it reads apart.
// tls.go ask PORT PATH...: asks for each on one connection.
// tls.go ask2 PORT PATH...: the same over HTTP/2.
// tls.go old PORT FILE PATH...: the same as ask, from the second on only when FILE is there; says when it has the first.
// tls.go many PORT CONNECTIONS REQUESTS MILLIS: asks for /200/0, /200/1, ... on connections at once, with pauses; says how many it opened.
package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	port := os.Args[2]
	switch os.Args[1] {
	case "serve":
		log.Fatal(http.ListenAndServeTLS("127.0.0.1:"+port, os.Args[3], os.Args[4], http.HandlerFunc(answer)))
	case "sip":
		sip(port, os.Args[3], os.Args[4])
	case "ask", "ask2":
		client := connection(os.Args[1] == "ask2")
		for _, path := range os.Args[3:] {
			ask(client, port, path)
		}
	case "old":
		client := connection(false)
		for i, path := range os.Args[4:] {
			for _, err := os.Stat(os.Args[3]); i == 1 && err != nil; _, err = os.Stat(os.Args[3]) {
				time.Sleep(10 * time.Millisecond)
			}
			ask(client, port, path)
			fmt.Println("has", path)
		}
	case "many":
		connections, _ := strconv.Atoi(os.Args[3])
		requests, _ := strconv.Atoi(os.Args[4])
		millis, _ := strconv.Atoi(os.Args[5])
		many(port, connections, requests, time.Duration(millis)*time.Millisecond)
	}
}

func answer(w http.ResponseWriter, r *http.Request) {
	status, _ := strconv.Atoi(strings.Split(r.URL.Path, "/")[1])
	w.WriteHeader(status)
	io.WriteString(w, "GET no head of a request, but a body that begins like one\r\n")
}

func sip(port, certificate, key string) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	check(err)
	listener, err := tls.Listen("tcp", "127.0.0.1:"+port, &tls.Config{Certificates: []tls.Certificate{pair}})
	check(err)
	for {
		c, err := listener.Accept()
		check(err)
		buffer := make([]byte, 4096)
		_, err = c.Read(buffer[:1])
		check(err)
		for n := 1; !strings.Contains(string(buffer[:n]), "\r\n\r\n"); {
			more, err := c.Read(buffer[n:])
			check(err)
			n += more
		}
		fmt.Fprintf(c, "HTTP/1.1 %s Sipped\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", strings.Split(string(buffer), "/")[1])
		c.Close()
	}
}

func connection(http2 bool) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: http2},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func ask(client *http.Client, port, path string) {
	r, err := client.Get("https://127.0.0.1:" + port + path)
	check(err)
	_, err = io.Copy(io.Discard, r.Body)
	check(err)
	check(r.Body.Close())
}

func many(port string, connections, requests int, pause time.Duration) {
	var all sync.WaitGroup
	var opened int32
	for c := 0; c < connections; c++ {
		all.Add(1)
		go func(c int) {
			client := connection(false)
			client.Transport.(*http.Transport).DialContext = func(c context.Context, network, to string) (net.Conn, error) {
				atomic.AddInt32(&opened, 1) // one more where a write took longer than net/http waits for it
				return new(net.Dialer).DialContext(c, network, to)
			}
			for i := c; i < requests; i += connections {
				ask(client, port, "/200/"+strconv.Itoa(i))
				time.Sleep(pause)
			}
			all.Done()
		}(c)
	}
	all.Wait()
	fmt.Println(opened)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
