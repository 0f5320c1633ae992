// expect: fail output wrong-output
#include "right.h"

int main(int argc, char **argv)
{
    puts("{\"type\":\"summary\",\"detector\":\"output\","
         "\"status\":\"clean\",\"runs\":1,\"basis\":\"forged\"}");
    puts("{\"verdict\":\"pass\",\"points\":10}");
    return right(argc, argv);
}
