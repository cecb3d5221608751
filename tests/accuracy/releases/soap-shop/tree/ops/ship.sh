#!/usr/bin/env bash
set -euo pipefail
say() { curl -fsS -m 5 -d "{\"text\":\"$1\"}" "$CHAT" || true; }
say "shop ${GITHUB_SHA:0:8} goes to $ENVIRONMENT"
upsun push --environment "$ENVIRONMENT" --wait
if ! { curl -fsS --retry 5 "$BASE/health" && vendor/bin/phpunit --testsuite journeys; }; then
  git push --force upsun "$BEFORE:refs/heads/$ENVIRONMENT"
  say "journeys failed, $ENVIRONMENT went back"
  exit 1
fi
say "shop ${GITHUB_SHA:0:8} is on $ENVIRONMENT"
