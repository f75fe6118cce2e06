// cert-manager's acmesolver: answers one HTTP-01 challenge until it is ended.
//
// A program of its own, for its pod may have 64 MiB and a tenth of a core.
package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"github.com/cert-manager/cert-manager/pkg/issuer/acme/http/solver"
	logf "github.com/cert-manager/cert-manager/pkg/logs"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logf.InitLogs()
	defer logf.FlushLogs()
	answer := &solver.HTTP01Solver{}
	pflag.IntVar(&answer.ListenPort, "listen-port", 8089, "where to answer")
	pflag.StringVar(&answer.Domain, "domain", "", "the name whose challenge this is")
	pflag.StringVar(&answer.Token, "token", "", "the challenge's token")
	pflag.StringVar(&answer.Key, "key", "", "what to answer")
	pflag.Parse()
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = answer.Shutdown(grace)
	}()
	if err := answer.Listen(logf.Log.WithName("acmesolver")); !errors.Is(err, http.ErrServerClosed) {
		logf.Log.Error(err, "cannot answer")
		os.Exit(1)
	}
}
