# grades.csv, RFC 4180, from students with their answers (see class.jq). A text that a spreadsheet would take for a formula begins with an
# apostrophe.

def guarded:
  gsub("[\\x00-\\x1f\\x7f]"; " ")
  | if test("^[ ]*[=+\\-@|%\\x{ff1d}\\x{ff0b}\\x{ff0d}\\x{ff20}]")
    then "'\(.)" else . end;

def field:
  if . == null then "" elif type == "string" then guarded else tostring end
  | if test("[\",\\r\\n]|^ | $") then "\"\(gsub("\""; "\"\""))\"" else . end;

def row: map(field) | join(",") + "\r";

def csv($labs):
  (["student", "name", "id", "late", $labs[].name, "total", "max",
    "needs a person"] | row),
  (.[] | . as $s
   | [.key, .name, .id, (if .late then "late" else "" end),
      ($labs[].name as $lab | $s.answers[$lab].points),
      .points, .max, (if .attention == [] then "" else "yes" end)]
   | row);
