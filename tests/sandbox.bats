#!/usr/bin/env bats
# The sandbox and its levels, each really entered: namespaces, privileges,
# limits, as root and as an ordinary user.

load helper

RL_BOX=$ROOT/build/bin/rl-box
RL_RUN=$ROOT/build/bin/rl-run

setup() {
    bats_load_library bats-support
    bats_load_library bats-assert
    source "$ROOT/tools/lib/unit.sh"
    unset RL_SANDBOX RL_SANDBOX_LEVEL
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$TMPDIR"
    chmod 777 "$TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return
    mkdir refusing
    printf '#!/bin/sh\necho "bwrap: no namespaces for you" >&2\nexit 1\n' \
        >refusing/bwrap
    chmod +x refusing/bwrap
    # The box's user has to come this far.
    chmod a+rX "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test .
}

need_root() {
    [[ $(id -u) == 0 ]] || skip "only root can become somebody else"
}

# What a program sees of itself at LEVEL, in ./out.
look() {
    RL_SANDBOX_LEVEL=$1 run -0 "$RL_RUN" --stdout out -- sh -c \
        'id -u; pwd; grep -E "^(CapEff|NoNewPrivs|Seccomp):" /proc/self/status
        ulimit -c; ls /'
    assert_output --partial '"end":"exit","code":0'
}

@test "a bubblewrap that refuses is told, and privileges are reached" {
    PATH=$BATS_TEST_TMPDIR/refusing:$PATH run -0 "$RL_BOX" level
    assert_output 'privileges no namespaces: bwrap: no namespaces for you'
}

@test "require refuses to go on with less, in one line and with 3" {
    export RL_SANDBOX=require
    PATH=$BATS_TEST_TMPDIR/refusing:$PATH run -3 "$RL_BOX" level
    assert_output 'SANDBOX=require cannot be had here, no namespaces: bwrap: no namespaces for you'
    RL_SANDBOX_LEVEL='' PATH=$BATS_TEST_TMPDIR/refusing:$PATH \
        run -3 "$RACELAB" check 21 SANDBOX=require
    assert_line --partial 'SANDBOX=require cannot be had here'
}

@test "a word that is no wish is wrong use" {
    RL_SANDBOX=perhaps run -2 "$RACELAB" check 21
    assert_output --partial "SANDBOX is auto, require or off, not 'perhaps'"
}

@test "namespaces: no user, no privilege, no file of this machine's" {
    [[ $("$RL_BOX" level) == namespaces ]] || skip "no namespaces here"
    look namespaces
    [[ $(sed -n 1p out) != 0 ]]
    [[ $(sed -n 2p out) == /scratch ]]
    grep -q 'CapEff:.*0000000000000000' out
    grep -q 'NoNewPrivs:.*1' out
    refute grep -qx 'home\|root\|var\|work' out
}

@test "privileges: another user than root, none of its privileges" {
    look privileges
    [[ $(sed -n 1p out) != 0 ]]
    grep -q 'CapEff:.*0000000000000000' out
    grep -q 'NoNewPrivs:.*1' out
    grep -q 'Seccomp:.*2' out
}

@test "limits alone are told as such" {
    look limits
    [[ $(sed -n 1p out) == "$(id -u)" ]]
}

@test "an ordinary user reaches namespaces, and privileges without them" {
    need_root
    [[ $("$RL_BOX" level) == namespaces ]] || skip "no namespaces here"
    mkdir bin
    cp "$ROOT"/build/bin/rl-{box,inside,run} bin/
    chmod -R a+rX "$BATS_RUN_TMPDIR" .
    run -0 setpriv --reuid 65534 --regid 65534 --clear-groups \
        "$BATS_TEST_TMPDIR/bin/rl-box" level
    assert_output namespaces
    PATH=$BATS_TEST_TMPDIR/refusing:$PATH run -0 setpriv --reuid 65534 \
        --regid 65534 --clear-groups "$BATS_TEST_TMPDIR/bin/rl-box" level
    assert_output --partial 'privileges no namespaces'
}

@test "root that may not become somebody else has limits" {
    need_root
    PATH=$BATS_TEST_TMPDIR/refusing:$PATH run -0 setpriv \
        --bounding-set=-setuid,-setgid "$RL_BOX" level
    assert_output --partial 'limits no namespaces'
}

@test "every level gives the same answer, and says which it was" {
    local level
    for level in privileges limits off; do
        unit_stage unit gcc "$ROOT/solutions/21-unlocked-counter/hits.c"
        RL_SANDBOX_LEVEL=$level unit_bin unit plain
        RL_SANDBOX_LEVEL=$level run -0 "$ROOT/tools/detectors/exit" \
            --unit unit -- 2 3
        assert_output --partial '"status":"clean"'
    done
    [[ -z $(compgen -G "$TMPDIR/rl-box.*") ]]
}

@test "a compiler without its parts is not the program's fault" {
    printf 'int main(void) { return 0 }\n' >wrong.c
    unit_stage unit gcc wrong.c
    run -2 unit_bin unit plain
    printf '%s\n' gcc -wrapper /nowhere/cc1 >unit/cc
    run -3 unit_bin unit plain
    run tail -n1 unit/bin/plain.log
    assert_output --partial 'this compiler builds nothing here: gcc: fatal'
}
