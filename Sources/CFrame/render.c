// One frame. Its rows are resampled in two steps: each row of the picture across, then four of those down to one of the frame.
// Camera and light are computed at the nodes of a coarse mesh; a camera that looks straight at the picture needs it for light alone.
#include "ways.h"
#include <string.h>

#define HOT static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define FAST(kernel, ...) do { if (wide) kernel##_wide(__VA_ARGS__); else kernel(__VA_ARGS__); } while (0)
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
    const float *gain = s->mesh.gain + j * s->nodes_x;
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

/* The nodes of a row of the picture, given in halves of a pixel. */
HOT const float *nodes_across(const frame_scene *s, int row) {
    const int from = row + 4 * CELL, k = from / (2 * CELL);
    const float *top = s->mesh.across + k * s->nodes_x;
    between(top, top + s->nodes_x, (float)(from % (2 * CELL)) / (2 * CELL), s->nodes_x, s->mesh.line);
    return s->mesh.line;
}

/* How far down the picture the pixels of a row of the frame lie, which is given in halves of a pixel. */
HOT const float *nodes_down(const frame_scene *s, int row) {
    const float *top = s->mesh.v + row / (2 * CELL) * s->nodes_x;
    between(top, top + s->nodes_x, (float)(row % (2 * CELL)) / (2 * CELL), s->nodes_x, s->mesh.line);
    return s->mesh.line;
}

static const int8_t *coefficients(const frame_sheet *sheet, int row) { return sheet->plane->first + row * sheet->plane->stride; }

/* Four rows, beginning with that one, of one sheet, or two of each of two, resampled across by the frame's blocks and lit. */
HOT void straight_across(const frame_sheet *sheets, int count, int row, const frame_block *blocks, const int16_t *light, int n, int wide) {
    const int last = sheets->plane->height - 1 + PAD;
    const int8_t *rows[4];
    int16_t *out[4];
    for (int k = 0; k < 4; k++) {
        const frame_sheet *sheet = sheets + k % count;
        const int at = row + k / count < last ? row + k / count : last;
        rows[k] = coefficients(sheet, at);
        out[k] = sheet_row(sheet, at);
    }
    FAST(across, rows, sheets->plane->range, blocks, light, n, out);
}

/* The same row of one sheet or two, resampled across as the mesh has it. */
HOT void warped_across(const frame_sheet *sheets, int count, int row, const frame_ramps *ramps, int n, int wide) {
    const int8_t *rows[2] = { coefficients(sheets, row), coefficients(sheets + count - 1, row) };
    int16_t *out[2] = { sheet_row(sheets, row), sheet_row(sheets + count - 1, row) };
    FAST(warp_across, rows, count, ramps, n, out);
}

/* Brings the light's sheet to where the rows of the picture from `low` to `high` are there. */
HOT void reach_light(frame_scene *s, int low, int high, frame_way way, int is_straight, int wide) {
    frame_sheet *luma = &s->sheets[0];
    frame_lamp *lamp = &s->rows.light;
    if (luma->next < low) luma->next = low;
    for (; luma->next <= high; luma->next += is_straight ? 4 : 1) {
        if (is_straight) {
            light_row(s, lamp, row_of_frame(way, luma->next + 1.5), CELL, wide);
            straight_across(luma, 1, luma->next, s->rows.blocks, lamp->row, s->width, wide);
        } else {
            ramps_of(nodes_across(s, 2 * luma->next), s->nodes_x - 1, &s->rows.ramps);
            warped_across(luma, 1, luma->next, &s->rows.ramps, s->width, wide);
        }
    }
}

