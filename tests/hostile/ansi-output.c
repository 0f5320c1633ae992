// expect: fail output wrong-output
#include "right.h"

int main(int argc, char **argv)
{
    puts("\033[2J\033]0;passed\007<script>alert(1)</script>");
    puts("::error::passed ]]> &lt; \xff\xfe");
    return right(argc, argv);
}
