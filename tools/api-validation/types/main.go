// Writes the types of a server-side apply, which client-go has as a large text of YAML that takes
// longer to read than everything else that api-validation does.
package main

import (
	"encoding/gob"
	"fmt"
	"os"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// groups are the versions of the kinds in ../rules.go.
var groups = []string{
	"io.k8s.api.core.v1.", "io.k8s.api.apps.v1.", "io.k8s.api.autoscaling.v1.",
	"io.k8s.api.autoscaling.v2.", "io.k8s.api.batch.v1.", "io.k8s.api.networking.v1.",
	"io.k8s.api.policy.v1.", "io.k8s.apimachinery.",
}

func main() {
	if err := write(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func write() error {
	some := &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}}
	typed, err := applyconfigurations.NewTypeConverter(scheme.Scheme).ObjectToTyped(some)
	if err != nil {
		return err
	}
	gob.Register(map[any]any{}) // a default
	var chosen schema.Schema
	for _, found := range typed.Schema().Types {
		if !strings.HasPrefix(found.Name, "io.k8s.api.") || isChosen(found.Name) {
			chosen.Types = append(chosen.Types, found)
		}
	}
	return gob.NewEncoder(os.Stdout).Encode(&chosen)
}

func isChosen(name string) bool {
	for _, group := range groups {
		if strings.HasPrefix(name, group) {
			return true
		}
	}
	return false
}
