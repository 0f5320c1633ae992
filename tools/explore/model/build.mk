# libmodel.a: the pure model of the primitives; linked into programs as well
# as into the search, so position independent and without names of its own.
MODEL_OBJS := $(patsubst tools/explore/model/%.c,build/obj/explore/model/%.o,\
	$(wildcard tools/explore/model/*.c))
TOOLS += build/lib/libmodel.a

build/obj/explore/model/%.o: tools/explore/model/%.c \
		$(wildcard tools/explore/model/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -fPIC $(CFLAGS) -c -o $@ $<

build/lib/libmodel.a: $(MODEL_OBJS)
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^
