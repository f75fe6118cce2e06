package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	logsapi "k8s.io/component-base/logs/api/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/cert-manager/cert-manager/pkg/api"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	logf "github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/cert-manager/cert-manager/pkg/util"
)

func cainjectorCommand() *cobra.Command {
	logging := logsapi.NewLoggingConfiguration()
	command := &cobra.Command{
		Use: "cainjector",
		RunE: func(command *cobra.Command, _ []string) error {
			if err := logf.ValidateAndApply(logging); err != nil {
				return err
			}
			return runInjectors(command.Context())
		},
	}
	logf.AddFlags(logging, command.Flags())
	return command
}

// runInjectors writes the webhook's certificate authority where it is asked for.
func runInjectors(ctx context.Context) error {
	ctrl.SetLogger(logf.Log)
	restConfig, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	manager, err := ctrl.NewManager(util.RestConfigWithUserAgent(restConfig, "cainjector"), ctrl.Options{
		Scheme: api.Scheme,
		// Only the metadata of Secrets is kept: reading one asks the API server.
		Client:  client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}},
		Metrics: metricsserver.Options{BindAddress: "0.0.0.0:9402"},
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
