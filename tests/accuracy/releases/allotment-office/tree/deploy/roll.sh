#!/usr/bin/env bash
set -euo pipefail
for s in web worker; do aws ecs update-service --cluster "$CLUSTER" --service "$s" --task-definition "office-$s" >/dev/null; done
aws ecs wait services-stable --cluster "$CLUSTER" --services web worker
