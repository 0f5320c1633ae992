# libsearch.a: the search and the executor of small programs. Link it with
# libmodel.a.
SEARCH_OBJS := $(patsubst tools/explore/search/%.c,\
	build/obj/explore/search/%.o,$(wildcard tools/explore/search/*.c))
TOOLS += build/lib/libsearch.a

build/obj/explore/search/%.o: tools/explore/search/%.c \
		$(wildcard tools/explore/search/*.h tools/explore/model/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(CFLAGS) -c -o $@ $<

build/lib/libsearch.a: $(SEARCH_OBJS)
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^
