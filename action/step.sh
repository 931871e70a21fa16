# The step of action.yml: its inputs, from the environment, become the flags of `plasma check`, and of
# `plasma fmt --check` and `plasma test` where they are wanted. All are run; ends with the greatest of their statuses.
# Tested by `cargo xtask e2e action`.
set -u

mapfile -t lines <<<"${PLASMA_PATHS:-.}"
paths=()
for line in "${lines[@]}"; do
  if [ -n "$line" ]; then
    paths+=("$line")
  fi
done

worst=0
# Runs what is called so; says at the run, too, that it failed, since its output has no lines to be shown at.
part() {
  local name=$1
  shift
  echo "::group::$name"
  "$@"
  local status=$?
  echo "::endgroup::"
  if [ $status -ne 0 ]; then
    echo "::error title=$name::ended with status $status; its output tells why"
  fi
  if [ $status -gt $worst ]; then
    worst=$status
  fi
}

if [ "${PLASMA_FMT:-false}" = true ]; then
  part "plasma fmt --check" "$PLASMA" fmt --check "${paths[@]}"
fi
if [ "${PLASMA_TEST:-false}" = true ]; then
  if [ -n "${PLASMA_JUNIT:-}" ]; then
    # What is printed below counts; this is the same for a report.
    "$PLASMA" test --format junit "${paths[@]}" >"$PLASMA_JUNIT" || true
  fi
  part "plasma test" "$PLASMA" test "${paths[@]}"
fi

flags=()
for name in schema deny allow baseline; do
  variable="PLASMA_${name^^}"
  if [ -n "${!variable:-}" ]; then
    flags+=("--$name" "${!variable}")
  fi
done
if [ -n "${PLASMA_SARIF:-}" ]; then
  # The check below says the same again, and its status counts.
  "$PLASMA" check "${flags[@]}" --format sarif "${paths[@]}" >"$PLASMA_SARIF" || true
fi
"$PLASMA" check "${flags[@]}" --format github "${paths[@]}"
status=$?
exit $((status > worst ? status : worst))
