#!/usr/bin/env bash
# a version without traffic, the journeys on its own address, a tenth, a look at the errors, all
set -euo pipefail
env=$([ "$STAGE" = production ] || echo "--env $STAGE")
say() { curl -fsS -m 5 -H 'content-type: application/json' -d "{\"text\":\"$1\"}" "$CHAT" || true; }
old=$(npx wrangler deployments status $env --json | jq -r '.versions[0].version_id')
new=$(npx wrangler versions upload $env --tag "${GITHUB_SHA:0:10}" --var VERSION:"${GITHUB_SHA:0:10}" | grep -oE '[0-9a-f-]{36}' | head -1)
back() { npx wrangler versions deploy $env -y "$old@100%"; say "site went back on $STAGE"; exit 1; }
say "site ${GITHUB_SHA:0:8} goes to $STAGE"
npx wrangler versions deploy $env -y "$new@10%" "$old@90%"
for _ in 1 2 3 4 5; do
  sleep 60
  share=$(node tools/error-share.mjs "$new")
  if [ "$(echo "$share > 0.01" | bc)" = 1 ]; then back; fi
done
npx wrangler versions deploy $env -y "$new@100%"
pnpm exec playwright test e2e/journeys.spec.ts || back
say "site ${GITHUB_SHA:0:8} is on $STAGE"
