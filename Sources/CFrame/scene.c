// The scene: what is computed once a clip, so that a frame is little more than its samples.
#include "scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mixed(uint64_t x) {
    x += 0x9E3779B97F4A7C15ull;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
}

static int8_t grain_of(float here, float right, float below, float aslant) {
    return (int8_t)frame_clamp((here + 0.6f * (right + below) + 0.36f * aslant) * 52, -127, 127);
}

/* Grain as film has it: noise of two sizes, nearly normal, about 40 steps wide. */
static int make_grain(frame_scene *s, uint64_t seed) {
    int w = s->width + GRAIN_ROWS, tile = GRAIN_ROWS;
    float *raw = malloc(sizeof(float) * (size_t)(tile * tile));
    if (!raw) return 0;
    for (int i = 0; i < tile * tile; i++) {
        uint64_t r = mixed(seed ^ (uint64_t)i * 0x632BE59BD9B4E019ull);
        raw[i] = (float)(int)((r & 0xFFFF) + (r >> 16 & 0xFFFF) + (r >> 32 & 0xFFFF) + (r >> 48)) / 65536.0f - 2;
    }
    for (int y = 0; y < tile; y++) {
        int8_t *row = s->grain + (size_t)y * (size_t)w;
        const float *here = raw + y * tile, *next = raw + (y + 1) % tile * tile;
        for (int x = 0; x < tile - 1; x++) row[x] = grain_of(here[x], here[x + 1], next[x], next[x + 1]);
        /* Apart: with the wrap inside of the loop, clang's vectors read on behind the row. */
        row[tile - 1] = grain_of(here[tile - 1], here[0], next[tile - 1], next[0]);
        for (int x = tile; x < w; x++) row[x] = row[x - tile];
    }
    free(raw);
    return 1;
}

static void make_dither(frame_scene *s) {
    for (int y = 0; y < DITHER_SIDE; y++) for (int x = 0; x < DITHER_SIDE; x++) {
        float a = 0.06711056f * (float)x + 0.00583715f * (float)y;
        float b = 52.9829189f * (a - (float)(int)a);
        s->dither[DITHER_SIDE * DITHER_SIDE + x] = 128 * 16 + 8;
        s->dither[y * DITHER_SIDE + x] = (int16_t)(16 * 16 + 16 * (b - (float)(int)b));
    }
}

#define POLE (-0.26794919243112270647f)
#define MOST 127    /* of a coefficient */
#define ABREAST 8   /* rows that are filtered together, as each waits for its own last result */

/* Cubic B-spline coefficients in place: the recursive filter with the one pole, along rows and then along columns. */
FRAME_ANY filter_rows_any(float *values, int w, int rows) {
    float sum[ABREAST];
    for (int k = 0; k < rows; k++) {
        const float *row = values + (size_t)k * (size_t)w;
        float power = POLE;
        sum[k] = row[0];
        for (int i = 1; i < w && i < 16; i++, power *= POLE) sum[k] += row[i] * power;
        sum[k] *= 6;
    }
    for (int i = 0; i < w; i++) for (int k = 0; k < rows; k++) {
        float *here = values + (size_t)k * (size_t)w + i;
        if (i) sum[k] = *here * 6 + sum[k] * POLE;
        *here = sum[k];
    }
    for (int k = 0; k < rows; k++) {
        float *last = values + (size_t)k * (size_t)w + w - 1;
        sum[k] = *last = (last[0] + last[-1] * POLE) * (POLE / (POLE * POLE - 1));
    }
    for (int i = w - 2; i >= 0; i--) for (int k = 0; k < rows; k++) {
        float *here = values + (size_t)k * (size_t)w + i;
        *here = sum[k] = (sum[k] - *here) * POLE;
    }
}

static void filter_rows(float *values, int w, int h) {
    int y = 0;
    for (; y + ABREAST <= h; y += ABREAST) filter_rows_any(values + (size_t)y * (size_t)w, w, ABREAST);
    filter_rows_any(values + (size_t)y * (size_t)w, w, h - y);
}

FRAME_ANY filter_down_any(float *values, int w, int n) {
    float power = POLE;
    for (int x = 0; x < w; x++) values[x] *= 6;
    for (int i = 1; i < n && i < 16; i++, power *= POLE) {
        const float *row = values + (size_t)i * (size_t)w;
        for (int x = 0; x < w; x++) values[x] += row[x] * (6 * power);
    }
    for (int i = 1; i < n; i++) {
        float *row = values + (size_t)i * (size_t)w, *above = row - w;
        for (int x = 0; x < w; x++) row[x] = row[x] * 6 + above[x] * POLE;
    }
    float *last = values + (size_t)(n - 1) * (size_t)w, *before = last - w;
    for (int x = 0; x < w; x++) last[x] = (last[x] + before[x] * POLE) * (POLE / (POLE * POLE - 1));
}
FRAME_TWICE(filter_down, (float *values, int w, int n), (values, w, n))

