package netpol

import (
	"sort"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// cluster is what policies depend on, at one moment.
type cluster struct {
	policies   []*networking.NetworkPolicy
	pods       []*core.Pod
	namespaces map[string]labels.Set
}

// newCluster takes what the cluster has, in an order that does not change by itself.
func newCluster(
	policies []*networking.NetworkPolicy, pods []*core.Pod, namespaces []*core.Namespace,
) cluster {
	found := cluster{namespaces: map[string]labels.Set{}}
	found.policies = append(found.policies, policies...)
	sort.Slice(found.policies, func(i, j int) bool { return found.policies[i].UID < found.policies[j].UID })
	for _, pod := range pods {
		if isReached(pod) {
			found.pods = append(found.pods, pod)
		}
	}
	sort.Slice(found.pods, func(i, j int) bool { return found.pods[i].Status.PodIP < found.pods[j].Status.PodIP })
	for _, namespace := range namespaces {
		found.namespaces[namespace.Name] = namespace.Labels
	}
	return found
}

// isReached tells whether a pod has an address of its own: a finished pod's may be another's by now.
func isReached(pod *core.Pod) bool {
	finished := pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed
	return pod.Status.PodIP != "" && !pod.Spec.HostNetwork && !finished
}

// selecting returns the policies that isolate a pod in one direction.
func (c cluster) selecting(pod *core.Pod, direction networking.PolicyType) []*networking.NetworkPolicy {
	var found []*networking.NetworkPolicy
	for _, policy := range c.policies {
		if policy.Namespace == pod.Namespace && hasType(policy, direction) &&
			matches(&policy.Spec.PodSelector, pod.Labels) {
			found = append(found, policy)
		}
	}
	return found
}

// matching returns the pods that a peer of a policy names.
func (c cluster) matching(peer networking.NetworkPolicyPeer, namespace string) []*core.Pod {
	var found []*core.Pod
	for _, pod := range c.pods {
		inNamespace := pod.Namespace == namespace
		if peer.NamespaceSelector != nil {
			inNamespace = matches(peer.NamespaceSelector, c.namespaces[pod.Namespace])
		}
		if inNamespace && (peer.PodSelector == nil || matches(peer.PodSelector, pod.Labels)) {
			found = append(found, pod)
		}
	}
	return found
}

// hasType tells whether a policy speaks of a direction. The API server fills the types in.
func hasType(policy *networking.NetworkPolicy, direction networking.PolicyType) bool {
	for _, each := range policy.Spec.PolicyTypes {
		if each == direction {
			return true
		}
	}
	return false
}

// matches tells whether a selector picks labels. The API server has refused what is no selector.
func matches(selector *meta.LabelSelector, set labels.Set) bool {
	parsed, err := meta.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(set)
}
