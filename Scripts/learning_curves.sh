#!/bin/sh
# Test errors of the n-body models against the number of training samples, at an equal number of steps of training: an hour or more.
# Prints rows of Data/nbody/learning-curves.tsv; runs go to runs/curves and are not repeated.
#   Scripts/learning_curves.sh > Data/nbody/learning-curves.tsv
set -eu
cd "$(dirname "$0")/.."
swift build -c release --product nbody >&2
printf 'model\tsamples\tmse\n'
for model in ${MODELS:-flow fa-gnn egnn gnn}; do
  case $model in flow | ponita) epochs=100 ;; *) epochs=200 ;; esac
  for samples in 300 1000 3000 10000; do
    n=$((epochs * 3000 / samples))
    run=runs/curves/$model-$samples
    if ! [ -f "$run/done" ]; then
      .build/release/nbody train --model "$model" --train-count "$samples" --epochs $n --evaluate-every $((n / 20 > 0 ? n / 20 : 1)) \
        --output "$run" >&2
      touch "$run/done"
    fi
    mse=$(.build/release/nbody evaluate "$run" --json | sed 's/.*"mse":\([0-9.e-]*\).*/\1/')
    printf '%s\t%s\t%s\n' "$model" "$samples" "$mse"
  done
done
