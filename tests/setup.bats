#!/usr/bin/env bats
# tools/setup on machines that lack something: a PATH of our own decides which
# commands there are, and apt-get, id and sudo are fakes.
# shellcheck disable=SC2016 # the fakes' own $* and $BIN

load helper

setup() {
    local name
    BIN=$BATS_TEST_TMPDIR/bin
    LOG=$BATS_TEST_TMPDIR/apt.log
    mkdir "$BIN"
    for name in bash env cat cut head tail sed mktemp rm mkdir chmod touch \
        gcc clang make jq patch parallel gdb bats clang-format clang-tidy \
        xmllint cmark-gfm prove bwrap zip unzip; do
        has "$name"
    done
    fake python3 ':'
    fake id 'echo "${FAKE_UID:-0}"'
    fake apt-get 'echo "$*" >>"$LOG"'
    fake apt-cache ':'
    export BIN LOG
}

has() {
    ln -s "$(command -v "$1")" "$BIN/$1"
}

fake() {
    printf '#!%s\n%s\n' "$(command -v bash)" "$2" >"$BIN/$1"
    chmod +x "$BIN/$1"
}

tools_setup() {
    env PATH="$BIN" "$(command -v bash)" "$ROOT/tools/setup" "$@" </dev/null
}

@test "nothing is missing: no word, and apt-get is not called" {
    has valgrind
    has shellcheck
    run -0 tools_setup
    [[ -z $output ]]
    [[ ! -e $LOG ]]
}

@test "--dry-run says what is missing and installs nothing" {
    has valgrind
    run -0 tools_setup --dry-run
    [[ $output == "Would install: shellcheck" ]]
    [[ ! -e $LOG ]]
}

@test "root installs exactly what is missing, and says so" {
    fake apt-get 'echo "$*" >>"$LOG"
        [[ $* != *install* ]] || touch "$BIN/valgrind" "$BIN/shellcheck"
        [[ $* != *install* ]] || chmod +x "$BIN/valgrind" "$BIN/shellcheck"'
    run -0 tools_setup
    [[ ${lines[1]} == "Installing: valgrind shellcheck" ]]
    [[ ${lines[2]} == "Everything is installed."* ]]
    run -0 cat "$LOG"
    [[ ${lines[0]} == *" update" ]]
    [[ ${lines[1]} == *" install "*" valgrind shellcheck" ]]
}

@test "a second run after an installation is silent" {
    has valgrind
    fake apt-get '[[ $* != *install* ]] || {
        touch "$BIN/shellcheck"; chmod +x "$BIN/shellcheck"; }'
    run -0 tools_setup
    run -0 tools_setup
    [[ -z $output ]]
}

@test "with sudo, apt-get runs through it" {
    has valgrind
    fake sudo 'echo "sudo $*" >>"$LOG"
        [[ $* != *install* ]] || {
        touch "$BIN/shellcheck"; chmod +x "$BIN/shellcheck"; }'
    FAKE_UID=1000 run -0 tools_setup
    run -0 cat "$LOG"
    [[ $output == *"sudo env "*" apt-get "*" install "*shellcheck* ]]
}

@test "without root or sudo: the administrator's line, what works, exit 3" {
    FAKE_UID=1000 run -3 tools_setup
    [[ $output == *"apt-get install -y --no-install-recommends valgrind shellcheck"* ]]
    [[ $output == *"What works already: "*tsan* ]]
    [[ $output != *"What works already: "*helgrind* ]]
    [[ ! -e $LOG ]]
}

@test "a sudo that would ask a person is not asked without a terminal" {
    fake sudo 'echo "sudo $*" >>"$LOG"; exit 1'
    FAKE_UID=1000 run -3 tools_setup
    run -0 cat "$LOG"
    [[ $output == "sudo -n true" ]]
}

@test "an installation that fails is told, with apt-get's last words" {
    has valgrind
    fake apt-get 'echo "E: no network here"; exit 100'
    run -3 tools_setup
    [[ $output == *"E: no network here"* ]]
    [[ $output == *"could not be installed"* ]]
}

@test "an apt-get that ends well and installs nothing is not believed" {
    has valgrind
    run -3 tools_setup
    [[ $output == *"Still missing after the installation."* ]]
}

@test "without apt-get the line is printed and the exit code is 3" {
    has valgrind
    rm "$BIN/apt-get"
    run -3 tools_setup
    [[ $output == *"No apt-get here"* ]]
}

@test "clang's ThreadSanitizer is asked for by clang's version" {
    has valgrind
    has shellcheck
    rm "$BIN/clang"
    fake clang 'case $1 in
        -print-resource-dir) echo /nowhere ;;
        -dumpversion) echo 18.1.3 ;;
        esac'
    run -0 tools_setup --dry-run
    [[ $output == "Would install: libclang-rt-18-dev" ]]
}

@test "where no clang tells its version, the administrator's line asks it" {
    has valgrind
    has shellcheck
    rm "$BIN/clang"
    FAKE_UID=1000 run -3 tools_setup
    [[ $output == *' clang && '*'"libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"'* ]]
}

@test "a machine without lists of packages is no obstacle" {
    has valgrind
    has shellcheck
    rm "$BIN/clang"
    fake apt-cache 'exit 100'
    run -0 tools_setup --dry-run
    [[ $output == "Would install: clang" ]]
}

@test "a wrong option gets a usage line and exit code 2" {
    run -2 tools_setup --quick
    [[ $output == "usage: tools/setup [--dry-run] [--for COMMAND]" ]]
}

@test "--for a command asks for nothing else" {
    has valgrind
    run -0 tools_setup --for grade
    [[ -z $output ]]
    rm "$BIN/valgrind"
    run -0 tools_setup --dry-run --for grade
    [[ $output == "Would install: valgrind" ]]
    run -2 tools_setup --for nothing
    [[ $output == "tools/setup: no command 'nothing' is listed in it" ]]
    run -2 tools_setup --for
}
