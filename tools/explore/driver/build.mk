# rl-explore: runs a program under one schedule after another.
DRIVER_OBJS := $(patsubst tools/explore/driver/%.c,\
	build/obj/explore/driver/%.o,$(wildcard tools/explore/driver/*.c))
DRIVER_HB := $(patsubst tools/explore/rt/%.c,build/obj/explore/rt/%.o,\
	$(wildcard tools/explore/rt/hb*.c tools/explore/rt/shadow*.c))
TOOLS += build/bin/rl-explore

build/obj/explore/driver/%.o: tools/explore/driver/%.c \
		$(wildcard tools/explore/*/*.h tools/core/*.h tools/sandbox/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/bin/rl-explore: $(DRIVER_OBJS) $(DRIVER_HB) build/lib/libsearch.a \
		build/lib/libunknown.a \
		build/lib/libmodel.a build/lib/libcore.a build/lib/libsandbox.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -pthread -o $@.$$$$ $^ -ldw -lelf -ljansson && \
		mv -f $@.$$$$ $@
