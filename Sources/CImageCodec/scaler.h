/* The separable resampler as a thing that takes rows and gives rows: it holds no more of a picture than the kernel reaches. */
#ifndef VITRINE_SCALER_H
#define VITRINE_SCALER_H

#include "include/image_codec.h"

/* Weights of one axis: 14-bit fixed point that always adds up to 16384, so that a flat colour stays what it is. */
typedef struct ic_taps {
    uint32_t count;   /* of weights a pixel; those beyond the kernel are 0 */
    uint32_t reach;   /* of weights that may not be 0 */
    int32_t *first;   /* the first source pixel of each */
    int16_t *weights;
} ic_taps;

typedef void (*ic_take_row)(void *place, uint32_t y, const uint8_t *row);

typedef struct ic_scaler {
    ic_taps across;
    ic_taps down;
    uint32_t channels;    /* 1, or 4 for premultiplied RGBA */
    uint32_t width;
    uint32_t height;
    uint32_t source_height;
    uint32_t left;        /* the source columns that are read: from here */
    uint32_t columns;     /* so many */
    uint32_t ring;
    uint32_t next_in;
    uint32_t next_out;
    uint8_t *held;
    const uint8_t **rows;
    int16_t *middle;
    uint8_t *line;
    ic_take_row take;
    void *place;
} ic_scaler;

/* Opens a scaler of a part of a picture of that size; rows come out through `take`. */
ic_status ic_scaler_open(
    ic_scaler *scaler, uint32_t channels, uint32_t source_width, uint32_t source_height, ic_part part, uint32_t width,
    uint32_t height, ic_take_row take, void *place);
/* The next source row; all of them must be given, from the first one. Rows beyond the height are ignored. */
void ic_scaler_row(ic_scaler *scaler, const uint8_t *row);
void ic_scaler_close(ic_scaler *scaler);

/* The kernels. All ways give the same bytes. `count` is even; rows hold `values` bytes; the result is 64 times a byte. */
void ic_mix_rows(const uint8_t *const *rows, const int16_t *weights, uint32_t count, uint32_t values, int16_t *out);
/* From a row of 64 times bytes, with room for 16 more pixels behind it. */
void ic_mix_columns(const int16_t *row, const ic_taps *taps, uint32_t channels, uint32_t width, uint8_t *out);

#endif
