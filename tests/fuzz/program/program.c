/*
 * The program whose symbols the targets are given: variables and functions
 * that addresses of an input can hit.
 */
struct account {
    long balance;
    char lock[40];
};

struct account accounts[3];
long total;

static void deposit(struct account *to, long amount)
{
    to->balance += amount;
    total += amount;
}

int main(int argc, char **argv)
{
    (void)argv;
    deposit(&accounts[argc % 3], argc);
    return 0;
}
