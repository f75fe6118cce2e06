package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	autoscalingvalidation "k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkingvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"
	podsecurity "k8s.io/pod-security-admission/api"
)

// rule is how the API server prepares and validates a new object of a kind.
type rule struct {
	namespaced bool
	check      func(runtime.Object) field.ErrorList
}

func namespaced[T runtime.Object](check func(T) field.ErrorList) rule {
	return rule{true, func(object runtime.Object) field.ErrorList { return check(object.(T)) }}
}

// anyObject is for the kinds that no app has: the platform's, which other checks refuse.
var anyObject = rule{false, func(runtime.Object) field.ErrorList { return nil }}

// rules are what the strategies in k8s.io/kubernetes/pkg/registry do, whose packages need the whole
// API server.
var rules = map[schema.GroupKind]rule{
	{Group: "", Kind: "ConfigMap"}:                          namespaced(corevalidation.ValidateConfigMap),
	{Group: "", Kind: "PersistentVolumeClaim"}:              namespaced(claim),
	{Group: "", Kind: "Secret"}:                             namespaced(corevalidation.ValidateSecret),
	{Group: "", Kind: "Service"}:                            namespaced(service),
	{Group: "", Kind: "ServiceAccount"}:                     namespaced(corevalidation.ValidateServiceAccount),
	{Group: "apps", Kind: "DaemonSet"}:                      namespaced(daemonSet),
	{Group: "apps", Kind: "Deployment"}:                     namespaced(deployment),
	{Group: "apps", Kind: "StatefulSet"}:                    namespaced(statefulSet),
	{Group: "autoscaling", Kind: "HorizontalPodAutoscaler"}: namespaced(autoscaler),
	{Group: "batch", Kind: "CronJob"}:                       namespaced(cronJob),
	{Group: "batch", Kind: "Job"}:                           namespaced(job),
	{Group: "networking.k8s.io", Kind: "Ingress"}:           namespaced(networkingvalidation.ValidateIngressCreate),
	{Group: "networking.k8s.io", Kind: "NetworkPolicy"}:     namespaced(networkPolicy),
	{Group: "policy", Kind: "PodDisruptionBudget"}:          namespaced(disruptionBudget),
	{Group: "", Kind: "Namespace"}: {false, func(object runtime.Object) field.ErrorList {
		return namespace(object.(*core.Namespace))
	}},
}

// namespace also judges the labels of Pod Security, as admission does.
func namespace(found *core.Namespace) field.ErrorList {
	_, errs := podsecurity.PolicyToEvaluate(found.Labels, podsecurity.Policy{})
	return append(errs, corevalidation.ValidateNamespace(found)...)
}

func deployment(found *apps.Deployment) field.ErrorList {
	options := templateOptions(&found.Spec.Template)
	return appsvalidation.ValidateDeployment(found, options)
}

func statefulSet(found *apps.StatefulSet) field.ErrorList {
	options := templateOptions(&found.Spec.Template)
	return appsvalidation.ValidateStatefulSet(found, options)
}

func daemonSet(found *apps.DaemonSet) field.ErrorList {
	found.Spec.TemplateGeneration = max(found.Spec.TemplateGeneration, 1)
	options := templateOptions(&found.Spec.Template)
	return appsvalidation.ValidateDaemonSet(found, options)
}

func cronJob(found *batch.CronJob) field.ErrorList {
	options := templateOptions(&found.Spec.JobTemplate.Spec.Template)
	return batchvalidation.ValidateCronJobCreate(found, options)
}

func job(found *batch.Job) field.ErrorList {
	if !*found.Spec.ManualSelector {
		selectOwnPods(found)
	}
	return batchvalidation.ValidateJob(found, batchvalidation.JobValidationOptions{
		PodValidationOptions:  templateOptions(&found.Spec.Template),
		RequirePrefixedLabels: true,
	})
}

// selectOwnPods gives a Job the labels and the selector that the API server makes.
func selectOwnPods(found *batch.Job) {
	given := map[string]string{
		batch.LegacyJobNameLabel: found.Name, batch.JobNameLabel: found.Name,
		batch.LegacyControllerUidLabel: string(found.UID), batch.ControllerUidLabel: string(found.UID),
	}
	if found.Spec.Template.Labels == nil {
		found.Spec.Template.Labels = map[string]string{}
	}
	for label, value := range given {
		if _, stated := found.Spec.Template.Labels[label]; !stated {
			found.Spec.Template.Labels[label] = value
		}
	}
	if found.Spec.Selector == nil {
		found.Spec.Selector = &metav1.LabelSelector{}
	}
	if found.Spec.Selector.MatchLabels == nil {
		found.Spec.Selector.MatchLabels = map[string]string{}
	}
	if _, stated := found.Spec.Selector.MatchLabels[batch.ControllerUidLabel]; !stated {
		found.Spec.Selector.MatchLabels[batch.ControllerUidLabel] = string(found.UID)
	}
}

func templateOptions(template *core.PodTemplateSpec) corevalidation.PodValidationOptions {
	pod.DropDisabledTemplateFields(template, nil)
	return pod.GetValidationOptionsFromPodTemplate(template, nil)
}

func claim(found *core.PersistentVolumeClaim) field.ErrorList {
	persistentvolumeclaim.DropDisabledFields(&found.Spec, nil)
	persistentvolumeclaim.EnforceDataSourceBackwardsCompatibility(&found.Spec, nil)
	persistentvolumeclaim.NormalizeDataSources(&found.Spec)
	options := corevalidation.ValidationOptionsForPersistentVolumeClaim(found, nil)
	return corevalidation.ValidatePersistentVolumeClaim(found, options)
}

// service fills in what the API server allocates on a cluster with IPv4 addresses.
func service(found *core.Service) field.ErrorList {
	if found.Spec.Type != core.ServiceTypeExternalName {
		if len(found.Spec.ClusterIPs) == 0 && found.Spec.ClusterIP != "" {
			found.Spec.ClusterIPs = []string{found.Spec.ClusterIP}
		}
		if found.Spec.IPFamilyPolicy == nil {
			single := core.IPFamilyPolicySingleStack
			found.Spec.IPFamilyPolicy = &single
		}
		if len(found.Spec.IPFamilies) == 0 {
			found.Spec.IPFamilies = []core.IPFamily{core.IPv4Protocol}
		}
	}
	return corevalidation.ValidateServiceCreate(found)
}

func networkPolicy(found *networking.NetworkPolicy) field.ErrorList {
	options := networkingvalidation.ValidationOptionsForNetworking(found, nil)
	return networkingvalidation.ValidateNetworkPolicy(found, options)
}

func disruptionBudget(found *policy.PodDisruptionBudget) field.ErrorList {
	options := policyvalidation.PodDisruptionBudgetValidationOptions{}
	return policyvalidation.ValidatePodDisruptionBudget(found, options)
}

func autoscaler(found *autoscaling.HorizontalPodAutoscaler) field.ErrorList {
	references := autoscalingvalidation.CrossVersionObjectReferenceValidationOptions{}
	references.AllowEmptyAPIGroup = found.Spec.ScaleTargetRef.Kind == "ReplicationController"
	objects := autoscalingvalidation.CrossVersionObjectReferenceValidationOptions{AllowEmptyAPIGroup: true}
	return autoscalingvalidation.ValidateHorizontalPodAutoscaler(
		found, autoscalingvalidation.HorizontalPodAutoscalerSpecValidationOptions{
			MinReplicasLowerBound:           1,
			ScaleTargetRefValidationOptions: references,
			ObjectMetricsValidationOptions:  objects,
		})
}
