# shellcheck shell=bash
# The labs: finding them, reading lab.conf, the oracle, sizes, submissions.
# Sourced after common.sh. A lab.conf is parsed, never sourced.
#
# Some keys are for a lab whose program is not made of threads. STAGES: its
# stages, in their order, in place of build, honest, output, concurrent and
# all detectors that grade. With `processes` among them, output and concurrent
# ask that detector's server, and WORKERS are processes. ALLOW: groups of
# calls that honest permits (tools/scan/rules.c): `process` for fork, `kill`.
# TIME stands in place of WORKERS for an event loop of one thread: an awk
# expression, the milliseconds of virtual time that a right run takes. Then
# output and concurrent ask rl-loop, and STAGES leaves out what does not model
# event loops.
# shellcheck disable=SC2034 # the commands that source this read its results

declare -gA CONF=()
LAB_NAME='' LAB_DIR='' LAB_FILE=''

labs_all() {
    local dir
    for dir in "$RL_ROOT"/labs/[0-9][0-9]-*; do
        [[ ! -f $dir/lab.conf ]] || printf '%s\n' "${dir##*/}"
    done
    return 0
}

# 21, unlocked-counter or 21-unlocked-counter; also a path below labs/.
lab_resolve() {
    local word=${1%/} name suggestion
    word=${word##*/}
    while read -r name; do
        if [[ $word == "$name" || $word == "${name%%-*}" ||
            $word == "${name#*-}" ]]; then
            printf '%s' "$name"
            return 0
        fi
    done < <(labs_all)
    suggestion=$(labs_all | awk '{ print; sub(/^[0-9]*-/, ""); print }' |
        nearest "$word")
    die 2 "no lab '$1'${suggestion:+; did you mean $suggestion?}" \
        "(make list shows them)"
}

# Fill CONF and the LAB_ variables.
lab_load() {
    LAB_NAME=$1
    LAB_DIR=$RL_ROOT/labs/$1
    LAB_FILE=$(lab_file "$1")
    lab_read "$LAB_DIR/lab.conf"
}

# The name of the lab's C file, which a student may have moved away.
lab_file() {
    local file
    for file in "$RL_ROOT/solutions/$1"/*.c "$RL_ROOT/labs/$1"/*.c; do
        if [[ -f $file ]]; then
            printf '%s' "${file##*/}"
            return 0
        fi
    done
    die 70 "labs/$1 has no C file"
}

lab_read() {
    local file=$1 number=0 line key value
    local -a lines
    CONF=()
    mapfile -t lines <"$file"
    for line in "${lines[@]}"; do
        number=$((number + 1))
        [[ -n $line && $line != '#'* ]] || continue
        [[ $line != *$'\r'* ]] || lab_bad "$file" "$number" \
            "the line ends in CR LF"
        [[ $line =~ ^([A-Z]+(\.[a-z][a-z0-9-]*)?)=(.*)$ ]] || lab_bad "$file" \
            "$number" "not KEY=value: $line"
        key=${BASH_REMATCH[1]}
        value=${BASH_REMATCH[3]}
        [[ -z ${CONF[$key]+set} ]] || lab_bad "$file" "$number" "$key twice"
        lab_key_ok "$key" "$value" "$file" "$number"
        CONF[$key]=$value
    done
    for key in TITLE ARGS ORACLE POINTS; do
        [[ -n ${CONF[$key]+set} ]] || lab_bad "$file" "$number" "no $key"
    done
    [[ -n ${CONF[WORKERS]+set} || -n ${CONF[TIME]+set} ]] ||
        lab_bad "$file" "$number" "no WORKERS (or TIME, for an event loop)"
}

