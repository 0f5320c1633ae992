# shellcheck shell=bash
# The rubric: one submission through the stages, in the order of the contract,
# into one JSON object of stages. Several submissions and several stages of
# one run side by side; what is printed does not depend on it.
# Sourced after the rest of lib/.

# What a run shows; other kinds belong to the stages of their detectors.
RUBRIC_RUN_KINDS='["wrong-output", "exit-code", "crash", "assert", "deadlock",
    "self-deadlock", "hang", "lost-wakeup", "livelock", "timeout", "cut-off"]'

# At most N tasks at once, over all processes of this command.
slots_open() {
    local count=$1 fifo=$RL_TMP/slots
    mkfifo "$fifo"
    exec {RUBRIC_SLOTS}<>"$fifo"
    while ((count-- > 0)); do
        printf x >&"$RUBRIC_SLOTS"
    done
}

slot_take() {
    read -r -n1 -u "$RUBRIC_SLOTS" _
}

slot_give() {
    printf x >&"$RUBRIC_SLOTS"
}

# The stages for TARGET, one a line: a detector that grades is a stage.
rubric_stages() {
    local grading
    grading=$(detectors_that_grade)
    echo build
    [[ $TARGET == own ]] || echo honest
    [[ $TARGET == own && -z ${OPT[output]:-} ]] || echo output
    [[ $TARGET == own ]] || echo concurrent
    # Real runs come last: luck must not decide which stage is named.
    grep -vx plain <<<"$grading" || true
    grep -x plain <<<"$grading" || true
}

# The stages of the lab that is loaded: its own, or the usual ones.
lab_stages() {
    if [[ -n ${CONF[STAGES]:-} ]]; then
        tr -s ' ' '\n' <<<"${CONF[STAGES]}"
    else
        cat "$RL_TMP/stages"
    fi
}

# stage_write JOB NAME VERDICT BASIS [REASON]: a stage without findings.
stage_write() {
    if [[ -z ${5:-} && $4 != *[\"\\[:cntrl:]]* ]]; then
        printf '{"name":"%s","verdict":"%s","basis":"%s"}\n' "$2" "$3" "$4" \
            >"$1/$2.stage"
        return
    fi
    jq -nc --arg name "$2" --arg verdict "$3" --arg basis "$4" \
        --arg reason "${5:-}" '{name: $name, verdict: $verdict,
            basis: $basis} + if $reason == "" then {} else
            {reason: $reason} end' >"$1/$2.stage"
}

# Each stage gets JOB and leaves JOB/NAME.lines (a detector's words, judged
# later) or JOB/NAME.stage (an answer).
stage_run() {
    local job=$1 name=$2
    progress_stage "$job" "$name"
    case $name in
    build) stage_build "$job" ;;
    honest) stage_honest "$job" ;;
    output) stage_output "$job" ;;
    concurrent) stage_concurrent "$job" ;;
    explore) stage_explore "$job" ;;
    *) stage_detector "$job" "$name" ;;
    esac
    [[ -z ${RL_COSTS:-} ]] || stage_cost "$name"
}

# The CPU time of this stage's process and of what it has waited for, into a
# file of the folder RL_COSTS: for racelab bench.
stage_cost() {
    { printf '%s\n' "$1" && times; } >"$RL_COSTS/$BASHPID.$RANDOM"
}

stage_build() {
    local job=$1 status=0 log=$UNIT/bin/plain.log
    unit_bin "$UNIT" plain >/dev/null 2>"$job/build.err" || status=$?
    if ((status == 0)); then
        stage_write "$job" build pass "$(compiler_version "$CC_USED")"
    elif ((status == 2)); then
        stage_write "$job" build fail "$(compiler_version "$CC_USED")" \
            "$(build_complaint "$log")"
    else
        stage_write "$job" build broken "no build" \
            "$(cat "$job/build.err" "$log" 2>/dev/null | tail -n1)"
    fi
}

stage_honest() {
    local job=$1 status=0 group
    local -a allowed=()
    for group in ${CONF[ALLOW]:-}; do
        allowed+=(--allow "$group")
    done
    "$RL_BUILD/bin/rl-scan" --unit "$UNIT" "${allowed[@]}" \
        >"$job/honest.lines" \
        2>"$job/honest.lines.err" || status=$?
    if [[ ! -s $job/honest.lines ]]; then
        detector_broken honest "$status" "$job/honest.lines.err" \
            >"$job/honest.lines"
    fi
}

