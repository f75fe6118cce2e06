// Command redis keeps Argo CD's cache: an in-memory redis in Go, so that the
// box needs no redis from the machine it runs on.
package main

import (
	"flag"
	"log"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// expiryStep is how exactly keys expire; Argo CD's shortest lifetimes are seconds.
const expiryStep = 100 * time.Millisecond

func main() {
	address := flag.String("listen", "", "address to listen on, as host:port")
	flag.Parse()
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(*address); err != nil {
		log.Fatalf("redis: %v", err)
	}
	// miniredis is made for unit tests, where time moves only when told to.
	for range time.Tick(expiryStep) {
		server.FastForward(expiryStep)
	}
}
