# rl-bench: the bare loop that `racelab bench` compares with, and a stopwatch.
BENCH_SRC := $(wildcard tools/bench/*.c)
BENCH_OBJS := $(BENCH_SRC:tools/%.c=build/obj/%.o)
TOOLS += build/bin/rl-bench

build/obj/bench/%.o: tools/bench/%.c $(wildcard tools/bench/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/bin/rl-bench: $(BENCH_OBJS)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -pthread -o $@.$$$$ $^ && mv -f $@.$$$$ $@
