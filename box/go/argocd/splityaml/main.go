// Command splityaml reads files as Argo CD reads those of a folder: a JSON list of their contents
// on standard input, a JSON list of answers on standard output.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube"
)

type answer struct {
	Objects []any  `json:"objects"`
	Error   string `json:"error"`
}

func main() {
	var files []string
	if err := json.NewDecoder(os.Stdin).Decode(&files); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, 0, len(files))
	for _, file := range files {
		answers = append(answers, read(file))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func read(file string) answer {
	found, err := kube.SplitYAML([]byte(file))
	if err != nil {
		return answer{Error: err.Error()}
	}
	objects := []any{}
	for _, object := range found {
		objects = append(objects, object.Object)
	}
	return answer{Objects: objects}
}
