#!/usr/bin/env bats
# Timelines: the drawer on saved events, and the recording by the states that
# a run must have been in; never by a time.

bats_require_minimum_version 1.5.0
load helper

draw() {
    timeout -k 1 10 "$ROOT/build/bin/rl-timeline" "$@"
}

events='{"title": "three downloads", "note": "It ended.", "events": [
 {"lane": "main", "state": "running", "begin": 0, "end": 4},
 {"lane": "1 fetch", "state": "created", "begin": 1, "by": "main"},
 {"lane": "1 fetch", "state": "running", "begin": 1.5, "end": 5},
 {"lane": "1 fetch", "state": "io", "begin": 5, "end": 60},
 {"lane": "1 fetch", "state": "lock", "begin": 60, "end": 70, "what": "log"},
 {"lane": "1 fetch", "state": "running", "begin": 70, "end": 72},
 {"lane": "1 fetch", "state": "joined", "begin": 72.5, "by": "main"},
 {"lane": "2 fetch", "state": "created", "begin": 2, "by": "main"},
 {"lane": "2 fetch", "state": "ready", "begin": 2, "end": 6},
 {"lane": "2 fetch", "state": "running", "begin": 6, "end": 10},
 {"lane": "2 fetch", "state": "condition", "begin": 10, "end": 30},
 {"lane": "2 fetch", "state": "sleep", "begin": 30, "end": 50},
 {"lane": "2 fetch", "state": "joined", "begin": 73, "by": "main"},
 {"lane": "main", "state": "join", "begin": 4, "end": 73},
 {"lane": "main", "state": "running", "begin": 73, "end": 80}]}'

@test "a list of events is drawn, with a legend and the sums" {
    run -0 draw <<<"$events"
    diff - <(printf '%s\n' "$output") <<'END'
three downloads

                0 ms            20              40              60
main            ===.......................................................======
1 fetch         (===~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~LLLLLLLL==)
2 fetch          (---===cccccccccccccccczzzzzzzzzzzzzzzz__________________)

=  runs, or could run
-  could run, but something else does
L  waits for a lock
c  waits for a condition
~  blocked in input or output
z  sleeps
.  waits for another to end
(  created
)  joined
_  has ended, and nobody has joined it yet

ms                 lives     run   ready    lock    cond      io   sleep    join
main                80.0    11.0       0       0       0       0       0    69.0
1 fetch             70.5     5.5       0    10.0       0    55.0       0       0
2 fetch             48.0     4.0     4.0       0    20.0       0    20.0       0

It ended.
END
}

@test "a picture keeps to the width that it is given" {
    local width
    for width in 60 80 132; do
        run -0 draw --width "$width" <<<"$(jq '.events |= map(
            select(.state != "sleep" and .state != "ready" and
                .state != "condition"))' <<<"$events")"
        run -0 awk -v w="$width" 'length > w { print; bad = 1 }
            END { exit bad }' <<<"$output"
    done
}

@test "processes and tasks of an event loop are lanes as threads are" {
    run -0 draw <<'END'
[{"lane": "loop", "state": "running", "begin": 0, "end": 200},
 {"lane": "loop", "state": "io", "begin": 200, "end": 600},
 {"lane": "task 1", "state": "ready", "begin": 0, "end": 200},
 {"lane": "task 1", "state": "sleep", "begin": 200, "end": 600}]
END
    [[ ${lines[1]} == *"0 ms"*200*400* ]]
    [[ $output == *$'\nloop            =====================~~~~~'* ]]
    [[ $output == *$'\ntask 1          ---------------------zzzzz'* ]]
    [[ $output != *created* ]]
}

