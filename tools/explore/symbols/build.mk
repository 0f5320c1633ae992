# rl-symbols: the names of a program that the explorer does not know.
# rl-gaps: the places where it touches memory without a hook. libunknown.a has
# both for those who ask from C (link it with -ldw -lelf).
UNKNOWN_OBJS := $(patsubst %,build/obj/explore/symbols/%.o,unsupported \
	libc_table gaps code_parse code_check operand)
UNKNOWN_HEADERS := $(wildcard tools/explore/symbols/*.h) \
	tools/explore/rt/libc_table.h
TOOLS += build/lib/libunknown.a build/bin/rl-symbols build/bin/rl-gaps

build/obj/explore/symbols/%.o: tools/explore/symbols/%.c $(UNKNOWN_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/obj/explore/symbols/libc_table.o: tools/explore/rt/libc_table.c \
		$(UNKNOWN_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/lib/libunknown.a: $(UNKNOWN_OBJS)
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^

build/bin/rl-symbols build/bin/rl-gaps: build/bin/rl-%: \
		build/obj/explore/symbols/%_main.o build/lib/libunknown.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -ldw -lelf
