# shellcheck shell=bash
# Running a unit's program several times and judging what it did, for the
# detectors that do so. Needs unit.sh sourced before.
# Usage: source tools/lib/unit.sh; source tools/lib/runs.sh
#
# runs_options NAME DEFAULT_RUNS "$@"
#     reads the options of the detector contract (--unit, --runs, --seed,
#     --expect-output, --stdin, --wall, -- ARG...) into RUNS_NAME, RUNS_UNIT,
#     RUNS_COUNT, RUNS_SEED, RUNS_EXPECT, RUNS_STDIN, RUNS_WALL, RUNS_ARGS;
#     exits 70 on misuse, for a detector is called by us. Makes RUNS_DIR, a
#     scratch folder that goes when the detector ends.
# runs_bin FLAVOUR
#     builds it and sets RUNS_BIN; if that fails it prints a summary that
#     says broken, and exits 3.
# runs_end K
#     prints how run K ended: rl-run's "end".
# runs_one K [RL-RUN-OPTION...] -- PROG ARG...
#     run number K: writes RUNS_DIR/K.{json,out,err} with rl-run and the
#     options' --wall and --stdin. Later options win.
# runs_judge K
#     prints the findings of run K as a JSON array and keeps it as
#     RUNS_DIR/K.findings. Exit codes in RUNS_OK_CODES (0) are not found
#     fault with. Only the kinds in RUNS_KINDS are kept, if it is set.
# runs_add K
#     appends findings, JSON Lines on stdin (a tool's own), to run K's.
# runs_finish
#     prints the findings of all judged runs, merged, and the summary; returns
#     the detector's exit code: 0 clean, 1 found.
#     RUNS_OUTCOMES=1 adds the table of outcomes to the summary.
# runs_broken REASON
#     prints a summary that says broken, and exits 3.
#
# Every finding gets detector NAME, "seen" and "of". The judgement itself is
# in runs.jq.

RUNS_TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
RUNS_RL_RUN=$UNIT_ROOT/build/bin/rl-run
RUNS_OK_CODES=${RUNS_OK_CODES:-[0]}
RUNS_KINDS=
RUNS_CPU=10
RUNS_JUDGED=()

runs_misuse() {
    printf 'racelab: %s: %s\n' "$RUNS_NAME" "$1" >&2
    exit 70
}

# All of these are what a detector reads.
# shellcheck disable=SC2034
runs_options() {
    RUNS_NAME=$1 RUNS_COUNT=$2
    RUNS_UNIT='' RUNS_SEED=1 RUNS_EXPECT='' RUNS_STDIN='' RUNS_WALL=20
    shift 2
    while (($#)) && [[ $1 != -- ]]; do
        (($# > 1)) || runs_misuse "$1 needs a value"
        case $1 in
        --unit) RUNS_UNIT=$2 ;;
        --runs) RUNS_COUNT=$2 ;;
        --seed) RUNS_SEED=$2 ;;
        --expect-output) RUNS_EXPECT=$2 ;;
        --stdin) RUNS_STDIN=$2 ;;
        --wall) RUNS_WALL=$2 ;;
        *) runs_misuse "no option $1" ;;
        esac
        shift 2
    done
    [[ ${1:-} != -- ]] || shift
    RUNS_ARGS=("$@")
    [[ -d $RUNS_UNIT/src ]] || runs_misuse "no unit $RUNS_UNIT"
    [[ $RUNS_COUNT =~ ^[1-9][0-9]*$ ]] || runs_misuse "--runs needs a number"
    [[ -z $RUNS_EXPECT || -f $RUNS_EXPECT ]] ||
        runs_misuse "no file $RUNS_EXPECT"
    RUNS_DIR=$(mktemp -d)
    trap 'rm -rf -- "$RUNS_DIR"' EXIT
}

runs_summary() {
    local status=$1 runs=$2 basis=$3 reason=${4:-}
    jq -nc --arg detector "$RUNS_NAME" --arg status "$status" \
        --argjson runs "$runs" --arg basis "$basis" --arg reason "$reason" \
        '{type: "summary", detector: $detector, status: $status, runs: $runs,
          basis: $basis} + if $reason == "" then {} else {reason: $reason} end'
}

runs_broken() {
    runs_summary broken "${#RUNS_JUDGED[@]}" "it could not be run" "$1"
    exit 3
}

runs_bin() {
    local flavour=$1 status=0 log=$RUNS_UNIT/bin/$1.log

    RUNS_BIN=$(unit_bin "$RUNS_UNIT" "$flavour") || status=$?
    case $status in
    0) ;;
    2)
        runs_broken "it does not build: $(grep -m1 -E 'error|undefined' \
            "$log" || tail -n1 "$log")"
        ;;
    *) runs_broken "$(tail -n1 "$log" 2>/dev/null || echo 'no unit')" ;;
    esac
    [[ -x $RUNS_RL_RUN ]] || runs_broken "build/bin/rl-run is missing"
}

