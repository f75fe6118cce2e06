package main

import (
	"encoding/gob"
	"errors"
	"os"

	"k8s.io/apimachinery/pkg/api/meta"
	genericvalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// What a request without a namespace gets, and what the API server gives each object.
const (
	defaultNamespace = "default"
	metadataType     = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
	someUID          = "00000000-0000-0000-0000-000000000000"
)

// types are those of a server-side apply, in which the keys of a list must be unique.
type types struct{ typed.Parser }

func readTypes(file string) (*types, error) {
	content, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	gob.Register(map[any]any{}) // a default
	found := &types{}
	return found, gob.NewDecoder(content).Decode(&found.Schema)
}

func (t *types) check(object *unstructured.Unstructured) error {
	name, err := legacyscheme.Scheme.ToOpenAPIDefinitionName(object.GroupVersionKind())
	if err != nil {
		return err
	}
	return t.checkAs(name, object.Object)
}

// checkMetadata checks what all kinds have.
func (t *types) checkMetadata(object *unstructured.Unstructured) error {
	return t.checkAs(metadataType, object.Object["metadata"])
}

func (t *types) checkAs(name string, content any) error {
	known := t.Type(name)
	if !known.IsValid() {
		return nil
	}
	_, err := known.FromUnstructured(content)
	return err
}

// judgeBuiltIn does what a server-side apply does with a new object, up to storing it.
func (s *apiServer) judgeBuiltIn(object *unstructured.Unstructured) []Problem {
	if err := s.types.check(object); err != nil {
		return problemsOf(err)
	}
	internal, err := decode(object)
	if err != nil {
		return problemsOf(err)
	}
	rule, known := rules[object.GroupVersionKind().GroupKind()]
	if !known {
		rule = anyObject
	}
	metadata, err := meta.Accessor(internal)
	if err != nil {
		return problemsOf(err)
	}
	if rule.namespaced && metadata.GetNamespace() == "" {
		metadata.SetNamespace(defaultNamespace)
	}
	metadata.SetUID(someUID)
	metadata.SetCreationTimestamp(metav1.Now())
	if found := rule.check(internal); len(found) > 0 {
		return listed(found)
	}
	return listed(genericvalidation.ValidateObjectMetaAccessor(
		metadata, metadata.GetNamespace() != "", path.ValidatePathSegmentName, field.NewPath("metadata")))
}

// decode gives the object with its defaults, in the version that is validated.
func decode(object *unstructured.Unstructured) (runtime.Object, error) {
	scheme := legacyscheme.Scheme
	versioned, err := scheme.New(object.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, versioned); err != nil {
		return nil, err
	}
	scheme.Default(versioned)
	return scheme.ConvertToVersion(versioned, runtime.InternalGroupVersioner)
}

func problemsOf(err error) []Problem {
	var several typed.ValidationErrors
	if !errors.As(err, &several) {
		return []Problem{{Message: err.Error()}}
	}
	found := make([]Problem, 0, len(several))
	for _, one := range several {
		found = append(found, Problem{Field: one.Path, Message: one.ErrorMessage})
	}
	return found
}

func listed(errs field.ErrorList) []Problem {
	found := make([]Problem, 0, len(errs))
	for _, err := range errs {
		found = append(found, Problem{Field: err.Field, Type: string(err.Type), Message: err.ErrorBody()})
	}
	return found
}
