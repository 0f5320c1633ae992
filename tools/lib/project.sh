# shellcheck shell=bash
# A project with a Makefile of its own, for racelab explore --build. It is
# built in a copy, so that nothing of ours stays in its folder.
# Sourced after common.sh, unit.sh and explore.sh.
# shellcheck disable=SC2034 # explore reads UNIT and BIN

# project_build COMMAND COMPILER [PROGRAM]: builds the working directory, sets
# UNIT and BIN. PROGRAM says which, if the command links more than one.
project_build() {
    local command=$1 cc=$2 wanted=${3:-} copy log=$RL_TMP/project.log
    UNIT=$RL_TMP/project
    copy=$UNIT/src
    mkdir -p "$UNIT/bin" "$RL_TMP/project-bin"
    printf '%s\n' "$cc" >"$UNIT/cc"
    printf '%s\n' "$command" >"$UNIT/cflags"
    : >"$UNIT/ldflags"
    project_copy "$copy"
    explore_identity "$UNIT" >/dev/null # before anything is generated
    project_compilers "$RL_TMP/project-bin"
    : >"$RL_TMP/linked"
    if ! (
        cd -- "$copy" || exit
        export RL_PROJECT=$copy RL_PROJECT_CC RL_PROJECT_LOG=$RL_TMP/linked
        RL_PROJECT_CC=$(command -v "$cc")
        export CC=project-cc PATH=$RL_TMP/project-bin:$PATH
        # A Makefile's own CC gives way to this, a recipe's gcc to the links.
        export MAKEFLAGS=' -- CC=project-cc'
        unset MAKELEVEL MFLAGS
        bash -c "$command"
    ) >"$log" 2>&1 </dev/null; then
        note "racelab: $(one_line "$command") failed:"
        tail -n 12 "$log" >&2
        exit 2
    fi
    project_program "$command" "$wanted"
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
    local dir=$1 name
    for name in project-cc cc gcc clang c99 c11; do
        ln -s "$RL_TOOLS/lib/project-cc" "$dir/$name"
    done
}

# The program: the one named, else the one whose name is in the command, else
# the only one.
project_program() {
    local command=$1 wanted=$2 path
    local -a linked fitting=()
    mapfile -t linked < <(sort -u "$RL_TMP/linked")
    ((${#linked[@]})) || die 2 "$(one_line "$command") linked no program with CC"
    for path in "${linked[@]}"; do
        [[ -f $path ]] || continue
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
    cp -- "${fitting[0]}" "$BIN"
    PROGRAM=${fitting[0]##*/}
}
