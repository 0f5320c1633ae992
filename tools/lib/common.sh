# shellcheck shell=bash
# What every command shares: errors, paths, colours, the tools built.
# Sourced; needs RL_ROOT, which tools/racelab exports.
# shellcheck disable=SC2034 # the commands that source this read its results

RL_TOOLS=$RL_ROOT/tools
RL_BUILD=$RL_ROOT/build
RL_STATE=$RL_BUILD/state

# A one-line error and the end. CODE is one of design's exit codes.
die() {
    local code=$1
    shift
    printf 'racelab: %s\n' "$(one_line "$*")" >&2
    exit "$code"
}

note() {
    printf '%s\n' "$*" >&2
}

# Control characters become visible, so that a name cannot break a line.
one_line() {
    local text=$1
    if [[ $text == *[$'\001'-$'\037\177']* ]]; then
        text=${text//$'\n'/\\n}
        text=${text//$'\r'/\\r}
        text=${text//$'\t'/\\t}
        text=${text//[$'\001'-$'\037\177']/?}
    fi
    printf '%s' "$text"
}

# A path as a person would write it: relative where that is shorter.
shown() {
    local path=$1
    case $path in
    "$PWD"/*) path=${path#"$PWD"/} ;;
    "$RL_ROOT"/*) path=${path#"$RL_ROOT"/} ;;
    esac
    one_line "$path"
}

plain_path() {
    local dir base
    dir=$(dirname -- "$1")
    base=$(basename -- "$1")
    dir=$(cd -- "$dir" 2>/dev/null && pwd -P) || return 1
    printf '%s/%s' "${dir%/}" "$base"
}

is_terminal() {
    [[ -t ${1:-1} && ${TERM:-dumb} != dumb ]]
}

want_colour() {
    ((USE_COLOUR))
}

# Asked once, while stdout is still the command's own.
USE_COLOUR=0
if is_terminal 1 && [[ -z ${NO_COLOR:-} ]]; then
    USE_COLOUR=1
fi

bold() {
    if want_colour; then
        printf '\033[1m%s\033[0m' "$1"
    else
        printf '%s' "$1"
    fi
}

# The line on a terminal's stderr that is written over and over.
progress() {
    if is_terminal 2; then
        printf '\r\033[K%.78s' "$*" >&2
    fi
}

progress_end() {
    if is_terminal 2; then
        printf '\r\033[K' >&2
    fi
}

# Build what the commands need, once for a command and those it starts.
tools_ready() {
    local log=$RL_BUILD/tools.log
    if [[ -n ${RL_READY:-} ]]; then
        ! declare -F sandbox_ready >/dev/null || sandbox_ready
        return 0
    fi
    need jq make awk sha256sum flock
    mkdir -p "$RL_BUILD"
    if ! flock "$RL_BUILD/tools.lock" env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
        make -s --no-print-directory -C "$RL_ROOT" tools >"$log" 2>&1; then
        note "racelab: the tools do not build here; the whole story is in" \
            "$(shown "$log"):"
        grep -m3 -E 'error|not found|No such file|\*\*\*' "$log" >&2 || true
        note "Is everything installed? tools/setup installs what is missing."
        exit 3
    fi
    export RL_READY=1
    ! declare -F sandbox_ready >/dev/null || sandbox_ready
}

need() {
    local tool
    for tool; do
        command -v "$tool" >/dev/null ||
            die 3 "$tool is not installed: run tools/setup"
    done
}

# One word for the state of tools/: a verdict of other tools is not reused.
tool_version() {
    if [[ -z ${RL_TOOL_VERSION:-} ]]; then
        RL_TOOL_VERSION=$(cd "$RL_TOOLS" && find . -type f -print0 | sort -z |
            xargs -0 sha256sum | sha256sum | cut -c1-16)
        export RL_TOOL_VERSION
    fi
    printf '%s' "$RL_TOOL_VERSION"
}

# The first line of what it says of itself.
compiler_version() {
    compiler_ask "$1"
    printf '%s\n' "${RL_COMPILER#*=}"
}

# RL_COMPILER becomes COMPILER=VERSION: asked once for a command and those it
# starts, when its main calls this.
compiler_ask() {
    local said
    [[ ${RL_COMPILER:-} != "$1="* ]] || return 0
    said=$("$1" --version 2>/dev/null) || true
    export RL_COMPILER=$1=${said%%$'\n'*}
}

# The compiler to use: CC where it is gcc or clang (of any version), else gcc.
pick_compiler() {
    local cc=${1:-${RL_CC:-}}
    if [[ -z $cc ]]; then
        cc=gcc
        command -v gcc >/dev/null || cc=clang
    fi
    [[ $(basename -- "$cc") =~ ^(gcc|clang)(-[0-9.]+)?$ ]] ||
        die 2 "the compiler must be gcc or clang, not '$cc'"
    command -v "$cc" >/dev/null || die 3 "$cc is not installed: run tools/setup"
    printf '%s' "$cc"
}

# A folder of this command's own, removed at its end.
scratch() {
    mkdir -p "$RL_BUILD/tmp"
    RL_TMP=$(mktemp -d "$RL_BUILD/tmp/XXXXXX")
    RUNNER=''
    trap 'scratch_end' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

scratch_end() {
    if [[ -n $RUNNER ]] && kill -TERM -- "-$RUNNER" 2>/dev/null; then
        wait "$RUNNER" 2>/dev/null || true
        # What it started may need a moment to clean up after itself.
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            kill -0 -- "-$RUNNER" 2>/dev/null || break
            sleep 0.1
        done
    fi
    rm -rf "$RL_TMP"
}

# Run COMMAND... as RUNNER, a process group of its own: Ctrl-C and the end of
# this command end all that it started.
in_background() {
    set -m
    "$@" &
    RUNNER=$!
    set +m
}

# What every detector says of itself, kept for as long as it stands: a line
# "order<tab>name<tab>grades<tab>about" each, in their order.
detector_table() {
    local file name kept=$RL_BUILD/about/table
    local -a files=()
    for file in "$RL_TOOLS"/detectors/*; do
        name=${file##*/}
        [[ ! -f $file || ! -x $file || $name == *.* ]] || files+=("$file")
    done
    if ((${#files[@]})) && ! table_stands "$kept" "${files[@]}"; then
        mkdir -p "$RL_BUILD/about"
        table_write "$kept" "${files[@]}"
    fi
    ((!${#files[@]})) || tail -n +2 "$kept"
}

# Is the table of these very files, none of which is newer?
table_stands() {
    local kept=$1 file first
    shift
    [[ -s $kept ]] || return 1
    IFS= read -r first <"$kept"
    [[ $first == "$*" ]] || return 1
    for file; do
        [[ ! $file -nt $kept ]] || return 1
    done
}

table_write() {
    local kept=$1 file said own=$1.$BASHPID
    shift
    {
        printf '%s\n' "$*"
        for file; do
            # One that cannot say what it is still has its name.
            said=$("$file" --describe 2>/dev/null) || true
            printf '%s\n%s\n' "${file##*/}" "${said//$'\n'/ }"
        done | jq -Rrn 'reduce (inputs as $name | [$name, input]) as [$name, $said]
            ([]; . + [$said | (fromjson? // {}) | [.order // 999, $name,
                .grades // false, .about // ""]]) | .[] | @tsv' | sort -n
    } >"$own"
    mv -f "$own" "$kept"
}

# The detectors, in the order in which they describe themselves.
detectors() {
    detector_table | cut -f2
}

detector_about() {
    detector_table | awk -F '\t' -v name="$1" '$2 == name { print $4 }'
}

detectors_that_grade() {
    detector_table | awk -F '\t' '$3 == "true" { print $2 }'
}

is_detector() {
    [[ $1 =~ ^[a-z][a-z0-9-]*$ && -f $RL_TOOLS/detectors/$1 &&
        -x $RL_TOOLS/detectors/$1 ]]
}

# The words on stdin that look most like WORD, at most two mistakes away.
nearest() {
    awk -v word="$1" '
        function min(x, y) { return x < y ? x : y }
        function distance(s, t,    i, j, d) {
            for (i = 0; i <= length(s); i++) d[i, 0] = i
            for (j = 0; j <= length(t); j++) d[0, j] = j
            for (i = 1; i <= length(s); i++)
                for (j = 1; j <= length(t); j++)
                    d[i, j] = min(min(d[i-1, j], d[i, j-1]) + 1, d[i-1, j-1] \
                        + (substr(s, i, 1) != substr(t, j, 1)))
            return d[length(s), length(t)]
        }
        BEGIN { best = 3 }
        { n = index($0, word) && length(word) > 2 ? 1 : distance(word, $0) }
        n < best { best = n; found = $0 }
        END { if (found != "") print found }'
}

# A name and a text beside it, wrapped at 80 columns.
two_columns() {
    local name=$1 line
    fold -s -w 63 <<<"$2" | while IFS= read -r line; do
        printf '  %-12s  %s\n' "$name" "${line%"${line##*[! ]}"}"
        name=''
    done
}

# The comment at the head of a script, which is its help.
script_help() {
    awk 'NR == 1 { next } !/^#/ { exit } !/shellcheck/ {
        sub(/^# ?/, ""); print }' "$1"
}
