#!/usr/bin/env bash
# What the workflows do, as one script: a pull request's checks, a merge's deployment, the nightly look.
# usage: .ci/pipeline.sh pull-request|merge|nightly [folder for artefacts]
set -euo pipefail
step=${1:?pull-request, merge or nightly}
out=${2:-artefacts}
mkdir -p "$out"

case "$step" in
  pull-request)
    runner validate --all --offline
    runner validate --all
    for name in imcust imsdlc; do
      runner info --env "$name" > "$out/info-$name.txt"
    done
    runner migrate --all --dry-run > "$out/dry-run.sql"
    ;;
  merge)
    runner migrate --all --wait 10m --format json > "$out/migrate.json"
    runner info --all
    runner reconcile --env imsdlc --format json > "$out/reconcile.json"
    runner report --run last --all --html "$out/report.html"
    ;;
  nightly)
    runner ping --all
    runner info --all --check
    ;;
  *)
    echo "unknown step '$step'" >&2
    exit 2
    ;;
esac
