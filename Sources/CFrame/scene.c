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
    plane->memory = malloc((size_t)(stride * (h + 2 * PAD) + 4 * CELL));
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

typedef struct { void *at; size_t bytes; } part;

/* Cuts one piece of memory into rows. */
static int make_rows(frame_scene *s) {
    frame_rows *r = &s->rows;
    frame_mesh *m = &s->mesh;
    const size_t x = (size_t)(s->nodes_x + EIGHT), y = (size_t)s->nodes_y, n = (x + 1) * CELL, row = n * sizeof(int16_t);
    part parts[48] = {
        { &m->gain, x * y * sizeof(float) }, { &m->open_gain, x * y * sizeof(float) }, { &m->cb, x * y * sizeof(float) }, { &m->cr, x * y * sizeof(float) },
        { &m->bells, 4 * (x + y) * sizeof(float) }, { &m->line, x * sizeof(float) },
        { &r->ramps.place, n * sizeof(int32_t) }, { &r->ramps.step, n / 8 * sizeof(int16_t) },
        { &r->ramps.least, n / 16 * sizeof(int32_t) }, { &r->ramps.most, n / 16 * sizeof(int32_t) },
        { &r->full, row }, { &r->even, row }, { &r->tints[0], row }, { &r->tints[1], row },
        { &r->covers[0].sums, row }, { &r->covers[0].share, row }, { &r->covers[1].sums, row }, { &r->covers[1].share, row },
        { &r->colours[0], row }, { &r->colours[1], row }, { &r->echo, row }, { &r->half_share, row },
        { &s->tiles.sampled, x * y }, { &s->tiles.covered, x * y }, { &s->tiles.held, y * (size_t)(s->map_width + 1) * sizeof(uint16_t) },
    };
    size_t count = 25, all = 0;
    for (int i = 0; i < 2; i++) {
        frame_layer *l = i ? &s->product : &s->ground;
        const part more[] = {
            { &l->blocks, x * sizeof(frame_block) }, { &l->half_blocks, x * sizeof(frame_block) },
            { &l->u, x * sizeof(float) }, { &l->v, x * sizeof(float) }, { &l->grow, x * sizeof(float) },
            { &l->light.top, row }, { &l->light.low, row }, { &l->light.row, row },
            { &l->half_light.top, row }, { &l->half_light.low, row }, { &l->half_light.row, row },
        };
        for (size_t k = 0; k < sizeof more / sizeof *more; k++) parts[count++] = more[k];
    }
    for (size_t i = 0; i < count; i++) all += parts[i].bytes = (parts[i].bytes + 63) & ~(size_t)63;
    uint8_t *next = s->row_memory = aligned_alloc(64, all);
    if (!next) return 0;
    memset(next, 0, all);
    for (size_t i = 0; i < count; next += parts[i++].bytes) memcpy(parts[i].at, &next, sizeof next);
    for (size_t i = 0; i < n; i++) { r->full[i] = INT16_MAX; r->even[i] = 16384; }
    s->ground.light.gain = s->ground.half_light.gain = m->gain;
    s->product.light.gain = s->product.half_light.gain = m->open_gain;
    return 1;
}

/* The planes of a layer, from its values, which are used up. Coefficients of a hard edge reach beyond its values by a third of its
   height, and what a product is lighter or darker than its ground goes both ways: so do these ranges. */
static int make_layer(const frame_scene *s, frame_layer *layer, const frame_graded *picture, frame_range light) {
    const int w = s->width / 2, h = s->height / 2;
    const frame_range colour = { 40 * 128, 0 }, echo = { 28 * 128, 2048 };
    int good = frame_plane_make(&layer->planes[LUMA], picture->luma, s->width, s->height, 219 * 32, light)
        && frame_plane_make(&layer->planes[BLUE], picture->blue, w, h, 224 * 32, colour)
        && frame_plane_make(&layer->planes[RED], picture->red, w, h, 224 * 32, colour)
        && (!picture->echo || frame_plane_make(&layer->planes[ECHO], picture->echo, w, h, 4096, echo));
    return good;
}

