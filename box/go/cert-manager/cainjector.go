package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kscheme "k8s.io/client-go/kubernetes/scheme"
	logsapi "k8s.io/component-base/logs/api/v1"
	apireg "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/cert-manager/cert-manager/pkg/api"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	logf "github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/cert-manager/cert-manager/pkg/util"
)

func cainjectorCommand() *cobra.Command {
	logging, metricsAddress := logsapi.NewLoggingConfiguration(), ""
	command := &cobra.Command{
		Use: "cainjector",
		RunE: func(command *cobra.Command, _ []string) error {
			if err := logf.ValidateAndApply(logging); err != nil {
				return err
			}
			return runInjectors(command.Context(), metricsAddress)
		},
	}
	logf.AddFlags(logging, command.Flags())
	command.Flags().StringVar(&metricsAddress, "metrics-listen-address", "0.0.0.0:9402", "where to serve metrics; 0 for nowhere")
	command.Flags().String("leader-election-namespace", "", "accepted and not used: one of each runs")
	return command
}

// runInjectors writes the webhook's certificate authority where it is asked for.
func runInjectors(ctx context.Context, metricsAddress string) error {
	ctrl.SetLogger(logf.Log)
	restConfig, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{kscheme.AddToScheme, apiext.AddToScheme, apireg.AddToScheme, api.AddToScheme} {
		if err := add(scheme); err != nil {
			return err
		}
	}
	manager, err := ctrl.NewManager(util.RestConfigWithUserAgent(restConfig, "cainjector"), ctrl.Options{
		Scheme: scheme,
		// Only the metadata of Secrets is kept: reading one asks the API server.
		Client:  client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}},
		Metrics: metricsserver.Options{BindAddress: metricsAddress},
	})
	if err != nil {
		return err
	}
	enabled := map[string]bool{
		"mutatingwebhookconfiguration":   true,
		"validatingwebhookconfiguration": true,
		"apiservice":                     true,
		"customresourcedefinition":       true,
	}
	options := cainjector.SetupOptions{EnableCertificatesDataSource: true, EnabledReconcilersFor: enabled}
	if err := cainjector.RegisterAllInjectors(ctx, manager, options); err != nil {
		return fmt.Errorf("registering the injectors: %w", err)
	}
	return manager.Start(ctx)
}
