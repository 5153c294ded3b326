// The kernels of a row of pixels. Each is written twice: plainly here, and in rows_wide.h for processors with AVX2; both give the
// same numbers to the last bit.
#pragma once
#include "scene.h"
#include <string.h>

/* The rounded product of two numbers of which the second is a fraction, 32768 to one. */
static inline int16_t times(int16_t a, int16_t b) { return (int16_t)(((((int32_t)a * b) >> 14) + 1) >> 1); }

/* The four cubic B-spline weights of a place between two pixels, 32768 to one, which they make together: the sums and the
   differences of the outer two and of the inner two are polynomials of twice the way from the middle. */
static inline void taps_at(int32_t place, int16_t w[4]) {
    const int16_t way = (int16_t)((place & (PLACES - 1)) * 64 - 32768 + 32), square = times(way, way), part = (int16_t)(square >> 4);
    const int16_t outer = (int16_t)(683 + part), inner = (int16_t)(15701 - part);
    const int16_t outer_slope = times(way, (int16_t)(2048 + times(square, 683))), inner_slope = times(way, (int16_t)(10240 - part));
    w[0] = (int16_t)(outer - outer_slope);
    w[1] = (int16_t)(inner - inner_slope);
    w[2] = (int16_t)(inner + inner_slope);
    w[3] = (int16_t)(outer + outer_slope);
}

static inline int16_t summed(const int16_t *p, const int16_t w[4]) {
    return (int16_t)(times(p[0], w[0]) + times(p[1], w[1]) + times(p[2], w[2]) + times(p[3], w[3]));
}

static inline int32_t ramp_at(const frame_ramps *r, int x) { return r->place[x >> 3] + times(r->step[x >> 3], (int16_t)((x & 7) << 11)); }

static inline int16_t *sheet_row(const frame_sheet *sheet, int row) { return sheet->memory + ((row + PAD) & sheet->mask) * sheet->pitch; }

/* Two rows of coefficients resampled across in the same way. */
static inline void across(const int16_t *const rows[2], const frame_block *blocks, int n, int16_t *const out[2]) {
    for (int x = 0; x < n; x++) {
        const frame_block *b = blocks + x / 16;
        const int i = x % 16, at = b->at[i / 8] + b->order[2 * i] / 2;
        const int16_t w[4] = { b->taps[0][i], b->taps[1][i], b->taps[2][i], b->taps[3][i] };
        for (int k = 0; k < 2; k++) out[k][x] = summed(rows[k] + at, w);
    }
}

/* `count` rows of coefficients resampled across, as the mesh has it. */
static inline void warp_across(const int16_t *const rows[2], int count, const frame_ramps *ramps, int n, int16_t *const out[2]) {
    for (int x = 0; x < n; x++) {
        const int32_t place = ramp_at(ramps, x);
        int16_t w[4];
        taps_at(place, w);
        for (int k = 0; k < count; k++) out[k][x] = summed(rows[k] + (place >> 10) - 1, w);
    }
}

/* Where the pixels of a row of the frame lie among the rows of a sheet: all at one place, or each where the mesh has it. */
typedef struct {
    const frame_ramps *ramps;   /* NULL where rows stay rows */
    int32_t place;
} frame_level;

/* Four rows of a sheet summed down to `n` pixels of one, from `x` on. */
static inline void down(const frame_sheet *sheet, const frame_level *level, int x, int n, int16_t *restrict out) {
    int16_t w[4];
    if (level->ramps) {
        for (int i = 0; i < n; i++) {
            const int32_t place = ramp_at(level->ramps, x + i), row = (place >> 10) - 1;
            int16_t p[4];
            taps_at(place, w);
            for (int k = 0; k < 4; k++) p[k] = sheet_row(sheet, row + k)[x + i];
            out[i] = summed(p, w);
        }
        return;
    }
    const int row = (level->place >> 10) - 1;
    const int16_t *a = sheet_row(sheet, row) + x, *b = sheet_row(sheet, row + 1) + x, *c = sheet_row(sheet, row + 2) + x, *d = sheet_row(sheet, row + 3) + x;
    taps_at(level->place, w);
    for (int i = 0; i < n; i++) out[i] = (int16_t)(times(a[i], w[0]) + times(b[i], w[1]) + times(c[i], w[2]) + times(d[i], w[3]));
}

/* The light of a row between both ends of its cells, `share` of the way down, 32768 to one. */
static inline void light_between(const int16_t *top, const int16_t *low, int16_t share, int16_t most, int n, int16_t *out) {
    for (int x = 0; x < n; x++) {
        int16_t light = (int16_t)(top[x] + times((int16_t)(low[x] - top[x]), share));
        out[x] = light > most ? most : light;
    }
}

/* What a row of light or of a colour is turned into bytes with. */
typedef struct {
    const int16_t *light;       /* what it is multiplied by, 16384 to one */
    const int16_t *black;       /* what is added, DITHER_SIDE again and again, 16 to a step */
    const int8_t *noise;
    int16_t grain;              /* 0 for none */
    uint8_t most;               /* the largest byte of its range */
    const frame_sheet *echo;    /* NULL where no light is coloured */
    const int16_t *tint;        /* that light, 28672 to one */
} frame_finish;

/* As many pixels of a row as the dither has, from `x` on, lit, grained or tinted. */
static inline void finish_run(const frame_finish *how, const int16_t *sums, const int16_t *echo, int x, int n, uint8_t *out) {
    for (int i = 0; i < n; i++) {
        const int16_t v = times(sums[i], how->light[x + i]);
        int16_t o = (int16_t)(v + how->black[i]);
        if (how->grain) {
            /* Grain lives in the middle tones: pure white and black stay clean. */
            int16_t t = v < 0 ? 0 : v > 3504 ? 3504 : v, body = (int16_t)(4 * times((int16_t)(t * 8), (int16_t)((4030 - t) * 2)));
            o = (int16_t)(o + times(times((int16_t)(how->noise[x + i] * 128), how->grain), body));
        }
        if (how->echo) o = (int16_t)(o + times(how->tint[x + i], echo[i]));
        o = (int16_t)(o >> 4);
        out[x + i] = (uint8_t)(o < 16 ? 16 : o > how->most ? how->most : o);
    }
}

/* A row, or the same row of two sheets, summed down and made into bytes of limited range. */
static inline void finish(const frame_sheet *sheets, const frame_finish *how, int count, const frame_level *level, int n, uint8_t *const out[2]) {
    int16_t sums[DITHER_SIDE], echo[DITHER_SIDE];
    for (int k = 0; k < count; k++, how++) for (int x = 0; x < n; x += DITHER_SIDE) {
        const int run = n - x < DITHER_SIDE ? n - x : DITHER_SIDE;
        down(sheets + k, level, x, run, sums);
        if (how->echo) down(how->echo, level, x, run, echo);
        finish_run(how, sums, echo, x, run, out[k]);
    }
}

#if defined(__x86_64__)
#include "rows_wide.h"
#endif
