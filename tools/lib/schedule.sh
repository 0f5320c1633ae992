# shellcheck shell=bash
# One run of the explore flavour under one fixed schedule, thread creators
# first: what the stages output and concurrent rest on. For an event loop (TIME
# in lab.conf) the run is one in virtual time, in the usual order of its events.
# Sourced after detect.sh.

# fixed_schedule JOB OPTION...: JOB/output.one gets detector lines.
fixed_schedule() {
    local job=$1 bin status=0 lines=$1/output.one
    shift
    if lab_of_processes; then
        run_detector processes "$UNIT" "$lines" "$@" --runs 0 -- "${ARGV[@]}"
        return
    fi
    if [[ -n ${CONF[TIME]:-} ]]; then
        loop_schedule "$job" "$@"
        return
    fi
    if ! bin=$(unit_bin "$UNIT" explore 2>"$job/output.build"); then
        explore_log "$job/output.build"
        detector_broken output 3 "$job/output.build" >"$lines"
        return
    fi
    "$RL_BUILD/bin/rl-explore" "$bin" --strategy order --detector output \
        --id "$(explore_identity "$UNIT")" "$@" -- "${ARGV[@]}" >"$lines" 2>"$lines.err" </dev/null || status=$?
    [[ -s $lines ]] || detector_broken output "$status" "$lines.err" >"$lines"
}

# Does the lab's program consist of processes?
lab_of_processes() {
    [[ $TARGET == lab && " ${CONF[STAGES]:-} " == *" processes "* ]]
}

# The compiler's words after ours, for a flavour that does not build.
explore_log() {
    [[ ! -f $UNIT/bin/explore.log ]] || cat "$UNIT/bin/explore.log" >>"$1"
}

loop_schedule() {
    local job=$1 bin status=0 lines=$1/output.one
    shift
    if ! bin=$(unit_bin "$UNIT" loop 2>"$job/output.build"); then
        detector_broken output 3 "$job/output.build" >"$lines"
        return
    fi
    "$RL_BUILD/bin/rl-loop" --detector output --strategy once "$@" -- "$bin" \
        "${ARGV[@]}" >"$lines" 2>"$lines.err" </dev/null || status=$?
    [[ -s $lines ]] || detector_broken output "$status" "$lines.err" >"$lines"
}