@test "SVG: each state differs by its shape or pattern, in both themes" {
    local state
    draw --format svg <<<"$events" >"$BATS_TEST_TMPDIR/a.svg"
    xmllint --noout "$BATS_TEST_TMPDIR/a.svg"
    for state in ready lock condition io sleep join; do
        grep -q "<pattern id=\"$state\"" "$BATS_TEST_TMPDIR/a.svg"
        # One bar, and one in the legend.
        run -0 grep -c "fill=\"url(#$state)\"" "$BATS_TEST_TMPDIR/a.svg"
        [ "$output" -eq 2 ]
    done
    run -0 grep -c 'class="tip"' "$BATS_TEST_TMPDIR/a.svg"
    [ "$output" -eq 4 ]
    grep -q prefers-color-scheme "$BATS_TEST_TMPDIR/a.svg"
    grep -q '<title>1 fetch: waits for a lock, ' "$BATS_TEST_TMPDIR/a.svg"
}

@test "SVG and text: a name that is markup stays a name" {
    local hostile='</text><script>x</script>'
    run -0 draw --format svg <<<"[{\"lane\": \"$hostile\",
        \"state\": \"io\", \"begin\": 0, \"end\": 5}]"
    xmllint --noout - <<<"$output"
    [[ $output != *"<script"* && $output == *"&lt;script&gt;"* ]]
    run -0 draw <<<'[{"lane": "a\u001b[31m", "state": "io", "begin": 0,
        "end": 5}]'
    [[ $output == *$'\na?[31m '* ]]
}

@test "events that cannot be are one clear line and exit 2" {
    local list wrong
    while IFS='|' read -r list wrong; do
        run -2 --separate-stderr draw <<<"$list"
        [ "${#stderr_lines[@]}" -eq 1 ]
        [[ $stderr == "rl-timeline: "*"$wrong"* ]] ||
            fail_with "$list: $stderr"
    done <<'END'
nonsense|not JSON
{"title": "x"}|no events
[{"state": "io", "begin": 0, "end": 1}]|event 1: no "lane"
[{"lane": "a", "state": "idle", "begin": 0, "end": 1}]|'idle' is none of running
[{"lane": "a", "state": "io", "begin": 2, "end": 1}]|ends before it begins
[{"lane": "a", "state": "io", "begin": "1", "end": 2}]|"begin" is no number
[{"lane": "a", "state": "io", "begin": -1, "end": 2}]|no "begin" from 0
[{"lane": "a", "state": "io", "begin": 1}]|no "end"
[{"lane": "a", "state": "io", "begin": 1, "end": 1e300}]|no "end" from 0
[{"lane": "a", "state": "io", "begin": 0, "end": 2}, {"lane": "a", "state": "lock", "begin": 1, "end": 3}]|a has two states at 1 ms
[{"lane": "a", "state": "created", "begin": 0}]|nothing in it lasts any time
END
    run -2 --separate-stderr draw --format gif <<<"$events"
    [[ $stderr == *"no format 'gif'"* ]]
}

# valid FILE: by the schema that the tool documents.
valid() {
    python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])),
    json.load(open(sys.argv[2])))' "$1" \
        "$ROOT/tools/timeline/timeline.schema.json"
}