/* The same for the colours, and for what throws coloured light back. */
HOT void reach_colours(frame_scene *s, int low, int high, frame_way way, int is_straight, int wide) {
    frame_sheet *blue = &s->sheets[1], *echo = &s->sheets[3];
    if (blue->next < low) blue->next = low;
    for (; blue->next <= high; blue->next += is_straight ? 2 : 1) {
        const int row = blue->next;
        if (is_straight) {
            frame_lamp *lamp = &s->rows.half_light;
            light_row(s, lamp, 2 * row_of_frame(way, row + 0.5), CELL / 2, wide);
            straight_across(blue, 2, row, s->rows.half_blocks, lamp->row, s->width / 2, wide);
            if (echo->plane->memory) straight_across(echo, 1, row, s->rows.half_blocks, s->rows.full, s->width / 2, wide);
        } else {
            half_ramps_of(nodes_across(s, 4 * row + 1), s->nodes_x - 1, &s->rows.ramps);
            warped_across(blue, 2, row, &s->rows.ramps, s->width / 2, wide);
            if (echo->plane->memory) warped_across(echo, 1, row, &s->rows.ramps, s->width / 2, wide);
        }
    }
}

/* Empties the sheets. Rows that stay rows need few at once, which stay near; the mesh may need any. */
static void clear_sheets(frame_scene *s, int is_straight) {
    for (int i = 0; i < 4; i++) {
        s->sheets[i].mask = is_straight ? 7 : s->sheets[i].room - 1;
        s->sheets[i].next = -PAD;
    }
}

/* A row of the frame's light, and further down one of both its colours. */
HOT void render_light(frame_scene *s, int y, frame_way way, const frame_finish *how, uint8_t *out, int is_straight, int wide) {
    const frame_ramps *ramps = &s->rows.ramps;
    const frame_level level = { is_straight ? NULL : ramps, is_straight ? place_on(way, y, s->height - 1) : 0 };
    uint8_t *const outs[2] = { out, out };
    if (is_straight) {
        reach_light(s, (level.place >> 10) - 1, (level.place >> 10) + 2, way, 1, wide);
    } else {
        ramps_of(nodes_down(s, 2 * y + 1), s->nodes_x - 1, ramps);
        bound((s->width + 15) / 16, ramps);
    }
    FAST(finish, &s->sheets[0], how, 1, &level, s->width, outs);
}

HOT void render_colours(frame_scene *s, int y, frame_way way, const frame_finish how[2], uint8_t *const out[2], int is_straight, int wide) {
    const frame_ramps *ramps = &s->rows.ramps;
    const frame_level level = { is_straight ? NULL : ramps, is_straight ? place_on(way, y, s->height / 2 - 1) : 0 };
    if (is_straight) {
        reach_colours(s, (level.place >> 10) - 1, (level.place >> 10) + 2, way, 1, wide);
    } else {
        half_ramps_of(nodes_down(s, 4 * y + 2), s->nodes_x - 1, ramps);
        bound((s->width / 2 + 15) / 16, ramps);
    }
    FAST(finish, &s->sheets[1], how, 2, &level, s->width / 2, out);
}

