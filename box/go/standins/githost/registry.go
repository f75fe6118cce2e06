package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/registry"
)

// withRegistry has the hosts serve container images beside repositories, as a forge does: below
// /v2/ is an OCI registry, whose blobs lie on disk and whose tags live as long as this process.
func withRegistry(root string, repositories http.Handler) http.Handler {
	blobs := filepath.Join(root, ".images")
	if err := os.MkdirAll(blobs, 0o700); err != nil {
		log.Fatalf("githost: %v", err)
	}
	images := registry.New(
		registry.WithBlobHandler(registry.NewDiskBlobHandler(blobs)),
		registry.Logger(log.New(io.Discard, "", 0)),
	)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v2/") {
			images.ServeHTTP(w, r)
			return
		}
		repositories.ServeHTTP(w, r)
	})
}
