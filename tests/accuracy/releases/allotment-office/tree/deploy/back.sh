#!/usr/bin/env bash
# The task definition before the current one, for web and worker.
set -euo pipefail
for s in web worker; do
  now=$(aws ecs describe-services --cluster "$CLUSTER" --services "$s" --query 'services[0].taskDefinition' --output text)
  before=$(aws ecs list-task-definitions --family-prefix "office-$s" --sort DESC --query "taskDefinitionArns[?@!='$now'] | [0]" --output text)
  aws ecs update-service --cluster "$CLUSTER" --service "$s" --task-definition "$before" >/dev/null
done
aws ecs wait services-stable --cluster "$CLUSTER" --services web worker
