package main

import (
	"github.com/spf13/cobra"

	"github.com/cert-manager/cert-manager/internal/webhook"
	logf "github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"
)

func webhookCommand() *cobra.Command {
	settings, err := options.NewWebhookConfiguration()
	if err != nil {
		panic(err)
	}
	command := &cobra.Command{
		Use: "webhook",
		RunE: func(command *cobra.Command, _ []string) error {
			if err := logf.ValidateAndApply(&settings.Logging); err != nil {
				return err
			}
			log := logf.Log.WithName("webhook")
			server, err := webhook.NewCertManagerWebhookServer(log, *settings)
			if err != nil {
				return err
			}
			return server.Run(logf.NewContext(command.Context(), log))
		},
	}
	options.AddConfigFlags(command.Flags(), settings)
	return command
}
