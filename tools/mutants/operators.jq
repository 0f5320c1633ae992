# The changes that make a mutant of a right program. Each operator takes a
# function with its sites and gives {operator, edits}: a change that somebody
# could make by mistake, which a good judge must see unless it does no harm.
include "text";
include "sites";

def nothing: {from, to, text: "0"};

# Calls of these roles that stand in no macro of the program's own.
def of($role): .sites[] | select(.role == $role);

def drop: [
  ["drop-lock", "lock"], ["drop-unlock", "unlock"], ["drop-wait", "wait"],
  ["drop-wait", "take"], ["drop-signal", "signal"],
  ["drop-signal", "broadcast"], ["drop-post", "post"],
  ["drop-join", "join"], ["drop-barrier", "barrier"]
];

def op_drop:
  . as $f | drop[] as [$operator, $role]
  | $f | of($role) | {operator: $operator, edits: [nothing]};

def op_drop_store:
  of("atomic")
  | select(.name | test("^atomic_(store|flag_clear)"))
  | {operator: "drop-store", edits: [{from, to, text: "((void)0)"}]};

def op_rename($operator; $names):
  .sites[] | select($names[.name])
  | {operator: $operator,
     edits: [{from, to: (.from + (.name | length)), text: $names[.name]}]};

def op_broadcast:
  op_rename("broadcast-to-signal";
    {pthread_cond_broadcast: "pthread_cond_signal",
     cnd_broadcast: "cnd_signal"});

def op_read_lock:
  op_rename("write-to-read-lock";
    {pthread_rwlock_wrlock: "pthread_rwlock_rdlock"});

# The failure of a trylock is not looked at.
def op_trylock($text):
  {pthread_mutex_lock: "pthread_mutex_trylock",
   pthread_spin_lock: "pthread_spin_trylock", mtx_lock: "mtx_trylock",
   pthread_rwlock_rdlock: "pthread_rwlock_tryrdlock",
   pthread_rwlock_wrlock: "pthread_rwlock_trywrlock",
   sem_wait: "sem_trywait", pthread_mutex_trylock: "pthread_mutex_trylock",
   pthread_spin_trylock: "pthread_spin_trylock",
   mtx_trylock: "mtx_trylock", sem_trywait: "sem_trywait"} as $tries
  | .sites[] | select($tries[.name])
  | {operator: "ignore-trylock", edits: [{from, to,
      text: "(\($tries[.name])\($text[.from + (.name | length):.to]), 0)"}]};

def op_while:
  .loops[]
  | {operator: "while-to-if", about: {from, to: .reach}, edits: [
      if .kind == "WhileStmt" then {from, to: (.from + 5), text: "if"}
      else .condition | {from, to: .from, text: "("},
        {from: .to, to, text: ", 0)"} end]};

# Two statements of one block, the other way round.
def swapped($text; $a; $b):
  [{from: $a.from, to: $a.to, text: $b.text},
   {from: $b.from, to: $b.to, text: $a.text}];

# What statement number $place of the block does: the role of its one call.
def role_of($block; $place):
  first(.sites[] | select(.block == $block and .place == $place and .plain)
    | .role) // "";

def op_move($text; $operator; $role; $by):
  . as $f
  | of($role) | select(.plain)
  | .block as $block | .place as $place
  | $f.blocks[$block] as $all
  | select($place + $by >= 0 and $place + $by < ($all | length))
  | $all[$place + $by] as $other
  | ($f | role_of($block; $place + $by)) as $neighbour
  | select(if $operator == "swap-locks" then $neighbour == $role
           else $neighbour != $role end)
  # After a return it is not reached: the same as none.
  | select(($other.kind | test("^(Return|Break|Continue|Goto|Label)Stmt$"))
      | not)
  | {operator: $operator,
     edits: (if $by < 0 then swapped($text; $other; $all[$place])
             else swapped($text; $all[$place]; $other) end)};

def lock_of: .args[0].text;

# The sites in a function that are about one lock, a condition's wait too.
def about($lock):
  .sites[] | select((.role == "lock" or .role == "unlock") and lock_of == $lock
    or (.role == "wait" and .args[1].text == $lock));

def locks: [.sites[] | select(.role == "lock") | lock_of] | unique[];

def op_drop_section:
  def gone: {operator: "drop-section", about: .[0], edits: map(nothing)};
  . as $f
  | (locks as $lock | [$f | about($lock) | select(.role != "wait")] | gone),
    ([.sites[] | select(.role == "lock" or .role == "unlock")]
      | select(. != []) | gone | .operator = "drop-locking");