# Do the tasks of an event loop wait side by side? In virtual time, where only
# waiting takes time, a right run takes what lab.conf says, and a quarter more
# at most.
loop_concurrent() {
    local job=$1 bin facts promised took=''
    promised=$(lab_time "${ARGV[@]}")
    if ! bin=$(unit_bin "$UNIT" loop 2>"$job/concurrent.build"); then
        stage_write "$job" concurrent broken "no build" \
            "$(tail -n1 "$job/concurrent.build")"
        return
    fi
    facts=$("$RL_BUILD/bin/rl-loop" --detector concurrent --strategy facts \
        ${CONF[STDIN]:+--stdin "$(lab_stdin)"} -- "$bin" "${ARGV[@]}" \
        2>"$job/concurrent.err" </dev/null) || true
    [[ ! $facts =~ \"ms\":([0-9]+) ]] || took=${BASH_REMATCH[1]}
    if [[ $facts =~ \"lacks\":\"([^\"]*)\" ]]; then
        stage_write "$job" concurrent unsure "not one thread with a loop" \
            "How long the tasks wait can be told for one thread and its event loop: ${BASH_REMATCH[1]}."
    elif [[ -z $took ]]; then
        stage_write "$job" concurrent broken "rl-loop gave no answer" \
            "$(tail -n1 "$job/concurrent.err")"
    elif ((4 * took > 5 * promised)); then
        stage_fail "$job" concurrent serial "$took ms, not $promised" \
            "A right run waits $promised ms in all, for its tasks wait side by side; this one waits $took ms (virtual time, in which only waiting counts). One task waits for another: make stall shows whether a handler keeps the loop."
    elif ((took < promised)); then
        stage_fail "$job" concurrent wrong-output "$took ms, not $promised" \
            "The tasks take $promised ms, and this run waits only $took ms (virtual time): somebody does not wait as long as promised."
    else
        stage_write "$job" concurrent pass \
            "$took ms of virtual time for tasks of $promised ms"
    fi
}

# Are the promised workers alive at one moment? And where the lab names the
# function in which they work: can two be in it at once?
stage_concurrent() {
    local job=$1 bin facts alive='' busy=0 workers work=${CONF[WORK]:-} status=0
    lab_args_or_own concurrent
    if [[ -n ${CONF[TIME]:-} ]]; then
        loop_concurrent "$job"
        return
    fi
    workers=$(lab_workers "${ARGV[@]}")
    if lab_of_processes; then
        processes_concurrent "$job" "$workers"
        return
    fi
    if ! bin=$(unit_bin "$UNIT" explore 2>"$job/concurrent.build"); then
        explore_log "$job/concurrent.build"
        stage_write "$job" concurrent broken "no build" \
            "$(tail -n1 "$job/concurrent.build")"
        return
    fi
    facts=$("$RL_BUILD/bin/rl-explore" "$bin" --facts \
        ${CONF[STDIN]:+--stdin "$(lab_stdin)"} ${work:+--work "$work"} \
        -- "${ARGV[@]}" 2>"$job/concurrent.err" </dev/null) || status=$?
    # Main is one of those alive.
    [[ ! $facts =~ \"max_alive\":\ *([0-9]+) ]] ||
        alive=$((BASH_REMATCH[1] - 1))
    [[ ! $facts =~ \"max_at_work\":\ *([0-9]+) ]] || busy=${BASH_REMATCH[1]}
    if [[ -n $work ]] && grep -q "no function $work\$" "$job/concurrent.err"
    then
        stage_fail "$job" concurrent serial "no function $work" \
            "The lab needs the function $work, to see that two workers can be in it at one moment, and this program has none."
    elif [[ -z $alive ]]; then
        stage_write "$job" concurrent broken "rl-explore ended with $status" \
            "$(tail -n1 "$job/concurrent.err")"
    elif ((alive >= workers)) && [[ -n $work ]] && ((busy < 2)); then
        stage_fail "$job" concurrent serial "never two in $work" \
            "Two workers must be able to be in $work at one moment, and here they never are: one thread does all the work, or a lock lets in one at a time."
    elif ((alive >= workers)); then
        stage_write "$job" concurrent pass \
            "$workers of $workers workers alive at one moment${work:+, $busy in $work}"
    else
        stage_fail "$job" concurrent serial \
            "$alive alive at one moment, not $workers" \
            "The lab promises $workers workers at one moment, and there were never more than $alive beside main. A join or a sleep in the loop that creates them lets them run one after another, and a single thread has nobody beside it: all must be able to run side by side."
    fi
}

# The same of processes, in the order in which the first process goes on.
processes_concurrent() {
    local job=$1 workers=$2 bin facts=''
    if bin=$(unit_bin "$UNIT" processes 2>"$job/concurrent.err"); then
        facts=$("$RL_BUILD/bin/rl-procs" --facts --runs 0 \
            ${CONF[STDIN]:+--stdin "$(lab_stdin)"} -- "$bin" "${ARGV[@]}" \
            2>"$job/concurrent.err" </dev/null) || true
    fi
    if [[ ! $facts =~ \"max_alive\":\ ([0-9]+) ]]; then
        stage_write "$job" concurrent broken "rl-procs gave no answer" \
            "$(tail -n1 "$job/concurrent.err")"
    elif ((BASH_REMATCH[1] >= workers)); then
        stage_write "$job" concurrent pass \
            "$workers of $workers processes alive at one moment"
    else
        stage_fail "$job" concurrent serial \
            "${BASH_REMATCH[1]} alive at one moment, not $workers" \
            "The lab promises $workers processes at one moment, and there were never more than ${BASH_REMATCH[1]} beside the first one. A wait in the loop that forks them lets them run one after another."
    fi
}

# stage_fail JOB NAME KIND BASIS REASON
stage_fail() {
    jq -nc --arg name "$2" --arg kind "$3" --arg basis "$4" --arg reason "$5" \
        '{name: $name, verdict: "fail", kind: $kind, basis: $basis,
          reason: $reason}' >"$1/$2.stage"
}