lab_key_ok() {
    local key=$1 value=$2 file=$3 number=$4 word
    local range='^-?[0-9]+(\.\.-?[0-9]+)?$'
    case $key in
    TITLE | ORACLE | WORKERS | TIME)
        [[ -n $value ]] || lab_bad "$file" "$number" "$key is empty"
        ;;
    ARGS | ARGS.* | PROVE | STDIN) ;;
    STAGES)
        [[ $value =~ ^build( [a-z]+)+$ ]] || lab_bad "$file" "$number" \
            "STAGES is not build STAGE STAGE ..."
        ;;
    ALLOW)
        [[ $value =~ ^[a-z]+( [a-z]+)*$ ]] || lab_bad "$file" "$number" \
            "ALLOW is not groups of calls (tools/scan/rules.c)"
        ;;
    WORK)
        [[ $value =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] ||
            lab_bad "$file" "$number" "WORK is not the name of a function"
        ;;
    HIDDEN)
        for word in $value; do
            if [[ $word == *..* && ! $word =~ $range ]] ||
                { [[ $word =~ $range && $word == *..* ]] &&
                    ((${word%%..*} > ${word##*..})); }; then
                lab_bad "$file" "$number" "HIDDEN has no range '$word'"
            fi
        done
        ;;
    POINTS) points_ok "$value" || lab_bad "$file" "$number" \
        "POINTS is not stage:points stage:points ..." ;;
    EXPECT.*)
        [[ $value =~ ^[a-z-]+(\|[a-z-]+)*$ ]] || lab_bad "$file" "$number" \
            "$key is not kinds separated by |, silent or chance"
        ;;
    *) lab_bad "$file" "$number" "unknown key $key" ;;
    esac
}

lab_bad() {
    die 2 "$(shown "$1"):$2: $3"
}

points_ok() {
    local word
    for word in $1; do
        [[ $word =~ ^[a-z][a-z0-9-]*:[0-9]+$ ]] || return 1
    done
}

# The arguments for one detector, in the array ARGV. The explorer takes the
# first sizes that are to be proved.
lab_args() {
    local key=ARGS.$1 sizes
    [[ -n $1 && -n ${CONF[$key]+set} ]] || key=ARGS
    sizes=${CONF[$key]}
    if [[ $1 == explore && $key == ARGS && -n ${CONF[PROVE]:-} ]]; then
        sizes=${CONF[PROVE]%%;*}
    fi
    read -r -a ARGV <<<"$sizes"
}

# What lab.conf promises that a detector says of the shipped bug. A detector
# that it does not name cannot see the lab's kind of bug.
lab_promise() {
    printf '%s' "${CONF[EXPECT.$1]:-silent}"
}

lab_stdin() {
    [[ -z ${CONF[STDIN]:-} ]] || printf '%s' "$LAB_DIR/${CONF[STDIN]}"
}

# What awk says with the arguments in a[1], a[2], ...
lab_awk() {
    local program=$1 input
    shift
    input=$(lab_stdin)
    awk "BEGIN { for (i = 1; i < ARGC; i++) a[i] = ARGV[i]; ARGC = 1 }
        $program" "$@" <"${input:-/dev/null}"
}

# The right output for ARGUMENT...
lab_oracle() {
    lab_awk "${CONF[ORACLE]}" "$@"
}

lab_workers() {
    lab_awk "BEGIN { print int(${CONF[WORKERS]}) }" "$@"
}

lab_time() {
    lab_awk "BEGIN { print int(${CONF[TIME]}) }" "$@"
}

