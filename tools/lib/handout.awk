# A Bats file, or what such files load, without the tests and functions that
# need the solutions or the submissions of the tests: those that name them,
# and those that call one that does.
# usage: awk -v pass=1 [-v names="NAME ..."] -f handout.awk FILE...
#            the names of such functions; with those known already
#        awk -v names="NAME ..." -f handout.awk FILE
#            the file without them
#
# Ends with 9 in the second form when no test of a Bats file is left.

function needs(text,   at) {
    if (text ~ /ROOT("|})?\/solutions|RACELAB"? [^\n]*solutions|"solutions\// ||
        text ~ /submissions[^ \n]*(right|wrong)-|(right|wrong)-\*/)
        return 1
    for (at in tainted)
        if (text ~ "(^|[ \t\n(;|])" at "([ \t\n);]|$)")
            return 1
    return 0
}

# A block is over; notes are the comments right above it.
function block_end() {
    if (pass) {
        if (name != "")
            body[name] = body[name] block
    } else if (name == "" ? needs(block) : (name in tainted)) {
        removed++
    } else {
        printf "%s%s", notes, block
        tests += name == ""
    }
    notes = block = ""
    open = 0
}

BEGIN {
    count = split(names, list, " ")
    for (i = 1; i <= count; i++)
        tainted[list[i]] = 1
}

FNR == 1 { open = 0; heredoc = ""; notes = block = "" }

!open && /^(@test .*|[a-z_][a-z0-9_]*\(\)) \{/ {
    open = 1
    name = ""
    if ($0 !~ /^@test /) {
        name = $0
        sub(/\(.*/, "", name)
    }
    block = $0 "\n"
    if (/\}$/)
        block_end()
    next
}

open {
    block = block $0 "\n"
    if (heredoc != "") {
        if ($0 == heredoc)
            heredoc = ""
        next
    }
    if (match($0, /(^|[^<])<<-?['"]?[A-Za-z]+/)) {
        heredoc = substr($0, RSTART, RLENGTH)
        gsub(/[^A-Za-z]/, "", heredoc)
        next
    }
    if (/^\}/)
        block_end()
    next
}

/^#/ { notes = notes $0 "\n"; next }

{
    if (!pass)
        printf "%s%s\n", notes, $0
    notes = ""
}

END {
    if (pass) {
        do {
            more = 0
            for (name in body)
                if (!(name in tainted) && needs(body[name])) {
                    tainted[name] = 1
                    more = 1
                }
        } while (more)
        for (name in tainted)
            print name
    } else {
        printf "%s", notes
        if (FILENAME ~ /\.bats$/ && !tests)
            exit 9
    }
}
