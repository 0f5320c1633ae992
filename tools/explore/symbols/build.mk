# rl-symbols: the names of a program that the explorer does not know, and
# libunsupported.a for those who ask from C (link it with -lelf).
SYMBOLS_OBJS := build/obj/explore/symbols/unsupported.o \
	build/obj/explore/symbols/libc_table.o
TOOLS += build/lib/libunsupported.a build/bin/rl-symbols

build/obj/explore/symbols/%.o: tools/explore/symbols/%.c \
		tools/explore/symbols/unsupported.h tools/explore/rt/libc_table.h
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/obj/explore/symbols/libc_table.o: tools/explore/rt/libc_table.c \
		tools/explore/rt/libc_table.h
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/lib/libunsupported.a: $(SYMBOLS_OBJS)
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^

build/bin/rl-symbols: build/obj/explore/symbols/main.o build/lib/libunsupported.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lelf