# The program under one fixed schedule, with the lab's sizes and with sizes
# that the student has not seen.
stage_output() {
    local job=$1 sizes count=0 status
    local -a ARGV_OF_JOB=("${ARGV[@]}") DETECT
    lab_args_or_own output
    {
        printf '%s\n' "${ARGV[*]}"
        ((USER_ARGS)) || [[ $TARGET == own ]] || lab_hidden "$CONTENT"
    } >"$job/sizes"
    : >"$job/output.found"
    while IFS= read -r sizes; do
        if ((count)) || [[ $TARGET == lab && $USER_ARGS == 0 ]]; then
            read -r -a ARGV <<<"$sizes"
        else
            ARGV=("${ARGV_OF_JOB[@]}")
        fi
        detector_options "$$.$BASHPID"
        fixed_schedule "$job" "${DETECT[@]}"
        status=$(detector_exit "$job/output.one")
        count=$((count + 1))
        case $status in
        0) ;;
        1)
            output_found "$job" "$sizes"
            replay_note "$job/output.replay" "$job/output.one"
            [[ ! -s $job/output.found ]] || break
            ;;
        *)
            mv "$job/output.one" "$job/output.lines"
            return
            ;;
        esac
    done <"$job/sizes"
    output_summary "$count" | cat "$job/output.found" - >"$job/output.lines"
}

