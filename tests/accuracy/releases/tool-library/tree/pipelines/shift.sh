#!/usr/bin/env bash
set -euo pipefail
group=tools-$1 new=api--${2//./-}
old=$(az containerapp ingress traffic show -g "$group" -n api --query "[?weight>\`0\`].revisionName | [0]" -o tsv)
az containerapp ingress traffic set -g "$group" -n api --revision-weight "$old=90" "$new=10"
for _ in 1 2 3 4 5 6 7 8 9 10; do
  sleep 60
  bad=$(az monitor app-insights query -g "$group" --app tools --analytics-query "requests | where timestamp > ago(2m) and cloud_RoleInstance startswith '$new' | summarize 100.0 * countif(toint(resultCode) >= 500) / count()" --query 'tables[0].rows[0][0]' -o tsv)
  if awk "BEGIN{exit !(${bad:-0} > 1)}"; then echo "$bad % of requests fail"; exit 1; fi
done
az containerapp ingress traffic set -g "$group" -n api --revision-weight "$new=100"
