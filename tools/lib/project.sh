# shellcheck shell=bash
# A project with a Makefile of its own, for racelab explore --build. It is
# built in a copy and in a sandbox: nothing of ours stays in its folder, and its
# recipes reach nothing of the user's. Sourced after common.sh, unit.sh and
# explore.sh; within the sandbox alone, for project_inside.
# shellcheck disable=SC2034 # explore reads UNIT and BIN

# What a build may take; more than that is not a project to explore.
PROJECT_LIMITS=(--no-proc --wall 900 --cpu 900 --mem 4096 --address 16384
    --scratch 2048 --output-limit 1000000000 --error-limit 1000000)

# project_build COMMAND COMPILER [PROGRAM]: builds the working directory, sets
# UNIT and BIN. PROGRAM says which, if the command links more than one.
project_build() {
    local command=$1 cc=$2 wanted=${3:-} copy end made=$RL_TMP/made
    UNIT=$RL_TMP/project
    copy=$UNIT/src
    mkdir -p "$UNIT/bin" "$made"
    printf '%s\n' "$cc" >"$UNIT/cc"
    printf '%s\n' "$command" >"$UNIT/cflags"
    : >"$UNIT/ldflags"
    project_copy "$copy"
    explore_identity "$UNIT" >/dev/null # before anything is generated
    tar -c -C "$copy" -f "$RL_TMP/project.tar" .
    end=$(project_in_sandbox "$command" "$cc") ||
        die 3 "$(tail -n1 "$RL_TMP/project.ours")"
    [[ $end == *'"end":"exit","code":0,'* ]] || project_failed "$command" "$end"
    tar -x --no-same-owner -C "$made" -f "$RL_TMP/made.tar"
    find "$made" ! -type f ! -type d -delete
    # What was generated has lines to show, too.
    cp -rn -- "$made/src/." "$copy/"
    project_program "$command" "$wanted" "$made"
}

# Standard input and output are archives: the project, and what came of it.
project_in_sandbox() {
    local file lib=$RL_BUILD/lib
    local -a files=()
    for file in "$RL_TOOLS"/lib/{unit.sh,project.sh,project-cc}; do
        files+=(--bind "$file=/tools/tools/lib/${file##*/}")
    done
    for file in libexplore.a explore.wraps; do
        files+=(--bind "$lib/$file=/tools/build/lib/$file")
    done
    # shellcheck disable=SC2016 # for the shell inside
    "$RL_BUILD/bin/rl-run" "${PROJECT_LIMITS[@]}" "${files[@]}" \
        --stdin "$RL_TMP/project.tar" --stdout "$RL_TMP/made.tar" \
        --stderr "$RL_TMP/project.log" --env LC_ALL=C.UTF-8 -- \
        bash -c 'source ../tools/tools/lib/project.sh; project_inside "$@"' \
        bash "$@" 2>"$RL_TMP/project.ours"
}

project_failed() {
    local command end=$2
    command=$(one_line "$1")
    case $end in
    *'"end":"exit"'*)
        note "racelab: $command failed:"
        tail -n 12 "$RL_TMP/project.log" | tr -d '\000-\010\013-\037' >&2
        ;;
    *) note "racelab: $command was stopped ($(jq -r .end <<<"$end"))" ;;
    esac
    [[ $RL_SANDBOX_LEVEL == off ]] ||
        note "It runs in a sandbox: without network, with this folder and /usr." \
            "SANDBOX=off gives it your rights."
    exit 2
}

# Within the sandbox, in an empty folder: unpacks, runs COMMAND and packs the
# sources, the programs and the list of them.
project_inside() {
    local command=$1 cc=$2 tools
    tools=$(cd ../tools && pwd)
    mkdir src bin tmp
    tar -x -C src -f -
    project_compilers "$tools/tools/lib/project-cc" bin
    : >linked
    (
        export RL_ROOT=$tools RL_PROJECT=$PWD/src RL_PROJECT_LOG=$PWD/linked
        RL_PROJECT_CC=$(command -v "$cc")
        export RL_PROJECT_CC TMPDIR=$PWD/tmp
        export CC=project-cc PATH=$PWD/bin:$PATH
        # A Makefile's own CC gives way to this, a recipe's gcc to the links.
        export MAKEFLAGS=' -- CC=project-cc'
        cd src && bash -c "$command"
    ) >&2 </dev/null || exit 2
    sort -u linked | sed "s|^$PWD/||" >programs
    {
        find src -type f \( -name '*.[chS]' -o -name '*.inc' \) -print0
        tr '\n' '\0' <programs
    } | tar -c --null --ignore-failed-read -f - programs -T -
}

# Sources are made newer than what an earlier build left behind.
project_copy() {
    local copy=$1 size
    size=$(du -sm --exclude=.git . | cut -f1)
    ((size <= 500)) ||
        die 2 "the folder holds $size MB: go to the project's own folder"
    mkdir -p "$copy"
    tar -c --exclude=./.git -f - . | tar -x -C "$copy" -f -
    find "$copy" -type f \( -name '*.[chS]' -o -name '*.inc' \) -exec touch {} +
}

project_compilers() {
    local wrapper=$1 dir=$2 name
    for name in project-cc cc gcc clang c99 c11; do
        ln -s "$wrapper" "$dir/$name"
    done
}

# The program: the one named, else the one whose name is in the command, else
# the only one. Their names below MADE come from the sandbox.
project_program() {
    local command=$1 wanted=$2 made=$3 path
    local -a linked=() fitting=()
    while IFS= read -r path; do
        [[ /$path/ == */../* || ! -f $made/$path ]] || linked+=("$path")
    done <"$made/programs"
    ((${#linked[@]})) || die 2 "$(one_line "$command") linked no program with CC"
    for path in "${linked[@]}"; do
        if [[ -n $wanted ]]; then
            [[ ${path##*/} != "${wanted##*/}" ]] || fitting+=("$path")
        elif [[ " $command " == *"[ /]${path##*/} "* ||
            " $command " == *" ${path##*/} "* ]]; then
            fitting+=("$path")
        fi
    done
    ((${#fitting[@]})) || [[ -n $wanted ]] || fitting=("${linked[@]}")
    if ((${#fitting[@]} != 1)); then
        die 2 "which program is it? --program NAME, one of:" \
            "$(printf '%s\n' "${linked[@]##*/}" | paste -sd' ')"
    fi
    BIN=$UNIT/bin/explore
    cp -- "$made/${fitting[0]}" "$BIN"
    chmod +x -- "$BIN"
    PROGRAM=${fitting[0]##*/}
}