FRAME_ANY filter_up_any(float *row, int w) {
    const float *restrict below = row + w;
    for (int x = 0; x < w; x++) row[x] = (below[x] - row[x]) * POLE;
}
FRAME_TWICE(filter_up, (float *row, int w), (row, w))

/* Rounds a row of coefficients up or down by Bayer's matrix of sixteen: four taps each way see little of it, and slow gradients
   keep what lies between two steps. */
FRAME_ANY quantize_any(const float *restrict in, int w, int y, float scale, float middle, int8_t *restrict out) {
    for (int x = 0; x < w; x++) {
        const int aslant = x ^ y, rank = (aslant & 1) << 3 | (y & 1) << 2 | (aslant & 2) | (y >> 1 & 1);
        const float value = frame_clamp(in[x] * scale - middle, -MOST, MOST);
        out[x] = (int8_t)((int32_t)(value + (float)(MOST + 1) + ((float)rank + 0.5f) / 16) - MOST - 1);
    }
}
FRAME_TWICE(quantize, (const float *in, int w, int y, float scale, float middle, int8_t *out), (in, w, y, scale, middle, out))

int frame_plane_make(frame_plane *plane, float *values, int w, int h, float scale, frame_range range) {
    ptrdiff_t stride = w + 2 * PAD;
    /* The kernels read whole vectors: what lies behind the last row is room for that. */
    plane->memory = malloc((size_t)(stride * (h + 2 * PAD) + 2 * CELL));
    if (!plane->memory) return 0;
    plane->range = range;
    plane->first = plane->memory + PAD * stride + PAD;
    plane->width = w;
    plane->height = h;
    plane->stride = stride;
    filter_rows(values, w, h);
    filter_down(values, w, h);
    for (int y = h - 1; y >= 0; y--) {
        float *in = values + (size_t)y * (size_t)w;
        int8_t *out = plane->first + y * stride;
        if (y + 1 < h) filter_up(in, w);
        quantize(in, w, y, scale * 128 / range.step, (float)range.middle * 128 / range.step, out);
        for (int i = 1; i <= PAD; i++) { out[-i] = out[i]; out[w - 1 + i] = out[w - 1 - i]; }
    }
    for (int i = 1; i <= PAD; i++) {
        int8_t *top = plane->first - PAD, *low = top + (h - 1) * stride;
        memcpy(top - i * stride, top + i * stride, (size_t)stride);
        memcpy(low + i * stride, low - i * stride, (size_t)stride);
    }
    return 1;
}

/* The sheet of a plane, with room for all rows: most moments need few of them, and what is not touched takes no memory. */
static int make_sheet(const frame_scene *s, const frame_plane *plane, frame_sheet *sheet) {
    int rows = 8;
    while (rows < plane->height + 2 * PAD) rows *= 2;
    *sheet = (frame_sheet){ plane, NULL, (s->nodes_x + 3) / 4 * 4 * CELL, rows, 0, 0 };
    if (plane->memory) sheet->memory = aligned_alloc(64, sizeof(int16_t) * (size_t)(rows * sheet->pitch));
    return !plane->memory || sheet->memory;
}

