# shellcheck shell=bash
# What the detectors helgrind and drd share. Sourced after runs.sh.
# Usage: valgrind_detector NAME VALGRIND-OPTION... -- DETECTOR-OPTION...
#
# --read-var-info=yes is left out: it takes six times as long, and rl-vgxml
# names variables itself.

# RUNS_CPU and RUNS_KINDS are what runs.sh reads.
# shellcheck disable=SC2034
valgrind_detector() {
    local name=$1 k
    local -a tool=()
    shift

    while [[ $1 != -- ]]; do
        tool+=("$1")
        shift
    done
    shift
    runs_options "$name" 1 --wall 60 "$@"
    RUNS_CPU=60
    RUNS_KINDS="wrong-output exit-code assert crash timeout hang"
    command -v valgrind >/dev/null ||
        runs_broken "valgrind is not installed: run tools/setup"
    runs_bin valgrind
    for ((k = 1; k <= RUNS_COUNT; k++)); do
        valgrind_run "$name" "$k" "${tool[@]}"
        valgrind_judge "$k"
    done
    runs_finish
}

# SIGTERM at a standstill, which rl-run sends, lets Valgrind finish its XML.
valgrind_run() {
    local name=$1 k=$2
    shift 2

    runs_one "$k" --mem 3072 -- valgrind "--tool=$name" \
        --command-line-only=yes --child-silent-after-fork=yes \
        --fair-sched=try --xml=yes \
        "--xml-file=$RUNS_DIR/$k.xml" "$@" "$RUNS_BIN" "${RUNS_ARGS[@]}"
}

valgrind_judge() {
    local k=$1 ended
    local -a hang=()

    ended=$(runs_end "$k")
    [[ $ended != standstill ]] || hang=(--hang)
    [[ -e $RUNS_DIR/$k.xml ]] || : >"$RUNS_DIR/$k.xml"
    "$RUNS_TOOLS/../build/bin/rl-vgxml" "${hang[@]}" --binary "$RUNS_BIN" \
        "$RUNS_DIR/$k.xml" >"$RUNS_DIR/$k.vg" ||
        runs_broken "rl-vgxml cannot read the run"
    valgrind_check_whole "$k" "$ended"
    runs_judge "$k" >/dev/null
    [[ $ended != standstill ]] || valgrind_hang "$k"
    valgrind_lock_order "$k"
    jq -c 'select(.type == "finding" and .kind != "hang")' \
        "$RUNS_DIR/$k.vg" | runs_add "$k"
}

# A run that ended by itself leaves a whole report, unless Valgrind failed or
# the program became another one. A run that was stopped may leave less.
valgrind_check_whole() {
    local k=$1 ended=$2 said

    [[ $ended == exit || $ended == signal ]] || return 0
    if [[ $(tail -n1 "$RUNS_DIR/$k.vg" | jq -r .finished) == true ]]; then
        return 0
    fi
    said=$(grep -m1 -E '^(valgrind|drd|helgrind): |impossible' \
        "$RUNS_DIR/$k.err" || true)
    if [[ -n $said ]]; then
        runs_broken "Valgrind failed: $said"
    fi
    runs_summary no-answer "$k" "Valgrind's report is cut" \
        "the program did not stay under Valgrind until its end"
    exit 4
}

# Findings of up to three plain runs: the recorder knows who waits for whom,
# and which locks keep two orders apart. Prints what KINDS it found.
valgrind_ask_plain() {
    local kinds=$1 i bin

    bin=$(unit_bin "$RUNS_UNIT" plain 2>/dev/null) || return 0
    for i in 1 2 3; do
        # Its own files: these runs are not judged.
        runs_one "plain$i" --record "$bin" -- "$bin" "${RUNS_ARGS[@]}"
        jq -c --arg kinds "$kinds" \
            '.findings[] | select(.kind | IN($kinds / " " | .[]))' \
            "$RUNS_DIR/plain$i.json" >"$RUNS_DIR/plain.found"
        if [[ -s $RUNS_DIR/plain.found ]]; then
            cat -- "$RUNS_DIR/plain.found"
            return
        fi
    done
}

# A hang under Valgrind: explained by a plain run that hangs, too, else by
# where the XML shows the threads.
valgrind_hang() {
    local k=$1 file=$RUNS_DIR/$1.findings

    valgrind_ask_plain "deadlock self-deadlock hang lost-wakeup" \
        >"$RUNS_DIR/$k.hang"
    if [[ -s $RUNS_DIR/$k.hang ]]; then
        jq -c '.message += " (Explained from a plain run that hung, too.)"' \
            "$RUNS_DIR/$k.hang" >"$RUNS_DIR/$k.why"
    else
        jq -c 'select(.kind == "hang") | .message +=
            " (No plain run hung, so who waits for whom is not known.)"' \
            "$RUNS_DIR/$k.vg" >"$RUNS_DIR/$k.why"
    fi
    if [[ -s $RUNS_DIR/$k.why ]]; then
        jq -c 'map(select(.kind != "hang"))' "$file" >"$file.new"
        mv -- "$file.new" "$file"
        runs_add "$k" <"$RUNS_DIR/$k.why"
    fi
}

# Helgrind knows no gates, and takes a trylock for a lock that waits.
valgrind_lock_order() {
    local k=$1 vg=$RUNS_DIR/$1.vg

    if ! grep -q '"kind":"lock-order"' "$vg" ||
        [[ -n $(valgrind_ask_plain "lock-order deadlock") ]]; then
        return 0
    fi
    jq -c 'if .kind == "lock-order" then .severity = "note" | .message +=
        " The recorder of plain runs saw no way to get there: a lock held in both places, a trylock or a join keeps the two apart."
        else . end' "$vg" >"$vg.new"
    mv -- "$vg.new" "$vg"
}
