# shellcheck shell=bash
# Judging the cases, so many at once, and writing each answer at once.
# Sourced after grade-plan.sh.

declare -gA JOB_OF=()
CASES_DONE=0 CASES_BEGUN=0

judge_cases() {
    local case jobs=${OPT[jobs]}
    BEGAN=$SECONDS
    for case in "${CASES[@]}"; do
        if ((${#JOB_OF[@]} >= jobs)); then
            judge_await
        fi
        judge_begin "$case"
    done
    while ((${#JOB_OF[@]})); do
        judge_await
    done
    progress_end
}

# A case that needs no program run is answered here.
judge_begin() {
    local case=$1 row name student
    local -a rows
    read -r -a rows <<<"${CASE_ROWS[$case]}"
    row=${rows[0]}
    if [[ -n ${ROW_WHY[$row]:-} ]]; then
        judge_done "$case" ''
        return
    fi
    student=${row%%/*} name=${row#*/}
    CASES_BEGUN=$((CASES_BEGUN + 1))
    JOB=$RL_TMP/case.$CASES_BEGUN
    mkdir "$JOB"
    setpriv --pdeathsig TERM -- "$RL_GRADE/one" "$name" \
        "$STAGE/${NUMBERS[student]}" "${CASE_ROOT[$case]}" "$JOB" \
        --cc "$CC_USED" "${CHECK_OPTIONS[@]}" </dev/null \
        2>"$JOB.said" {OUT_LOCK}>&- &
    JOB_OF[$!]="$case $JOB"
}

judge_await() {
    local finished='' status=0 case job
    wait -n -p finished "${!JOB_OF[@]}" || status=$?
    read -r case job <<<"${JOB_OF[$finished]}"
    unset "JOB_OF[$finished]"
    [[ -f $job/report.json ]] || judge_lost "$job" "$status"
    judge_done "$case" "$job"
    rm -rf "$job" "$job.said"
}

# The judge ended without an answer: of its own accord, or killed.
judge_lost() {
    local job=$1 status=$2 said
    said=$(cat "$job.said" "$job/said" 2>/dev/null | grep -v '^Submissions run' |
        tail -n1) || true
    scratch_or_die
    jq -n --arg said "$(one_line "${said:-it said nothing}")" \
        --arg status "$status" '{results: [{verdict: "broken", failed: null,
        kind: null, points: null, stages: [], exit: 70,
        reason: "the judge ended with \($status): \($said)"}]}' \
        >"$job/report.json"
}

# A full disk below build/ makes every tool fail: nobody's program is to blame.
scratch_or_die() {
    if { head -c 65536 /dev/zero >"$RL_TMP/room"; } 2>/dev/null; then
        rm -f "$RL_TMP/room"
        return 0
    fi
    die 3 "$(shown "$RL_BUILD") is full; make room and run the same again:" \
        "it goes on where it stopped"
}

# The answer of a case to each of its rows.
judge_done() {
    local case=$1 job=$2 row
    local -a rows
    read -r -a rows <<<"${CASE_ROWS[$case]}"
    for row in "${rows[@]}"; do
        answer_write "$case" "$job" "$row"
    done
    CASES_DONE=$((CASES_DONE + 1))
    judge_progress
}

answer_write() {
    local case=$1 job=$2 row=$3 student=${3%%/*} name=${3#*/}
    local from=$job
    if [[ -z $job ]]; then
        from=$RL_TMP/none
        mkdir -p "$from"
        [[ -s $from/$name ]] || lab_not_judged "$name" >"$from/$name"
        cp "$from/$name" "$from/report.json"
        rm -f "$from"/drawing.*
    fi
    touch "$from/drawing.svg" "$from/drawing.txt"
    row_tag "$row"
    jq -c --arg case "$case" --arg tag "$TAG" \
        --arg student "${SLUGS[student]}" --arg lab "$name" \
        --arg title "${TITLES[$name]}" \
        --arg file "${ROW_FILE[$row]:-}" --arg why "${ROW_WHY[$row]:-}" \
        --rawfile svg "$from/drawing.svg" --rawfile text "$from/drawing.txt" \
        -f "$RL_GRADE/answer.jq" "$from/report.json" >"$RL_TMP/answer" || true
    if [[ ! -s $RL_TMP/answer ]]; then
        scratch_or_die
        die 70 "no answer for ${SLUGS[student]}, $name"
    fi
    out_put_or_die "$RL_TMP/answer" "results/${SLUGS[student]}/$name.json"
}

# What check says of a lab whose file it is not to judge.
lab_not_judged() {
    local name=$1
    lab_load "$name"
    jq -n -L "$RL_TOOLS/lib" --arg lab "$name" --arg title "${CONF[TITLE]}" \
        --arg points "$(points_of "$name")" \
        --arg compiler "$(compiler_version "$CC_USED")" \
        --arg order "$(lab_stages)" 'include "result";
        {verdict: "skipped", failed: null, kind: null, reason: null,
         stages: []}
        | result($lab; $title; ""; $points; $compiler; -1; $order)
        | {results: [.]}'
}

judge_progress() {
    local all=${#CASES[@]} left percent
    left=$(time_left "$CASES_DONE" "$all")
    percent=$((100 * CASES_DONE / all))
    if is_terminal 2; then
        progress "$CASES_DONE of $all judged; $left"
    elif ((percent / 5 > SAID_PERCENT / 5)); then
        note "$CASES_DONE of $all judged; $left"
    fi
    SAID_PERCENT=$percent
}
SAID_PERCENT=0

time_left() {
    local done=$1 all=$2 seconds
    seconds=$(((SECONDS - BEGAN) * (all - done) / done))
    if ((done == all)); then
        echo "done"
    elif ((seconds < 90)); then
        echo "about $seconds s left"
    else
        echo "about $(((seconds + 30) / 60)) min left"
    fi
}

# End what is running, when this command ends before it.
judges_end() {
    local pid
    for pid in "${!JOB_OF[@]}"; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in "${!JOB_OF[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
}