/* Of each pixel of a picture, takes away what it has of the ground. */
static void take_ground(const frame_scene *s, const uint8_t *matte, const frame_graded *picture, const frame_graded *ground) {
    const size_t W = (size_t)s->width, w = W / 2;
    for (size_t i = 0; i < W * (size_t)s->height; i++) picture->luma[i] -= ground->luma[i] * (1 - (float)matte[i] * (1 / 255.0f));
    for (size_t y = 0; y < (size_t)s->height / 2; y++) for (size_t x = 0; x < w; x++) {
        const uint8_t *m = matte + 2 * y * W + 2 * x;
        const float rest = 1 - (float)(m[0] + m[1] + m[W] + m[W + 1]) * (1 / 1020.0f);
        const size_t i = y * w + x;
        picture->blue[i] -= ground->blue[i] * rest;
        picture->red[i] -= ground->red[i] * rest;
        if (picture->echo) picture->echo[i] -= ground->echo[i] * rest;
    }
}

static frame_graded graded_in(float *values, size_t all, int is_tinted) {
    return (frame_graded){ values, values + all, values + all + all / 4, is_tinted ? values + all + all / 2 : NULL };
}

/* The picture as it is graded, or its ground, and what the product changes about that. */
static int make_planes(frame_scene *s, const frame_source *source, const frame_grade *grade) {
    const size_t all = (size_t)s->width * (size_t)s->height, count = all + all / 4 * (s->is_tinted ? 3 : 2);
    const frame_range light = { 48 * 128, 219 * 16 }, change = { 56 * 128, 219 * 12 }, share = { 6990, 4096 };
    float *values = malloc(sizeof(float) * count * (s->is_apart ? 2 : 1));
    uint8_t *ground = s->is_apart ? malloc(4 * all) : NULL, *nothing = s->is_apart ? calloc(all, 1) : NULL;
    const frame_graded picture = graded_in(values, all, s->is_tinted), behind = s->is_apart ? graded_in(values + count, all, s->is_tinted) : picture;
    int good = values && frame_grade_picture(s, source->rgba, source->matte, grade, &picture);
    if (good && s->is_apart) {
        good = ground && nothing && frame_make_ground(s, source, ground) && frame_grade_picture(s, ground, nothing, grade, &behind);
        if (good) take_ground(s, source->matte, &picture, &behind);
        good = good && make_layer(s, &s->product, &picture, change);
        if (good) for (size_t i = 0; i < all; i++) picture.luma[i] = (float)source->matte[i] * (1 / 255.0f);
        good = good && frame_plane_make(&s->product.planes[SHARE], picture.luma, s->width, s->height, 8192, share);
    }
    good = good && make_layer(s, &s->ground, &behind, light);
    free(values);
    free(ground);
    free(nothing);
    for (int i = 0; i < PLANES; i++) good = good && make_sheet(s, &s->ground.planes[i], &s->ground.sheets[i]) && make_sheet(s, &s->product.planes[i], &s->product.sheets[i]);
    return good;
}

frame_scene *frame_scene_make(const frame_source *source, const frame_grade *grade) {
    const int width = source->width, height = source->height;
    if (width < 32 || height < 32 || (width & 1) || (height & 1) || width > 8192 || height > 8192) return NULL;
    frame_scene *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    int shorter = width < height ? width : height, cell = shorter / 270 < 1 ? 1 : shorter / 270;
    s->width = width;
    s->height = height;
    s->subject = source->subject;
    s->is_apart = source->matte && source->is_apart;
    s->is_tinted = source->is_tinted;
    s->map_width = width / cell;
    s->map_height = height / cell;
    s->nodes_x = ((width + CELL - 1) / CELL + EIGHT - 1) / EIGHT * EIGHT + 1;
    s->nodes_y = (height + CELL - 1) / CELL + 1;
    s->tiles.count = (width + TILE - 1) / TILE;
    s->grain = malloc((size_t)(width + GRAIN_ROWS) * GRAIN_ROWS + DITHER_SIDE);
    s->dither = malloc(sizeof(int16_t) * DITHER_SIDE * (DITHER_SIDE + 1));
    if (!s->grain || !s->dither || !make_rows(s) || !make_grain(s, source->seed) || !make_planes(s, source, grade)) {
        frame_scene_free(s);
        return NULL;
    }
    make_dither(s);
    return s;
}

void frame_scene_free(frame_scene *s) {
    if (!s) return;
    for (int i = 0; i < PLANES; i++) {
        free(s->ground.planes[i].memory);
        free(s->ground.sheets[i].memory);
        free(s->product.planes[i].memory);
        free(s->product.sheets[i].memory);
    }
    free(s->grain);
    free(s->dither);
    free(s->row_memory);
    free(s);
}

long frame_bytes(const frame_scene *s) { return (long)s->width * s->height * 3 / 2; }
