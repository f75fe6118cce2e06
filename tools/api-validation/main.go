// Reports what the API server of Kubernetes would refuse, by its own validation and without a server.
//
//	api-validation -types FILE -crds FOLDER < objects
//
// Each line of standard input is an object as JSON. Each line of standard output is the list of what
// is wrong with the object of that line, as JSON: [] if the API server would create it.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	_ "time/tzdata" // the time zones of CronJobs

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/capabilities"
)

// Problem is one reason why the API server refuses an object.
type Problem struct {
	Field   string `json:"field"`
	Type    string `json:"type"`
	Message string `json:"message"`
}

// apiServer is what an API server knows of its kinds.
type apiServer struct {
	types  *types
	custom definitions
}

func main() {
	typesFile := flag.String("types", "", "file of types of a server-side apply")
	crds := flag.String("crds", "", "folder of CustomResourceDefinitions, each a file of JSON")
	flag.Parse()
	capabilities.Initialize(capabilities.Capabilities{AllowPrivileged: true}) // as k3s does
	if err := run(*typesFile, *crds); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(typesFile, crds string) error {
	server := &apiServer{}
	var err error
	if server.types, err = readTypes(typesFile); err != nil {
		return err
	}
	if server.custom, err = readDefinitions(crds); err != nil {
		return err
	}
	given, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	lines := slices.Collect(bytes.Lines(given))
	for _, answer := range server.answers(lines) {
		if _, err := os.Stdout.Write(append(answer, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// answers judges several objects at a time.
func (s *apiServer) answers(lines [][]byte) [][]byte {
	answers := make([][]byte, len(lines))
	workers := runtime.GOMAXPROCS(0)
	var done sync.WaitGroup
	for worker := range workers {
		done.Go(func() {
			for i := worker; i < len(lines); i += workers {
				answers[i], _ = json.Marshal(s.judge(lines[i]))
			}
		})
	}
	done.Wait()
	return answers
}

func (s *apiServer) judge(line []byte) []Problem {
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(line); err != nil {
		return problemsOf(err)
	}
	if legacyscheme.Scheme.Recognizes(object.GroupVersionKind()) {
		return s.judgeBuiltIn(object)
	}
	if err := s.types.checkMetadata(object); err != nil {
		return problemsOf(err)
	}
	return s.custom.judge(object)
}
