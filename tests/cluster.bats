# grade-slurm on a real Slurm cluster of this machine alone: munged, slurmctld
# and slurmd, started for a test and gone after it. Behind `make test-cluster`
# and in the soak, for it takes a minute.

load helper
load class/fakes

setup() {
    [[ -n ${RL_CLUSTER:-}${RL_SOAK:-} ]] ||
        skip "make test-cluster does it, and the soak"
    class_fakes
    small_class
    for name in e f g h i; do
        program "class/$name/counter.c" "$name"
    done
    program class/broken/counter.c BROKEN
    export RL_POLL=1 LIMIT=240
}

# What one machine gives, in the folder whole.
whole() {
    grade
    [[ $status -eq 3 ]]
    mv out whole
    rm -f asked
}

cluster() {
    run --separate-stderr limited "$ROOT/tests/class/cluster" "$@"
}

same_as_whole() {
    rm -rf out/parts
    # The list of a part is not the list of all, and has been joined.
    diff -r whole out
}

@test "the parts are tasks of a job array, joined as one machine gives it" {
    whole
    cluster bash -c '
        tools/racelab grade-slurm SUBMISSIONS=class OUT=out PARTS=3 -j 1
        status=$?
        scontrol -o show job >jobs
        exit $status'
    [[ $status -eq 3 ]] || fail_with "$output" "$stderr"
    # Three tasks, all completed.
    [[ $(grep -c 'ArrayTaskId=[123] .*JobState=COMPLETED' jobs) == 3 ]] ||
        fail_with "$(cat jobs)"
    same_as_whole
}

# The judge kills, once, what STEPS processes above it is: 1 is its own part.
judge_kills() {
    mv tools/cmd/check tools/cmd/check.real
    cat >tools/cmd/check <<SCRIPT
#!/usr/bin/env bash
if grep -q UNSURE "\$3"/counter.c && mkdir "$PWD/killed" 2>/dev/null; then
    pid=\$PPID
    while [[ \$(tr '\0' ' ' </proc/\$pid/cmdline) != *$1* ]]; do
        pid=\$(sed -n 's/^PPid:[^0-9]*//p' /proc/\$pid/status)
        ((pid > 1)) || exit 70
    done
    kill -9 "\$pid"
    sleep 100
fi
exec "$PWD/tools/cmd/check.real" "\$@"
SCRIPT
    chmod +x tools/cmd/check
}

@test "a task whose grade is killed costs a retry, not a grade" {
    judge_kills /tools/cmd/grade
    grade
    [[ $status -eq 137 ]]
    grade
    mv out whole
    rm -r killed asked
    cluster tools/racelab grade-slurm SUBMISSIONS=class OUT=out PARTS=3 -j 1
    [[ $status -eq 3 && -d killed ]] || fail_with "$output" "$stderr"
    [[ $stderr == *"of 3 did not finish: "* ]] || fail_with "$stderr"
    [[ $(grep -c '^job [0-9]*: part ' <<<"$stderr") == 2 ]]
    same_as_whole
}

@test "a task that is killed as a whole does, too" {
    judge_kills slurm_script
    mkdir killed
    grade
    mv out whole
    rm -r killed asked
    cluster tools/racelab grade-slurm SUBMISSIONS=class OUT=out PARTS=2 -j 1
    [[ $status -eq 3 && -d killed ]] || fail_with "$output" "$stderr"
    [[ $(grep -c '^job [0-9]*: part ' <<<"$stderr") == 2 ]] ||
        fail_with "$stderr"
    same_as_whole
}

@test "what always fails is given up after four tries, with its words" {
    printf '#!/bin/sh\necho "racelab: it is all over" >&2\nexit 70\n' \
        >tools/cmd/grade
    cluster tools/racelab grade-slurm SUBMISSIONS=class OUT=out PARTS=1 -j 1
    [[ $status -eq 3 ]]
    [[ $(grep -c 'part 1 of 1 did not finish: racelab: it is all over' \
        <<<"$stderr") == 4 ]] || fail_with "$stderr"
}

@test "without a controller it says so and ends" {
    run -3 env SLURM_CONF=/nonexistent tools/racelab grade-slurm \
        SUBMISSIONS=class OUT=out
    [[ ${lines[-1]} == "racelab: sbatch refuses: "* ]]
}
