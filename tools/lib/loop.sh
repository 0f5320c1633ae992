# shellcheck shell=bash
# Detectors that run a unit's program in one order of its events after another
# (tools/loop).
# Usage: source tools/lib/unit.sh; source tools/lib/runs.sh;
#     source tools/lib/loop.sh
#
# loop_detector NAME STRATEGY "$@"
#     reads the options of the detector contract, prints the detector's lines
#     and ends with its exit code. A program that never calls what waits for
#     events is clean at once: it is neither built again nor run.

LOOP_TOOL=$UNIT_ROOT/build/bin/rl-loop

# A binary of the unit's that calls the C library by name; one that others
# need too where there is none yet.
loop_any_binary() {
    local flavour
    for flavour in loop valgrind plain; do
        if [[ -x $RUNS_UNIT/bin/$flavour ]]; then
            printf '%s\n' "$RUNS_UNIT/bin/$flavour"
            return
        fi
    done
    unit_bin "$RUNS_UNIT" valgrind
}

# Does the program call anything that waits for several descriptors?
loop_waits() {
    local names
    names=$(nm -D --undefined-only "$1" | sed 's/@.*//; s/.* //')
    grep -qxE 'epoll_p?wait2?|p?poll|__p?poll_chk|p?select' <<<"$names"
}

# loop_build COMMAND...: LOOP_BIN is what COMMAND prints.
loop_build() {
    local log status=0
    LOOP_BIN=$("$@") || status=$?
    ((status)) || return 0
    log=$RUNS_UNIT/bin/${*: -1}.log
    [[ -f $log ]] || log=$RUNS_UNIT/bin/valgrind.log
    runs_broken "$(grep -m1 -E 'error|undefined' "$log" 2>/dev/null ||
        tail -n1 "$log" 2>/dev/null || echo 'it does not build')"
}

loop_detector() {
    local name=$1 strategy=$2
    shift 2
    runs_options "$name" "$@"
    loop_build loop_any_binary
    if ! loop_waits "$LOOP_BIN"; then
        printf '{"type":"summary","detector":"%s","status":"clean",' "$name"
        printf '"runs":0,"basis":"%s"}\n' \
            'no event loop here: it never waits for events'
        return
    fi
    loop_build unit_bin "$RUNS_UNIT" loop
    [[ -x $LOOP_TOOL ]] || runs_broken 'build/bin/rl-loop is missing'
    exec "$LOOP_TOOL" --detector "$name" --strategy "$strategy" \
        "${RUNS_OPTIONS[@]}" -- "$LOOP_BIN" "${RUNS_ARGS[@]}" </dev/null
}
