// Reports what the API server of Kubernetes would refuse, by its own validation and without a server.
//
//	api-validation [-crds FOLDER] < objects
//
// Each line of standard input is an object as JSON. Each line of standard output is the list of what
// is wrong with the object of that line, as JSON: [] if the API server would create it.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
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

func main() {
	crds := flag.String("crds", "", "folder of CustomResourceDefinitions, each a file of JSON")
	flag.Parse()
	capabilities.Initialize(capabilities.Capabilities{AllowPrivileged: true}) // as k3s does
	if err := answer(*crds); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func answer(crds string) error {
	custom, err := readDefinitions(crds)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		object := &unstructured.Unstructured{}
		problems := []Problem{}
		if err := object.UnmarshalJSON(line); err != nil {
			problems = problemsOf(err)
		} else if problems, err = judge(object, custom); err != nil {
			return err
		}
		if err := lines.Encode(problems); err != nil {
			return err
		}
	}
}

func judge(object *unstructured.Unstructured, custom definitions) ([]Problem, error) {
	kind := object.GroupVersionKind()
	if legacyscheme.Scheme.Recognizes(kind) {
		return judgeBuiltIn(object), nil
	}
	return custom.judge(object)
}
