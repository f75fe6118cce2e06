package netpol

import (
	"fmt"
	"strings"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// side is what differs between what comes to a pod and what it sends.
type side struct {
	direction networking.PolicyType
	own, peer string
}

var (
	ingress = side{networking.PolicyTypeIngress, "daddr", "saddr"}
	egress  = side{networking.PolicyTypeEgress, "saddr", "daddr"}
)

// ruleset is a table for nft, in place of the one before. It sees what is routed, after a
// Service's address has become its pod's; the node's own traffic never passes here.
func ruleset(c cluster, trusted string) string {
	var chains, jumps strings.Builder
	// First what is sent, then what comes: each returns what it allows.
	for _, side := range []side{egress, ingress} {
		var targets []string
		for _, pod := range c.pods {
			policies := c.selecting(pod, side.direction)
			if len(policies) == 0 {
				continue
			}
			name := fmt.Sprintf("%s-%s", strings.ToLower(string(side.direction)), pod.Status.PodIP)
			targets = append(targets, fmt.Sprintf("%s : jump %s", pod.Status.PodIP, name))
			fmt.Fprintf(&chains, "chain %s {\n", name)
			for _, allowed := range c.allowed(pod, policies, side) {
				fmt.Fprintf(&chains, "  %s return\n", allowed)
			}
			fmt.Fprint(&chains, "  reject\n}\n")
		}
		if len(targets) > 0 {
			fmt.Fprintf(&jumps, "  ip %s vmap { %s }\n", side.own, strings.Join(targets, ", "))
		}
	}
	return fmt.Sprintf(`table ip netpol {}
delete table ip netpol
table ip netpol {
%schain forward {
  type filter hook forward priority filter - 5
  ct state established,related accept
  ip saddr %s accept
%s}
}
`, chains.String(), trusted, jumps.String())
}

// allowed are the matches of all that policies let a pod have from one side.
func (c cluster) allowed(pod *core.Pod, policies []*networking.NetworkPolicy, s side) []string {
	// Nothing keeps a pod from itself, which it may reach by a Service.
	found := []string{fmt.Sprintf("ip %s %s", s.peer, pod.Status.PodIP)}
	for _, policy := range policies {
		for _, rule := range rules(policy, s.direction) {
			found = append(found, c.matchesOf(rule, pod, s)...)
		}
	}
	return found
}

// rule is one of a policy, the same for both directions.
type rule struct {
	namespace string
	peers     []networking.NetworkPolicyPeer
	ports     []networking.NetworkPolicyPort
}

// rules of a policy for one direction.
func rules(policy *networking.NetworkPolicy, direction networking.PolicyType) []rule {
	var found []rule
	if direction == networking.PolicyTypeIngress {
		for _, each := range policy.Spec.Ingress {
			found = append(found, rule{policy.Namespace, each.From, each.Ports})
		}
		return found
	}
	for _, each := range policy.Spec.Egress {
		found = append(found, rule{policy.Namespace, each.To, each.Ports})
	}
	return found
}

// matchesOf a rule: every peer with every port.
func (c cluster) matchesOf(r rule, pod *core.Pod, s side) []string {
	if len(r.peers) == 0 {
		// A port by name is then looked for in every pod that could be meant.
		return c.withPorts("", c.pods, r.ports, pod, s)
	}
	var found []string
	for _, peer := range r.peers {
		if peer.IPBlock != nil {
			// No pod here has an address of version 6.
			if !strings.Contains(peer.IPBlock.CIDR, ":") {
				found = append(found, c.withPorts(block(peer.IPBlock, s), nil, r.ports, pod, s)...)
			}
			continue
		}
		if pods := c.matching(peer, r.namespace); len(pods) > 0 {
			found = append(found, c.withPorts(addresses(pods, s), pods, r.ports, pod, s)...)
		}
	}
	return found
}

// withPorts joins the match of a peer with each port; a port by name means one number in each pod.
func (c cluster) withPorts(
	peer string, peers []*core.Pod, ports []networking.NetworkPolicyPort, pod *core.Pod, s side,
) []string {
	if len(ports) == 0 {
		return []string{strings.TrimSpace(peer)}
	}
	var found []string
	for _, port := range ports {
		switch {
		case port.Port == nil || port.Port.Type == intstr.Int:
			found = append(found, strings.TrimSpace(peer+" "+number(port)))
		case s == ingress:
			for _, each := range named(pod, port) {
				found = append(found, strings.TrimSpace(peer+" "+each))
			}
		default:
			for _, target := range peers {
				for _, each := range named(target, port) {
					found = append(found, addresses([]*core.Pod{target}, s)+" "+each)
				}
			}
		}
	}
	return found
}

// addresses matches pods by theirs.
func addresses(pods []*core.Pod, s side) string {
	var found []string
	for _, pod := range pods {
		found = append(found, pod.Status.PodIP)
	}
	return fmt.Sprintf("ip %s { %s }", s.peer, strings.Join(found, ", "))
}

// block matches a range of addresses without its exceptions.
func block(b *networking.IPBlock, s side) string {
	match := fmt.Sprintf("ip %s %s", s.peer, b.CIDR)
	if len(b.Except) > 0 {
		match += fmt.Sprintf(" ip %s != { %s }", s.peer, strings.Join(b.Except, ", "))
	}
	return match
}

// number matches a protocol, and a port or a range of ports of it.
func number(port networking.NetworkPolicyPort) string {
	name := protocol(port)
	switch {
	case port.Port == nil:
		return "meta l4proto " + name
	case port.EndPort == nil:
		return fmt.Sprintf("%s dport %d", name, port.Port.IntVal)
	default:
		return fmt.Sprintf("%s dport %d-%d", name, port.Port.IntVal, *port.EndPort)
	}
}

// named matches the numbers that a name stands for in a pod.
func named(pod *core.Pod, port networking.NetworkPolicyPort) []string {
	var found []string
	for _, container := range pod.Spec.Containers {
		for _, each := range container.Ports {
			if each.Name == port.Port.StrVal && strings.EqualFold(string(each.Protocol), protocol(port)) {
				found = append(found, fmt.Sprintf("%s dport %d", protocol(port), each.ContainerPort))
			}
		}
	}
	return found
}

// protocol is TCP where none is said.
func protocol(port networking.NetworkPolicyPort) string {
	if port.Protocol == nil {
		return "tcp"
	}
	return strings.ToLower(string(*port.Protocol))
}