/* Cuts one piece of memory into rows. */
static int make_rows(frame_scene *s) {
    frame_rows *r = &s->rows;
    frame_mesh *m = &s->mesh;
    const size_t x = (size_t)(s->nodes_x + EIGHT), y = (size_t)s->nodes_y, n = (x + 1) * CELL, across = (size_t)((s->height + PAD) / CELL + 4);
    struct { void *at; size_t bytes; } parts[] = {
        { &r->blocks, x * sizeof(frame_block) }, { &r->half_blocks, x * sizeof(frame_block) },
        { &m->u, x * y * sizeof(float) }, { &m->v, x * y * sizeof(float) }, { &m->gain, x * y * sizeof(float) },
        { &m->cb, x * y * sizeof(float) }, { &m->cr, x * y * sizeof(float) }, { &m->across, x * across * sizeof(float) },
        { &m->low, y * sizeof(int) }, { &m->high, y * sizeof(int) }, { &m->bells, 4 * (x + y) * sizeof(float) }, { &m->line, x * sizeof(float) },
        { &r->ramps.place, n / 8 * sizeof(int32_t) }, { &r->ramps.step, n / 8 * sizeof(int16_t) },
        { &r->ramps.least, n / 16 * sizeof(int32_t) }, { &r->ramps.most, n / 16 * sizeof(int32_t) },
        { &r->light.top, n * sizeof(int16_t) }, { &r->light.low, n * sizeof(int16_t) }, { &r->light.row, n * sizeof(int16_t) },
        { &r->half_light.top, n * sizeof(int16_t) }, { &r->half_light.low, n * sizeof(int16_t) },
        { &r->half_light.row, n * sizeof(int16_t) }, { &r->full, n * sizeof(int16_t) }, { &r->tints[0], n * sizeof(int16_t) }, { &r->tints[1], n * sizeof(int16_t) },
    };
    const size_t count = sizeof parts / sizeof *parts;
    size_t all = 0;
    for (size_t i = 0; i < count; i++) all += parts[i].bytes = (parts[i].bytes + 63) & ~(size_t)63;
    uint8_t *next = s->row_memory = aligned_alloc(64, all);
    if (!next) return 0;
    memset(next, 0, all);
    for (size_t i = 0; i < count; next += parts[i++].bytes) memcpy(parts[i].at, &next, sizeof next);
    m->rows_across = (int)across;
    for (size_t i = 0; i < n; i++) r->full[i] = INT16_MAX;
    return 1;
}

static int make_planes(frame_scene *s, const uint8_t *rgba, const uint8_t *matte, const frame_grade *grade, int is_tinted) {
    size_t all = (size_t)s->width * (size_t)s->height;
    int w = s->width / 2, h = s->height / 2, good = 0;
    float *values = malloc(sizeof(float) * (all + all / 4 * (is_tinted ? 3 : 2)));
    if (values) {
        frame_graded picture = { values, values + all, values + all + all / 4, is_tinted ? values + all + all / 2 : NULL };
        /* Coefficients of a hard edge reach beyond its values by a third of its height: so do these ranges. */
        const frame_range light = { 48 * 128, 219 * 16 }, colour = { 40 * 128, 0 }, echo = { 28 * 128, 2048 };
        good = frame_grade_picture(s, rgba, matte, grade, &picture)
            && frame_plane_make(&s->luma, picture.luma, s->width, s->height, 219 * 32, light)
            && frame_plane_make(&s->blue, picture.blue, w, h, 224 * 32, colour) && frame_plane_make(&s->red, picture.red, w, h, 224 * 32, colour)
            && (!is_tinted || frame_plane_make(&s->echo, picture.echo, w, h, 4096, echo));
    }
    free(values);
    const frame_plane *planes[4] = { &s->luma, &s->blue, &s->red, &s->echo };
    for (int i = 0; i < 4; i++) good = good && make_sheet(s, planes[i], &s->sheets[i]);
    return good;
}

frame_scene *frame_scene_make(const uint8_t *rgba, const uint8_t *matte, int width, int height, const frame_subject *subject, const frame_grade *grade, int is_tinted, uint64_t seed) {
    if (width < 32 || height < 32 || (width & 1) || (height & 1) || width > 8192 || height > 8192) return NULL;
    frame_scene *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    int shorter = width < height ? width : height, cell = shorter / 270 < 1 ? 1 : shorter / 270;
    s->width = width;
    s->height = height;
    s->subject = *subject;
    s->map_width = width / cell;
    s->map_height = height / cell;
    s->nodes_x = ((width + CELL - 1) / CELL + EIGHT - 1) / EIGHT * EIGHT + 1;
    s->nodes_y = (height + CELL - 1) / CELL + 1;
    s->depth = malloc(sizeof(float) * (size_t)s->map_width * (size_t)s->map_height);
    s->grain = malloc((size_t)(width + GRAIN_ROWS) * GRAIN_ROWS + DITHER_SIDE);
    s->dither = malloc(sizeof(int16_t) * DITHER_SIDE * (DITHER_SIDE + 1));
    if (!s->depth || !s->grain || !s->dither || !make_rows(s) || !make_grain(s, seed)
        || !frame_make_depth(s, matte) || !make_planes(s, rgba, matte, grade, is_tinted)) {
        frame_scene_free(s);
        return NULL;
    }
    make_dither(s);
    return s;
}

void frame_scene_free(frame_scene *s) {
    if (!s) return;
    free(s->luma.memory); free(s->blue.memory); free(s->red.memory); free(s->echo.memory);
    for (int i = 0; i < 4; i++) free(s->sheets[i].memory);
    free(s->depth); free(s->grain); free(s->dither); free(s->row_memory);
    free(s);
}

long frame_bytes(const frame_scene *s) { return (long)s->width * s->height * 3 / 2; }
