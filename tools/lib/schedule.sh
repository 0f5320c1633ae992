# shellcheck shell=bash
# One run of the explore flavour under one fixed schedule: what the stages
# output and concurrent rest on. Sourced after detect.sh.

# fixed_schedule JOB OPTION...: JOB/output.one gets detector lines.
fixed_schedule() {
    local job=$1 bin status=0 lines=$1/output.one
    shift
    if bin=$(schedule_bin "$job" output); then
        "$RL_BUILD/bin/rl-explore" "$bin" --strategy order --schedules 1 \
            "$@" --format lines -- "${ARGV[@]}" >"$lines" 2>"$lines.err" \
            </dev/null || status=$?
        [[ -s $lines ]] && return
        detector_broken output "$status" "$lines.err" >"$lines"
    else
        detector_broken output 3 "$job/output.build" >"$lines"
    fi
}

schedule_bin() {
    unit_bin "$UNIT" explore 2>"$1/$2.build"
}
