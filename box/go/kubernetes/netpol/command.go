// Package netpol enforces NetworkPolicy on the one node of a box: it watches
// policies, pods and namespaces, and keeps one nftables table that says what
// they come to. k3s has kube-router for this, whose modules are not to be had.
package netpol

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
)

const (
	// settle is how long changes are gathered before they become rules.
	settle = 20 * time.Millisecond
	// retry is when rules that the kernel refused are tried again.
	retry = 2 * time.Second
)

// NewCommand makes the program.
func NewCommand() *cobra.Command {
	var kubeconfig, health, trusted string
	command := &cobra.Command{
		Use:          "netpol",
		Short:        "Enforce NetworkPolicy on this node",
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			return run(command.Context(), kubeconfig, health, trusted)
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how to reach the API server")
	command.Flags().StringVar(&health, "health", "", "address that answers 200 while the rules stand")
	command.Flags().StringVar(&trusted, "trusted", "",
		"address whose processes count as the node's own, which no policy keeps out")
	return command
}

// run watches and enforces until the context ends.
func run(ctx context.Context, kubeconfig, health, trusted string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	changed := make(chan struct{}, 1)
	factory := informers.NewSharedInformerFactory(client, 0)
	read, err := watch(factory, changed)
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	var enforced atomic.Bool
	go serveHealth(health, &enforced)
	notify(changed)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		time.Sleep(settle)
		err := enforce(ctx, ruleset(read(), trusted))
		enforced.Store(err == nil)
		if err != nil {
			klog.ErrorS(err, "The kernel refused the rules")
			time.AfterFunc(retry, func() { notify(changed) })
		}
	}
}

// watch has every change of what policies depend on told, and returns how to read it all.
func watch(factory informers.SharedInformerFactory, changed chan struct{}) (func() cluster, error) {
	policies := factory.Networking().V1().NetworkPolicies()
	pods := factory.Core().V1().Pods()
	namespaces := factory.Core().V1().Namespaces()
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { notify(changed) },
		UpdateFunc: func(_, _ any) { notify(changed) },
		DeleteFunc: func(any) { notify(changed) },
	}
	for _, informer := range []cache.SharedIndexInformer{
		policies.Informer(), pods.Informer(), namespaces.Informer(),
	} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return nil, err
		}
	}
	return func() cluster {
		// A lister that reads its cache cannot fail.
		allPolicies, _ := policies.Lister().List(labels.Everything())
		allPods, _ := pods.Lister().List(labels.Everything())
		allNamespaces, _ := namespaces.Lister().List(labels.Everything())
		return newCluster(allPolicies, allPods, allNamespaces)
	}, nil
}

// notify says that something changed; one notice stands for any number.
func notify(changed chan struct{}) {
	select {
	case changed <- struct{}{}:
	default:
	}
}

// enforce replaces all rules at one stroke.
func enforce(ctx context.Context, rules string) error {
	nft := exec.CommandContext(ctx, "nft", "-f", "-")
	nft.Stdin = strings.NewReader(rules)
	if said, err := nft.CombinedOutput(); err != nil {
		return fmt.Errorf("nft: %w: %s", err, said)
	}
	return nil
}

// serveHealth answers 200 while the rules are those that the policies come to.
func serveHealth(address string, enforced *atomic.Bool) {
	handler := func(response http.ResponseWriter, _ *http.Request) {
		if !enforced.Load() {
			response.WriteHeader(http.StatusServiceUnavailable)
		}
	}
	klog.ErrorS(http.ListenAndServe(address, http.HandlerFunc(handler)), "No health address")
}