# Keep what this run showed; the rest is for other stages. Output that is right
# for the usual arguments and comes with others too was not worked out.
output_found() {
    local job=$1 sizes=$2 usual=''
    local -a words
    read -r -a words <"$job/sizes"
    if [[ $TARGET == lab && $sizes != "${words[*]}" ]]; then
        usual=$(lab_oracle "${words[@]}")
    fi
    jq -c --argjson kinds "$RUBRIC_RUN_KINDS" --arg sizes "$sizes" \
        --arg usual "$usual" --arg words "${words[*]}" '
        select(.type == "finding" and .severity == "error")
        | select(.kind as $kind | $kinds | index($kind))
        | .message = "With the arguments \($sizes): \(.message)"
        | (.got // "" | rtrimstr("\n") | split("\n")) as $got
        | if $got != [] and $got - ($usual | split("\n")) == [] then
            .message += ". That is the output for \($words): it must come from the arguments, not by heart."
          else . end' \
        "$job/output.one" >>"$job/output.found"
}

output_summary() {
    local count=$1 status=clean basis="right with these arguments"
    if [[ -s $job/output.found ]]; then
        status=found
        basis="wrong with the last of $count sizes"
    elif ((count > 1)); then
        basis="right with the usual sizes and $((count - 1)) hidden ones"
    fi
    printf '{"type":"summary","detector":"output","status":"%s",' "$status"
    printf '"runs":%d,"basis":"%s"}\n' "$count" "$basis"
}

stage_detector() {
    local job=$1 name=$2
    local -a ARGV_OF_JOB=("${ARGV[@]}") DETECT ARGV=("${ARGV[@]}")
    local said
    if ! said=$(detector_works "$name"); then
        stage_write "$job" "$name" broken "it does not work here" "$said"
        return
    fi
    lab_args_or_own "$name"
    detector_options "$$.$BASHPID"
    run_detector "$name" "$UNIT" "$job/$name.lines" "${DETECT[@]}" -- \
        "${ARGV[@]}"
    replay_note "$job/$name.replay" "$job/$name.lines"
}

# The explorer with each of the sizes that the lab wants proved.
stage_explore() {
    local job=$1 sizes prove=${CONF[PROVE]:-} basis=''
    local -a all
    if ((USER_ARGS)) || [[ $TARGET == own || $prove != *';'* ]]; then
        stage_detector "$job" explore
        return
    fi
    IFS=';' read -r -a all <<<"$prove"
    : >"$job/explore.found"
    for sizes in "${all[@]}"; do
        CONF["ARGS.explore"]=$sizes
        stage_detector "$job" explore
        [[ -s $job/explore.lines ]] || return 0
        [[ $(tail -n1 "$job/explore.lines") == *'"status":"clean"'* ]] || break
        head -n -1 "$job/explore.lines" >>"$job/explore.found"
        basis+=${basis:+; }$(tail -n1 "$job/explore.lines" | jq -r .basis)
    done
    if [[ $sizes == "${all[-1]}" && $(tail -n1 "$job/explore.lines") == \
        *'"status":"clean"'* ]]; then
        tail -n1 "$job/explore.lines" | jq -c --arg basis "$basis" '
            del(.outcomes) | .basis = ($basis
            | gsub(" interleavings are right; all (?=\\d+ inter)"; " and ")
            )' >>"$job/explore.found"
        mv "$job/explore.found" "$job/explore.lines"
    fi
}

# Does the doctor find that NAME works here? Else its words in one line.
# A yes is kept for these tools and this compiler.
detector_works() {
    local name=$1 line yes
    yes=$RL_BUILD/about/works-$name-$CC_USED-$(tool_version)
    [[ ! -f $yes ]] || return 0
    line=$({
        flock 9
        doctor_works "$name" "$CC_USED"
    } 9>"$RL_BUILD/about/$name.lock") && : >"$yes" && return
    jq -r '[.cause, .cure] | map(select(.)) | join("; ")' <<<"$line"
    return 1
}

lab_args_or_own() {
    ((USER_ARGS)) || [[ $TARGET == own ]] || lab_args "$1"
}

progress_stage() {
    local judged
    is_terminal 2 || return 0
    judged=$(find "$RL_TMP" -name result.json | wc -l)
    progress "$judged of $JOBS_ALL judged; now ${1##*/}: $2"
}

# All stages of one job: in order, as many at once as there are slots, none
# begun after one before it has failed for certain.
rubric_job() {
    local job=$1 name
    local -a stages
    lab_stages >"$job/stages"
    mapfile -t stages <"$job/stages"
    for name in "${stages[@]}"; do
        slot_take
        if rubric_stopped "$job" "$name"; then
            slot_give
            break
        fi
        if [[ $name == build || $name == honest ]]; then
            (stage_run "$job" "$name") || true
            slot_give
        else
            {
                (stage_run "$job" "$name") || true
                slot_give
            } &
        fi
    done
    wait
    rubric_judge "$job"
    # A complaint that stopped the stages after it may have been overruled.
    while name=$(sed -n 's/^  "missing": "\(.*\)",$/\1/p' "$job/judged.json")
        [[ -n $name ]]; do
        slot_take
        (stage_run "$job" "$name") || true
        slot_give
        rubric_judge "$job"
    done
}

# Has a stage before NAME failed in a way that nothing can overrule? Asked for
# every stage about all before it, so it starts no other program.
rubric_stopped() {
    local job=$1 name=$2 before
    local -a line
    while read -r before; do
        [[ $before != "$name" ]] || return 1
        if [[ -f $job/$before.stage ]]; then
            mapfile -t line <"$job/$before.stage"
            [[ ${line[0]:-} == *'"verdict":"pass"'* ]] || return 0
        elif [[ -s $job/$before.lines ]]; then
            mapfile -t line <"$job/$before.lines"
            [[ ${line[-1]} != *'"status":"found"'* ]] || return 0
        fi
    done <"$job/stages"
    return 1
}

# JOB/judged.json from what the stages left.
rubric_judge() {
    local job=$1 name
    local -a answers=() lines=()
    while read -r name; do
        [[ ! -s $job/$name.lines ]] || lines+=("$job/$name.lines")
    done <"$job/stages"
    for name in "$job"/*.stage; do
        [[ ! -f $name ]] || answers+=("$name")
    done
    rubric_told "$job" "${lines[@]}"
    cat /dev/null "${answers[@]}" | jq -s --rawfile order "$job/stages" \
        --slurpfile told "$job/all.told" -f "$RL_TOOLS/lib/rubric.jq" \
        >"$job/judged.json"
}

# JOB/all.told: the lines of files LINES... with their stages, judged, and the
# findings explained. Most programs have none, and need no judge.
rubric_told() {
    local job=$1 file line name
    shift
    if ! grep -q '"type":"finding"' /dev/null "$@"; then
        for file; do
            name=${file##*/}
            while IFS= read -r line; do
                printf '{"stage":"%s",%s\n' "${name%.lines}" "${line#\{}"
            done <"$file"
        done >"$job/all.told"
        return
    fi
    jq -c '.stage = (input_filename | split("/") | last | rtrimstr(".lines"))
        | .was = .severity' "$@" >"$job/all.lines"
    judge "$job/all.lines" "$UNIT" >"$job/all.judged"
    enrich "$job/all.judged" "$UNIT" >"$job/all.told"
}
