# Findings as plain text for a terminal of 80 columns. Everything is said in
# words; colour, where wanted, only repeats them.
include "safe";

def width: 78;

def strong($colour): if $colour then "\u001b[1m\(.)\u001b[0m" else . end;

def visible: clean;

def cut($n): if length > $n then .[0:$n - 3] + "..." else . end;

# Break text into lines, each after $indent.
def wrap($indent):
  (width - ($indent | length)) as $room
  | reduce (splits("\\s+") | select(. != "")) as $word ([""];
      if .[-1] == "" then .[-1] = $word
      elif (.[-1] | length) + 1 + ($word | length) <= $room
      then .[-1] += " " + $word
      else . + [$word] end)
  | map($indent + .) | join("\n");

def lines_of($indent): split("\n") | map($indent + cut(width - ($indent | length))) | join("\n");

def who:
  if .id == 0 and (.role // "main") == "main" then "main"
  elif .role then "thread \(.id) (\(.role))"
  else "thread \(.id)" end;

# In a standstill a lock that somebody asks for is one that is not had.
def stands: .kind as $kind
  | ["deadlock", "self-deadlock", "hang", "lost-wakeup"] | index($kind) != null;

def does($finding):
  if ($finding | stands) and (.op == "lock") then "waits for"
  elif ($finding | stands) and (.op == "join") then "waits to join"
  else
  {"read": "reads", "write": "writes", "lock": "takes", "wait": "waits for",
   "join": "joins", "hold": "holds", "end": "ends holding",
   "unlock": "unlocks", "destroy": "destroys", "create": "is created",
   "free": "frees", "signal": "signals", "exit": "is here at the end",
   "run": "is running", "spin": "spins on", "alive": "is alive"}[.op] // .op end;

def object($finding):
  if .object then " `\(.object)`"
  elif $finding.variable and (.op | test("read|write")) then " `\($finding.variable)`"
  else "" end;

def place:
  if .file and .line then
    "\(.file | split("/") | last | flat):\(.line)"
    + (if .function then " in \(.function)()" else "" end)
  else "" end;

def locks_told:
  if (.locks // []) == [] then ""
  else ", holding " + (.locks | map("`\(.)`") | join(", ")) end;

def padded($n): . + (" " * ([$n - length, 0] | max) // "");

def thread_told($finding):
  "  \(who) \(does($finding))\(object($finding))\(locks_told)" as $what
  | (if place == "" then $what
     elif ($what | length) + 2 + (place | length) <= width then
       ($what | padded(40)) + "  " + place
     else $what + "\n      " + place end)
  + (if .text and .text != "" then
       "\n    " + ((.line | tostring) | (" " * ([5 - length, 0] | max) // "") + .)
       + " | " + (.text | cut(width - 12))
     else "" end);

def cycle_told:
  . as $finding
  | (.cycle // []) as $cycle
  | if ($cycle | length) < 2 then null else
      [range($cycle | length) as $i
        | $cycle[$i] as $id | $cycle[($i + 1) % ($cycle | length)] as $next
        | ($finding.threads | map(select(.id == $id)) | .[0] // {id: $id})
        | (if .id == 0 then "main" else "thread \(.id)" end)
          + " waits for " + (if $next == 0 then "main" else "thread \($next)" end)]
      | join(", ") + ": nobody can go on."
    end;

def often: if .of and .of > 1 then ", in \(.seen // .of) of \(.of) runs" else "" end;

def told_finding($colour; $full):
  . as $finding
  | [ ((.title | strong($colour)) + (if .severity == "note" then " (a note)" else "" end)
       + " (\(.detector)\(often))"),
      (if .kind == "data-race" and (.threads | length) > 1 then
         "  Nothing orders these two:"
       else (.message | visible | wrap("  ")) end),
      (if .expected != null then "  right:\n" + (.expected | visible | lines_of("    "))
         else empty end),
      (if .got != null then "  this run:\n" + (.got | visible | lines_of("    "))
         else empty end),
      (.threads[] | thread_told($finding)),
      (cycle_told // empty | wrap("  ")),
      (.missing // empty | wrap("  ")),
      (if $full and .severity == "error" then
         (if .short == "" then empty else "", (.short | wrap("  ")) end),
         (if .ask == "" then empty else "", ("Question: " + .ask | wrap("  ")) end),
         "  More: make explain KIND=\(.kind)"
       else empty end)
    ] | join("\n");
