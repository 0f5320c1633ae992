# What runs of a program mean: rl-run's object and the output of one run as
# findings, and the findings of many runs as few. Called by runs.sh.

def finding($kind; $severity; $message):
  {type: "finding", kind: $kind, severity: $severity, detector: $detector,
   message: $message, threads: []};

def plural($n; $one; $many): "\($n) \(if $n == 1 then $one else $many end)";

# The text as lines, a last one without newline marked by $cut.
def lines:
  if . == "" then [] elif endswith("\n") then .[:-1] / "\n"
  else (. / "\n") end;

def shown: if . == null then "the end of the output"
  else (if length > 120 then .[:120] + "..." else . end) | tojson end;

# The first line in which got differs from expected.
def output_finding($expected; $got):
  ($expected | lines) as $e | ($got | lines) as $g
  | [range(0; [$e, $g] | map(length) | max)
     | select($e[.] != $g[.])] as $at
  | if ($at | length) == 0 then
      finding("wrong-output"; "error";
        "The output is right but for the newline at its end.")
    else
      finding("wrong-output"; "error";
        "Line \($at[0] + 1) of the output is \($g[$at[0]] | shown), expected \($e[$at[0]] | shown).")
      + {expected: ($e[$at[0]] // "" | .[:4000]),
         got: ($g[$at[0]] // "" | .[:4000])}
    end;

# assert(3) of glibc: "prog: file.c:12: function: Assertion `x' failed."
def assertion($err):
  [$err | lines[]
   | capture("^(?:[^:]*: )?(?<file>[^:]+):(?<line>[0-9]+): (?<function>.+): Assertion `(?<claim>.*)' failed\\.$")]
  | first // null;

def assert_finding($a):
  ($a.file | split("/") | last) as $file
  | ($a.function | gsub("^.*?(?<n>\\w+)\\(.*$"; "\(.n)")) as $function
  | finding("assert"; "error";
      "The assertion \($a.claim) failed at \($file):\($a.line) in \($function).")
    + {threads: [{id: 0, role: null, op: "assert", file: $file,
                  line: ($a.line | tonumber), function: $function}]};

def signal_words:
  {SIGSEGV: "it used an address that is not its own",
   SIGBUS: "it used an address that is not there",
   SIGFPE: "it divided by zero", SIGILL: "it ran an illegal instruction",
   SIGABRT: "it gave up: abort was called",
   SIGKILL: "something killed it"};

def crash_finding($signal; $err):
  ($err | lines | map(select(. != "")) | last) as $last
  | finding("crash"; "error";
      "The program was ended by \($signal)"
      + (signal_words[$signal] | if . then " (\(.))" else "" end)
      + (if $last and $signal == "SIGABRT" then "; its last words: \($last | shown)"
         else "" end) + ".");

def standstill_findings($run):
  ($run.findings
   | map(select(.kind | IN("deadlock", "self-deadlock", "hang", "lost-wakeup",
                           "lock-leak")))) as $known
  | if ($known | length) > 0 then $known[]
    else finding("hang"; "error";
      "Nothing can go on: every thread waits, and nothing is left that could wake one.")
    end;

# How a run ended, in two words.
def end_label:
  if .end == "exit" then "exit \(.code)"
  elif .end == "signal" then .signal
  else .end end;

# All that one run shows. $expected: the right output or null.
def judge($run; $out; $err; $expected; $ok):
  [ (if $run.end == "exit" then
       ($run.findings[] | select(.kind | IN("lock-leak", "thread-leak", "api-misuse"))),
       (if ($run.code | IN($ok[])) then empty
        else finding("exit-code"; "error";
          "The program ended with exit code \($run.code), not 0"
          + (($err | lines | map(select(. != "")) | last) as $l
             | if $l then "; its last words: \($l | shown)" else "" end) + ".")
        end),
       (if $expected == null or $expected == $out then empty
        else output_finding($expected; $out) end)
     elif $run.end == "signal" then
       assertion($err) as $a
       | if $a and $run.signal == "SIGABRT" then assert_finding($a)
         else crash_finding($run.signal; $err) end
     elif $run.end == "standstill" then standstill_findings($run)
     elif $run.end == "timeout" then
       ($run.findings[] | select(.kind | IN("deadlock", "self-deadlock"))),
       finding("timeout"; "error"; "The program did not end within \($wall) seconds.")
     elif $run.end == "cpu" then
       ($run.findings[] | select(.kind | IN("deadlock", "self-deadlock"))),
       finding("timeout"; "error";
         "The program was still busy after \($cpu) seconds of CPU time.")
     elif $run.end == "memory" then
       finding("crash"; "error"; "The program took more memory than it may.")
     elif $run.end == "output" then
       finding("wrong-output"; "error"; "The program printed without end.")
     else empty end)
  | .detector = $detector ];

# Two findings are the same if they are of one kind about one variable at the
# same places; of an output's many wrong forms the first stands for all. For a
# race neither the element nor which of x++'s two accesses it was matters.
def key:
  if .kind == "wrong-output" then [.kind]
  elif .kind == "data-race" then
    [.kind, .severity, (.variable // "" | gsub("\\[[0-9]+\\]"; "[]")),
     ([.threads[] | [.file, .line, .function]] | unique)]
  else [.kind, .severity, .variable,
        ([.threads[] | [.op, .file, .line, .function, .object]] | sort)]
    + (if .threads == [] then [.message | gsub("; its last words: .*"; "")]
       else [] end)
  end;

def rank: if .severity == "error" then 0 else 1 end;

# Of several forms of one finding the one that shows most writes, first come.
def telling:
  map(.f) | . as $all
  | map([.threads[] | select(.op == "write")] | length)
  | index(max) as $at | $all[$at];

# $runs: the findings of each run, an array of arrays.
def merge($runs):
  [$runs | to_entries[] | .key as $run | .value[] | {run: $run, f: .}]
  | group_by(.f | key)
  | map({run: .[0].run,
         f: (telling + {seen: (map(.run) | unique | length),
                       of: ($runs | length)})})
  | sort_by((.f | rank), -.f.seen, .run, .f.kind, .f.message) | map(.f);

def with_error($runs): $runs | map(select(any(.[]; .severity == "error"))) | length;
