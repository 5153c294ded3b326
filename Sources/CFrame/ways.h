// Ways across a plane: where the pixels of a row are sampled, as the kernels of rows.h take it.
#pragma once
#include "rows.h"
#include <math.h>

/* The colours' pixels lie between two of the picture's. */
static frame_way halved(frame_way way) { return (frame_way){ (way.first + 0.5 * way.step) * 0.5 - 0.25, way.step }; }

/* The row or column of the frame that a place lies on. */
static float row_of_frame(frame_way way, double place) { return (float)((place - way.first) / way.step + 0.5); }

static int32_t place_on(frame_way way, int i, int last) {
    int32_t place = (int32_t)floor((way.first + way.step * i) * PLACES);
    return place < 0 ? 0 : place > last * PLACES ? last * PLACES : place;
}

/* Where the columns of a frame lie on a plane, in PLACES: in a straight line, or as the nodes have them. */
static int32_t column_on(const float *nodes, int pixels, int x, int last) {
    const int i = x / pixels;
    const float u = nodes[i] + (nodes[i + 1] - nodes[i]) * (((float)(x % pixels) + 0.5f) / (float)pixels);
    const float on = pixels == CELL ? u : u * 0.5f - 0.25f;
    return (int32_t)floorf(frame_clamp(on, 0, (float)last) * PLACES);
}

static void lay_out(const int32_t *place, int n, frame_block *blocks) {
    for (int x = 0; x < n; x += 16, place += 16, blocks++) {
        int16_t w[4][16];
        for (int i = 0; i < 16; i++) {
            int16_t t[4];
            shares_at(place[i], 256, t);
            for (int k = 0; k < 4; k++) w[k][i] = t[k];
        }
        for (int i = 0; i < 2; i++) blocks->at[i] = (place[8 * i] >> 10) - 1;
        for (int i = 0; i < 16; i++) for (int k = 0; k < 4; k++) {
            blocks->taps[k / 2][2 * i + k % 2] = (uint8_t)w[k][i];
            blocks->order[k / 2][2 * i + k % 2] = (uint8_t)((place[i] >> 10) - (place[i & 8] >> 10) + k);
        }
    }
}

#define BY_EIGHTS _Pragma("clang loop vectorize_width(8) interleave_count(1)")

/* A row between two rows of nodes. What is behind its last node is of the next row, or room. */
static inline void between(const float *top, const float *low, float share, int n, float *restrict out) {
    BY_EIGHTS for (int i = 0; i < (n + EIGHT - 1) / EIGHT * EIGHT; i++) out[i] = top[i] + (low[i] - top[i]) * share;
}

/* How far down the picture the columns of nodes are crossed by a row of the frame. */
static inline void crossed(const frame_layer *layer, float y, int n, float *restrict out) {
    const float *v = layer->v, *grow = layer->grow;
    BY_EIGHTS for (int i = 0; i < (n + EIGHT - 1) / EIGHT * EIGHT; i++) out[i] = v[i] + grow[i] * y;
}

static inline int32_t place_of(float pixels) { return (int32_t)((pixels + 32) * PLACES) - 32 * PLACES; }
static inline int16_t step_of(float pixels) { return (int16_t)((int32_t)((pixels + 2) * 16384 + 0.5f) - 2 * 16384); }

/* What lies between the nodes of a row, a cell being two runs of eight pixels. */
static inline void ramps_of(const float *nodes, int cells, const frame_ramps *ramps) {
    int32_t *restrict place = ramps->place;
    int16_t *restrict step = ramps->step;
    BY_EIGHTS for (int i = 0; i < cells; i++) {
        const float way = (nodes[i + 1] - nodes[i]) / CELL;
        place[2 * i] = place_of(nodes[i] + 0.5f * way);
        place[2 * i + 1] = place_of(nodes[i] + 8.5f * way);
        step[2 * i] = step[2 * i + 1] = step_of(way);
    }
}

/* The same for a plane of half the size, where a cell is one run. */
static inline void half_ramps_of(const float *nodes, int cells, const frame_ramps *ramps) {
    int32_t *restrict place = ramps->place;
    int16_t *restrict step = ramps->step;
    BY_EIGHTS for (int i = 0; i < cells; i++) {
        const float way = (nodes[i + 1] - nodes[i]) / CELL;
        place[i] = place_of(nodes[i] * 0.5f - 0.25f + 0.5f * way);
        step[i] = step_of(way);
    }
    place[cells] = place[cells - 1];
    step[cells] = 0;
}

/* Between which pixels each sixteen of a row lie; a little more, for the roundings of the kernels. */
static inline void bound(int count, const frame_ramps *ramps) {
    const int32_t *place = ramps->place;
    const int16_t *step = ramps->step;
    int32_t *restrict least = ramps->least, *restrict most = ramps->most;
    BY_EIGHTS for (int i = 0; i < (count + EIGHT - 1) / EIGHT * EIGHT; i++) {
        const int32_t a = place[2 * i], b = a + (step[2 * i] * 7 >> 4), c = place[2 * i + 1], d = c + (step[2 * i + 1] * 7 >> 4);
        const int32_t ab = a < b ? a : b, cd = c < d ? c : d, ba = a > b ? a : b, dc = c > d ? c : d;
        least[i] = ((ab < cd ? ab : cd) - 2) >> 10;
        most[i] = ((ba > dc ? ba : dc) + 2) >> 10;
    }
}
