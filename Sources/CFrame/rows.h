// The kernels of a row of pixels. Each is written twice: plainly here, and in rows_wide.h for processors with AVX2; both give the
// same numbers to the last bit.
#pragma once
#include "scene.h"
#include <string.h>

/* The rounded product of two numbers of which the second is a fraction, 32768 to one. */
static inline int16_t times(int16_t a, int16_t b) { return (int16_t)(((((int32_t)a * b) >> 14) + 1) >> 1); }
static inline int16_t narrow(int32_t a) { return (int16_t)(a > 32767 ? 32767 : a < -32768 ? -32768 : a); }

/* A row of coefficients resampled across: at each pixel four of them, from `at`. Out come 8192 to one. */
static inline void across(const int16_t *row, const int32_t *at, const int16_t *taps, int n, int16_t *out) {
    for (int x = 0; x < n; x++) {
        const int16_t *p = row + at[x], *w = taps + 4 * x;
        out[x] = narrow((p[0] * w[0] + p[1] * w[1] + p[2] * w[2] + p[3] * w[3] + 8192) >> 14);
    }
}

/* Sixteen coefficients around each pixel, first down, then across. Out come 8192 to one. */
static inline void anywhere(const frame_plane *plane, const frame_scene *s, const int32_t *at, const int16_t *pu, const int16_t *pv, int n, int16_t *out) {
    const ptrdiff_t stride = plane->stride;
    for (int x = 0; x < n; x++) {
        const int16_t *p = plane->first + at[x], *wx = s->taps[pu[x]], *wy = s->taps[pv[x]];
        int32_t sum = 0;
        for (int i = 0; i < 4; i++) {
            int32_t down = p[i] * wy[0] + p[i + stride] * wy[1] + p[i + 2 * stride] * wy[2] + p[i + 3 * stride] * wy[3];
            sum += narrow((down + 8192) >> 14) * wx[i];
        }
        out[x] = narrow((sum + 16384) >> 15);
    }
}

/* Four rows that were resampled across, summed down. */
static inline void down(const int16_t *const rows[4], const int16_t *w, int n, int16_t *out) {
    const int16_t *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
    for (int x = 0; x < n; x++) out[x] = (int16_t)(times(a[x], w[0]) + times(b[x], w[1]) + times(c[x], w[2]) + times(d[x], w[3]));
}

static inline void place_one(const frame_rows *r, const frame_plane *plane, int x, int32_t u, int32_t v) {
    const int32_t last_u = (plane->width - 1) * PHASES, last_v = (plane->height - 1) * PHASES;
    u = (u + 64) >> 7;
    v = (v + 64) >> 7;
    u = u < 0 ? 0 : u > last_u ? last_u : u;
    v = v < 0 ? 0 : v > last_v ? last_v : v;
    r->phase_u[x] = (int16_t)(u & (PHASES - 1));
    r->phase_v[x] = (int16_t)(v & (PHASES - 1));
    r->at[x] = ((v >> 9) - 1) * (int32_t)plane->stride + (u >> 9) - 1;
}

static inline void place_from(const frame_rows *r, const frame_plane *plane, int k, int x, int n) {
    for (; x < n; x++) place_one(r, plane, x, r->u[x] + r->du[x] * k, r->v[x] + r->dv[x] * k);
}

/* Where the taps of each pixel of the k-th row of the cells begin, and their phases. */
static inline void place(const frame_rows *r, const frame_plane *plane, int k, int n) { place_from(r, plane, k, 0, n); }

/* The same for the colours, each of whose pixels lies in the middle of four; k is even. */
static inline void place_half(const frame_rows *r, const frame_plane *plane, int k, int n) {
    for (int x = 0; x < n; x++) {
        int32_t u = (r->u[2 * x] + r->u[2 * x + 1] + (r->du[2 * x] + r->du[2 * x + 1]) * k + r->du[2 * x]) >> 2;
        int32_t v = (r->v[2 * x] + r->v[2 * x + 1] + (r->dv[2 * x] + r->dv[2 * x + 1]) * k + r->dv[2 * x]) >> 2;
        place_one(r, plane, x, u - 16384, v - 16384);
    }
}

/* What a row of light is turned into bytes with. */
typedef struct {
    const int16_t *top, *low;   /* the light at both ends of the cells, 16384 to one */
    const int16_t *dither;
    const int8_t *noise;
    int16_t share;              /* how far down the cells, 32768 to one */
    int16_t grain;              /* 0 for none */
} frame_shading;

static inline void shade_from(const int16_t *light, const frame_shading *how, int x, int n, uint8_t *out) {
    for (; x < n; x++) {
        int16_t g = (int16_t)(how->top[x] + times((int16_t)(how->low[x] - how->top[x]), how->share)), v = times(light[x], g);
        v = v < -512 ? -512 : v > 4608 ? 4608 : v;
        int16_t o = (int16_t)(times((int16_t)(v * 2), 28032) + 512 + how->dither[x]);
        if (how->grain) {
            /* Grain lives in the middle tones: pure white and black stay clean. */
            int16_t t = v < 0 ? 0 : v > 4095 ? 4095 : v, body = (int16_t)(6 * times((int16_t)(t * 8), (int16_t)((4710 - t) * 2)));
            o = (int16_t)(o + times(times((int16_t)(how->noise[x] * 128), how->grain), body));
        }
        o = (int16_t)(o >> 5);
        out[x] = (uint8_t)(o < 16 ? 16 : o > 235 ? 235 : o);
    }
}

/* A row of light, lit and grained, as bytes of limited range. */
static inline void shade(const int16_t *light, const frame_shading *how, int n, uint8_t *out) { shade_from(light, how, 0, n, out); }

static inline void tone_from(const frame_rows *r, int16_t share, int x, int n, uint8_t *out) {
    for (; x < n; x++) {
        int16_t g = (int16_t)(r->half_top[x] + times((int16_t)(r->half_low[x] - r->half_top[x]), share));
        g = g > 16384 ? 16384 : g;
        int16_t o = (int16_t)(times((int16_t)(times(r->colour[x], g) * 2), 28672) + 4112 + times((int16_t)(r->tints[x] * 4), r->echo[x]));
        o = (int16_t)(o >> 5);
        out[x] = (uint8_t)(o < 16 ? 16 : o > 240 ? 240 : o);
    }
}

/* A row of colour, lit and tinted, as bytes of limited range. */
static inline void tone(const frame_rows *r, int16_t share, int n, uint8_t *out) { tone_from(r, share, 0, n, out); }

#if defined(__x86_64__)
#include "rows_wide.h"
#endif
