#!/usr/bin/env bash
set -euo pipefail
old=$(az containerapp revision list -g "tools-$1" -n api --query "[?properties.active] | sort_by(@, &properties.createdTime)[-2].name" -o tsv)
az containerapp ingress traffic set -g "tools-$1" -n api --revision-weight "$old=100"
