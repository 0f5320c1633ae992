# shellcheck shell=bash
# Running one detector, whatever it is, so that it always answers.
# Sourced after common.sh.

# run_detector NAME UNIT LINES [OPTION...] -- ARG...: LINES gets what the
# detector prints; a detector that ends without a summary is broken.
run_detector() {
    local name=$1 unit=$2 lines=$3 status=0 said=$3.err
    shift 3
    "$RL_TOOLS/detectors/$name" --unit "$unit" "$@" >"$lines" 2>"$said" \
        </dev/null || status=$?
    if ! lines_whole "$name" "$lines"; then
        # What was said before may be cut: it is not evidence.
        detector_broken "$name" "$status" "$said" >"$lines"
    fi
}

# Does the last line look like NAME's summary? Whether it is JSON is found out
# by who reads it.
lines_whole() {
    local last
    last=$(tail -n1 "$2")
    [[ $last == *'"type":"summary"'* && $last == *"\"detector\":\"$1\""* &&
        $last == *'}' ]]
}

# The same with a detector's progress on the terminal.
run_detector_shown() {
    if is_terminal 2; then
        RL_PROGRESS=1 run_detector "$@"
        progress_end
    else
        run_detector "$@"
    fi
}

detector_broken() {
    local name=$1 status=$2 said=$3 reason
    reason=$(grep -v '^$' "$said" | tail -n1 || true)
    jq -nc --arg name "$name" --arg reason "${reason:-it said nothing}" \
        --arg status "$status" '{type: "summary", detector: $name,
            status: "broken", runs: 0,
            basis: "\($name) gave no answer (exit \($status))",
            reason: $reason}'
}

# The options for a run with ARGV on this lab or program: the right output,
# the input. Uses OPT; fills DETECT.
detector_options() {
    local expected=$RL_TMP/expected.${1:-x}
    DETECT=()
    if [[ $TARGET == lab ]]; then
        lab_oracle "${ARGV[@]}" >"$expected" ||
            die 2 "the right output for ${ARGV[*]} is not known"
        DETECT+=(--expect-output "$expected")
        [[ -z ${CONF[STDIN]:-} ]] || DETECT+=(--stdin "$(lab_stdin)")
    elif [[ -n ${OPT[output]:-} ]]; then
        [[ -f ${OPT[output]} ]] || die 2 "no file $(shown "${OPT[output]}")"
        DETECT+=(--expect-output "${OPT[output]}")
    fi
    if [[ $TARGET == own && -n ${OPT[stdin]:-} ]]; then
        [[ -f ${OPT[stdin]} ]] || die 2 "no file $(shown "${OPT[stdin]}")"
        DETECT+=(--stdin "${OPT[stdin]}")
    fi
    local name
    for name in runs seed wall; do
        [[ -z ${OPT[$name]:-} ]] || DETECT+=("--$name" "${OPT[$name]}")
    done
}

# Stage FILES and prove that they compile; sets UNIT or ends with 2.
stage_or_die() {
    local cc=$1 flavour=$2 why status=0
    if why=$(files_unfit); then
        die 2 "$why"
    fi
    UNIT=$(target_unit "$cc")
    unit_bin "$UNIT" "$flavour" >/dev/null 2>"$RL_TMP/build" || status=$?
    if ((status == 2)); then
        die 2 "does not build with $cc:" \
            "$(build_complaint "$UNIT/bin/$flavour.log")"
    elif ((status)); then
        die "$status" "$(cat "$RL_TMP/build" "$UNIT/bin/$flavour.log" | tail -n1)"
    fi
}

# The exit code that goes with the summary of LINES.
detector_exit() {
    case $(tail -n1 "$1") in
    *'"status":"clean"'*) echo 0 ;;
    *'"status":"found"'*) echo 1 ;;
    *'"status":"broken"'*) echo 3 ;;
    *'"status":"no-answer"'*) echo 4 ;;
    *) echo 70 ;;
    esac
}
