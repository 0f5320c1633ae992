# rl-choose: the same tasks with threads, a pool, processes, an event loop and
# nothing of these.
CHOOSE_OBJS := $(patsubst %.c,build/obj/%.o,$(patsubst tools/%,%,\
	$(wildcard tools/choose/*.c)))
TOOLS += build/bin/rl-choose

build/obj/choose/%.o: tools/choose/%.c $(wildcard tools/choose/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@.$$$$ $< && mv -f $@.$$$$ $@

build/bin/rl-choose: $(CHOOSE_OBJS)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -pthread -o $@.$$$$ $^ && mv -f $@.$$$$ $@
