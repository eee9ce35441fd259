/* A program that knows nothing of gorgon; what it does is in ../README.md. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char *argv[]) {
    if (argc > 2) {
        puts(argv[2]);
        return 0;
    }
    unsigned long long number = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    if (number % 5 == 0) {
        puts("FAIL");
        return 3;
    }
    puts(number % 2 == 0 ? "even" : "odd");
}
