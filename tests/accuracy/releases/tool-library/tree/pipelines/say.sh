#!/usr/bin/env bash
curl -fsS -m 5 -H 'Content-Type: application/json' -d "{\"text\": \"$1\"}" "$CHAT" || true
