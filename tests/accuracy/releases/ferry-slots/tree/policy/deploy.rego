package main

deny contains msg if {
	input.kind in {"Deployment", "Rollout"}
	some c in input.spec.template.spec.containers
	not c.resources.limits.memory
	msg := sprintf("%s: container %s has no memory limit", [input.metadata.name, c.name])
}

deny contains msg if {
	input.kind in {"Deployment", "Rollout"}
	not input.spec.template.spec.securityContext.runAsNonRoot
	msg := sprintf("%s may run as root", [input.metadata.name])
}