# Another thread may come in where the section is cut in two.
def op_split_section($text):
  . as $f
  | of("lock") | select(.plain)
  | lock_of as $lock | .block as $block | .place as $first
  | $f.blocks[$block] as $all
  | [$f | of("unlock") | select(.plain and .block == $block
      and .place > $first and lock_of == $lock)] | first | select(.)
  | .place as $last
  | range($first + 1; $last - 1)
  | . as $i
  | select([$i, $i + 1] | all(. as $p
      | $f | role_of($block; $p) | . != "lock" and . != "unlock"))
  | {operator: "split-section", edits: [{from: $all[$i].to, to: $all[$i].to,
      text: " \($all[$last].text) \($all[$first].text)"}],
     about: {from: $all[$i].from, to: $all[$i + 1].to}};

# The lock of one function becomes another, by the argument's text.
def relocked($lock):
  [about($lock) | (if .role == "wait" then .args[1] else .args[0] end)
    | {from, to, text: "&mutant_lock"}];

# Does the function let go of the lock under the same name?
def unlocks($lock):
  [of("unlock") | lock_of] | index($lock) != null;

def op_own_lock:
  . as $f
  | [of("lock") | select(.name == "pthread_mutex_lock") | lock_of]
  | unique[] as $lock
  | $f
  | select(unlocks($lock))
  | {operator: "own-lock", about: first(about($lock)),
     edits: (relocked($lock) + [{from: .body, to: .body,
      text: " pthread_mutex_t mutant_lock = PTHREAD_MUTEX_INITIALIZER;"}])};

# Where only one function locks, another lock for it is as good.
def op_other_lock($functions):
  . as $f
  | select([$functions[] | select(.name != $f.name) | of("lock")] != [])
  | [of("lock") | select(.name == "pthread_mutex_lock") | lock_of]
  | unique[] as $lock
  | $f
  | select(unlocks($lock))
  | {operator: "other-lock", about: first(about($lock)),
     edits: (relocked($lock) + [{from, to: .from,
      text: "static pthread_mutex_t mutant_lock = PTHREAD_MUTEX_INITIALIZER;\n"
      }])};

def op_same_lock:
  . as $f
  | of("lock") | . as $site
  | [$f | of("lock") | select(.name == $site.name) | lock_of] | unique[]
  | select(. != ($site | lock_of))
  | . as $lock
  | {operator: "same-lock", about: ($site | {from, to}),
     edits: [$site.args[0]
      | {from, to, text: $lock}]};

def relaxed: sub("^(?<s>\\s*)(?<n>memory_order_|__ATOMIC_).*$"; "\(.s)\(.n)")
  | if test("__ATOMIC_$") then . + "RELAXED" else . + "relaxed" end;

def op_weaken($text):
  .sites[] | select(.role == "atomic")
  | (.args | map(select(.text | test("^(memory_order_|__ATOMIC_)(seq_cst|acq_rel|acquire|release|consume|SEQ_CST|ACQ_REL|ACQUIRE|RELEASE)$")))) as $orders
  | if $orders != [] then
      {operator: "weaken-order", about: {from, to}, edits: [$orders[]
        | {from, to, text: ($text[.from:.to] | relaxed)}]}
    elif .name | test("^atomic_.*(?<!_explicit)$") then
      (if .name | test("compare_exchange") then 2 else 1 end) as $n
      | {operator: "weaken-order", about: {from, to}, edits: [
          {from: (.from + (.name | length)), to: (.from + (.name | length)),
           text: "_explicit"},
          {from: (.to - 1), to: (.to - 1),
           text: ([range($n) | ", memory_order_relaxed"] | add)}]}
    else empty end;

# A read-modify-write becomes a load and a store.
def op_split_update:
  (.sites[]
   | (.name | capture("fetch_(and_)?(?<what>add|sub)(_explicit)?$")) as $c
   | (if $c.what == "add" then "+" else "-" end) as $sign
   | .args[0].text as $p | .args[1].text as $n
   | (if .name | startswith("atomic_") then
        ["atomic_load(\($p))", "atomic_store(\($p), "]
      else ["__atomic_load_n(\($p), __ATOMIC_SEQ_CST)",
            "__atomic_store_n(\($p), "] end) as [$load, $store]
   | {operator: "split-update", edits: [{from, to,
       text: ("({ __auto_type mutant_old = \($load); \($store)mutant_old "
         + "\($sign) (\($n))"
         + (if .name | startswith("atomic_") then "" else ", __ATOMIC_SEQ_CST" end)
         + "); mutant_old; })")}]}),
  (.updates[]
   | {operator: "split-update", edits: [{from, to,
       text: "(\(.what) = \(.what) \(.sign) (\(.by)))"}]});

def changes($text; $functions):
  op_drop, op_drop_store, op_broadcast, op_read_lock, op_trylock($text),
  op_while,
  op_move($text; "swap-locks"; "lock"; 1),
  op_move($text; "lock-later"; "lock"; 1),
  op_move($text; "unlock-earlier"; "unlock"; -1),
  op_move($text; "unlock-later"; "unlock"; 1),
  op_drop_section, op_split_section($text), op_same_lock, op_own_lock,
  op_other_lock($functions), op_weaken($text), op_split_update;
