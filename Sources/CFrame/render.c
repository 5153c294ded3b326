// One frame. Its rows are resampled in two steps: each row of the picture across, then four of those down to one of the frame.
// Camera and light are computed at the nodes of a coarse mesh; a camera that looks straight at the picture needs it for light alone.
#include "ways.h"
#include <string.h>

#define HOT static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define FAST(kernel, ...) \
    do { if (wide == 2) kernel##_broad(__VA_ARGS__); else if (wide) kernel##_wide(__VA_ARGS__); else kernel(__VA_ARGS__); } while (0)
#else
#define FAST(kernel, ...) do { (void)wide; kernel(__VA_ARGS__); } while (0)
#endif

static uint32_t shaken(uint32_t x) {
    x ^= x >> 16; x *= 0x7FEB352Du; x ^= x >> 15; x *= 0x846CA68Bu;
    return x ^ x >> 16;
}

/* The light at a row of the frame: of luma `pixels` are CELL to a cell, of the colours half as many. */
HOT void light_row(const frame_scene *s, frame_lamp *lamp, float y, int pixels, int wide) {
    const int cells = (s->width + CELL - 1) / CELL;
    const float at = frame_clamp(y, 0, (float)s->height) / CELL;
    const int j = (int)at < s->nodes_y - 2 ? (int)at : s->nodes_y - 2;
    const float *gain = lamp->gain + j * s->nodes_x;
    if (j != lamp->cell) {
        int16_t *above = lamp->top;
        lamp->top = lamp->low;
        lamp->low = above;
        if (j != lamp->cell + 1) FAST(light_nodes, gain, cells, pixels, lamp->top);
        FAST(light_nodes, gain + s->nodes_x, cells, pixels, lamp->low);
        lamp->cell = j;
    }
    FAST(light_between, lamp->top, lamp->low, (int16_t)((at - (float)j) * 32767), cells * pixels, lamp->row);
}

/* The coloured light of a row of colours. */
HOT void tint(const frame_scene *s, const float *nodes, int y, int16_t *restrict out) {
    const float *top = nodes + y / CELL * s->nodes_x, *low = top + s->nodes_x, share = (float)(y % CELL + 1) / CELL;
    between(top, low, share, s->nodes_x, s->mesh.line);
    for (int i = 0; i + 1 < s->nodes_x; i++) {
        const float a = s->mesh.line[i], b = s->mesh.line[i + 1];
        for (int k = 0; k < CELL / 2; k++) out[i * CELL / 2 + k] = (int16_t)((a + (b - a) * ((float)k + 0.5f) / (CELL / 2)) * 28672);
    }
}

static const int8_t *coefficients(const frame_plane *plane, int row) { return plane->first + row * plane->stride; }

/* Four rows, beginning with that one, of one sheet, or two of each of two, resampled across by a layer's blocks and lit. */
HOT void resample(const frame_layer *layer, int plane, int count, const frame_block *blocks, const int16_t *light, int from, int n, int wide) {
    const frame_sheet *sheets = layer->sheets + plane;
    const int last = sheets->plane->height - 1 + PAD;
    const int8_t *rows[4];
    int16_t *out[4];
    for (int k = 0; k < 4; k++) {
        const frame_sheet *sheet = sheets + k % count;
        const int row = sheets->next + k / count, at = row < last ? row : last;
        rows[k] = coefficients(sheet->plane, at);
        out[k] = sheet_row(sheet, at) + from;
    }
    FAST(across, rows, sheets->plane->range, blocks + from / 16, light + from, n, out);
}

/* Brings sheets of a whole layer to where the rows of its picture from `low` to `high` are there: where rows stay rows, they are
   lit on the way. */
HOT void reach_light(frame_scene *s, frame_layer *layer, int low, int high, int is_straight, int wide) {
    int *next = &layer->sheets[LUMA].next;
    if (*next < low) *next = low;
    for (; *next <= high; *next += 4) {
        if (is_straight) light_row(s, &layer->light, row_of_frame(layer->rows, *next + 1.5), CELL, wide);
        resample(layer, LUMA, 1, layer->blocks, is_straight ? layer->light.row : s->rows.even, 0, s->width, wide);
    }
}

HOT void reach_colours(frame_scene *s, frame_layer *layer, int low, int high, int is_straight, int wide) {
    frame_sheet *blue = &layer->sheets[BLUE], *echo = &layer->sheets[ECHO];
    if (blue->next < low) blue->next = echo->next = low;
    for (; blue->next <= high; blue->next += 2) {
        if (is_straight) light_row(s, &layer->half_light, 2 * row_of_frame(halved(layer->rows), blue->next + 0.5), CELL / 2, wide);
        resample(layer, BLUE, 2, layer->half_blocks, is_straight ? layer->half_light.row : s->rows.even, 0, s->width / 2, wide);
    }
    if (s->is_tinted) for (; echo->next <= high; echo->next += 4)
        resample(layer, ECHO, 1, layer->half_blocks, is_straight ? s->rows.full : s->rows.even, 0, s->width / 2, wide);
}

/* The first marked tile from that one on, and the one behind those that follow it. */
HOT int run_of(const uint8_t *marks, int from, int count, int *end) {
    while (from < count && !marks[from]) from++;
    for (*end = from; *end < count && marks[*end];) ++*end;
    return from;
}

/* The same for the tiles of the product, whose light waits. */
HOT void reach_part(frame_scene *s, int plane, int low, int high, int wide) {
    frame_layer *layer = &s->product;
    const int is_half = plane == BLUE || plane == ECHO, count = plane == BLUE ? 2 : 1, n = s->tiles.count;
    const frame_block *blocks = is_half ? layer->half_blocks : layer->blocks;
    const int16_t *light = layer->is_straight ? s->rows.full : s->rows.even;
    int *next = &layer->sheets[plane].next;
    if (*next < low) *next = low;
    for (; *next <= high; *next += 4 / count) {
        const int row = (*next > 0 ? *next : 0) << is_half, last = s->nodes_y - 2, band = row / CELL < last ? row / CELL : last;
        const uint8_t *marks = s->tiles.sampled + band * n;
        for (int to, from = run_of(marks, 0, n, &to); from < n; from = run_of(marks, to, n, &to))
            resample(layer, plane, count, blocks, light, from * TILE >> is_half, (to - from) * TILE >> is_half, wide);
    }
}

/* Places the columns of a layer, and empties its sheets. Rows that stay rows need few at once, which stay near; others may need any. */
static void open_layer(frame_scene *s, frame_layer *layer) {
    const int W = s->width, n = (W + 31) & ~31;
    int32_t *place = s->rows.ramps.place;
    for (int x = 0; x < n; x++) place[x] = column_on(layer->u, CELL, x, W - 1);
    lay_out(place, n, layer->blocks);
    for (int x = 0; x < n / 2; x++) place[x] = column_on(layer->u, CELL / 2, x, W / 2 - 1);
    lay_out(place, n / 2, layer->half_blocks);
    if (layer->is_straight) layer->rows = (frame_way){ layer->v[0] + 0.5 * layer->grow[0], layer->grow[0] };
    for (int i = 0; i < PLANES; i++) {
        layer->sheets[i].mask = layer->is_straight ? 7 : layer->sheets[i].room - 1;
        layer->sheets[i].next = -PAD;
    }
    layer->light.cell = layer->half_light.cell = -2;
}

/* The rows of the picture that some rows of the frame are sampled from. */
typedef struct { int low, high; } span;

/* Of a layer, from one row of the frame to another. */
static span span_of(const frame_scene *s, const frame_layer *layer, int from, int to) {
    if (to > s->height) to = s->height;
    float low = layer->v[0] + layer->grow[0] * (float)from, high = low;
    for (int i = 0; i < s->nodes_x; i++) {
        low = fminf(low, layer->v[i] + layer->grow[i] * (float)from);
        high = fmaxf(high, layer->v[i] + layer->grow[i] * (float)to);
    }
    return (span){ (int)floorf(low) - 2, (int)floorf(high) + 3 };
}

/* The colours' rows for rows of light: between floor and the last tap they are these. */
static span half_of(span rows) { return (span){ (rows.low >> 1) - 2, (rows.high >> 1) + 1 }; }

static span around(int32_t place) { return (span){ (place >> 10) - 1, (place >> 10) + 2 }; }

/* Where a row of the frame lies on a layer. */
HOT frame_level level_of(frame_scene *s, const frame_layer *layer, int y, int is_straight) {
    const frame_ramps *ramps = &s->rows.ramps;
    if (is_straight) return (frame_level){ NULL, place_on(layer->rows, y, s->height - 1) };
    crossed(layer, (float)y + 0.5f, s->nodes_x, s->mesh.line);
    ramps_of(s->mesh.line, s->nodes_x - 1, ramps);
    bound((s->width + 15) / 16, ramps);
    return (frame_level){ ramps, 0 };
}

/* The same for a row of colours. */
HOT frame_level half_level_of(frame_scene *s, const frame_layer *layer, int y, int is_straight) {
    const frame_ramps *ramps = &s->rows.ramps;
    if (is_straight) return (frame_level){ NULL, place_on(halved(layer->rows), y, s->height / 2 - 1) };
    crossed(layer, (float)(2 * y + 1), s->nodes_x, s->mesh.line);
    half_ramps_of(s->mesh.line, s->nodes_x - 1, ramps);
    bound((s->width / 2 + 15) / 16, ramps);
    return (frame_level){ ramps, 0 };
}

/* Makes the product ready to be laid over two rows of light and one of colours, from that row of the frame on. */
HOT void cover(frame_scene *s, int y, int is_first, int is_straight, int wide) {
    frame_layer *layer = &s->product;
    frame_rows *r = &s->rows;
    const int n = s->tiles.count;
    const uint8_t *marks = s->tiles.covered + y / CELL * n;
    if (!is_straight && (is_first || y % CELL == 0)) {
        const span rows = span_of(s, layer, y, y / CELL * CELL + CELL), halves = half_of(rows);
        reach_part(s, LUMA, rows.low, rows.high, wide);
        reach_part(s, SHARE, rows.low, rows.high, wide);
        reach_part(s, BLUE, halves.low, halves.high, wide);
        if (s->is_tinted) reach_part(s, ECHO, halves.low, halves.high, wide);
    }
    light_row(s, &layer->light, (float)(y + 1), CELL, wide);
    light_row(s, &layer->half_light, (float)(y + 1), CELL / 2, wide);
    for (int k = 0; k < 2; k++) {
        const frame_level level = level_of(s, layer, y + k, is_straight);
        const span rows = around(level.place);
        if (is_straight) reach_part(s, LUMA, rows.low, rows.high, wide);
        if (is_straight) reach_part(s, SHARE, rows.low, rows.high, wide);
        for (int to, from = run_of(marks, 0, n, &to); from < n; from = run_of(marks, to, n, &to)) {
            const frame_gather both = {
                { &layer->sheets[LUMA], &layer->sheets[SHARE] }, { layer->light.row, NULL }, { r->covers[k].sums, r->covers[k].share },
                2, from * TILE, (to - from) * TILE };
            FAST(gather, &both, &level);
        }
    }
    const frame_level level = half_level_of(s, layer, y / 2, is_straight);
    const span rows = around(level.place);
    if (is_straight) reach_part(s, BLUE, rows.low, rows.high, wide);
    if (is_straight && s->is_tinted) reach_part(s, ECHO, rows.low, rows.high, wide);
    const int16_t *light = layer->half_light.row;
    for (int to, from = run_of(marks, 0, n, &to); from < n; from = run_of(marks, to, n, &to)) {
        const int at = from * TILE / 2, pixels = (to - from) * TILE / 2;
        const frame_gather both = { { &layer->sheets[BLUE], &layer->sheets[RED] }, { light, light }, { r->colours[0], r->colours[1] }, 2, at, pixels };
        const frame_gather echo = { { &layer->sheets[ECHO], NULL }, { r->full, NULL }, { r->echo, NULL }, 1, at, pixels };
        FAST(gather, &both, &level);
        if (s->is_tinted) FAST(gather, &echo, &level);
        FAST(halve, r->covers[0].share, r->covers[1].share, at, pixels, r->half_share);
    }
}

/* A row of the frame's light, and further down one of both its colours. */
HOT void render_light(frame_scene *s, int y, const frame_finish *how, uint8_t *out, int is_straight, int wide) {
    const frame_level level = level_of(s, &s->ground, y, is_straight);
    const span rows = around(level.place);
    uint8_t *const outs[2] = { out, out };
    if (is_straight) reach_light(s, &s->ground, rows.low, rows.high, 1, wide);
    FAST(finish, &s->ground.sheets[LUMA], how, 1, &level, s->width, outs);
}

HOT void render_colours(frame_scene *s, int y, const frame_finish how[2], uint8_t *const out[2], int is_straight, int wide) {
    const frame_level level = half_level_of(s, &s->ground, y, is_straight);
    const span rows = around(level.place);
    if (is_straight) reach_colours(s, &s->ground, rows.low, rows.high, 1, wide);
    FAST(finish, &s->ground.sheets[BLUE], how, 2, &level, s->width / 2, out);
}

HOT void render(frame_scene *s, const frame_moment *m, uint8_t *planes, int is_straight, int wide) {
    const int W = s->width, H = s->height, is_tinted = s->is_tinted;
    frame_rows *r = &s->rows;
    frame_layer *ground = &s->ground, *product = &s->product;
    uint8_t *luma = planes, *blue = planes + (size_t)W * (size_t)H, *red = blue + (size_t)W * (size_t)H / 4;
    const int bar = (int)((float)H * m->bars * 0.5f) * 2;
    const uint32_t shake = shaken(m->grain_seed);
    const int ox = (int)(shake & 255), oy = (int)(shake >> 8 & 255);
    const int16_t grain = (int16_t)fminf(m->grain * 419.8f, 32767);
    for (int y = 0; y < H; y += 2) {
        const size_t half = (size_t)(y / 2) * (size_t)(W / 2);
        uint8_t *light[2] = { luma + (size_t)y * (size_t)W, luma + (size_t)(y + 1) * (size_t)W }, *colours[2] = { blue + half, red + half };
        if (y < bar || y >= H - bar) {
            memset(light[0], 16, 2 * (size_t)W);
            memset(colours[0], 128, (size_t)W / 2);
            memset(colours[1], 128, (size_t)W / 2);
            continue;
        }
        const uint8_t *tiles = s->is_apart ? s->tiles.covered + y / CELL * s->tiles.count : NULL;
        if (tiles && product->is_straight) cover(s, y, y == bar, 1, wide);
        else if (tiles) cover(s, y, y == bar, 0, wide);
        if (!is_straight) {
            if (y == bar || y % CELL == 0) {
                const span rows = span_of(s, ground, y, y / CELL * CELL + CELL), halves = half_of(rows);
                reach_light(s, ground, rows.low, rows.high, 0, wide);
                reach_colours(s, ground, halves.low, halves.high, 0, wide);
            }
            light_row(s, &ground->light, (float)(y + 1), CELL, wide);
            light_row(s, &ground->half_light, (float)(y + 1), CELL / 2, wide);
        }
        for (int k = 0; k < 2; k++) {
            const int8_t *noise = s->grain + (size_t)((y + k + oy) & (GRAIN_ROWS - 1)) * (size_t)(W + GRAIN_ROWS) + ox;
            const int16_t *black = s->dither + (y + k) % DITHER_SIDE * DITHER_SIDE;
            const int room = y + k + 1 < H ? W + 32 : W;
            const frame_over over = { r->covers[k].sums, NULL, r->covers[k].share, tiles, 5 };
            const frame_finish how = { is_straight ? NULL : ground->light.row, black, noise, grain, 235, room, NULL, NULL, over };
            render_light(s, y + k, &how, light[k], is_straight, wide);
        }
        const int room = y + 2 < H ? W / 2 + 32 : W / 2;
        frame_finish tones[2];
        for (int k = 0; k < 2; k++) {
            if (is_tinted) tint(s, k ? s->mesh.cr : s->mesh.cb, y, r->tints[k]);
            const frame_sheet *echo = is_tinted ? &ground->sheets[ECHO] : NULL;
            const frame_over over = { r->colours[k], r->echo, r->half_share, tiles, 4 };
            tones[k] = (frame_finish){ is_straight ? NULL : ground->half_light.row, s->dither + DITHER_SIDE * DITHER_SIDE, NULL, 0, 240, room, echo, r->tints[k], over };
        }
        render_colours(s, y / 2, tones, colours, is_straight, wide);
    }
}

HOT void render_any(frame_scene *s, const frame_moment *m, uint8_t *planes, int wide) {
    frame_mesh_fill(s, m);
    open_layer(s, &s->ground);
    if (s->is_apart) open_layer(s, &s->product);
    if (s->ground.is_straight) render(s, m, planes, 1, wide);
    else render(s, m, planes, 0, wide);
}

#if defined(__x86_64__)
/* For both no more than AVX2 is told: what has a fused sum may round otherwise. */
#define WITH_AVX2 __attribute__((target("avx2"))) static void
WITH_AVX2 render_wide(frame_scene *s, const frame_moment *m, uint8_t *planes) { render_any(s, m, planes, 1); }
WITH_AVX2 render_broad(frame_scene *s, const frame_moment *m, uint8_t *planes) { render_any(s, m, planes, 2); }
#endif

void frame_render_by(frame_scene *s, const frame_moment *m, uint8_t *planes, int most) {
#if defined(__x86_64__)
    if (most >= 32 && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vl")) { render_broad(s, m, planes); return; }
    if (most >= 16 && __builtin_cpu_supports("avx2")) { render_wide(s, m, planes); return; }
#else
    (void)most;
#endif
    render_any(s, m, planes, 0);
}

void frame_render(frame_scene *s, const frame_moment *m, uint8_t *planes) { frame_render_by(s, m, planes, 32); }

void frame_sample(const frame_scene *s, float u, float v, float colour[3]) {
    for (int i = 0; i < 3; i++) {
        const frame_plane *plane = &s->ground.planes[i];
        const int32_t a = place_on((frame_way){ i ? u / 2 - 0.25 : u, 0 }, 0, plane->width - 1), b = place_on((frame_way){ i ? v / 2 - 0.25 : v, 0 }, 0, plane->height - 1);
        const int8_t *first = plane->first + ((b >> 10) - 1) * plane->stride + (a >> 10) - 1;
        int16_t w[4], rows[4];
        shares_at(a, 256, w);
        for (int k = 0; k < 4; k++) rows[k] = weighed(first + k * plane->stride, w);
        taps_at(b, w);
        colour[i] = (float)in_units(summed(rows, w), plane->range) / (32 * (i ? 224 : 219));
    }
}
