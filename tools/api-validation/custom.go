package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	genericvalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// definition is what a version of a CustomResourceDefinition asks of its objects.
type definition struct {
	once       sync.Once
	source     *apiextensionsv1.JSONSchemaProps
	namespaced bool
	structural *structuralschema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
	unusable   error
}

type definitions map[schema.GroupVersionKind]*definition

func readDefinitions(folder string) (definitions, error) {
	found := definitions{}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var crd apiextensionsv1.CustomResourceDefinition
		if err := json.Unmarshal(content, &crd); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, version := range crd.Spec.Versions {
			kind := schema.GroupVersionKind{
				Group: crd.Spec.Group, Version: version.Name, Kind: crd.Spec.Names.Kind,
			}
			found[kind] = &definition{
				source:     version.Schema.OpenAPIV3Schema,
				namespaced: crd.Spec.Scope == apiextensionsv1.NamespaceScoped,
			}
		}
	}
	return found, nil
}

// load prepares the validation, which takes longer than to use it.
func (d *definition) load() error {
	var props apiextensions.JSONSchemaProps
	err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(d.source, &props, nil)
	if err != nil {
		return err
	}
	if d.structural, err = structuralschema.NewStructural(&props); err != nil {
		return err
	}
	if d.validator, _, err = validation.NewSchemaValidator(&props); err != nil {
		return err
	}
	d.rules = cel.NewValidator(d.structural, true, celconfig.PerCallLimit)
	return nil
}

func (all definitions) judge(object *unstructured.Unstructured) []Problem {
	found, known := all[object.GroupVersionKind()]
	if !known {
		return []Problem{} // schema.E002
	}
	found.once.Do(func() { found.unusable = found.load() })
	if found.unusable != nil {
		return problemsOf(found.unusable)
	}
	return listed(found.errors(object))
}

// errors are those of k8s.io/apiextensions-apiserver/pkg/registry/customresource, which needs the
// whole API server.
func (d *definition) errors(object *unstructured.Unstructured) field.ErrorList {
	if d.namespaced && object.GetNamespace() == "" {
		object.SetNamespace(defaultNamespace)
	}
	content := object.UnstructuredContent()
	defaulting.PruneNonNullableNullsWithoutDefaults(content, d.structural)
	defaulting.Default(content, d.structural)
	delete(content, "status")
	errs := genericvalidation.ValidateObjectMetaAccessor(
		object, d.namespaced, genericvalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	errs = append(errs, validation.ValidateCustomResource(nil, content, d.validator)...)
	errs = append(errs, objectmeta.Validate(nil, content, d.structural, false)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, d.structural, content)...)
	if len(errs) > 0 || d.rules == nil {
		return errs
	}
	broken, _ := d.rules.Validate(
		context.Background(), nil, d.structural, content, nil, celconfig.RuntimeCELCostBudget)
	return broken
}
