/*
 * What a program in an event loop under test is told, and what it tells: the
 * contract between libloop.a (in the program) and rl-loop (the judge).
 *
 * Told: LOOP_ENV, "s" or "t", then the choices. s: of the events that are
 * ready one is delivered a wait; t: all that fit are delivered together. Then
 * "0,2,1": the place that is taken at each choice, 0 after the last; or "~7":
 * places drawn with that seed. Place 0 is the event that became ready first.
 * A choice has as many places as there are ready events left to choose from.
 *
 * Told by the program, a line each, on the descriptor RL_FINDINGS_FD. Times
 * are virtual ns since the start; addresses are hexadecimal, relative to the
 * load base, those of a stack innermost first, with commas between:
 *   W STACK                 waits for events for the first time, or elsewhere
 *   C PLACES TAKEN          a choice
 *   M                       several could have been delivered together
 *   D TIME NAME PC DATA     delivers an event: "t3", the third timer, or "f7",
 *                           descriptor 7; where it was registered, with what
 *   H STACK                 the first call of the handler of the last event
 *   G NAME FUNCTION         the function that has handled the only one
 * delivered S FROM TO CALL STACK    the handler of the last event kept the loop
 *   L SINCE NAME PC DATA    since then an event has waited for it
 *   P                       a handler used much CPU time
 *   A TIME                  what time it is
 *   U WORDS                 it did what is not modelled, and was ended
 */
#ifndef RL_LOOP_LOG_H
#define RL_LOOP_LOG_H

#define LOOP_ENV "RL_LOOP"

/* After so many choices places are 0 and choices are not told. */
enum { LOOP_CHOICES = 2000 };

#endif