# Three lines of arguments, drawn by the submission's content HASH.
lab_hidden() {
    local hash=$1 draw place word digits low high
    local -a words line
    read -r -a words <<<"${CONF[HIDDEN]:-}"
    ((${#words[@]})) || return 0
    for draw in 1 2 3; do
        line=()
        for place in "${!words[@]}"; do
            word=${words[place]}
            if [[ $word == *..* ]]; then
                low=${word%%..*} high=${word##*..}
                digits=$(sha256sum <<<"$hash $draw $place")
                word=$((low + 16#${digits:0:7} % (high - low + 1)))
            fi
            line+=("$word")
        done
        printf '%s\n' "${line[*]}"
    done
}

# The C files of a folder, each ended by a NUL.
source_files() {
    local file
    for file in "$1"/*.c "$1"/*.h; do
        [[ ! -f $file ]] || printf '%s\0' "$file"
    done
}

# One word for the names and contents of FILE...
content_hash() {
    local file
    for file; do
        printf '%s ' "${file##*/}"
        sha256sum <"$file"
    done | LC_ALL=C sort | sha256sum | cut -c1-16
}

# What is known of a student's lab: done, failed, edited or shipped, then the
# points and the stage of the last check.
lab_status() {
    local name=$1 hash seen verdict points stage
    local -a files
    mapfile -d '' -t files < <(source_files "$RL_ROOT/labs/$name")
    hash=$(content_hash "${files[@]}")
    if [[ -f $RL_STATE/$name.check ]]; then
        read -r seen verdict points stage <"$RL_STATE/$name.check"
        if [[ $seen == "$hash" ]]; then
            [[ $verdict == pass ]] || verdict=failed
            printf '%s %s %s\n' "${verdict/pass/done}" "$points" "$stage"
            return
        fi
    fi
    if lab_as_shipped "$name"; then
        printf 'shipped - -\n'
    else
        printf 'edited - -\n'
    fi
}

lab_as_shipped() {
    local name=$1 file
    file=$(lab_file "$name")
    [[ $(source_files "$RL_ROOT/labs/$name" | tr -dc '\0' | wc -c) == 1 ]] &&
        cmp -s "$RL_ROOT/labs/$name/$file" "$(lab_shipped "$name")"
}

lab_shipped() {
    printf '%s' "$RL_ROOT/tests/submissions/$1/shipped.c"
}

# The first lab that is not done; the first of all when all are.
lab_next() {
    local name first='' status
    while read -r name; do
        first=${first:-$name}
        read -r status _ < <(lab_status "$name")
        if [[ $status != 'done' ]]; then
            printf '%s' "$name"
            return
        fi
    done < <(labs_all)
    [[ -n $first ]] || die 70 "there are no labs here"
    printf '%s' "$first"
}

# FILES becomes the files of a lab's submission below PATH: a file, a lab's
# folder or a folder of labs. Returns 1 when there is none, 2 with one line in
# WHY_NOT when there are two.
submission_files() {
    local path=${1%/} name=$2 file=$3 candidate
    local -a found=()
    FILES=() WHY_NOT=''
    if [[ -f $path ]]; then
        submission_beside "$path" "$file"
        return
    fi
    if [[ -d $path/$name ]]; then
        path=$path/$name
    fi
    if [[ -f $path/$file ]]; then
        submission_beside "$path/$file" "$file"
        return
    fi
    mapfile -d '' -t found < <(find "$path" -name .git -prune -o \
        -name "$file" -type f -print0 | LC_ALL=C sort -z)
    if ((${#found[@]} == 1)); then
        submission_beside "${found[0]}" "$file"
    elif ((${#found[@]} > 1)); then
        for candidate in "${found[@]}"; do
            WHY_NOT+="${WHY_NOT:+ and }$(shown "$candidate")"
        done
        WHY_NOT="more than one $file: $WHY_NOT"
        return 2
    elif [[ -d $path/$file ]]; then
        WHY_NOT="$(shown "$path/$file") is a folder, not a file"
        return 2
    elif [[ ${path##*/} == "$name" ]]; then
        # The lab's folder may hold the program under another name.
        mapfile -d '' -t FILES < <(source_files "$path")
        ((${#FILES[@]}))
    else
        return 1
    fi
}

# The file, the headers beside it and, where it bears the lab's own name, the
# .c files beside it that are no other lab's.
submission_beside() {
    local main=$1 file=$2 dir other
    dir=$(dirname -- "$main"; printf .)
    dir=${dir%$'\n.'}
    FILES=("$main")
    for other in "$dir"/*.h; do
        [[ ! -f $other ]] || FILES+=("$other")
    done
    [[ ${main##*/} == "$file" ]] || return 0
    for other in "$dir"/*.c; do
        if [[ -f $other && $other != "$main" ]] &&
            [[ -z $(lab_of_file "${other##*/}") ]]; then
            FILES+=("$other")
        fi
    done
}

# The lab whose C file is called FILE.
lab_of_file() {
    local name
    while read -r name; do
        if [[ $(lab_file "$name") == "$1" ]]; then
            printf '%s' "$name"
            return
        fi
    done < <(labs_all)
}