HOT void render(frame_scene *s, const frame_moment *m, const frame_view *view, uint8_t *planes, int is_straight, int wide) {
    const int W = s->width, H = s->height, is_tinted = s->echo.memory != NULL;
    frame_rows *r = &s->rows;
    uint8_t *luma = planes, *blue = planes + (size_t)W * (size_t)H, *red = blue + (size_t)W * (size_t)H / 4;
    const int bar = (int)((float)H * m->bars * 0.5f) * 2;
    const uint32_t shake = shaken(m->grain_seed);
    const int ox = (int)(shake & 255), oy = (int)(shake >> 8 & 255);
    const int16_t grain = (int16_t)fminf(m->grain * 419.8f, 32767);
    frame_way rows = { 0, 0 };
    frame_mesh_fill(s, view);
    clear_sheets(s, is_straight);
    r->light.cell = r->half_light.cell = -2;
    if (is_straight) {
        float a[2], b[2];
        frame_place_at(s, view, 0, 0, &a[0], &a[1]);
        frame_place_at(s, view, (float)W, (float)H, &b[0], &b[1]);
        frame_way columns = { a[0], ((double)b[0] - a[0]) / W };
        rows = (frame_way){ a[1], ((double)b[1] - a[1]) / H };
        columns.first += 0.5 * columns.step;
        rows.first += 0.5 * rows.step;
        lay_out(columns, W - 1, (W + 15) & ~15, r->blocks);
        lay_out(halved(columns), W / 2 - 1, (W / 2 + 15) & ~15, r->half_blocks);
    }
    for (int y = 0; y < H; y += 2) {
        const int j = y / CELL;
        const size_t half = (size_t)(y / 2) * (size_t)(W / 2);
        uint8_t *light[2] = { luma + (size_t)y * (size_t)W, luma + (size_t)(y + 1) * (size_t)W }, *colours[2] = { blue + half, red + half };
        if (y < bar || y >= H - bar) {
            memset(light[0], 16, 2 * (size_t)W);
            memset(colours[0], 128, (size_t)W / 2);
            memset(colours[1], 128, (size_t)W / 2);
            continue;
        }
        if (!is_straight) {
            /* Between floor and the last tap, the colours' rows are these. */
            const int low = s->mesh.low[j], high = s->mesh.high[j + 1];
            reach_light(s, low, high, rows, 0, wide);
            reach_colours(s, (low >> 1) - 2, (high >> 1) + 1, rows, 0, wide);
            light_row(s, &r->light, (float)(y + 1), CELL, wide);
            light_row(s, &r->half_light, (float)(y + 1), CELL / 2, wide);
        }
        for (int k = 0; k < 2; k++) {
            const int8_t *noise = s->grain + (size_t)((y + k + oy) & (GRAIN_ROWS - 1)) * (size_t)(W + GRAIN_ROWS) + ox;
            const int16_t *black = s->dither + (y + k) % DITHER_SIDE * DITHER_SIDE;
            const int room = y + k + 1 < H ? W + 32 : W;
            const frame_finish how = { is_straight ? NULL : r->light.row, black, noise, grain, 235, room, NULL, NULL };
            render_light(s, y + k, rows, &how, light[k], is_straight, wide);
        }
        const int room = y + 2 < H ? W / 2 + 32 : W / 2;
        frame_finish tones[2];
        for (int k = 0; k < 2; k++) {
            if (is_tinted) tint(s, k ? s->mesh.cr : s->mesh.cb, y, r->tints[k]);
            const frame_sheet *echo = is_tinted ? &s->sheets[3] : NULL;
            tones[k] = (frame_finish){ is_straight ? NULL : r->half_light.row, s->dither + DITHER_SIDE * DITHER_SIDE, NULL, 0, 240, room, echo, r->tints[k] };
        }
        render_colours(s, y / 2, halved(rows), tones, colours, is_straight, wide);
    }
}

HOT void render_any(frame_scene *s, const frame_moment *m, uint8_t *planes, int wide) {
    const frame_view view = frame_view_of(m);
    if (view.is_straight) render(s, m, &view, planes, 1, wide);
    else render(s, m, &view, planes, 0, wide);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void render_wide(frame_scene *s, const frame_moment *m, uint8_t *planes) { render_any(s, m, planes, 1); }
#endif

void frame_render_plainly(frame_scene *s, const frame_moment *m, uint8_t *planes) { render_any(s, m, planes, 0); }

void frame_render(frame_scene *s, const frame_moment *m, uint8_t *planes) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) { render_wide(s, m, planes); return; }
#endif
    frame_render_plainly(s, m, planes);
}

void frame_sample(const frame_scene *s, float u, float v, float colour[3]) {
    const frame_plane *planes[3] = { &s->luma, &s->blue, &s->red };
    for (int i = 0; i < 3; i++) {
        const frame_plane *plane = planes[i];
        const int32_t a = place_on((frame_way){ i ? u / 2 - 0.25 : u, 0 }, 0, plane->width - 1), b = place_on((frame_way){ i ? v / 2 - 0.25 : v, 0 }, 0, plane->height - 1);
        const int8_t *first = plane->first + ((b >> 10) - 1) * plane->stride + (a >> 10) - 1;
        int16_t w[4], rows[4];
        shares_at(a, 256, w);
        for (int k = 0; k < 4; k++) rows[k] = weighed(first + k * plane->stride, w);
        taps_at(b, w);
        colour[i] = (float)in_units(summed(rows, w), plane->range) / (32 * (i ? 224 : 219));
    }
}