# Each call lasts, whatever the machine does: so each state is there.
finite() {
    cat <<'END'
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void *sleeper(void *arg) { usleep(5000); return arg; }
static void *poller(void *arg) { poll(NULL, 0, 5); return arg; }
int main(void)
{
    pthread_t t[2];
    pthread_create(&t[0], NULL, sleeper, NULL);
    pthread_create(&t[1], NULL, poller, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    if (fork() == 0) {
        usleep(5000);
        _exit(0);
    }
    wait(NULL);
    return getenv("RL_RECORD_TIMES") || getenv("RL_RECORD_FD") ? 1 : 0;
}
END
}

# states EVENTS LANE: in which states it ever was, sorted.
states() {
    jq -r --arg lane "$2" '[.events[] | select(.lane == $lane) | .state] |
        unique | join(" ")' "$1"
}

@test "a run is recorded: who was created, blocked, joined, by whom" {
    local events="$BATS_TEST_TMPDIR/e.json"
    finite >"$BATS_TEST_TMPDIR/my prog.c"
    limited "$RACELAB" timeline "$BATS_TEST_TMPDIR/my prog.c" --format json \
        --out "$events"
    valid "$events"
    [[ $(states "$events" "1 sleeper") == *created*joined*sleep* ]]
    [[ $(states "$events" "2 poller") == *created*io*joined* ]]
    [[ $(states "$events" "3 process") == *created*sleep* ]]
    [[ $(states "$events" main) == *running* ]]
    run -0 jq -r '.note' "$events"
    [ "$output" = "It ended with exit code 0." ]
    run -0 jq -r '.events[] | select(.by) | "\(.lane) \(.state) by \(.by)"' \
        "$events"
    [[ $output == *"1 sleeper created by main"* ]]
    [[ $output == *"2 poller joined by main"* ]]
    limited "$RACELAB" timeline --events "$events" >"$BATS_TEST_TMPDIR/text"
    grep -qE '^1 sleeper +\(-*=*z+' "$BATS_TEST_TMPDIR/text"
}

@test "a run that stands still shows who waits for what" {
    local events="$BATS_TEST_TMPDIR/e.json"
    cat >"$BATS_TEST_TMPDIR/stuck.c" <<'END'
#include <pthread.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;
static void *left(void *arg)
{
    pthread_mutex_lock(&a);
    pthread_barrier_wait(&both);
    pthread_mutex_lock(&b);
    return arg;
}
static void *right(void *arg)
{
    pthread_mutex_lock(&b);
    pthread_barrier_wait(&both);
    pthread_mutex_lock(&a);
    return arg;
}
int main(void)
{
    pthread_t t[2];
    pthread_barrier_init(&both, NULL, 2);
    pthread_create(&t[0], NULL, left, NULL);
    pthread_create(&t[1], NULL, right, NULL);
    pthread_join(t[1], NULL);
    return 0;
}
END
    limited "$RACELAB" timeline "$BATS_TEST_TMPDIR/stuck.c" --format json \
        >"$events"
    run -0 jq -r '[.events[] | select(.end)] | (max_by(.end).end) as $last |
        .[] | select(.end == $last) | "\(.lane) \(.state) \(.what)"' "$events"
    [[ $output == *"main join null"* ]]
    [[ $output == *"1 left lock b"* && $output == *"2 right lock a"* ]]
    run -0 jq -r .note "$events"
    [ "$output" = "Then nobody could go on, and it was ended." ]
}

@test "a program sees nothing of being recorded" {
    local bin
    finite >"$BATS_TEST_TMPDIR/finite.c"
    # shellcheck disable=SC2016 # the inner shell's
    bin=$(bash -c 'source "$1/tools/lib/unit.sh"
        unit_stage "$2/unit" gcc "$2/finite.c" && unit_bin "$2/unit" timeline' \
        - "$ROOT" "$BATS_TEST_TMPDIR")
    run -2 --separate-stderr "$ROOT/build/bin/rl-run" --lanes /dev/null -- "$bin"
    [[ $stderr == *"--lanes needs --record"* ]]
    run -0 "$ROOT/build/bin/rl-run" --record "$bin" -- "$bin"
    [ "$(jq .code <<<"$output")" -eq 0 ]
}

@test "a lab is drawn in the terminal and as a picture" {
    run -0 limited "$RACELAB" timeline LAB=31
    [[ ${lines[0]} == "31-queue-without-task-done, arguments: "* ]]
    [[ $output == *$'\n1 print_jobs  '* && $output == *"c  waits for a condition"* ]]
    limited "$RACELAB" timeline LAB=31 FORMAT=svg \
        OUT="$BATS_TEST_TMPDIR/lab.svg"
    xmllint --noout "$BATS_TEST_TMPDIR/lab.svg"
}

@test "wrong use of timeline is one clear line" {
    run -2 --separate-stderr "$RACELAB" timeline LAB=31 FORMAT=gif
    [ "$stderr" = "racelab: no format 'gif': text, svg or json" ]
    run -2 --separate-stderr "$RACELAB" timeline --events /nonexistent/e
    [[ $stderr == "racelab: cannot read "* ]]
    echo '[]' >"$BATS_TEST_TMPDIR/none"
    run -2 --separate-stderr "$RACELAB" timeline --events \
        "$BATS_TEST_TMPDIR/none"
    [[ $stderr == "racelab: no events"* ]]
}
