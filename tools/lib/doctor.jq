# One answer of the doctor as text.
include "text";

def said:
  if .state == "works" then "works"
  elif .state == "cured" then "works, with a cure: \(.cause)"
  elif .state == "missing" then "is not there: \(.cause). Cure: \(.cure)"
  else "DOES NOT WORK: \(.cause). Cure: \(.cure)" end;

"  \(.detector | padded(10)) \(.compiler | padded(8)) "
+ (said | visible | wrap("                      ") | ltrimstr("                      "))