runs_one() {
    local k=$1
    local -a options=(--wall "$RUNS_WALL" --cpu "$RUNS_CPU")
    shift

    [[ -z $RUNS_STDIN ]] || options+=(--stdin "$RUNS_STDIN")
    if [[ ${RL_PROGRESS:-} == 1 ]]; then
        printf '%s: run %d of %d\r' "$RUNS_NAME" "$k" "$RUNS_COUNT" >&2
    fi
    "$RUNS_RL_RUN" "${options[@]}" --stdout "$RUNS_DIR/$k.out" \
        --stderr "$RUNS_DIR/$k.err" "$@" >"$RUNS_DIR/$k.json" \
        2>"$RUNS_DIR/$k.said" </dev/null ||
        runs_broken "rl-run: $(head -n1 "$RUNS_DIR/$k.said")"
    if [[ $(runs_end "$k") == nostart ]]; then
        runs_broken "it does not start: $(jq -r .reason "$RUNS_DIR/$k.json")"
    fi
}

# How run K ended: rl-run's "end" is the first key of its object.
runs_end() {
    local json

    IFS= read -r json <"$RUNS_DIR/$1.json"
    json=${json#'{"end":"'}
    printf '%s\n' "${json%%\"*}"
}

# One call of jq a run: its findings, then its line for the outcomes.
runs_judge() {
    local k=$1
    local -a expected=(--argjson expected null)

    [[ -z $RUNS_EXPECT ]] || expected=(--rawfile expected "$RUNS_EXPECT")
    jq -nc -L "$RUNS_TOOLS/lib" --arg detector "$RUNS_NAME" \
        --slurpfile run "$RUNS_DIR/$k.json" --rawfile out "$RUNS_DIR/$k.out" \
        --rawfile err "$RUNS_DIR/$k.err" "${expected[@]}" \
        --argjson ok "$RUNS_OK_CODES" --arg wall "$RUNS_WALL" \
        --arg cpu "$RUNS_CPU" --arg kinds "$RUNS_KINDS" '
        include "runs";
        (judge($run[0]; $out; $err; $expected; $ok)
         | map(select($kinds == "" or (.kind | IN($kinds / " " | .[]))))),
        {end: ($run[0] | end_label), stdout: $out[:4000]}' \
        >"$RUNS_DIR/$k.judged" || runs_misuse "run $k cannot be judged"
    head -n1 "$RUNS_DIR/$k.judged" >"$RUNS_DIR/$k.findings"
    RUNS_JUDGED+=("$k")
    cat -- "$RUNS_DIR/$k.findings"
}

runs_add() {
    local file=$RUNS_DIR/$1.findings

    jq -c -s --slurpfile before "$file" --arg detector "$RUNS_NAME" \
        '$before[0] + map(.detector = $detector)' >"$file.new"
    mv -- "$file.new" "$file"
}

# [{"count":3,"end":"exit 0","stdout":"..."}...], most frequent first.
runs_outcomes() {
    local k

    for k in "${RUNS_JUDGED[@]}"; do
        tail -n1 "$RUNS_DIR/$k.judged"
    done | jq -sc 'group_by([.end, .stdout]) | map({count: length} + .[0])
        | sort_by(-.count, .end, .stdout)'
}

runs_finish() {
    local -a files=() extra=(--argjson outcomes null)
    local k

    for k in "${RUNS_JUDGED[@]}"; do
        files+=("$RUNS_DIR/$k.findings")
    done
    if [[ ${RUNS_OUTCOMES:-} == 1 ]]; then
        runs_outcomes >"$RUNS_DIR/outcomes"
        extra=(--slurpfile outcomes "$RUNS_DIR/outcomes")
    fi
    jq -sc -L "$RUNS_TOOLS/lib" --arg detector "$RUNS_NAME" --arg wall "" \
        --arg cpu "" "${extra[@]}" '
        include "runs";
        . as $runs | with_error($runs) as $bad | length as $n
        | merge($runs)[],
          {type: "summary", detector: $detector,
           status: (if $bad > 0 then "found" else "clean" end), runs: $n,
           basis: (if $bad > 0 then "found in \($bad) of \(plural($n; "run"; "runs"))"
                   else "clean in \($n) of \(plural($n; "run"; "runs"))" end)}
          + (if $outcomes then {outcomes: $outcomes[0]} else {} end)' \
        "${files[@]}" >"$RUNS_DIR/lines"
    cat -- "$RUNS_DIR/lines"
    [[ $(tail -n1 "$RUNS_DIR/lines" | jq -r .status) == clean ]]
}

# The whole of a detector that runs the plain flavour: COUNT runs, fewer if
# the first three that have ended all ran into a limit of time.
runs_plain() {
    local k slow=0

    runs_bin plain
    for ((k = 1; k <= RUNS_COUNT && slow < 3; k++)); do
        runs_one "$k" --record "$RUNS_BIN" -- "$RUNS_BIN" "${RUNS_ARGS[@]}"
        runs_judge "$k" >/dev/null
        case $(runs_end "$k") in
        timeout | cpu) slow=$((slow + 1)) ;;
        esac
    done
    runs_finish
}
