#!/usr/bin/env bash
# One Fargate task runs the migrations, under an advisory lock, and its log says how long each took.
set -euo pipefail
net=$(aws ssm get-parameter --name "/office/$CLUSTER/network" --query Parameter.Value --output text)
arn=$(aws ecs run-task --cluster "$CLUSTER" --task-definition office-migrate --launch-type FARGATE --network-configuration "$net" --query 'tasks[0].taskArn' --output text)
aws ecs wait tasks-stopped --cluster "$CLUSTER" --tasks "$arn"
code=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$arn" --query 'tasks[0].containers[0].exitCode' --output text)
[ "$code" = 0 ] || { echo "migrations failed with $code"; exit 1; }
