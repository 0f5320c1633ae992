# lab.conf: what is read, and that a bad line is one clear error.

load helper

setup() {
    fake_root
    cd "$FAKE"
    conf=labs/21-small-counter/lab.conf
    export RL_ROOT=$FAKE
    source "$FAKE/tools/lib/all.sh"
    set +u
}

# The error for lab.conf with LINE added must be MESSAGE at that line.
bad_line() {
    local number
    printf '%s\n' "$1" >>"$conf"
    number=$(wc -l <"$conf")
    run -2 tools/racelab hint 21
    [[ ${#lines[@]} -eq 1 ]]
    [[ $output == "racelab: $conf:$number: $2"* ]] || fail_with "$output"
}

@test "an unknown key names the file and the line" {
    bad_line 'COLOUR=blue' 'unknown key COLOUR'
}

@test "a line without a key is an error" {
    bad_line 'all is well' 'not KEY=value: all is well'
}

@test "a key twice is an error" {
    bad_line 'TITLE=Again' 'TITLE twice'
}

@test "a range that runs backwards is an error" {
    sed -i '/^HIDDEN/d' "$conf"
    bad_line 'HIDDEN=9..3' "HIDDEN has no range '9..3'"
}

@test "points without a number are an error" {
    sed -i '/^POINTS/d' "$conf"
    bad_line 'POINTS=build:many' 'POINTS is not'
}

@test "a Windows line end is an error that says so" {
    bad_line $'PROVE=2 2\r' 'the line ends in CR LF'
}

@test "a key that must be there is named" {
    sed -i '/^ORACLE/d' "$conf"
    run -2 tools/racelab hint 21
    [[ $output == *"lab.conf:"*": no ORACLE" ]]
}

@test "a value is never run by a shell" {
    sed -i 's/^TITLE=.*/TITLE=$(touch pwned) `touch pwned`/' "$conf"
    run -0 tools/racelab list
    [[ $output == *'$(touch pwned)'* && ! -e pwned ]]
}

@test "the oracle gets the arguments as a[1], a[2]" {
    lab_load 21-small-counter
    [[ $(lab_oracle 6 7) == "total 42" ]]
}

@test "the oracle does not take an argument for a file or a variable" {
    lab_load 21-small-counter
    CONF[ORACLE]='BEGIN { print a[1] }'
    [[ $(lab_oracle x=1 /nonexistent) == "x=1" ]]
}

@test "the workers are an expression of the arguments" {
    lab_load 21-small-counter
    CONF[WORKERS]='a[1] + 1'
    [[ $(lab_workers 4 9) == 5 ]]
}

@test "a lab has workers, or for an event loop the time that it takes" {
    sed -i '/^WORKERS/d' "$conf"
    run -2 tools/racelab hint 21
    [[ $output == *": no WORKERS (or TIME, for an event loop)" ]]
    echo 'TIME=a[1] * a[2]' >>"$conf"
    run -0 tools/racelab hint 21
    lab_load 21-small-counter
    [[ $(lab_time 2 30) == 60 ]]
}

@test "hidden sizes are the same for the same content, within their ranges" {
    lab_load 21-small-counter
    first=$(lab_hidden abc)
    [[ $first == "$(lab_hidden abc)" && $first != "$(lab_hidden abd)" ]]
    [[ $(wc -l <<<"$first") == 3 ]]
    while read -r one two; do
        ((one >= 3 && one <= 6 && two >= 40 && two <= 90))
    done <<<"$first"
}

@test "the content decides, and not the folder" {
    mkdir a b
    echo 'int x;' | tee a/x.c >b/x.c
    [[ $(content_hash a/x.c) == "$(content_hash b/x.c)" ]]
    echo 'int y;' >b/x.c
    [[ $(content_hash a/x.c) != "$(content_hash b/x.c)" ]]
}

@test "stages of its own begin with build, and groups of calls are words" {
    bad_line 'STAGES=output plain' 'STAGES is not'
    sed -i '$d' "$conf"
    bad_line 'ALLOW=fork()' 'ALLOW is not groups'
}

@test "a lab with stages of its own has those, the others the usual ones" {
    fake_tools
    fake_answer drd 60 clean
    fake_answer tsan 50 clean
    sed -i 's/^POINTS=.*/POINTS=build:1 honest:1 output:2 drd:3/' "$conf"
    echo 'STAGES=build honest output drd' >>"$conf"
    fake_lab 22-other other.c
    run -0 tools/racelab check --fresh --format json
    [[ $(jq -c '[.results[] | [.max, [.stages[].name]]]' <<<"$output") == \
        '[[7,["build","honest","output","drd"]],[8,["build","honest","output","concurrent","tsan","drd"]]]' ]] ||
        fail_with "$output"
}
