#pragma once
#include <stddef.h>

/* A file of the repository that travels inside the program. */
typedef struct {
    const char *name;            /* its path from the root of the repository */
    const unsigned char *bytes;  /* its bytes; one zero byte follows them */
    size_t count;                /* how many, without that zero */
} vitrine_asset;

/* The file at an index, or NULL past the last one. */
const vitrine_asset *vitrine_asset_at(long index);
