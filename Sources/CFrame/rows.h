// The kernels of a row of pixels. Each is written plainly here, in rows_wide.h for processors with AVX2, and where that gained much
// in rows_broad.h for AVX-512; all give the same numbers to the last bit.
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

/* The same, which together make `all`: what is rounded are their sums from the outside in. */
static inline void shares_at(int32_t place, int16_t all, int16_t w[4]) {
    int16_t t[4];
    taps_at(place, t);
    w[0] = times(t[0], all);
    w[1] = (int16_t)(times((int16_t)(t[0] + t[1]), all) - w[0]);
    w[3] = times(t[3], all);
    w[2] = (int16_t)(all - w[0] - w[1] - w[3]);
}

static inline int16_t summed(const int16_t *p, const int16_t w[4]) {
    return (int16_t)(times(p[0], w[0]) + times(p[1], w[1]) + times(p[2], w[2]) + times(p[3], w[3]));
}

static inline int16_t weighed(const int8_t *p, const int16_t w[4]) { return (int16_t)(p[0] * w[0] + p[1] * w[1] + p[2] * w[2] + p[3] * w[3]); }

static inline int32_t ramp_at(const frame_ramps *r, int x) { return r->place[x >> 3] + times(r->step[x >> 3], (int16_t)((x & 7) << 11)); }

static inline int16_t *sheet_row(const frame_sheet *sheet, int row) { return sheet->memory + ((row + PAD) & sheet->mask) * sheet->pitch; }

static inline int16_t in_units(int16_t sum, frame_range range) { return (int16_t)(times(sum, range.step) + range.middle); }

static inline frame_range doubled(frame_range range) { return (frame_range){ (int16_t)(2 * range.step), (int16_t)(2 * range.middle) }; }

/* Four rows of coefficients resampled across in the same way, and lit. */
static inline void across(
    const int8_t *const rows[4], frame_range range, const frame_block *blocks, const int16_t *light, int n, int16_t *const out[4]) {
    const frame_range twice = doubled(range);
    for (int x = 0; x < n; x++) {
        const frame_block *b = blocks + x / 16;
        const int i = x % 16, at = b->at[i / 8] + b->order[0][2 * i];
        const int16_t w[4] = { b->taps[0][2 * i], b->taps[0][2 * i + 1], b->taps[1][2 * i], b->taps[1][2 * i + 1] };
        for (int k = 0; k < 4; k++) out[k][x] = times(in_units(weighed(rows[k] + at, w), twice), light[x]);
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
    shares_at(level->place, 16384, w);
    for (int i = 0; i < n; i++) out[i] = (int16_t)(times(a[i], w[0]) + times(b[i], w[1]) + times(c[i], w[2]) + times(d[i], w[3]));
}

/* A part of a row of a sheet, or the same of two, summed down and lit, where there is a light for it. */
typedef struct {
    const frame_sheet *sheets[2];
    const int16_t *lights[2];
    int16_t *out[2];
    int count, from, n;
} frame_gather;

static inline void gather(const frame_gather *what, const frame_level *level) {
    const int from = what->from, to = from + what->n;
    for (int k = 0; k < what->count; k++) {
        const int16_t *light = what->lights[k];
        int16_t *out = what->out[k];
        down(what->sheets[k], level, from, what->n, out + from);
        if (light) for (int i = from; i < to; i++) out[i] = times(out[i], light[i]);
    }
}

/* Of each pixel of a row of colours how much is hidden by the product: a quarter of that of four pixels of light. */
static inline void halve(const int16_t *a, const int16_t *b, int x, int n, int16_t *restrict out) {
    for (int i = x; i < x + n; i++) out[i] = (int16_t)((((a[2 * i] + b[2 * i]) >> 1) + ((a[2 * i + 1] + b[2 * i + 1]) >> 1)) >> 1);
}

/* The light of a node; colours become no lighter than they are. */
static inline int16_t light_of(float gain, int pixels) { return (int16_t)((pixels == CELL || gain < 1 ? gain : 1) * 16384); }

/* A line of light from each node to the next: of `pixels` to a cell, CELL or half as many for the colours. */
static inline void light_nodes(const float *gain, int cells, int pixels, int16_t *out) {
    for (int i = 0; i < cells; i++) {
        const int16_t from = light_of(gain[i], pixels), way = (int16_t)(light_of(gain[i + 1], pixels) - from);
        for (int k = 0; k < pixels; k++) out[pixels * i + k] = (int16_t)(from + times(way, (int16_t)((2 * k + 1) * (16384 / pixels))));
    }
}

/* The light of a row between both ends of its cells, `share` of the way down, 32768 to one. */
static inline void light_between(const int16_t *top, const int16_t *low, int16_t share, int n, int16_t *out) {
    for (int x = 0; x < n; x++) out[x] = (int16_t)(top[x] + times((int16_t)(low[x] - top[x]), share));
}

/* What is laid over a part of a row: its light or colour, its coloured light, and how much it hides. */
typedef struct {
    const int16_t *sums, *echo, *share;
    const uint8_t *tiles;       /* NULL where there is none */
    int shift;                  /* a tile has that power of two of pixels */
} frame_over;

/* What a row of light or of a colour is turned into bytes with. */
typedef struct {
    const int16_t *light;       /* what it is multiplied by, 16384 to one; NULL where it is lit already */
    const int16_t *black;       /* what is added, DITHER_SIDE again and again, 16 to a step */
    const int8_t *noise;
    int16_t grain;              /* 0 for none */
    uint8_t most;               /* the largest byte of its range */
    int room;                   /* bytes that may be written: more than the row has where the next one is written after it */
    const frame_sheet *echo;    /* NULL where no light is coloured */
    const int16_t *tint;        /* that light, 28672 to one */
    frame_over over;
} frame_finish;

/* Less of the ground where the product hides it. At a hard edge both reach beyond their values, and a share beyond one is right. */
static inline int16_t hidden(int16_t v, int16_t share) { return (int16_t)(v - times((int16_t)(2 * v), (int16_t)(2 * share))); }

/* As many pixels of a row as the dither has, from `x` on, lit, grained or tinted. */
static inline void finish_run(const frame_finish *how, const int16_t *sums, const int16_t *echo, int x, int n, uint8_t *out) {
    for (int i = 0; i < n; i++) {
        const int is_covered = how->over.tiles && how->over.tiles[(x + i) >> how->over.shift];
        int16_t v = how->light ? times(sums[i], how->light[x + i]) : sums[i];
        if (is_covered) v = (int16_t)(hidden(v, how->over.share[x + i]) + how->over.sums[x + i]);
        int16_t o = (int16_t)(v + how->black[i]);
        if (how->grain) {
            /* Grain lives in the middle tones: pure white and black stay clean. */
            int16_t t = v < 0 ? 0 : v > 3504 ? 3504 : v, body = (int16_t)(4 * times((int16_t)(t * 8), (int16_t)((4030 - t) * 2)));
            o = (int16_t)(o + times(times((int16_t)(how->noise[x + i] * 128), how->grain), body));
        }
        if (how->echo) {
            const int16_t back = is_covered ? (int16_t)(hidden(echo[i], how->over.share[x + i]) + how->over.echo[x + i]) : echo[i];
            o = (int16_t)(o + times(how->tint[x + i], back));
        }
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
#include "rows_broad.h"
#endif
