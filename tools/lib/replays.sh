# shellcheck shell=bash
# The interleaving that failed last, of each lab and program, for `make
# replay`: what its token is bound to, the token, the arguments, one a line.
# Sourced after common.sh and explore.sh.

replay_file() {
    printf '%s/replay.%s' "$RL_STATE" "${LAB_NAME:-$(
        printf '%s\n' "${FILES[@]}" "${PROGRAM:-}" | sha256sum | cut -c1-16)}"
}

# replay_write FILE IDENTITY TOKEN: with the arguments in ARGV.
replay_write() {
    local file=$1
    shift
    [[ "${ARGV[*]}" != *$'\n'* ]] || return 0
    printf '%s\n' "$@" "${ARGV[@]}" >"$file.$BASHPID"
    mv -f "$file.$BASHPID" "$file"
}

# replay_note FILE LINES: of the first error in a detector's LINES that has a
# token, a run of UNIT with ARGV.
replay_note() {
    local line
    line=$(grep -m1 '"severity":"error".*"replay":"' "$2") || return 0
    [[ $line =~ \"replay\":\"([^\"]*)\" ]] || return 0
    replay_write "$1" "$(explore_identity "$UNIT")" "${BASH_REMATCH[1]}"
}

# replay_adopt JOB: what the first stage that failed has noted is the last
# that failed.
replay_adopt() {
    local job=$1 name
    while read -r name; do
        if [[ -s $job/$name.replay ]]; then
            mkdir -p "$RL_STATE"
            cp -- "$job/$name.replay" "$(replay_file)"
            return
        fi
    done <"$job/stages"
}
