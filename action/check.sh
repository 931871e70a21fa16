# The step of action.yml: its inputs, from the environment, become the flags of `plasma check`.
# Ends with the status of the check; tested by `cargo xtask e2e action`.
set -u

flags=()
for name in schema deny allow baseline; do
  variable="PLASMA_${name^^}"
  if [ -n "${!variable:-}" ]; then
    flags+=("--$name" "${!variable}")
  fi
done
mapfile -t lines <<<"${PLASMA_PATHS:-.}"
paths=()
for line in "${lines[@]}"; do
  if [ -n "$line" ]; then
    paths+=("$line")
  fi
done

if [ -n "${PLASMA_SARIF:-}" ]; then
  # The check below says the same again, and its status counts.
  "$PLASMA" check "${flags[@]}" --format sarif "${paths[@]}" >"$PLASMA_SARIF" || true
fi
exec "$PLASMA" check "${flags[@]}" --format github "${paths[@]}"
