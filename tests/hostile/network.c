// expect: fail concurrent serial
#include "right.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
    int s = socket(AF_INET, SOCK_DGRAM, 0);

    to.sin_addr.s_addr = htonl(0x08080808);
    if (sendto(s, "x", 1, 0, (struct sockaddr *)&to, sizeof to) == 1)
        puts("sent");
    return right(argc, argv);
}
