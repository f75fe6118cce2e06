// Three programs of cert-manager in one, picked by the name it is called by.
//
// The controllers, the webhook's admission and the injectors are cert-manager's own;
// its mains lie in modules that no proxy has, so these few lines start what they start. What is
// left out: leader election (one of each runs here), profiling, and flags that its chart does not
// set.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	logf "github.com/cert-manager/cert-manager/pkg/logs"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logf.InitLogs()
	defer logf.FlushLogs()
	programs := map[string]*cobra.Command{
		"controller": controllerCommand(),
		"webhook":    webhookCommand(),
		"cainjector": cainjectorCommand(),
	}
	name := filepath.Base(os.Args[0])
	program, known := programs[name]
	if !known {
		fmt.Fprintf(os.Stderr, "%s: call it by the name of a program of cert-manager\n", name)
		os.Exit(2)
	}
	program.SilenceUsage = true
	if err := program.ExecuteContext(ctx); err != nil {
		os.Exit(1)
	}
}
