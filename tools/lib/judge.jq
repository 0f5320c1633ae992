# The stated rules that decide when tools disagree. Each names what a tool is
# known to misunderstand, and who knows better. A finding that a rule
# overrules becomes a note and says who decided; one that nobody can decide
# gets verdict "unsure" and why. All else stays as it is.
#
# Input: all lines of all detectors for one program, slurped; a line may carry
# its stage, else its detector stands for it. $facts: what rl-scan --facts
# says of the program ({} if unknown). With --arg verdict yes a last line
# {"type":"verdict","verdict":"pass"|"fail"|"unsure"} is added.
#
# A rule: {name, applies(the finding), says: the sentence}. A complaint is
# overruled only if those who know better have answered and none of them has
# an error of the same kind; if none of them has answered it is unsure.
#
# The explorer is certain where its proof is complete: it saw every
# interleaving, with exact clocks, so what Helgrind or DRD suspects by the
# addresses or the order of locks is refuted. Its proof is for the arguments
# that the lab proves, smaller than theirs: so hold-one and TSan, which run at
# the usual sizes, must not complain either. TSan is overruled only where it is
# known to be blind (fences): its races are otherwise real, at some size.
# What a bounded search counts for stands in bounded.jq.

def source: .stage // .detector;

def errors: map(select(.type == "finding" and .severity == "error"));

# Detectors of NAMES that came to an answer.
def answered($names):
  map(select(.type == "summary"
      and (.status == "clean" or .status == "found")
      and (source as $s | $names | index($s)))) | map(source) | unique;

def complains($names; $kinds):
  errors | any((source as $s | $names | index($s))
           and (.kind as $k | $kinds | index($k)));

def titles: {
  tsan: "ThreadSanitizer", helgrind: "Helgrind", drd: "DRD",
  holdone: "the controlled runtime", noise: "the controlled runtime",
  explore: "the explorer"};

def named: map(titles[.] // .) | unique
  | if length > 1 then (.[:-1] | join(", ")) + " and " + .[-1] else .[0] end;

def races: ["data-race", "use-after-free"];
def binary: ["helgrind", "drd"];
def runtime: ["explore", "holdone"];

# What the explorer has proved, in its words, or null.
def proof($all):
  $all | map(select(.type == "summary" and source == "explore"
      and .status == "clean" and (.basis | test("interleavings?\\b.* (is|are) right"))
      and (.basis | contains("bounded") | not)))
  | .[0].basis // null;

# What orders threads without Helgrind and DRD knowing.
def hidden_order:
  if $facts.atomics then "atomics order these accesses"
  elif $facts.once then "pthread_once orders these accesses"
  elif $facts.pipes then "a pipe orders these accesses"
  elif $facts.reentrant then
    "the C library has locks of its own for calls such as localtime_r"
  else null end;

# The rule for a finding, or null: who decides, on which kinds, and what the
# complaining tool does not understand.
def rule($proof):
  source as $source
  | if .severity != "error" then null
    elif $facts.fences and (.kind as $k | races | index($k))
      and ([$source] | inside(binary + ["tsan"])) then
      {by: runtime, kinds: races,
       because: "it does not understand fences (atomic_thread_fence)"}
    elif (.kind as $k | races | index($k)) and ([$source] | inside(binary))
      and hidden_order != null then
      {by: (runtime + ["tsan"]), kinds: races,
       because: "it does not see that \(hidden_order)"}
    elif $proof != null and ([$source] | inside(binary))
      and (.kind as $k | races + ["lock-order"] | index($k)) then
      {by: (runtime + ["tsan"]), kinds: (races + ["lock-order", "deadlock"]),
       because: "no interleaving of this program shows it"}
    elif .kind == "lock-order" and $source == "helgrind" then
      {by: ["tsan"], kinds: ["lock-order", "deadlock"],
       because: "it does not see locks that keep the two orders apart, nor that a trylock gives up"}
    else null end;

def decided($all):
  . as $finding
  | proof($all) as $proof
  | rule($proof) as $rule
  | if $rule == null then .
    else
      ($all | answered($rule.by)) as $who
      | if $all | complains($rule.by; $rule.kinds) then .
        elif $who == [] then
          .verdict = "unsure"
          | .why = "\(titles[source] // source) complains, but \($rule.because), and \($rule.by | named) gave no answer"
        else
          .severity = "note"
          | .message += " This is \(titles[source] // source)'s view only: \($rule.because). Decided by \($who | named): no bug\(
              if $proof != null and ($who | index("explore")) then
                ", for \($proof)" else "" end)."
        end
    end;

# A summary whose complaints have all been overruled is clean.
def settled($judged; $before):
  source as $s
  | ($judged | errors | map(select(source == $s)) | length) as $left
  | ($before | errors | map(select(source == $s)) | length) as $had
  | if .status == "found" and $had > 0 and $left == 0 then
      .status = "clean"
      | .basis += "; \($had) complaint\(if $had == 1 then "" else "s" end) overruled by a stated rule"
    else . end;

. as $all
| map(if .type == "finding" then decided($all) else . end) as $judged
| ($judged | map(if .type == "summary" then settled($judged; $all) else . end))[],
  (if $ARGS.named.verdict then
     {type: "verdict", verdict:
       ($judged | errors
        | if any(.verdict != "unsure") then "fail"
          elif length > 0 then "unsure" else "pass" end)}
   else empty end)
