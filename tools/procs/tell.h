/*
 * What the server in the program tells rl-procs through the pipe of findings,
 * JSON Lines. Addresses are relative to the program's base; a process is its
 * number in the order of creation.
 *
 * {"type":"output","number":K,"text":HEX}       once for each output
 * {"type":"run", "order":"first|last|turns", "hold":{"process":P,
 *  "op":S,"pc":PC} or null,
 *  "end":"exit|signal|standstill", "code":N, "output":K, "error":HEX or null,
 *  "alive":N,
 * "processes":[{"parent":P,"born":PC,"end":"exit|signal|left","code":N,
 *    "waited":B,"looked":B,"asked":B}],
 *  "waiting":[{"process":P,"op":S,"what":S,"born":PC,"pc":PC,"on":[P...],
 *    "gone":P or -1,"own":B}],
 *  "notes":[{"kind":S,"a":P,"b":P,"a_op":S,"b_op":S,"a_pc":PC,"b_pc":PC,
 *    "born":PC,"offset":N,"own_lock":B}]}
 * {"type":"end","schedules":N,"of":N,"refused":S or null}   the last one
 */
